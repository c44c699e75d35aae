"""A raised hand: what it is, and what is kept of it. What follows from what is in rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from handlers.kit.about import pack, unpack

PING, REMINDER, COMING, ROOM = "hand.ping", "hand.reminder", "hand.coming", "hand.room"
ROOM_ALONE = "hand.room_alone"
MORE = "hand.more"
NOBODY, UNANSWERED = "hand.nobody", "hand.unanswered"
OVER = "hand.over"
CALL_OVER = "hand.call_over"
"""Asks the agent once, when their call ends with the hand still up; it is about the case alone."""
MINE = "hand.mine"
"""The one card that the agent keeps; it is about the case alone, whatever its round."""

LINE_LIMIT = 300
"""Characters of the agent's own line that helpers see: what a phone shows without scrolling."""


class Mode(StrEnum):
    """How the agent wants help. Silent listening does not exist."""

    TIP = "tip"
    LISTEN = "listen"
    JOIN = "join"
    TAKE_OVER = "take_over"


class State(StrEnum):
    CALLING = "calling"
    TAKEN = "taken"
    SOLVED = "solved"
    CANCELLED = "cancelled"
    LAPSED = "lapsed"
    HUNG_UP = "hung_up"
    """The call ended with the hand still up."""


OPEN_STATES = (State.CALLING, State.TAKEN)


class Answer(StrEnum):
    """Where somebody in a ring stands. DECLINED, who said not now or has become engaged since, is
    never shown to the agent."""

    WAITING = "waiting"
    ASKED = "asked"
    DECLINED = "declined"
    UNREACHABLE = "unreachable"
    CAME = "came"
    LEFT = "left"
    JOINED = "joined"


class Member(StrEnum):
    """Who belongs in a ring."""

    TOPIC = "topic"
    SUPERVISORS = "supervisors"
    TRUSTED = "trusted"
    EVERYBODY = "everybody"


@dataclass(frozen=True, slots=True)
class Ring:
    """Who is asked `after` this many seconds, at most `size` people. Without members it is whoever
    was asked for by name."""

    after: int
    members: tuple[Member, ...]
    size: int


@dataclass(frozen=True, slots=True)
class Ladder:
    """A workspace's rings, and after how many seconds the agent is told that nobody is free."""

    rings: tuple[Ring, ...] = (
        Ring(0, (Member.TOPIC,), 5),
        Ring(30, (Member.SUPERVISORS, Member.TRUSTED), 10),
        Ring(60, (Member.EVERYBODY,), 20),
    )
    nobody_after: int = 90


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody's place in a case."""

    person: str
    ring: int
    answer: Answer = Answer.WAITING


