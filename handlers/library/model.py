"""A library: its entries, the versions of it, and who stands behind which of them."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, Generic, Protocol, TypeVar

from handlers.kit.text import on_one_line

READ_IN = ("lv", "en")
"""The languages that colleagues read in."""

SPOKEN = ("lv", "en", "ru")
"""The languages that callers speak, and so what is said to them has."""

TEXT_LIMIT = 400
"""Characters of one sentence or line: what can be said in a breath and read at a glance."""

LINES_TOGETHER = 2000
"""Characters of all lines of a list together: what one field of a form can hold everywhere."""

MOST_VERSIONS = 10**8 - 1
"""Versions of one library: more than anybody saves."""

UNFOUND_KEPT = timedelta(days=14)
"""How long what was asked and not found is kept: two weeks of calls show what is missing."""

UNFOUND_LIMIT = 80
"""Characters of it that are kept: a few words."""

UNFOUND_FROM = 3
"""How many different people must have asked for the same before it is shown to anybody."""

Saying = Mapping[str, str]
"""The same thing in several languages, by locale."""

Sayings = Mapping[str, tuple[str, ...]]
"""The same lines in several languages, by locale."""

S = TypeVar("S")
"""What a library holds: all of its entries, and what belongs to them."""


class LibraryEntry(Protocol):
    """One thing that a company stands behind. `version` is that of the library in which it was
    changed last, `review` the last day on which it holds without asking its owner. An entry is a
    frozen dataclass."""

    @property
    def id(self) -> str: ...

    @property
    def names(self) -> Saying: ...

    @property
    def owner(self) -> Saying: ...

    @property
    def review(self) -> date: ...

    @property
    def version(self) -> int: ...


E = TypeVar("E", bound=LibraryEntry)


def check_first(review: date, today: date) -> bool:
    """Whether its owner should be asked first: the review date has passed."""
    return today > review


@dataclass(frozen=True, slots=True)
class Author:
    """Who saved a version: a person by id, or whoever ran a command, by `name`. Neither: it
    came with Plecs."""

    person: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Adoption:
    """Somebody said in their own name that an entry, as it is in this version, holds for
    everybody. What is not adopted is a draft: nobody stands behind it."""

    workspace: str
    entry: str
    version: int
    by: Author
    at: datetime


@dataclass(frozen=True, slots=True)
class Version(Generic[S]):
    """A workspace's library as it was from `saved_at` until the next version. Of the one in
    force `adoptions` are who adopted what, by entry and version, older ones among them."""

    workspace: str
    number: int
    saved_at: datetime
    by: Author
    content: S
    adoptions: Mapping[tuple[str, int], Adoption] = field(default_factory=dict)

    def adopted(self, entry: LibraryEntry) -> Adoption | None:
        """Who adopted the entry as it is; None: it is a draft."""
        return self.adoptions.get((entry.id, entry.version))


@dataclass(frozen=True, slots=True)
class Found:
    """What a search brought: entries' ids, the likeliest first. `sure`: the first is meant."""

    likeliest: tuple[str, ...] = ()
    sure: bool = False


@dataclass(frozen=True, slots=True)
class Unfound:
    """What people asked and nothing was found for: folded words, and how many people it was."""

    words: str
    people: int


@dataclass(frozen=True, slots=True)
class Change:
    """What a new version does to one entry. `parts` are the names of what differs; None: the entry
    is new. What is no entry, such as the crisis numbers, has none."""

    entry: LibraryEntry | None
    parts: tuple[str, ...] | None


class InvalidLibraryError(Exception):
    """The data can't be a library's; `problems` says where and why, one line each."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(map(on_one_line, problems))
        super().__init__("\n".join(self.problems))


class Library(ABC, Generic[S]):
    """What a feature keeps in versions, and how that is written down."""

    name: str
    """By which it is kept, and by which its routes are called: "policy"."""

    title: str
    """What people call it, a message id."""

    package: str
    """Where the YAML lies that is version 1: default.yaml, or a file for each of its entries."""

    command: str
    """The slash command that shows it, and the name of the route behind that."""

    word: str
    """Its word behind `plecs` on the command line."""

    section: str
    """Under which its entries stand in a file."""

    besides: str = ""
    """Under which the rest stands, where there is any."""

    unknown: str = "no such entry"
    """What is said on the command line of an id that no entry has."""

    @abstractmethod
    def read(self, data: object, today: date) -> S:
        """A complete library from plain data, as YAML and JSON give it. A review date is a date,
        "2027-06-30", or "in 12 months" counted from `today`. Raises InvalidLibraryError with every
        fault at once."""

    @abstractmethod
    def amended(self, content: S, data: object, number: int, today: date) -> S:
        """With what the data brings in place of entries of the same id, and new ones at the end;
        what really differs is stamped with the version's `number`. Raises InvalidLibraryError."""

    @abstractmethod
    def plain(self, content: S) -> dict[str, object]:
        """As plain data that `read` reads back; without the versions."""

    @abstractmethod
    def entries(self, content: S) -> Sequence[LibraryEntry]: ...

    @abstractmethod
    def stamped(self, content: S, versions: Mapping[str, int]) -> S:
        """With these as the entries' versions, by id."""

    @abstractmethod
    def changes(self, old: S, new: S) -> tuple[Change, ...]:
        """What differs, entry by entry."""

    @abstractmethod
    def differing(self, old: S, new: S) -> tuple[dict[str, object], dict[str, object]]:
        """What differs as plain data, as it was and as it is: part by part, by the entry's id.
        What is has each one's names."""


