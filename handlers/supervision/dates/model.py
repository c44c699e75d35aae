"""What was done to a group's dates, and can be undone; and the repository."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from handlers.supervision.cycles.model import Cycle
from handlers.supervision.sessions.model import Session, SessionSeat

LONGEST_REASON = 300

UNDO_FOR = timedelta(minutes=10)

DATES = "supervision.change"
"""The notice of a change to a group's dates, about the change. That of a cycle's planning, about
the cycle, goes on saying which dates hold: it is asked to be made again whenever they change."""


class ChangeKind(StrEnum):
    """What a coordinator did to a group's dates."""

    PLANNED = "planned"
    MOVED = "moved"
    ALL_MOVED = "all_moved"
    ADDED = "added"
    CANCELLED = "cancelled"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The part of the plans that a change touches, at one moment."""

    cycles: tuple[Cycle, ...] = ()
    sessions: tuple[Session, ...] = ()
    seats: tuple[SessionSeat, ...] = ()


@dataclass(frozen=True, slots=True)
class DateChange:
    """Something that was done to a group's dates `by` a coordinator, and can be undone for
    UNDO_FOR. `people` are told, in one message each. The change that planned a cycle has the
    cycle's id."""

    id: str
    kind: ChangeKind
    workspace: str
    group: str
    cycle: str
    by: str
    at: datetime
    people: tuple[str, ...]
    before: Snapshot
    after: Snapshot
    undone_at: datetime | None = None


class Changes(Protocol):
    def get(self, change: str) -> DateChange | None: ...

    def add(self, change: DateChange) -> None: ...

    def undone(self, change: str, at: datetime) -> None: ...
