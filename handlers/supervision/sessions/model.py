"""A session, who has a seat in it, and what is done for it when its time comes; and their
repositories."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from handlers.common.reminders import AHEAD
from handlers.kit.about import pack


class SessionState(StrEnum):
    PLANNED = "planned"
    CANCELLED = "cancelled"


class Attendance(StrEnum):
    """What somebody said of a session, and whether they were there."""

    UNKNOWN = "unknown"
    COMING = "coming"
    LATE = "late"
    ABSENT = "absent"
    ATTENDED = "attended"


class Turn(StrEnum):
    """What somebody does in a session besides being there."""

    NONE = "none"
    FACILITATOR = "facilitator"
    PRESENTER = "presenter"
    NOTES = "notes"


@dataclass(frozen=True, slots=True)
class Session:
    """One meeting, from `starts_at` to `ends_at`. Its calendar UID is `<id>@plecs`.

    `wall` is the local start without a zone, `zone` where that is. `sequence` is the calendar's
    SEQUENCE: it rises with every change, an undo included. `changed_at` is when that was, or when
    it was planned: calendars see by it that they have to look. `place`: where it differs from the
    group's. `reason`: why it was cancelled, in the coordinator's words.
    """

    id: str
    cycle: str
    group: str
    workspace: str
    number: int
    wall: datetime
    zone: str
    starts_at: datetime
    ends_at: datetime
    changed_at: datetime
    sequence: int = 0
    state: SessionState = SessionState.PLANNED
    reason: str = ""
    place: str = ""

    @property
    def uid(self) -> str:
        return f"{self.id}@plecs"


@dataclass(frozen=True, slots=True)
class SessionSeat:
    """Somebody's place in a session. A facilitator from outside has one as well, with that part
    always; nobody else has it in such a group."""

    session: str
    person: str
    attendance: Attendance = Attendance.UNKNOWN
    part: Turn = Turn.NONE


REMINDER_WEEK = "supervision.week"
REMINDER_DAY = "supervision.day"
REMINDER_SOON = "supervision.soon"
VOTE = "supervision.vote"
VOTED = "supervision.voted"
ROOM = "supervision.room"
WORTH = "supervision.worth"
ENOUGH = 4
"""Fewer who can come are too few for a session: the least in the field's peer groups."""

ENOUGH_ANSWERS = 5
"""An average of fewer answers would tell what somebody thought."""

MOST_POINTS = 5
"""Of a session that was worth the time."""

MOST_DATES = 3
"""Dates that a vote on moving a session offers."""

KEPT_AFTER = timedelta(days=1)
"""How long after its session a case is there."""


class Step(StrEnum):
    """What is done for a session when its time comes, in this order. CLEAR deletes its cases."""

    WEEK = "week"
    DAY = "day"
    SOON = "soon"
    START = "start"
    END = "end"
    CLEAR = "clear"


REMINDERS: Mapping[Step, str] = {
    Step.WEEK: REMINDER_WEEK,
    Step.DAY: REMINDER_DAY,
    Step.SOON: REMINDER_SOON,
}


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a session stands: its next `step` and when, the agenda's `point` (-1 before it
    begins), and the dates a vote offers to move it to, empty while there is none.

    `told` are the starts of which messages went out, as `stamp` writes them: these are changed
    when the session is."""

    session: str
    step: Step
    step_at: datetime
    point: int = -1
    dates: tuple[datetime, ...] = ()
    voted: bool = False
    told: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a session was found: the sum of so many `answers`, one to five points each."""

    session: str
    answers: int
    points: int


def about_start(session: Session) -> str:
    """The subject of a message about the session at the time that it has now."""
    return pack(session.id, stamp(session.starts_at))


def stamp(at: datetime) -> str:
    """How a start is written in a notice's subject."""
    return at.strftime("%Y%m%dT%H%M")


def at_step(session: Session, step: Step) -> datetime:
    """When the step is due."""
    match step:
        case Step.END:
            return session.ends_at
        case Step.CLEAR:
            return session.ends_at + KEPT_AFTER
        case Step.START:
            return session.starts_at
        case _:
            return session.starts_at - AHEAD[step]


def next_step(session: Session, now: datetime, after: Step | None = None) -> Step | None:
    """The first step that is still to come at `now`; with `after` simply the one behind it."""
    steps = list(Step)
    if after is not None:
        return next(iter(steps[steps.index(after) + 1 :]), None)
    return next((step for step in steps if at_step(session, step) > now), None)


class Sessions(Protocol):
    def get(self, session: str) -> Session | None: ...

    def of_cycle(self, cycle: str) -> tuple[Session, ...]:
        """All of the cycle, in the order of time."""
        ...

    def coming(self, groups: Sequence[str], now: datetime, until: datetime) -> tuple[Session, ...]:
        """The groups' sessions, cancelled ones too, that end after `now` and begin before `until`,
        in the order of time."""
        ...

    def of_person(self, person: str, start: datetime, end: datetime) -> tuple[Session, ...]:
        """Sessions in which the person has a seat, cancelled ones too, that touch the time
        between, in the order of time."""
        ...

    def between(self, workspace: str, start: datetime, end: datetime) -> tuple[Session, ...]:
        """The sessions of all groups that are not closed, cancelled ones too, that touch the time
        between, in the order of time."""
        ...

    def planned_between(self, workspace: str, start: datetime, end: datetime) -> int:
        """How many sessions of groups that are not closed begin in the time between."""
        ...

    def put(self, sessions: Sequence[Session]) -> None: ...

    def remove(self, sessions: Sequence[str]) -> None: ...


class Seats(Protocol):
    def of(self, sessions: Sequence[str]) -> tuple[SessionSeat, ...]: ...

    def put(self, seats: Sequence[SessionSeat]) -> None: ...

    def remove(self, person: str, sessions: Sequence[str]) -> None: ...

    def in_session(self, people: Sequence[str], now: datetime) -> frozenset[str]:
        """Who of the people sits in a session at `now`: those who said that they come."""
        ...

    def attendances(
        self, workspace: str, start: datetime, end: datetime
    ) -> Mapping[str, Mapping[Attendance, int]]:
        """Of the sessions that begin in the time between: how many said what, never who."""
        ...


class SessionSteps(Protocol):
    """Where sessions stand. Whoever changes one holds its group first."""

    def get(self, session: str) -> Progress | None: ...

    def put(self, progress: Progress) -> None: ...

    def remove(self, session: str) -> None: ...

    def due(self, now: datetime, limit: int) -> tuple[Progress, ...]:
        """Sessions whose next step is due, not held by another process."""
        ...


class Votes(Protocol):
    def of(self, session: str) -> Mapping[str, str]:
        """Whom of the group chose which date (as `stamp` writes it) or to stay, empty."""
        ...

    def put(self, session: str, person: str, choice: str) -> None: ...

    def clear(self, session: str) -> None: ...

    def remove_person(self, person: str, sessions: Sequence[str]) -> None: ...


class Ratings(Protocol):
    def of(self, session: str, person: str) -> int | None: ...

    def put(self, session: str, person: str, points: int) -> None:
        """Keeps the person's answer until the outcome is made."""
        ...

    def close(self, session: str, least: int) -> None:
        """Makes the outcome, once, of at least so many answers; the answers are deleted."""
        ...

    def outcomes(self, sessions: Sequence[str]) -> tuple[Outcome, ...]: ...

    def remove_person(self, person: str, sessions: Sequence[str]) -> None: ...
