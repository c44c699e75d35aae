"""Dates for somebody's own calendar, as plain values: what Outlook, Google and Apple are given."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """One date. Instants are aware UTC; `zone` is where its wall time holds.

    `id` stays the same through every move, so that calendars change the entry they have instead
    of adding one. `sequence` rises with each move and with a cancel; `changed_at` is when anything
    about it last changed.
    """

    id: str
    starts_at: datetime
    ends_at: datetime
    zone: str
    title: str
    details: str
    place: str
    sequence: int
    changed_at: datetime
    is_cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A calendar: its name, and its dates in order. `is_private`: nobody but its reader should see
    more of a date than that they are busy."""

    name: str
    entries: tuple[Entry, ...]
    is_private: bool = False
