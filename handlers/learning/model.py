"""What can be learned, when, and who has a seat; and their repositories."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from handlers.kit.about import pack
from handlers.kit.people import Person
from handlers.kit.ports import mark
from handlers.library.attributes import Choice, LocalizedText, Number, WebAddress
from handlers.library.entries import OWNER, REVIEW, Entries, examples, names
from handlers.library.model import Kept, Saying, Sayings

SHORTEST, LONGEST = 10, 480
"""Minutes that a class may last: a short talk, or a working day."""

MOST_SEATS = 100
"""As many as a form can have ticked."""

OFFERED, SEATED, CLOSED = "learning.offered", "learning.seated", "learning.closed"
MOVED, CANCELLED, RESTORED = "learning.moved", "learning.cancelled", "learning.restored"
WEEK, DAY, SOON = "learning.week", "learning.day", "learning.soon"
WHO_CAME, TRIED = "learning.who_came", "learning.tried"
ASKED, DECLINED = "learning.asked", "learning.declined"
REMINDERS = {"week": WEEK, "day": DAY, "soon": SOON}
"""The kinds of reminders, by how far ahead they come (handlers/common/reminders.py)."""


class CourseKind(StrEnum):
    """How something is learned: in the company's own system, in a class with seats, or from a
    colleague who offers it."""

    LINK = "link"
    CLASS = "class"
    ONE_TO_ONE = "one_to_one"


@dataclass(frozen=True, slots=True)
class Course:
    """Something that can be learned. `purpose` says what for, `minutes` how long it takes; `link`
    leads to it where it is learned at an address."""

    id: str
    names: Saying
    purpose: Saying
    kind: str
    minutes: int
    owner: Saying
    review: date
    examples: Sayings
    link: str = ""
    version: int = 1


COURSES = Entries(
    Course,
    (
        names(60),
        LocalizedText("purpose", mark("What it is good for"), limit=600, long=True),
        Choice(
            "kind",
            mark("How it is learned"),
            {
                CourseKind.CLASS: mark("In a class with seats"),
                CourseKind.LINK: mark("At an address, by oneself"),
                CourseKind.ONE_TO_ONE: mark("One to one, from a colleague who offers it"),
            },
        ),
        Number("minutes", mark("Minutes it takes"), SHORTEST, LONGEST, usual=60),
        WebAddress("link", mark("Its address, if it has one")),
        OWNER,
        REVIEW,
        examples(),
    ),
    name="learn",
    title=mark("the courses"),
    package="handlers.learning",
    command="learn",
    word="learn",
    section="courses",
    most=80,
)


class Courses(Kept[tuple[Course, ...]], Protocol):
    """The courses in their versions."""


class DateState(StrEnum):
    PLANNED = "planned"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class CourseDate:
    """One time at which a course takes place, from `starts_at` to `ends_at`, with so many `seats`.
    Its calendar UID is `<id>@plecs`.

    `wall` is the local start without a zone, `zone` where that is. `trainer` is a person's id, or
    nobody's. `is_private`: two agreed on it, and nobody else sees it. `sequence` and `changed_at`
    are the calendar's, as of sessions; a change of seats alone is none. `reason`: why it was
    cancelled. `step_at`: when the next thing about it happens by itself.
    """

    id: str
    workspace: str
    course: str
    wall: datetime
    zone: str
    starts_at: datetime
    ends_at: datetime
    seats: int
    changed_at: datetime
    place: str = ""
    trainer: str | None = None
    is_private: bool = False
    sequence: int = 0
    state: DateState = DateState.PLANNED
    reason: str = ""
    step_at: datetime | None = None

    @property
    def minutes(self) -> int:
        return int((self.ends_at - self.starts_at) / timedelta(minutes=1))

    @property
    def is_cancelled(self) -> bool:
        return self.state is DateState.CANCELLED


class SeatState(StrEnum):
    """Waits for a seat, is offered one, has one; was there, or was not."""

    WAITING = "waiting"
    OFFERED = "offered"
    TAKEN = "taken"
    ATTENDED = "attended"
    MISSED = "missed"


SAT = (SeatState.TAKEN, SeatState.ATTENDED, SeatState.MISSED)
"""Who has, or had, a seat."""


@dataclass(frozen=True, slots=True)
class CourseSeat:
    """Where somebody stands with a date, `since` when. `place`: the order in which people began to
    wait, and are asked. `until`: how long a seat is offered. `told`: the statement by which a
    learning record store knows that they were there."""

    date: str
    person: str
    state: SeatState
    since: datetime
    place: int = 0
    until: datetime | None = None
    told: str = ""


def about_offer(seat: CourseSeat) -> str:
    """The subject of the message with this offer, and no later one."""
    assert seat.until is not None, "an offer has an end"
    return pack(seat.date, int(seat.until.timestamp() * 1000))


KEPT = timedelta(days=730)
"""How long it is kept who was there: 24 months."""

TRIED_AFTER = timedelta(days=14)
"""How long after it somebody is asked what they tried."""

LONGEST_NOTE = 600

LONGEST_PLACE = 200
"""Characters of where a class is."""


@dataclass(frozen=True, slots=True)
class Enrolment:
    """Somebody learns a course by themselves, `since` when; `done_at`: when they finished.
    `confirmed_at`: when the system where they learn told so last."""

    person: str
    course: str
    workspace: str
    since: datetime
    done_at: datetime | None = None
    confirmed_at: datetime | None = None


class RequestState(StrEnum):
    OPEN = "open"
    AGREED = "agreed"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class CourseRequest:
    """Somebody asks a colleague for what they offer one to one. `words` are theirs: when it would
    suit them, say. `at`: when it was asked, or answered since."""

    id: str
    workspace: str
    course: str
    asker: str
    giver: str
    words: str
    at: datetime
    state: RequestState = RequestState.OPEN


class Enrolments(Protocol):
    def get(self, person: str, course: str) -> Enrolment | None: ...

    def of_person(self, person: str) -> tuple[Enrolment, ...]:
        """All of the person's, the newest first."""
        ...

    def put(self, enrolment: Enrolment) -> None: ...