class Kept(Protocol[S]):
    """One library, as workspaces have it. A feature names its own: `class Techniques(Kept[...],
    Protocol)`, by which it is asked for."""

    def current(self, workspace: str, now: datetime) -> Version[S]:
        """The newest version. A workspace that has none yet has what ships with Plecs, as
        version 1."""
        ...

    def version(self, workspace: str, number: int) -> Version[S] | None: ...

    def history(self, workspace: str, limit: int) -> tuple[Version[S], ...]:
        """The kept versions, newest first."""
        ...

    def settle(self, workspace: str, now: datetime) -> None:
        """Keeps what ships with Plecs as the workspace's version 1, when it has none: an update
        of Plecs must not change what somebody was allowed."""
        ...

    def save(self, version: Version[S]) -> bool:
        """Keeps a new version; false when its number is taken: somebody was faster."""
        ...

    def search(self, workspace: str, text: str, now: datetime) -> tuple[Version[S], Found]:
        """The current version, and those of its entries that the words describe: in any
        language that colleagues read in, with endings, without diacritics, with a typo."""
        ...

    def because(self, workspace: str, text: str, now: datetime) -> Mapping[str, tuple[str, ...]]:
        """The entries that each of the words leads to by itself, the likeliest first."""
        ...

    def adopted(self, workspace: str, entry: LibraryEntry) -> Adoption | None:
        """Who adopted the entry as it is, of whatever version; None: it was a draft."""
        ...

    def adopt(self, adoptions: Sequence[Adoption]) -> None:
        """Keeps them; what was adopted before stays with whoever did."""
        ...

    def not_found(self, workspace: str, person: str, words: str, now: datetime) -> None:
        """Keeps that somebody asked for it; the newest time counts."""
        ...

    def unfound(
        self, workspace: str, now: datetime, limit: int, *, least: int = UNFOUND_FROM
    ) -> tuple[Unfound, ...]:
        """What so many different people at least asked for, the most asked first."""
        ...

    def found_now(self, workspace: str, words: str) -> None:
        """Forgets that anybody asked for it and did not find it."""
        ...


def amend(entries: Sequence[E], brought: Sequence[E], number: int) -> tuple[E, ...]:
    """The entries with those that are brought in place of those of the same id, and new ones at
    the end. What really differs is stamped with the version's `number`."""
    new = {each.id: each for each in brought}
    amended = []
    for old in entries:
        now = _stamped(new.pop(old.id, old), old.version)
        amended.append(now if now == old else _stamped(now, number))
    return (*amended, *(_stamped(one, number) for one in new.values()))


def stamp(entries: Sequence[E], versions: Mapping[str, int]) -> tuple[E, ...]:
    """The entries with these as their versions, by id."""
    return tuple(_stamped(one, versions[one.id]) for one in entries)


def changes(old: Sequence[LibraryEntry], new: Sequence[LibraryEntry]) -> tuple[Change, ...]:
    """What differs, entry by entry."""
    was, found = {one.id: one for one in old}, []
    for one in new:
        before = was.get(one.id)
        parts = None if before is None else parts_differing(before, one)
        if parts is None or parts:
            found.append(Change(one, parts))
    return tuple(found)


def parts_differing(one: Any, other: Any) -> tuple[str, ...]:
    """The names of the fields in which two dataclasses of a kind differ; whatever their version."""
    return tuple(
        name
        for name in type(one).__dataclass_fields__
        if name != "version" and getattr(one, name) != getattr(other, name)
    )


def plain_differing(
    was: Mapping[str, Mapping[str, object]], now: Mapping[str, Mapping[str, object]]
) -> tuple[dict[str, object], dict[str, object]]:
    """What differs between two sets of plain entries, as it was and as it is: part by part, by the
    entry's id. What is has each one's names, where it has any; of what is gone there is no more."""
    before: dict[str, object] = {}
    after: dict[str, object] = {}
    for key, parts in now.items():
        earlier = was.get(key, {})
        parts_before = {part: earlier[part] for part in earlier if earlier[part] != parts.get(part)}
        parts_after = {part: parts[part] for part in parts if parts[part] != earlier.get(part)}
        if parts_before:
            before[key] = parts_before
        if parts_before or parts_after:
            after[key] = {**_named(parts), **parts_after}
    for key in (one for one in was if one not in now):
        before[key], after[key] = {}, _named(was[key])
    return before, after


def _named(parts: Mapping[str, object]) -> dict[str, object]:
    return {"names": parts["names"]} if "names" in parts else {}


def _stamped(one: E, version: int) -> E:
    stamped: E = replace(one, version=version)  # type: ignore[type-var] # an entry is a dataclass
    return stamped
