"""What a handler works with: the transaction, the time, the caller and their language."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Protocol, TypeVar
from zoneinfo import ZoneInfo

from handlers.kit.callers import Pseudonyms, nobody
from handlers.kit.commands import StrangerError
from handlers.kit.delivery import Lanes
from handlers.kit.facts import Fact, SettingChanged
from handlers.kit.language_models import ModelPlace
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
from handlers.kit.settings import Section
from handlers.kit.weeks import CountsWeeks

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    from handlers.kit.cards import Part

T = TypeVar("T")
S = TypeVar("S", bound="DataclassInstance")


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
    def lanes(self) -> Lanes: ...

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


Hearer = Callable[[Any, "Occasion"], None]
"""What somebody does when a fact is told."""


@dataclass(frozen=True, slots=True)
class Services:
    """What everything that happens may use and no transaction holds: a locale's texts, words, new
    ids; who hears which fact, what is counted in a week, and what is made of words that somebody
    tries; who a caller is, under pseudonyms; where the language model is that may be asked to
    write, if there is one; whether a learning record store is told of learning."""

    speaking: Callable[[str], Texts]
    words: Words
    recurrence: Recurrence
    calendar: Calendar
    new_id: NewId
    links: Links
    hearers: Mapping[type[Fact], Sequence[Hearer]]
    status_link: StatusLink = _nowhere
    in_week: CountsWeeks = ()
    trials: "Sequence[Callable[[str, Context], tuple[Part, ...]]]" = ()
    caller: Pseudonyms = nobody
    tells_learning: bool = False
    model: ModelPlace | None = None


@dataclass(frozen=True, slots=True)
class Occasion:
    """Where anything happens, asked for or not: at `now` (aware UTC), inside `work`."""

    work: Work
    now: datetime
    services: Services

    def new_id(self) -> str:
        return self.services.new_id()

    def tell(self, fact: Fact) -> None:
        """Has everybody who hears the fact act on it, in this transaction, before it goes on."""
        for hear in self.services.hearers.get(type(fact), ()):
            hear(fact, self)


@dataclass(frozen=True, slots=True)
class Context(Occasion):
    """Where a handler stands: an occasion of which `me` is the caller, or a notice's reader. At
    `nobodys` addresses is nobody, as their platform says."""

    me: Person
    nobodys: frozenset[Address] = frozenset()

    @property
    def t(self) -> Texts:
        """What Plecs says, in the caller's language."""
        return self.services.speaking(self.me.locale)

    @property
    def today(self) -> date:
        """The day that it is where the caller is."""
        return self.now.astimezone(ZoneInfo(self.me.zone)).date()

    @property
    def words(self) -> Words:
        return self.services.words

    def change(self, section: Section[S], value: S) -> None:
        """Sets a part of the workspace's settings, as the caller wants it."""
        settings, workspace = self.work.settings, self.me.workspace
        before = section.kept(section.of(settings, workspace))
        after = section.kept(value)
        section.put(settings, workspace, value)
        if differing := [name for name in after if before[name] != after[name]]:
            self.tell(
                SettingChanged(
                    workspace,
                    self.me.id,
                    section.title,
                    {name: before[name] for name in differing},
                    {name: after[name] for name in differing},
                )
            )

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
