"""What people see of an entry, whichever library it is of."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Generic

from handlers.kit.cards import Paragraph, Strong, on_day
from handlers.kit.ports import Texts
from handlers.kit.text import plain
from handlers.library.model import Adoption, E, check_first

LANGUAGE_NAMES = {"lv": "Latviski", "en": "In English", "ru": "По-русски"}
"""How a language is called by those who speak it, whoever reads."""


@dataclass(frozen=True, slots=True)
class EntryView(Generic[E]):
    """An entry on somebody's screen: who adopted it, if anybody did, and in which language the
    customer hears or reads it."""

    entry: E
    adopted: Adoption | None
    language: str
    today: date


def ask_its_owner(view: EntryView[E], t: Texts) -> Iterator[Paragraph]:
    """That its owner should be asked first, once the review date has passed."""
    entry = view.entry
    if check_first(entry.review, view.today):
        yield Paragraph(
            (
                Strong(plain(t("Check first."))),
                " ",
                *t(
                    "This was to be reviewed by {date}. Ask: {owner}.",
                    date=on_day(entry.review),
                    owner=entry.owner[t.locale],
                ),
            )
        )