@dataclass(frozen=True, slots=True)
class Case:
    """One raised hand.

    `rings` and `delays`, the rings' seconds and as the last when nobody came, are as the workspace
    had them when the hand went up; who is in a ring is looked up when it is due. `seats` are those
    who were asked, and while that is decided those who may be. `ring` is the last one that was
    asked, -1 before the first. `wanted` was asked for by name.
    `round` counts how often the asking began: 1, and one more each time a helper didn't do.
    `asked_at` is when anybody was last asked, later than planned after an interruption, and
    `heard_at` when a ping first reached anybody of them.
    `step_at` is when the next thing happens on its own; None once the case is closed. While that
    is only to see whether a ping has reached anybody, `then_at` is when the one after it does;
    `unheard_at` is when it was seen that none has.
    `first_taken_at` is kept for the counts when a case goes on to somebody else. Once it is long
    closed `taken_by` is None, and later `agent` and `line` are empty and `topic` is None.
    """

    id: str
    workspace: str
    agent: str
    topic: str | None
    line: str
    mode: Mode
    raised_at: datetime
    delays: tuple[int, ...]
    seats: tuple[Seat, ...]
    state: State = State.CALLING
    round: int = 1
    ring: int = -1
    asked_at: datetime | None = None
    step_at: datetime | None = None
    unanswered_at: datetime | None = None
    taken_by: str | None = None
    taken_at: datetime | None = None
    first_taken_at: datetime | None = None
    closed_at: datetime | None = None
    rings: tuple[Ring, ...] = Ladder().rings
    wanted: str | None = None
    heard_at: datetime | None = None
    then_at: datetime | None = None
    unheard_at: datetime | None = None

    @property
    def next_at(self) -> datetime | None:
        """When the next ring is asked, or the agent told that nobody is free."""
        return self.then_at or self.step_at

    @property
    def about(self) -> str:
        """What this round's messages are about: a new round asks anew."""
        return pack(self.id, self.round)

    @property
    def abouts(self) -> tuple[str, ...]:
        """What the messages of all its rounds are about."""
        return tuple(pack(self.id, number) for number in range(1, self.round + 1))

    @property
    def is_alone(self) -> bool:
        """Whether the agent was told that nobody is free, and nobody has been asked since."""
        if self.unanswered_at is None:
            return False
        return self.asked_at is None or self.asked_at < self.unanswered_at or not self.asked()

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    def answer_of(self, person: str) -> Answer | None:
        """The person's answer, None when they have no seat."""
        return next((seat.answer for seat in self.seats if seat.person == person), None)

    def asked(self) -> tuple[str, ...]:
        """Those whose answer is awaited."""
        return tuple(seat.person for seat in self.seats if seat.answer is Answer.ASKED)

    def asked_as_told(self) -> tuple[str, ...]:
        """Whom the agent is told of: whoever was asked, whatever came of it. Somebody who leaves
        this list would be seen to have said not now."""
        told = (Answer.ASKED, Answer.DECLINED, Answer.UNREACHABLE)
        return tuple(seat.person for seat in self.seats if seat.answer in told)

    def joined(self) -> tuple[str, ...]:
        """Those who came besides the helper."""
        return tuple(seat.person for seat in self.seats if seat.answer is Answer.JOINED)


def case_and_round(about: str) -> tuple[str, int]:
    """Takes apart what a notice of a case is about."""
    case, number = unpack(about, 2)
    return case, int(number)


class Cases(Protocol):
    """Raised hands, kept."""

    def add(self, case: Case) -> None:
        """Keeps a new case. An agent has one open case at a time; storage holds to that, and
        asks the handler anew when two hands of one agent go up in the same instant."""
        ...

    def get(self, case: str) -> Case | None:
        """The case, held against other writers until the transaction ends."""
        ...

    def open_of(self, agent: str) -> Case | None: ...

    def open_in(self, workspace: str, limit: int) -> tuple[Case, ...]:
        """The workspace's open cases, the oldest first, without their seats."""
        ...

    def asking(self, person: str) -> tuple[Case, ...]:
        """Open cases in which the person was asked and has not answered, without their seats."""
        ...

    def taken_by(self, helper: str) -> Case | None:
        """The open case the helper is on the way to or in."""
        ...

    def win(self, case: str, helper: str) -> bool:
        """Decides who comes: true for exactly one of all who try, whenever they try."""
        ...

    def save(self, case: Case) -> None: ...

    def due(self, now: datetime, limit: int) -> tuple[Case, ...]:
        """Cases whose next step is due, not held by another process, the oldest first."""
        ...

    def next_step_at(self) -> datetime | None:
        """When the next step of any case is due."""
        ...

    def open_with(self, person: str, *, besides: str = "") -> tuple[Case, ...]:
        """Open cases that the person has to do with, as the agent, as the helper, or because they
        were asked, and the case `besides`, however that stands: held together, in one order, until
        the transaction ends."""
        ...

    def raising(self, agent: str, workspace: str, since: datetime) -> tuple[tuple[Case, ...], int]:
        """What a hand that goes up depends on, asked together: the agent's `open_with`, without
        those in which they are only asked and in which another is doing something at this moment;
        and how many `raised_lately`."""
        ...

    def busy(self, people: Sequence[str]) -> frozenset[str]:
        """Those of the people who are in a case: with a hand up, helping, or there as well."""
        ...

    def own(self, agent: str, limit: int) -> tuple[Case, ...]:
        """The agent's cases, newest first."""
        ...

    def raised_lately(self, workspace: str, since: datetime) -> int:
        """How many hands went up in the workspace since then."""
        ...
