"""What people are booked for: sessions of their groups, and classes. Whoever books them holds their
diaries first, so that nobody is at two places at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class BookingKind(StrEnum):
    """What somebody is booked for."""

    SESSION = "session"
    CLASS = "class"


@dataclass(frozen=True, slots=True)
class Booked:
    """Somebody is booked from `starts_at` to `ends_at` for the session or class of this `id`, which
    is one of this group's or course's."""

    person: str
    kind: BookingKind
    id: str
    of: str
    starts_at: datetime
    ends_at: datetime


class Diaries(Protocol):
    """The diaries of people, as the features' rows tell them together."""

    def hold(self, people: Sequence[str]) -> None:
        """Holds them until the transaction ends: whoever books one of the people waits, so that
        what `booked` answers stays true."""
        ...

    def booked(self, people: Sequence[str], start: datetime, end: datetime) -> tuple[Booked, ...]:
        """What the people are booked for that takes place and touches the time between, in the
        order of time."""
        ...
