"""What a handler works with: the transaction, the time, the caller and their language."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol, TypeVar

from handlers.kit.cards import Card
from handlers.kit.commands import StrangerError
from handlers.kit.notices import Notice
from handlers.kit.people import Address, Person
from handlers.kit.ports import (
    Calendar,
    DutyRoster,
    KnownAddresses,
    Links,
    NewId,
    Outbox,
    People,
    Recurrence,
    Texts,
    Words,
    Workspaces,
    WorkspaceSettings,
)

T = TypeVar("T")


class Deliveries(Protocol):
    """Which deliveries have had their effect."""

    def is_new(self, platform: str, delivery: str, now: datetime) -> bool:
        """Whether this delivery comes for the first time; true once for each."""
        ...


class Work(Protocol):
    """One transaction: everything done through it is kept together or not at all."""

    def savepoint(self, do: Callable[[], None]) -> bool:
        """Does it; if it fails, nothing of it is kept, and what else is done in the transaction
        stands. Answers whether it was done."""
        ...

    @property
    def people(self) -> People: ...

    @property
    def addresses(self) -> KnownAddresses: ...

    @property
    def workspaces(self) -> Workspaces: ...

    @property
    def duty(self) -> DutyRoster: ...

    @property
    def settings(self) -> WorkspaceSettings: ...

    @property
    def outbox(self) -> Outbox: ...

    @property
    def deliveries(self) -> Deliveries: ...

    def of(self, kind: type[T]) -> T:
        """What a feature keeps, by the protocol it asks for it with: `work.of(Vents)`."""
        ...


StatusLink = Callable[[Address, str, datetime], str | None]
"""Where somebody, spoken with in that language, lets Plecs set their status, from now on for a
while; None where nothing of the kind can be set."""


def _nowhere(_who: Address, _locale: str, _now: datetime) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Tools:
    """What every handler may use and no transaction holds: a locale's texts, words, new ids."""

    speaking: Callable[[str], Texts]
    words: Words
    recurrence: Recurrence
    calendar: Calendar
    new_id: NewId
    links: Links
    status_link: StatusLink = _nowhere


@dataclass(frozen=True, slots=True)
class Context:
    """Where a handler stands: `me` asks at `now` (aware UTC), inside `work`. At `nobodys`
    addresses is nobody, as their platform says."""

    work: Work
    now: datetime
    me: Person
    tools: Tools
    nobodys: frozenset[Address] = frozenset()

    @property
    def t(self) -> Texts:
        """What Plecs says, in the caller's language."""
        return self.tools.speaking(self.me.locale)

    @property
    def words(self) -> Words:
        return self.tools.words

    def new_id(self) -> str:
        return self.tools.new_id()

    def find(self, by: Address, users: Sequence[str]) -> dict[str, Person]:
        """Those of the platform's user ids, where `by` is, that are somebody's. Raises
        StrangerError for those not known yet: the shell introduces them and asks again."""
        addresses = {user: replace(by, user=user) for user in users}
        at = self.work.people.at
        found = {user: person for user, there in addresses.items() if (person := at(there))}
        strangers = [there for user, there in addresses.items() if user not in found]
        if new := [there for there in strangers if there not in self.nobodys]:
            raise StrangerError(*new)
        return found


NoticeCard = Callable[[Notice, Context], Card | None]
"""Makes a notice's card for the reader `Context.me` from the state of this moment. None: it is
no longer true and was never sent, or what was sent may stay as it is."""

Rejected = Callable[[Notice, Work, datetime], None]
"""What follows when a notice can never be delivered."""

Timer = Callable[[Work, datetime, int], int]
"""Does what is due, at most so many things; answers how many it did."""
