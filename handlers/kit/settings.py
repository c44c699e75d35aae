"""What a workspace set for itself, as values: each section is a dataclass, kept as plain JSON.

What an older version wrote, or something broke, is never an error: a field that can't be read has
its usual value, and the others hold.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from handlers.kit.ports import WorkspaceSettings

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

V = TypeVar("V")
S = TypeVar("S", bound="DataclassInstance")
Word = TypeVar("Word", bound=str)


@dataclass(frozen=True, slots=True)
class Plain(Generic[V]):
    """How a value is kept as JSON. `read` raises ValueError for what is no such value."""

    read: Callable[[object], V]
    write: Callable[[V], object]


@dataclass(frozen=True, slots=True)
class Section(Generic[S]):
    """A part of a workspace's settings, under its name; `title`, a message id, is what people call
    it. `usual` holds until the workspace sets its own; `plain` says how each of its fields is kept,
    and `holds` whether they go together."""

    name: str
    title: str
    usual: S
    plain: Mapping[str, Plain[Any]]
    holds: Callable[[S], bool] = lambda _: True

    def of(self, settings: WorkspaceSettings, workspace: str) -> S:
        """What the workspace set."""
        kept = settings.get(workspace, self.name)
        if not isinstance(kept, dict):
            return self.usual
        found: dict[str, Any] = {}
        for name, plain in self.plain.items():
            try:
                found[name] = plain.read(kept.get(name))
            except ValueError:
                continue
        read = replace(self.usual, **found)
        return read if self.holds(read) else self.usual

    def put(self, settings: WorkspaceSettings, workspace: str, value: S) -> None:
        """Sets it."""
        settings.put(workspace, self.name, self.kept(value))

    def kept(self, value: S) -> dict[str, object]:
        """The value as it is kept."""
        return {name: plain.write(getattr(value, name)) for name, plain in self.plain.items()}


def number(least: int, most: int) -> Plain[int]:
    """A whole number between the two."""

    def read(kept: object) -> int:
        if not isinstance(kept, int) or isinstance(kept, bool) or not least <= kept <= most:
            raise ValueError(kept)
        return kept

    return Plain(read, int)


def minutes(least: int, most: int) -> Plain[timedelta]:
    """A while of whole minutes."""
    whole, minute = number(least, most), timedelta(minutes=1)
    return Plain(lambda kept: whole.read(kept) * minute, lambda value: value // minute)


def switch() -> Plain[bool]:
    """Yes or no."""

    def read(kept: object) -> bool:
        if kept is True or kept is False:
            return kept
        raise ValueError(kept)

    return Plain(read, bool)


def words(most: int) -> Plain[str]:
    """So many characters at most, in one line."""

    def read(kept: object) -> str:
        if not isinstance(kept, str) or len(kept) > most:
            raise ValueError(kept)
        return " ".join(kept.split())

    return Plain(read, str)


def one_of(values: Iterable[Word]) -> Plain[Word]:
    """One of the words."""
    known = {str(value): value for value in values}

    def read(kept: object) -> Word:
        if not isinstance(kept, str) or kept not in known:
            raise ValueError(kept)
        return known[kept]

    return Plain(read, str)


def listed(one: Plain[V], least: int, most: int) -> Plain[tuple[V, ...]]:
    """Several of the same kind, so many at least and at most."""

    def read(kept: object) -> tuple[V, ...]:
        if not isinstance(kept, list) or not least <= len(kept) <= most:
            raise ValueError(kept)
        return tuple(one.read(each) for each in kept)

    return Plain(read, lambda value: [one.write(each) for each in value])
