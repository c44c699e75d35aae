"""What a supervision group is made of: members, cycles, sessions and seats; and its repository."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from handlers.kit.people import Person
from handlers.kit.text import fold

LEAST_SEATS, MOST_SEATS = 4, 10
"""People in a group: peer groups in the field have four to ten."""

LEAST_MINUTES, MOST_MINUTES = 60, 120
MOST_WEEKS = 4
"""A session comes every week at most, every four weeks at least."""

LONGEST_NAME = 60
LONGEST_PLACE = 300
LONGEST_REASON = 300

INVITED_FOR = timedelta(days=5)
"""How long an invitation holds a seat."""

UNDO_FOR = timedelta(minutes=10)

DATES = "supervision.change"
"""The notice of a change to a group's dates, about the change. That of a cycle's planning, about
the cycle, goes on saying which dates hold: it is asked to be made again whenever they change."""


class Standing(StrEnum):
    """How somebody belongs to a group. INVITED holds a seat; ASKED and WAITING hold none. Who
    declines is not kept."""

    ASKED = "asked"
    INVITED = "invited"
    WAITING = "waiting"
    JOINED = "joined"
    LEFT = "left"


class CycleState(StrEnum):
    RUNNING = "running"
    ENDED = "ended"


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


class Part(StrEnum):
    """What somebody does in a session besides being there."""

    NONE = "none"
    FACILITATOR = "facilitator"
    PRESENTER = "presenter"
    NOTES = "notes"


@dataclass(frozen=True, slots=True)
class Group:
    """People of equal position who meet.

    `position`: theirs, empty where it does not matter. `place`: a room or a call's link.
    `facilitator`: a supervisor from outside, by id; empty: the members take turns. `agreement`:
    its own text, empty for the default one; `agreement_version` rises with each new text.
    `owner`: the coordinator who looks after it.
    """

    id: str
    workspace: str
    name: str
    position: str
    seats: int
    locale: str
    place: str
    facilitator: str
    owner: str
    created_at: datetime
    open_for_asking: bool = False
    agreement: str = ""
    agreement_version: int = 1
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody's place in a group, `since` when. `until`: when an invitation lapses."""

    group: str
    person: str
    state: Standing
    since: datetime
    until: datetime | None = None


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
class Seat:
    """Somebody's place in a session. A facilitator from outside has one as well, with that part
    always; nobody else has it in such a group."""

    session: str
    person: str
    attendance: Attendance = Attendance.UNKNOWN
    part: Part = Part.NONE


class ChangeKind(StrEnum):
    """What a coordinator did to a group's dates."""

    PLANNED = "planned"
    MOVED = "moved"
    ALL_MOVED = "all_moved"
    ADDED = "added"
    CANCELLED = "cancelled"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Picture:
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
    before: Picture
    after: Picture
    undone_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Summary:
    """A group in numbers, for the overview: who holds seats, the next date, and of the seats in
    the running cycle's past sessions how many came. Never who."""

    joined: int = 0
    invited: int = 0
    waiting: int = 0
    asked: int = 0
    next_at: datetime | None = None
    came: int = 0
    held: int = 0


def leads(boss: Person, person: Person) -> bool:
    """Whether `boss` is the line manager of `person`: the people list names managers, so two
    people of one name can't be told apart, and neither may join."""
    return bool(person.manager) and fold(person.manager) == fold(boss.name)


def seats_held(members: Sequence[Member]) -> int:
    """How many seats of a group are taken or kept for somebody."""
    return sum(one.state in (Standing.JOINED, Standing.INVITED) for one in members)


class Supervision(Protocol):
    """Groups, who is in them, and when they meet."""

    def group(self, group: str) -> Group | None: ...

    def hold(self, group: str) -> Group | None:
        """The group, held until the transaction ends: who takes seats or plans waits here."""
        ...

    def put_group(self, group: Group) -> None: ...

    def page(
        self, workspace: str, skip: int, limit: int, text: str = ""
    ) -> tuple[tuple[Group, ...], int]:
        """Groups that are not closed and have the text's words in their name, by name; and how
        many there are in all."""
        ...

    def named(self, workspace: str, name: str) -> Group | None:
        """The group of that name (case and diacritics aside) that is not closed."""
        ...

    def groups_of(self, person: str) -> tuple[Group, ...]:
        """Those they have joined that are not closed, by name."""
        ...

    def kept_by(self, person: str) -> tuple[Group, ...]:
        """Those that are not closed which they look after or facilitate from outside."""
        ...

    def open_groups(self, workspace: str, limit: int) -> tuple[Group, ...]:
        """Those not closed that may be asked for, by name."""
        ...

    def members(self, group: str) -> tuple[Member, ...]:
        """Everybody but who left, longest first."""
        ...

    def memberships(self, person: str) -> tuple[Member, ...]:
        """The person's places in groups that are not closed, those they left aside."""
        ...

    def membership(self, group: str, person: str) -> Member | None: ...

    def put_member(self, member: Member) -> None: ...

    def remove_member(self, group: str, person: str) -> None:
        """Nothing is left of their place."""
        ...

    def lapsed(self, now: datetime, limit: int) -> tuple[Member, ...]:
        """Invitations whose time is over. Another process may see the same."""
        ...

    def summaries(self, groups: Sequence[str], now: datetime) -> Mapping[str, Summary]: ...

    def cycle(self, cycle: str) -> Cycle | None: ...

    def cycles(self, group: str) -> tuple[Cycle, ...]:
        """The group's cycles, the newest first."""
        ...

    def cycle_numbers(self, workspace: str) -> Mapping[str, int]:
        """The numbers of all cycles of groups that are not closed, by the cycle's id."""
        ...

    def put_cycle(self, cycle: Cycle) -> None: ...

    def remove_cycle(self, cycle: str) -> None:
        """With its sessions and their seats."""
        ...

    def session(self, session: str) -> Session | None: ...

    def sessions(self, cycle: str) -> tuple[Session, ...]:
        """All of the cycle, in the order of time."""
        ...

    def coming(self, groups: Sequence[str], now: datetime, until: datetime) -> tuple[Session, ...]:
        """The groups' sessions, cancelled ones too, that end after `now` and begin before `until`,
        in the order of time."""
        ...

    def sessions_of(self, person: str, start: datetime, end: datetime) -> tuple[Session, ...]:
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

    def attendances(
        self, workspace: str, start: datetime, end: datetime
    ) -> Mapping[str, Mapping[Attendance, int]]:
        """Of the sessions that begin in the time between: how many said what, never who."""
        ...

    def put_sessions(self, sessions: Sequence[Session]) -> None: ...

    def remove_sessions(self, sessions: Sequence[str]) -> None: ...

    def seats(self, sessions: Sequence[str]) -> tuple[Seat, ...]: ...

    def put_seats(self, seats: Sequence[Seat]) -> None: ...

    def remove_seats(self, person: str, sessions: Sequence[str]) -> None: ...

    def hold_people(self, people: Sequence[str]) -> None:
        """Holds their diaries until the transaction ends: whoever books one of them waits, so
        that what `booked` answers stays true."""
        ...

    def booked(
        self, people: Sequence[str], start: datetime, end: datetime
    ) -> tuple[tuple[str, Session], ...]:
        """Who of the people has a seat in which planned session that touches the time between."""
        ...

    def add_change(self, change: Change) -> None: ...

    def change(self, change: str) -> Change | None: ...

    def undone(self, change: str, at: datetime) -> None: ...
