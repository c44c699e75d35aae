"""What a person hears when something went wrong, and what the log does: the same number."""

from collections.abc import Sequence
from pathlib import Path
from traceback import extract_tb
from uuid import uuid4

import structlog

from bot.texts import texts
from handlers.common.reach import by_extension
from handlers.kit.cards import Card, Paragraph, Tone
from handlers.kit.people import Person
from handlers.kit.ports import Texts, mark
from handlers.kit.text import plain

log = structlog.get_logger()

FAILED = mark(
    "Something went wrong here; nothing was changed. Please try again. (Number: {number})"
)
UNSURE = mark(
    "The database went away while this was kept: whether it was can't be told. Please look, and do "
    "it again if it isn't there. (Number: {number})"
)
UNSHOWN = mark("That is done, but it can't be shown here. (Number: {number})")
IN_PART = mark("That is done, but it can't be shown here in full. (Number: {number})")
NOT_HERE = mark(
    "Plecs is not installed in this workspace any more. Whoever looks after Slack here can add it "
    "again, and finds everything as it was for 30 days."
)
LATE = mark("This takes longer than usual. You will see here when it is done.")

FAILED_HAND = mark(
    "Your hand is not up, and nobody has been told. Please try again. (Number: {number})"
)
LATE_HAND = mark(
    "This takes longer than usual. As long as you don’t see here that your hand is up, count on "
    "nobody having been told."
)


def apology(sentence: str, number: str = "", phoned: Sequence[Person] | None = None) -> Card:
    """Says it in both languages: whose it is can't be known when the desk could not answer."""
    return Card(
        ("Plecs",),
        tuple(Paragraph((line,)) for line in in_both(sentence, number, phoned)),
        Tone.CAREFUL,
    )


def in_both(
    sentence: str, number: str = "", phoned: Sequence[Person] | None = None
) -> tuple[str, ...]:
    """The sentence in Latvian and in English; before it, for who needs somebody, whom to phone."""
    return tuple(
        " ".join((*_whom_to_phone(phoned, t), plain(t(sentence, number=number))))
        for t in (texts("lv"), texts("en"))
    )


def _whom_to_phone(phoned: Sequence[Person] | None, t: Texts) -> tuple[str, ...]:
    if phoned is None:
        return ()
    if not phoned:
        return (plain(t("Please turn to somebody near you.")),)
    people = (plain(by_extension(person, t, person.name)) for person in phoned)
    return (plain(t("Call: {people}.", people="; ".join(people))),)


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
