"""Reminders of dates: how far ahead they come, and which of them somebody wants."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

AHEAD: Mapping[str, timedelta] = {
    "week": timedelta(days=7),
    "day": timedelta(days=1),
    "soon": timedelta(minutes=15),
}
"""How long before a date each comes."""


@dataclass(frozen=True, slots=True)
class Choices:
    """Which reminders somebody wants."""

    person: str
    week: bool = True
    day: bool = True
    soon: bool = True

    def has(self, ahead: str) -> bool:
        """Whether they want the one that comes so far ahead, by its name in AHEAD."""
        return {"week": self.week, "day": self.day, "soon": self.soon}[ahead]


class Reminders(Protocol):
    def choices(self, people: Sequence[str]) -> Mapping[str, Choices]:
        """Which reminders each wants; all of them until they say otherwise."""
        ...

    def put(self, choices: Choices) -> None: ...
