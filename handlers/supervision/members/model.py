"""Who is in a group, invited, or waits; and the repository."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from handlers.kit.people import Person
from handlers.kit.text import fold
from handlers.supervision.groups.model import Group

MOST_INVITED = 30
"""People invited at once: those who get no seat may go on the waiting list."""

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
class GroupMember:
    """Somebody's place in a group, `since` when. `until`: when an invitation lapses."""

    group: str
    person: str
    state: Standing
    since: datetime
    until: datetime | None = None


def leads(boss: Person, person: Person) -> bool:
    """Whether `boss` is the line manager of `person`: the people list names managers, so two
    people of one name can't be told apart, and neither may join."""
    return bool(person.manager) and fold(person.manager) == fold(boss.name)


def seats_held(members: Sequence[GroupMember]) -> int:
    """How many seats of a group are taken or kept for somebody."""
    return sum(one.state in (Standing.JOINED, Standing.INVITED) for one in members)


class Members(Protocol):
    def of(self, group: str) -> tuple[GroupMember, ...]:
        """Everybody but who left, longest first."""
        ...

    def places_of(self, person: str) -> tuple[GroupMember, ...]:
        """The person's places in groups that are not closed, those they left aside."""
        ...

    def get(self, group: str, person: str) -> GroupMember | None: ...

    def put(self, member: GroupMember) -> None: ...

    def remove(self, group: str, person: str) -> None:
        """Nothing is left of their place."""
        ...

    def lapsed(self, now: datetime, limit: int) -> tuple[GroupMember, ...]:
        """Invitations whose time is over. Another process may see the same."""
        ...


@dataclass(frozen=True, slots=True)
class Roster:
    """A group with those who are in it."""

    group: Group
    members: tuple[GroupMember, ...]
    people: Mapping[str, Person]

    def who(self, *states: Standing) -> tuple[Person, ...]:
        """Those who are in it so and are known still, longest first."""
        return tuple(
            self.people[one.person]
            for one in self.members
            if one.state in states and one.person in self.people
        )

    @property
    def free(self) -> int:
        return max(0, self.group.seats - seats_held(self.members))


INVITED, ASKED, PLACE = "supervision.invited", "supervision.asked", "supervision.place"
