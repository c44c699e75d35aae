"""What happened, told by the feature it happened to and heard by whoever needs it.

A feature imports no other. It tells a fact, `ctx.tell(CallEnded(...))`; whoever lists the fact in
its `hears` acts in the same transaction, before the teller goes on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from handlers.kit.people import Address, Person, Role


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that happened. Ids and values only: it is not kept."""


@dataclass(frozen=True, slots=True)
class PersonArrived(Fact):
    """Somebody is about to become known in the workspace, perhaps as its first."""

    workspace: str


@dataclass(frozen=True, slots=True)
class PersonLeft(Fact):
    """Somebody is no longer here: deactivated, or erased in a moment."""

    person: Person


@dataclass(frozen=True, slots=True)
class SettingChanged(Fact):
    """A person set a section of their workspace's settings anew; `section` is its title. `before`
    and `after` are its fields that differ, as they are kept."""

    workspace: str
    by: str
    section: str
    before: Mapping[str, object]
    after: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class RolesChanged(Fact):
    """Somebody's roles are others than before. `by` None: a command on Plecs' own machine did
    it."""

    person: Person
    by: str | None
    before: frozenset[Role]
    after: frozenset[Role]


@dataclass(frozen=True, slots=True)
class LibraryChanged(Fact):
    """What the workspace stands behind (`handlers/library`) has a new version; `library` is its
    title. `by` None: a command on Plecs' own machine did it. `before` and `after`: the parts that
    differ, by the entry's id and their own; of each entry that differs `after` has the names."""

    workspace: str
    by: str | None
    library: str
    version: int
    before: Mapping[str, object]
    after: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class LibraryAdopted(Fact):
    """Entries of this version of a library hold from now on, in the name of whoever adopted them:
    their names in each language, by id. `by` None: a command on Plecs' own machine did it."""

    workspace: str
    by: str | None
    library: str
    version: int
    entries: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class TopicCame(Fact):
    """A hand went up, or somebody wrote down of a call, what it is about: a topic, by its id.
    `about` is the hand's own id or the call's, and `agent` whose it is."""

    workspace: str
    topic: str
    about: str
    agent: str


@dataclass(frozen=True, slots=True)
class CallEnded(Fact):
    """A call that a break may be needed after is over, as people say themselves: the hand that was
    raised in it is down, or they had to end it (`hard`). `call` is that one's own id; it began at
    `began`, as far as is known. `boundary` has the names, by language, of the boundary by which it
    was ended, and `step` says how many warnings were given before."""

    person: Person
    call: str
    began: datetime
    hard: bool
    boundary: Mapping[str, str] = field(default_factory=dict)
    step: int = 0


@dataclass(frozen=True, slots=True)
class CallGoesOn(Fact):
    """A call that was told to be over (`CallEnded`) is not, after all."""

    call: str


@dataclass(frozen=True, slots=True)
class TelephoneAnswered(Fact):
    """Somebody is on the telephone from now on: they answered the call, or took it over, at `at` by
    the telephone system's clock. `call` is its id (handlers/common/current_call.py)."""

    person: Person
    call: str
    at: datetime


@dataclass(frozen=True, slots=True)
class TelephoneEnded(Fact):
    """The call is over for somebody, who had it `since` then: it ended at `at`, or went on to
    somebody else."""

    person: Person
    call: str
    since: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class Engaged(Fact):
    """People who can't be asked for anything from now on, although they may be on duty: in a talk,
    in a session, away. (Who goes on a break is told of by itself.)"""

    people: Sequence[str]


@dataclass(frozen=True, slots=True)
class BreakBegan(Fact):
    """Somebody's break begins. `until` is what others are told, None for "until I'm back";
    `ends_at` when it ends at the latest."""

    person: str
    until: datetime | None
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class BreakEnded(Fact):
    """Somebody's break is over, by the clock or because they are back, after it has `lasted`."""

    person: str
    lasted: timedelta


@dataclass(frozen=True, slots=True)
class ShiftsChanged(Fact):
    """What is planned for these people for today, or a day beside it, is something else now."""

    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReminderFollowed(Fact):
    """Somebody takes the break that a reminder of their plan was for."""

    person: Person
    reminder: str


@dataclass(frozen=True, slots=True)
class StatusPermitted(Fact):
    """Whoever is at the address lets Plecs set their status, by `token`."""

    at: Address
    token: str


@dataclass(frozen=True, slots=True)
class StatusPermissionsEnded(Fact):
    """A platform ended what these users of a workspace permitted until `before`; None:
    everybody's, with the app."""

    platform: str
    workspace: str
    users: Sequence[str] | None
    before: datetime
