"""What a group's members have of it: reminders, turns, cases, votes, and what they take along."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from handlers.supervision.groups.model import Part, Session

REMINDER_WEEK = "supervision.week"
REMINDER_DAY = "supervision.day"
REMINDER_SOON = "supervision.soon"
AGREEMENT = "supervision.agreement"
TURN = "supervision.turn"
SWAP = "supervision.swap"
VOTE = "supervision.vote"
VOTED = "supervision.voted"
ROOM = "supervision.room"
WORTH = "supervision.worth"
REQUEST = "supervision.request"

ENOUGH = 4
"""Fewer who can come are too few for a session: the least in the field's peer groups."""

ENOUGH_ANSWERS = 5
"""An average of fewer answers would tell what somebody thought."""

LONGEST_CASE = 600
LONGEST_KEEPSAKE = 600
LONGEST_WHY = 300
MOST_CASES = 3
"""Of one person in one session."""

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


AHEAD: Mapping[Step, timedelta] = {
    Step.WEEK: timedelta(days=7),
    Step.DAY: timedelta(days=1),
    Step.SOON: timedelta(minutes=15),
}
REMINDERS: Mapping[Step, str] = {
    Step.WEEK: REMINDER_WEEK,
    Step.DAY: REMINDER_DAY,
    Step.SOON: REMINDER_SOON,
}


@dataclass(frozen=True, slots=True)
class Life:
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
class Choices:
    """Which reminders somebody wants."""

    person: str
    week: bool = True
    day: bool = True
    soon: bool = True

    def has(self, step: Step) -> bool:
        match step:
            case Step.WEEK:
                return self.week
            case Step.DAY:
                return self.day
            case _:
                return self.soon


@dataclass(frozen=True, slots=True)
class Case:
    """Something `person` would like to bring to the session."""

    id: str
    session: str
    person: str
    words: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Swap:
    """`asker` gives the part `gives` in the session to `other`, for the part `gets`. `agreed`:
    it holds, and the rotation leaves it alone."""

    id: str
    session: str
    asker: str
    other: str
    gives: Part
    gets: Part
    agreed: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a session was found: the sum of so many `answers`, one to five points each."""

    session: str
    answers: int
    points: int


@dataclass(frozen=True, slots=True)
class Keepsake:
    """What somebody takes along from a session; theirs alone."""

    person: str
    session: str
    words: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Request:
    """Somebody asks for a group, or, with `group`, for an extra session of theirs. `words` are
    for the coordinator, empty where they did not choose to say why."""

    id: str
    workspace: str
    person: str
    group: str
    words: str
    at: datetime


def about_start(session: Session) -> str:
    """The subject of a message about the session at the time that it has now."""
    return f"{session.id}.{stamp(session.starts_at)}"


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


class SupervisionLife(Protocol):
    """What members have of their groups. Whoever changes a session holds its group first."""

    def life(self, session: str) -> Life | None: ...

    def put_life(self, life: Life) -> None: ...

    def remove_life(self, session: str) -> None: ...

    def due(self, now: datetime, limit: int) -> tuple[Life, ...]:
        """Sessions whose next step is due, not held by another process."""
        ...

    def choices(self, people: Sequence[str]) -> Mapping[str, Choices]:
        """Which reminders each wants; all of them until they say otherwise."""
        ...

    def put_choices(self, choices: Choices) -> None: ...

    def agreed(self, group: str, cycle: str, version: int) -> frozenset[str]:
        """Who has agreed to this version in this cycle."""
        ...

    def agree(self, group: str, cycle: str, version: int, person: str, now: datetime) -> None: ...

    def swap(self, swap: str) -> Swap | None: ...

    def swaps(self, sessions: Sequence[str]) -> tuple[Swap, ...]: ...

    def put_swap(self, swap: Swap) -> None: ...

    def remove_swap(self, swap: str) -> None: ...

    def case(self, case: str) -> Case | None: ...

    def cases(self, session: str) -> tuple[Case, ...]:
        """What people would like to bring to it, the oldest first."""
        ...

    def put_case(self, case: Case) -> None: ...

    def remove_case(self, case: str) -> None:
        """Nothing of it stays readable anywhere."""
        ...

    def clear_cases(self, session: str) -> None:
        """Deletes the session's cases, and the key that could read them."""
        ...

    def votes(self, session: str) -> Mapping[str, str]:
        """Whom of the group chose which date (as `stamp` writes it) or to stay, empty."""
        ...

    def vote(self, session: str, person: str, choice: str) -> None: ...

    def clear_votes(self, session: str) -> None: ...

    def rate(self, session: str, person: str, points: int) -> None:
        """Keeps the person's answer until the outcome is made."""
        ...

    def rated(self, session: str, person: str) -> int | None: ...

    def close_ratings(self, session: str, least: int) -> None:
        """Makes the outcome, once, of at least so many answers; the answers are deleted."""
        ...

    def outcomes(self, sessions: Sequence[str]) -> tuple[Outcome, ...]: ...

    def keepsakes(self, person: str) -> tuple[Keepsake, ...]:
        """All that the person keeps, the newest first."""
        ...

    def put_keepsake(self, keepsake: Keepsake) -> None: ...

    def remove_keepsake(self, person: str, session: str) -> None: ...

    def request(self, request: str) -> Request | None: ...

    def requests(self, workspace: str) -> tuple[Request, ...]:
        """What was asked and not answered yet, the oldest first."""
        ...

    def put_request(self, request: Request) -> None: ...

    def remove_request(self, request: str) -> None: ...

    def in_session(self, people: Sequence[str], now: datetime) -> frozenset[str]:
        """Who of the people sits in a session at `now`: those who said that they come."""
        ...

    def remove_person(self, person: str, sessions: Sequence[str]) -> None:
        """Deletes what the person had in these sessions: swaps, cases, votes, answers."""
        ...
