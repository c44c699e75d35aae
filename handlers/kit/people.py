"""Who people are: where they can be reached, what they do here, and when they are on duty."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from handlers.kit.hours import ALWAYS, Hours

UNTIL_BACK = datetime.max.replace(tzinfo=UTC)
"""Away with no end set: until they say that they are back."""


Place = tuple[str, str]
"""A platform's name and its own id of a workspace."""


@dataclass(frozen=True, slots=True, order=True)
class Address:
    """Where a person is: the platform's name and its own ids of the workspace and the user."""

    platform: str
    workspace: str
    user: str

    @property
    def place(self) -> Place:
        """The platform and the workspace: whoever has an address at the same one can be in a
        conversation there."""
        return self.platform, self.workspace


class Role(StrEnum):
    """What somebody does in Plecs. A person may have several; everybody is an agent."""

    AGENT = "agent"
    SUPERVISOR = "supervisor"
    COORDINATOR = "coordinator"
    ADMIN = "admin"


class Kind(StrEnum):
    """What a platform's user is. An outsider is a guest of the workspace's, or somebody whose home
    is another organisation. Only members use Plecs, and only they are asked for anything."""

    MEMBER = "member"
    BOT = "bot"
    OUTSIDER = "outsider"


@dataclass(frozen=True, slots=True)
class Profile:
    """What a platform tells of one of its users. `is_outsider`: they are a guest, or their home is
    another workspace and a shared channel brings them here. `email` is one that the platform
    vouches for; it is never kept. `at` is the platform's own instant of what it tells; None:
    as of now. `vouched` is False where the platform itself said nothing, and this is only what
    came with something the user did."""

    address: Address
    name: str
    locale: str | None = None
    zone: str | None = None
    email: str | None = None
    active: bool = True
    is_bot: bool = False
    is_outsider: bool = False
    at: datetime | None = None
    vouched: bool = True

    @property
    def kind(self) -> Kind:
        if self.is_bot:
            return Kind.BOT
        return Kind.OUTSIDER if self.is_outsider else Kind.MEMBER

    @property
    def belongs(self) -> bool:
        """Whether Plecs is for them (`Person.belongs`)."""
        return self.active and self.kind is Kind.MEMBER


@dataclass(frozen=True, slots=True)
class Duty:
    """When somebody may be asked for something: inside their hours in their zone, but not while
    away (until `away_until`, maybe UNTIL_BACK) or in their platform's do-not-disturb (`quiet`)."""

    zone: str
    hours: Hours
    away_until: datetime | None
    quiet_from: datetime | None
    quiet_until: datetime | None

    def holds(self, now: datetime) -> bool:
        """Whether it holds at `now`, aware UTC."""
        if self.is_away(now) or self.is_quiet(now):
            return False
        return self.hours == ALWAYS or self.hours.cover(now.astimezone(ZoneInfo(self.zone)))

    def is_on_line(self, now: datetime) -> bool:
        """Whether it holds at `now`, and their shift is not one at a desk."""
        return self.holds(now) and not self.hours.planned.is_at_desk(now)

    def is_away(self, now: datetime) -> bool:
        """Whether they said that they are away at `now`, or planned to be."""
        until = self.away_until
        return (until is not None and now < until) or self.hours.planned.is_away(now)

    def is_quiet(self, now: datetime) -> bool:
        """Whether their platform's do-not-disturb is on at `now`."""
        return (
            self.quiet_from is not None
            and self.quiet_until is not None
            and self.quiet_from <= now < self.quiet_until
        )


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody known to one workspace.

    `addresses` are all of theirs, the one they used last first: there they are reached.
    `locale` is the language Plecs speaks with them: `chosen_locale` if they picked one, else
    their platform's. `extension` is how colleagues reach them by phone, or where they sit; empty
    where they didn't say. `away_until` and the `quiet` pair (the platform's do-not-disturb) are
    instants in UTC; `away_until` may be UNTIL_BACK.
    """

    id: str
    workspace: str
    name: str
    addresses: tuple[Address, ...]
    roles: frozenset[Role] = frozenset({Role.AGENT})
    topics: tuple[str, ...] = ()
    trusted: tuple[str, ...] = ()
    helps: bool = True
    position: str = ""
    extension: str = ""
    manager: str = ""
    platform_locale: str = "lv"
    chosen_locale: str | None = None
    zone: str = "Europe/Riga"
    hours: Hours = ALWAYS
    away_until: datetime | None = None
    quiet_from: datetime | None = None
    quiet_until: datetime | None = None
    active: bool = True
    kind: Kind = Kind.MEMBER

    @property
    def locale(self) -> str:
        return self.chosen_locale or self.platform_locale

    @property
    def first_name(self) -> str:
        """What a colleague would call them."""
        return first_name(self.name)

    def is_at(self, place: tuple[str, str]) -> bool:
        """Whether they have an address there: only there a form can name them."""
        return any(address.place == place for address in self.addresses)

    def shares_a_place_with(self, other: "Person") -> bool:
        """Whether the two can have a conversation of their own somewhere."""
        return any(other.is_at(address.place) for address in self.addresses)

    def is_a(self, role: Role) -> bool:
        """Whether the person has the role; an admin may do what a coordinator may."""
        if role is Role.COORDINATOR and Role.ADMIN in self.roles:
            return True
        return role is Role.AGENT or role in self.roles

    @property
    def duty(self) -> Duty:
        """When they are on duty, if they are active."""
        return Duty(self.zone, self.hours, self.away_until, self.quiet_from, self.quiet_until)

    @property
    def belongs(self) -> bool:
        """Whether Plecs is for them: a member whose account is open. Everything that lets people
        in, and everything that asks them for something, goes by this alone."""
        return self.active and self.kind is Kind.MEMBER

    def on_duty(self, now: datetime) -> bool:
        """Whether they may be asked for something at `now`: they belong here, are in their hours,
        not away, not in their platform's do-not-disturb."""
        return self.belongs and self.duty.holds(now)


