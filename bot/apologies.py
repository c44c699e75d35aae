"""What a person hears when something went wrong, and what the log does: the same number."""

from pathlib import Path
from traceback import extract_tb
from uuid import uuid4

import structlog

from bot.texts import texts
from handlers.kit.cards import Card, Paragraph, Tone
from handlers.kit.ports import mark
from handlers.kit.text import plain

log = structlog.get_logger()

FAILED = mark(
    "Something went wrong here; nothing was changed. Please try again. (Number: {number})"
)
UNSHOWN = mark("That is done, but it can't be shown here. (Number: {number})")
IN_PART = mark("That is done, but it can't be shown here in full. (Number: {number})")
LATE = mark("This takes longer than usual. You will see here when it is done.")


def apology(sentence: str, number: str) -> Card:
    """Says it in both languages: whose it is can't be known when the desk could not answer."""
    return Card(
        ("Plecs",),
        tuple(Paragraph((line,)) for line in in_both(sentence, number)),
        Tone.CAREFUL,
    )


def in_both(sentence: str, number: str = "") -> tuple[str, ...]:
    """The sentence in Latvian and in English."""
    return tuple(plain(texts(locale)(sentence, number=number)) for locale in ("lv", "en"))


def failed(event: str, error: Exception, **more: str) -> str:
    """Logs the kind and place of an error, never its message (it may hold what somebody wrote),
    and returns the number it can be found by."""
    number = new_number()
    frames = extract_tb(error.__traceback__)[-5:]
    where = "<".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(frames))
    log.error(event, number=number, error=type(error).__name__, where=where, **more)
    return number


def new_number() -> str:
    return uuid4().hex[:8]