class Offerings(Protocol):
    """Who offers which course one to one."""

    def of(self, workspace: str, course: str) -> tuple[str, ...]: ...

    def add(self, workspace: str, course: str, person: str) -> None: ...

    def remove(self, workspace: str, course: str, person: str) -> None: ...


class CourseRequests(Protocol):
    def get(self, request: str) -> CourseRequest | None:
        """The request, held until the transaction ends."""
        ...

    def between(self, asker: str, giver: str, course: str) -> CourseRequest | None:
        """The one that waits for an answer."""
        ...

    def put(self, request: CourseRequest) -> None: ...


class Verb(StrEnum):
    """What a learning record store is told of, as xAPI has it."""

    REGISTERED = "registered"
    ATTENDED = "attended"
    COMPLETED = "completed"
    VOIDED = "voided"
    """What was told before did not happen after all."""


@dataclass(frozen=True, slots=True)
class LearningEvent:
    """What somebody did with a course at `at`. `about`: the date's id, or the course's; of what is
    voided, the statement's."""

    verb: Verb
    workspace: str
    course: str
    about: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Statement:
    """The same, about somebody: `account` is what stands for them elsewhere, at random and nobody's
    name. The `id` is the same whenever the same is told. `attempts`: how often it was tried."""

    id: str
    account: str
    told: LearningEvent
    attempts: int = 0


class Statements(Protocol):
    """What a learning record store has not been told yet."""

    def add(self, person: str, told: LearningEvent, due: datetime, statement: str = "") -> None:
        """To be told from `due` on, once, however often it is added. `statement`: the id under
        which it is told; else the same has the same."""
        ...

    def take_back(self, statement: str) -> bool:
        """It did not happen after all: it is not told, if it has not been. Answers whether the
        store may know of it."""
        ...

    def next_due(self) -> datetime | None:
        """When the next one is due; None: there is none."""
        ...

    def claim(self, now: datetime, until: datetime, limit: int) -> tuple[Statement, ...]:
        """What is due, oldest first; nobody else tells it until then."""
        ...

    def told(self, statements: Sequence[str]) -> None:
        """The store has these: nothing is kept of them."""
        ...

    def later(self, statement: str, due: datetime) -> None:
        """It could not be told: once more then."""
        ...


class Learners(Protocol):
    """People as e-learning systems know them."""

    def known_as(self, told: str) -> Person | None:
        """Who is meant by an account of ours, an e-mail address or an extension; None for nobody,
        or several."""
        ...


class Notes(Protocol):
    """What people tried afterwards, in their own words, for themselves."""

    def of(self, person: str, about: str) -> str:
        """What they wrote about the date, or the course, of this id; empty for nothing."""
        ...

    def put(self, person: str, about: str, words: str, now: datetime) -> None:
        """Keeps it in place of what was there; nothing, where it is empty."""
        ...


class CourseDates(Protocol):
    def get(self, date: str) -> CourseDate | None: ...

    def hold(self, date: str) -> CourseDate | None:
        """The same, held until the transaction ends: seats of one date are given out one after
        another, however many ask at once."""
        ...

    def put(self, date: CourseDate) -> None: ...

    def coming(
        self, workspace: str, now: datetime, limit: int, *, course: str | None = None
    ) -> tuple[CourseDate, ...]:
        """Those planned that begin after `now` and are open to all, in the order of time; of one
        course, or of all."""
        ...

    def of_person(
        self, person: str, start: datetime, end: datetime
    ) -> tuple[tuple[CourseDate, SeatState], ...]:
        """Dates at which the person stands somehow, cancelled ones too, that touch the time
        between, in the order of time."""
        ...

    def led_by(self, person: str, start: datetime, end: datetime) -> tuple[CourseDate, ...]:
        """Dates that the person is the trainer of, cancelled ones too, that touch the time between,
        in the order of time."""
        ...

    def due(self, now: datetime, limit: int) -> tuple[CourseDate, ...]:
        """Dates whose next step is due, held by nobody else."""
        ...


class CourseSeats(Protocol):
    def of(self, dates: Sequence[str]) -> tuple[CourseSeat, ...]:
        """Who stands somewhere with these dates, in the order of places."""
        ...

    def put(self, seats: Sequence[CourseSeat]) -> None: ...

    def remove(self, date: str, people: Sequence[str]) -> None: ...

    def in_class(self, people: Sequence[str], now: datetime) -> frozenset[str]:
        """Who of the people sits in a class at `now`."""
        ...
