"""Libraries whose content is their entries and nothing besides."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from typing import Any, Generic

from handlers.kit.ports import mark
from handlers.kit.text import fold
from handlers.library.attributes import (
    Attribute,
    Day,
    EntryPart,
    LocalizedLines,
    LocalizedText,
    read_entry,
)
from handlers.library.model import (
    Change,
    E,
    InvalidLibraryError,
    Library,
    amend,
    changes,
    plain_differing,
    stamp,
)
from handlers.library.plain import PlainReader


def names(limit: int) -> LocalizedText:
    """What an entry is called."""
    return LocalizedText("names", mark("Name"), limit=limit)


OWNER = LocalizedText("owner", mark("Owner"), limit=80)
REVIEW = Day("review", mark("Review date"))


def examples(most: int = 120) -> LocalizedLines:
    """How an entry is asked for: the search reads it."""
    return LocalizedLines("examples", mark("How it is asked for"), also=("ru",), most=most)


class Entries(Library[tuple[E, ...]], Generic[E]):
    """Entries of a `kind`, a frozen dataclass with `id`, `version`, and the fields that the
    `attributes` name; `most` of them at most. Those that are `in_form` can be changed in chat: what
    else there is comes from a file."""

    def __init__(
        self,
        kind: Callable[..., E],
        attributes: Sequence[EntryPart],
        *,
        name: str,
        title: str,
        package: str,
        command: str,
        word: str,
        section: str,
        most: int,
    ) -> None:
        self._kind = kind
        self.attributes = tuple(attributes)
        self.in_form = tuple(one for one in attributes if isinstance(one, Attribute))
        self.name, self.title, self.package = name, title, package
        self.command, self.word, self.section = command, word, section
        self.most = most

    def read(self, data: object, today: date) -> tuple[E, ...]:
        reader = PlainReader(today)
        top = reader.mapping("", data, required={self.section})
        given = reader.entries(self.section, top.get(self.section, {}))
        found = tuple(self._entry(reader, str(key), value) for key, value in given.items())
        if not given and not reader.problems:
            reader.problems.append(f"{self.section}: nothing to read")
        if len(given) > self.most:
            reader.problems.append(f"{self.section}: {len(given)}, at most {self.most}")
        reader.stop_if_wrong()
        return tuple(one for one in found if one is not None)

    def amended(
        self, content: tuple[E, ...], data: object, number: int, today: date
    ) -> tuple[E, ...]:
        amended = amend(content, self.read(data, today), number)
        if len(amended) > self.most:
            raise InvalidLibraryError([f"{self.section}: {len(amended)}, at most {self.most}"])
        return amended

    def plain(self, content: tuple[E, ...]) -> dict[str, object]:
        return {self.section: self._by_id(content)}

    def entries(self, content: tuple[E, ...]) -> tuple[E, ...]:
        return content

    def stamped(self, content: tuple[E, ...], versions: Mapping[str, int]) -> tuple[E, ...]:
        return stamp(content, versions)

    def changes(self, old: tuple[E, ...], new: tuple[E, ...]) -> tuple[Change, ...]:
        return changes(old, new)

    def differing(
        self, old: tuple[E, ...], new: tuple[E, ...]
    ) -> tuple[dict[str, object], dict[str, object]]:
        return plain_differing(self._by_id(old), self._by_id(new))

    def made(self, entry: str, parts: Mapping[str, Any]) -> E:
        """An entry of these parts."""
        return self._kind(id=entry, **parts)

    def _entry(self, reader: PlainReader, key: str, data: object) -> E | None:
        path = f"{self.section}.{key}"
        wrong = len(reader.problems)
        parts = read_entry(reader, path, data, self.attributes)
        entry = reader.entry_id(path, key)
        return self.made(entry, parts) if len(reader.problems) == wrong else None

    def _by_id(self, content: tuple[E, ...]) -> dict[str, dict[str, object]]:
        return {one.id: self._to_plain(one) for one in content}

    def _to_plain(self, one: E) -> dict[str, object]:
        plain = {each.name: each.plain(getattr(one, each.name)) for each in self.attributes}
        return {name: value for name, value in plain.items() if value is not None}


def entry_of(content: Sequence[E], entry: str) -> E | None:
    """The one with this id."""
    return next((one for one in content if one.id == entry), None)


def id_from(name: str, taken: Collection[str]) -> str:
    """An id that is not taken, made of the name."""
    made = re.sub(r"[^a-z]+", "_", fold(name)).strip("_")[:_LONGEST_ID].strip("_") or "entry"
    return next(
        one
        for one in (made, *(f"{made}_{letter}{other}" for letter in _LETTERS for other in _LETTERS))
        if one not in taken
    )


_LONGEST_ID = 36
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
