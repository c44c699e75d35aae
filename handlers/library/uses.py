"""How often entries are used: counted by entry, never by person."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from handlers.kit.cards import Bullets, Button, Buttons, Card, Line, Note, Paragraph, Part
from handlers.kit.ports import Texts
from handlers.library.model import LibraryEntry

USES_KEPT = timedelta(weeks=8)
"""How long it is counted which entry was used."""

USES_FROM = 5
"""How many different people must have used an entry in a week before the number is shown."""


class Uses(Protocol):
    """The counts of all libraries."""

    def used(self, workspace: str, library: str, entry: str, person: str, now: datetime) -> None:
        """Counts the person's use in this week, once however often it is. Nothing kept tells who
        it was."""
        ...

    def most_in_a_week(self, workspace: str, library: str, now: datetime) -> Mapping[str, int]:
        """By entry, how many people used it in the week in which most did, of those that are
        kept; those of fewer than USES_FROM people are left out."""
        ...


def uses_card(
    title: Line, numbers: Mapping[str, int], entries: Sequence[LibraryEntry], back: Button, t: Texts
) -> Card:
    """Which entries are used, without anybody's name."""
    known = {one.id: one.names[t.locale] for one in entries}
    rows = tuple(
        (f"{known[one]}: ", *t.many("{n} person", "{n} people", number))
        for one, number in sorted(numbers.items(), key=lambda each: (-each[1], each[0]))
        if one in known
    )
    shown: Part = (
        Bullets(rows)
        if rows
        else Paragraph(t("Nothing was used by {n} people in a week.", n=USES_FROM))
    )
    note = t(
        "In the fullest of the last {weeks} weeks, from {n} people on. Who they were is kept "
        "nowhere.",
        weeks=USES_KEPT.days // 7,
        n=USES_FROM,
    )
    return Card(title, (shown, Note(note), Buttons((back,))))
