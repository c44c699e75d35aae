"""Who is in a supervision group, and who looks after it; and their repositories."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from handlers.kit.people import Person
from handlers.kit.text import fold

LEAST_SEATS, MOST_SEATS = 4, 10
"""People in a group: peer groups in the field have four to ten."""

MOST_INVITED = 30
"""People invited at once: those who get no seat may go on the waiting list."""

LONGEST_NAME = 60
LONGEST_PLACE = 300
INVITED_FOR = timedelta(days=5)
"""How long an invitation holds a seat."""


class Standing(StrEnum):
    """How somebody belongs to a group. INVITED holds a seat; ASKED and WAITING hold none. Who
    declines is not kept."""

    ASKED = "asked"
    INVITED = "invited"
    WAITING = "waiting"
    JOINED = "joined"
    LEFT = "left"


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


class Groups(Protocol):
    def get(self, group: str) -> Group | None: ...

    def hold(self, group: str) -> Group | None:
        """The group, held until the transaction ends: who takes seats or plans waits here."""
        ...

    def put(self, group: Group) -> None: ...

    def page(
        self, workspace: str, skip: int, limit: int, text: str = ""
    ) -> tuple[tuple[Group, ...], int]:
        """Groups that are not closed and have the text's words in their name, by name; and how
        many there are in all."""
        ...

    def named(self, workspace: str, name: str) -> Group | None:
        """The group of that name (case and diacritics aside) that is not closed."""
        ...

    def joined_by(self, person: str) -> tuple[Group, ...]:
        """Those they have joined that are not closed, by name."""
        ...

    def kept_by(self, person: str) -> tuple[Group, ...]:
        """Those that are not closed which they look after or facilitate from outside."""
        ...

    def open_for_asking(self, workspace: str, limit: int) -> tuple[Group, ...]:
        """Those not closed that may be asked for, by name."""
        ...


class Members(Protocol):
    def of(self, group: str) -> tuple[Member, ...]:
        """Everybody but who left, longest first."""
        ...

    def places_of(self, person: str) -> tuple[Member, ...]:
        """The person's places in groups that are not closed, those they left aside."""
        ...

    def get(self, group: str, person: str) -> Member | None: ...

    def put(self, member: Member) -> None: ...

    def remove(self, group: str, person: str) -> None:
        """Nothing is left of their place."""
        ...

    def lapsed(self, now: datetime, limit: int) -> tuple[Member, ...]:
        """Invitations whose time is over. Another process may see the same."""
        ...


class Summaries(Protocol):
    def of(self, groups: Sequence[str], now: datetime) -> Mapping[str, Summary]: ...
