"""The catalogue of translations: collecting messages from the code, keeping what is translated.

English is the message's id in the code; what stands here is every other language.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

import handlers

ROOT = Path(handlers.__file__).parent.parent
LOCALES = ("lv",)
"""The languages that have a catalogue; English needs none."""

PLACEHOLDER = re.compile(r"\{(\w+)\}")
_KEYWORDS: Mapping[str, tuple[int, ...] | None] = {"t": None, "many": (1, 2), "mark": None}


@dataclass(frozen=True, slots=True)
class BadMessage:
    """A message (by its English text) that a catalogue does not say properly, and why."""

    message: str
    reason: str


def path(locale: str) -> Path:
    return ROOT / "handlers" / "locale" / locale / "LC_MESSAGES" / "plecs.po"


def read(locale: str) -> Catalog:
    """The language's catalogue. Raises FileNotFoundError where there is none."""
    with path(locale).open("rb") as file:
        return read_po(file, locale=locale, domain="plecs", abort_invalid=True)


def collect() -> Catalog:
    """Every message in the code: what is given to `t(...)`, `t.many(...)` and `mark(...)`."""
    found = Catalog(domain="plecs")
    for folder in ("bot", "handlers"):
        for _file, _line, message, _comments, context in extract_from_dir(
            ROOT / folder, method_map=[("**.py", "python")], keywords=dict(_KEYWORDS)
        ):
            found.add(message, context=context)
    return found


def update(locale: str) -> tuple[BadMessage, ...]:
    """Adds new messages to the language's catalogue, drops those the code no longer has, and
    keeps every translation. Returns what is left to translate."""
    catalog = read(locale)
    collected = collect()
    # Its date is written into the file: only a real change may change the file.
    collected.creation_date = catalog.creation_date
    catalog.update(collected, no_fuzzy_matching=True)
    with path(locale).open("wb") as file:
        write_po(file, catalog, width=0, no_location=True, sort_output=True, ignore_obsolete=True)
    return faults(catalog, collected)


def faults(catalog: Catalog, collected: Catalog) -> tuple[BadMessage, ...]:
    """What of `collected` the catalogue does not have, or has wrongly."""
    return tuple(
        BadMessage(_id(message), reason)
        for message in collected
        if message.id
        for reason in _reasons(catalog, catalog.get(message.id), message)
    )


def _reasons(catalog: Catalog, ours: Message | None, message: Message) -> Iterator[str]:
    if ours is None:
        yield "is not in the catalogue"
        return
    if ours.fuzzy:
        yield "is marked fuzzy: read it and remove the mark"
    if isinstance(message.id, str) != isinstance(ours.id, str):
        yield "has a plural in one place only"
        return
    words_kept = ours.string or ""  # a message that was just added has none at all
    said = (words_kept,) if isinstance(words_kept, str) else tuple(words_kept)
    if isinstance(ours.id, tuple) and len(said) != catalog.num_plurals:
        yield f"needs {catalog.num_plurals} plural forms"
    wanted = _placeholders(_id(message))
    for words in said:
        if not words:
            yield "is not translated"
        elif _placeholders(words) != wanted:
            yield f"must keep these placeholders: {' '.join(sorted(wanted)) or 'none'}"


def _id(message: Message) -> str:
    """The English text; of a message with plural forms the one for many."""
    return message.id if isinstance(message.id, str) else message.id[-1]


def _placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))
