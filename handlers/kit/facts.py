"""What happened, told by the feature it happened to and heard by whoever needs it.

A feature imports no other. It tells a fact, `ctx.tell(CallEnded(...))`; whoever lists the fact in
its `hears` acts in the same transaction, before the teller goes on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from handlers.kit.people import Address, Person


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
class CallEnded(Fact):
    """A call that a break may be needed after is over. `call` is its own id; it began at `began`,
    as far as Plecs knows of it. `hard`: they had to end it."""

    person: Person
    call: str
    began: datetime
    hard: bool


@dataclass(frozen=True, slots=True)
class BreakBegan(Fact):
    """Somebody's break begins. `until` is what others are told, None for "until I'm back";
    `ends_at` when it ends at the latest."""

    person: str
    until: datetime | None
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class BreakEnded(Fact):
    """Somebody's break is over, by the clock or because they are back."""

    person: str


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
