"""A group's cycles, and what was done to its dates; and their repositories."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from handlers.supervision.sessions.model import Seat, Session

LEAST_MINUTES, MOST_MINUTES = 60, 120
MOST_WEEKS = 4
"""A session comes every week at most, every four weeks at least."""

LONGEST_REASON = 300
UNDO_FOR = timedelta(minutes=10)

DATES = "supervision.change"
"""The notice of a change to a group's dates, about the change. That of a cycle's planning, about
the cycle, goes on saying which dates hold: it is asked to be made again whenever they change."""


class CycleState(StrEnum):
    RUNNING = "running"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Cycle:
    """The sessions that a group planned together.

    They recur by `rule` (RFC 5545), counted from the `first` date, at the wall time `wall`
    ("16:00") of `zone`, whatever the clocks do meanwhile; each lasts `minutes`.
    """

    id: str
    group: str
    number: int
    rule: str
    wall: str
    zone: str
    minutes: int
    first: date
    state: CycleState = CycleState.RUNNING


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
    seats: tuple[Seat, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
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


class Cycles(Protocol):
    def get(self, cycle: str) -> Cycle | None: ...

    def of(self, group: str) -> tuple[Cycle, ...]:
        """The group's cycles, the newest first."""
        ...

    def numbers(self, workspace: str) -> Mapping[str, int]:
        """The numbers of all cycles of groups that are not closed, by the cycle's id."""
        ...

    def put(self, cycle: Cycle) -> None: ...

    def remove(self, cycle: str) -> None:
        """With its sessions and their seats."""
        ...


class Changes(Protocol):
    def get(self, change: str) -> Change | None: ...

    def add(self, change: Change) -> None: ...

    def undone(self, change: str, at: datetime) -> None: ...