def by_language(people: Sequence[Person]) -> tuple[Person, ...]:
    """As whom a card is made that all of them read: the first of each language that they speak, the
    languages in an order of their own, whoever asked."""
    first: dict[str, Person] = {}
    for one in people:
        first.setdefault(one.locale, one)
    return tuple(first[locale] for locale in sorted(first, reverse=True))


@dataclass(frozen=True, slots=True)
class Topic:
    """Something a colleague can be the anchor for, with its names in both languages."""

    id: str
    workspace: str
    names: dict[str, tuple[str, ...]] = field(default_factory=dict, hash=False)

    def name(self, locale: str) -> str:
        """The first name in the language, or in any when it has none."""
        return next(iter(self.names.get(locale) or next(iter(self.names.values()))))


def first_name(name: str) -> str:
    """What a colleague would call somebody of this name: its first word, or the one after the
    comma in "Bērziņa, Ilze", as directories write it. (Two words before it are a whole name, and
    something else follows: "Ilze Bērziņa, Support"; but those of "van der Berg, Jan" are one.)
    What is no name does not count: titles ("Dr Ilze Bērziņa", "Ilze, PhD"), what stands in brackets
    ("[EXT] Ilze"), signs and pictures."""
    words = name.split()
    if words and words[0].isalpha() and words[0].casefold() not in _TITLES and "," not in name:
        return words[0]  # as most are
    parts = [names for part in name.split(",") if (names := _names(part))]
    surname, *others = parts or [[]]
    given = next((names for names in others if not names[0].islower()), [])
    is_one = len([word for word in surname if word.casefold() not in _PARTICLES]) < 2
    first = (given if is_one else []) or surname or name.replace(",", " ").split() or [name]
    return first[0]


def _names(part: str) -> list[str]:
    """The words of it that are names, without the signs around them."""
    words = (word.strip(_AROUND) for word in _IN_BRACKETS.sub(" ", part).split())
    return [
        word
        for word in words
        if any(map(str.isalpha, word)) and word[-1] != "." and word.casefold() not in _TITLES
    ]


_IN_BRACKETS = re.compile(r"\([^()]{0,120}\)|\[[^\[\]]{0,120}\]")
_AROUND = "\"'„“”«»‘’‚‹›*_~|/\\-–—:;!?#@<>{}()[]"
_TITLES = frozenset(
    {
        *("dr", "prof", "mr", "mrs", "ms", "ing", "phd", "mba", "msc", "bsc", "md", "mg"),
        *("jr", "sr", "jun", "sen", "ii", "iii", "ext"),
    }
)
_PARTICLES = frozenset(
    {*("van", "von", "der", "den", "de", "del", "della", "di", "da", "dos", "du", "la", "le", "al")}
)
"""What stands before many surnames, and is part of them."""
