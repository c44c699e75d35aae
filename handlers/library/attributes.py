"""What an entry is made of: how each part stands in a file, and in the form that changes it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol, runtime_checkable

from handlers.kit.cards import (
    ChoiceField,
    DateField,
    Field,
    Line,
    NumberField,
    Option,
    TextField,
)
from handlers.kit.ports import Texts
from handlers.kit.reading import Filled
from handlers.kit.text import lines_of
from handlers.library.model import LINES_TOGETHER, READ_IN, TEXT_LIMIT, Saying, Sayings
from handlers.library.plain import MISSING, PlainReader

_YEARS = range(2000, 2200)
"""In which somebody may want to look at an entry again."""


class EntryPart(Protocol):
    """One part of an entry: the field `name` of its dataclass, and of its file. `label` is a
    message id."""

    @property
    def name(self) -> str: ...

    @property
    def label(self) -> str: ...

    @property
    def is_optional(self) -> bool:
        """Whether a file may leave it out."""
        ...

    def read(self, reader: PlainReader, path: str, data: object) -> Any:
        """The value of what stands in a file, or MISSING; what is wrong is noted with the
        reader."""
        ...

    def plain(self, value: Any) -> object:
        """As it stands in a file; None for what is left out there."""
        ...


@runtime_checkable
class Attribute(EntryPart, Protocol):
    """A part that a form can change as well."""

    def fields(self, value: Any, t: Texts) -> Sequence[Field]:
        """The form's fields; `value` None for an entry that is new."""
        ...

    def filled(self, filled: Filled) -> Any:
        """The value of what was filled in; what is wrong is noted at its field."""
        ...


@dataclass(frozen=True, slots=True)
class LocalizedText:
    """The same words in each of the languages; `also` are languages in which it may be said
    besides. `long`: a text of several lines."""

    name: str
    label: str
    locales: tuple[str, ...] = READ_IN
    also: tuple[str, ...] = ()
    limit: int = TEXT_LIMIT
    long: bool = False

    is_optional = False

    def read(self, reader: PlainReader, path: str, data: object) -> Saying:
        return reader.saying(path, data, self.locales, self.limit, also=self.also, long=self.long)

    def plain(self, value: Saying) -> object:
        return dict(value)

    def fields(self, value: Saying | None, t: Texts) -> Sequence[Field]:
        given = value or {}
        return [
            TextField(
                f"{self.name}_{locale}",
                in_language(t(self.label), locale, t),
                given.get(locale, ""),
                limit=self.limit,
                multiline=self.long or self.limit > _ONE_LINE,
                required=locale in self.locales,
            )
            for locale in (*self.locales, *self.also)
        ]

    def filled(self, filled: Filled) -> Saying:
        said = {locale: filled.text(f"{self.name}_{locale}") for locale in self._all()}
        if not self.long:
            said = {locale: " ".join(text.split()) for locale, text in said.items()}
        return {locale: text for locale, text in said.items() if text or locale in self.locales}

    def _all(self) -> tuple[str, ...]:
        return (*self.locales, *self.also)


@dataclass(frozen=True, slots=True)
class LocalizedLines:
    """Lines in each of the languages, `most` at most; `also` are languages that may have some
    besides."""

    name: str
    label: str
    locales: tuple[str, ...] = READ_IN
    also: tuple[str, ...] = ()
    most: int = 120

    is_optional = False

    def read(self, reader: PlainReader, path: str, data: object) -> Sayings:
        return reader.lines(path, data, self.most, optional=self.also)

    def plain(self, value: Sayings) -> object:
        return {locale: list(lines) for locale, lines in value.items()}

    def fields(self, value: Sayings | None, t: Texts) -> Sequence[Field]:
        given = value or {}
        return [
            TextField(
                f"{self.name}_{locale}",
                in_language(t(self.label), locale, t),
                "\n".join(given.get(locale, ())),
                limit=LINES_TOGETHER,
                multiline=True,
                required=locale in self.locales,
                hint=t("One to a line."),
            )
            for locale in (*self.locales, *self.also)
        ]

    def filled(self, filled: Filled) -> Sayings:
        found: dict[str, tuple[str, ...]] = {}
        for locale in (*self.locales, *self.also):
            field = f"{self.name}_{locale}"
            lines = tuple(lines_of(filled.text(field)))
            if any(len(line) > TEXT_LIMIT for line in lines):
                filled.errors[field] = filled.t(
                    "Too long: at most {limit} characters each, {total} together.",
                    limit=TEXT_LIMIT,
                    total=LINES_TOGETHER,
                )
            elif len(lines) > self.most:
                filled.errors[field] = filled.t("At most {limit} lines.", limit=self.most)
            if lines or locale in self.locales:
                found[locale] = lines
        return found


@dataclass(frozen=True, slots=True)
class Word:
    """A word that the code or the workspace knows, in no language; empty where there is none."""

    name: str
    label: str
    limit: int = 80

    is_optional = True

    def read(self, reader: PlainReader, path: str, data: object) -> str:
        return reader.text(path, data, self.limit)

    def plain(self, value: str) -> object:
        return value or None

    def fields(self, value: str | None, t: Texts) -> Sequence[Field]:
        return [TextField(self.name, t(self.label), value or "", self.limit, required=False)]

    def filled(self, filled: Filled) -> str:
        return filled.text(self.name)


@dataclass(frozen=True, slots=True)
class Day:
    """A day, such as the last one on which an entry holds without asking its owner."""

    name: str
    label: str

    is_optional = False

    def read(self, reader: PlainReader, path: str, data: object) -> date:
        return reader.day(path, data)

    def plain(self, value: date) -> object:
        return value.isoformat()

    def fields(self, value: date | None, t: Texts) -> Sequence[Field]:
        return [DateField(self.name, t(self.label), value.isoformat() if value else "")]

    def filled(self, filled: Filled) -> date:
        day = filled.day(self.name)
        if self.name not in filled.errors and day.year not in _YEARS:
            filled.errors[self.name] = filled.t(
                "Choose a day in the years {first} to {last}.", first=_YEARS[0], last=_YEARS[-1]
            )
        return day


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the `options`, whose labels are message ids."""

    name: str
    label: str
    options: Mapping[str, str]

    is_optional = False

    def read(self, reader: PlainReader, path: str, data: object) -> str:
        return reader.choice(path, data, tuple(self.options))

    def plain(self, value: str) -> object:
        return str(value)

    def fields(self, value: str | None, t: Texts) -> Sequence[Field]:
        options = tuple(Option(one, t(label)) for one, label in self.options.items())
        return [ChoiceField(self.name, t(self.label), options, (value or options[0].value,))]

    def filled(self, filled: Filled) -> str:
        return filled.chosen(self.name)


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number from `least` to `most`; `usual` for an entry that is new."""

    name: str
    label: str
    least: int
    most: int
    usual: int

    is_optional = False

    def read(self, reader: PlainReader, path: str, data: object) -> int:
        return reader.whole_number(path, data, self.least, self.most)

    def plain(self, value: int) -> object:
        return value

    def fields(self, value: int | None, t: Texts) -> Sequence[Field]:
        number = self.usual if value is None else value
        return [NumberField(self.name, t(self.label), number, self.least, self.most)]

    def filled(self, filled: Filled) -> int:
        return filled.number(self.name)


@dataclass(frozen=True, slots=True)
class WebAddress:
    """Where something is on the web, by https; empty where there is none."""

    name: str
    label: str
    limit: int = 400

    is_optional = True

    def read(self, reader: PlainReader, path: str, data: object) -> str:
        address = reader.text(path, data, self.limit)
        if address and not is_web_address(address):
            reader.problems.append(f"{path}: should be an address that begins with https://")
        return address

    def plain(self, value: str) -> object:
        return value or None

    def fields(self, value: str | None, t: Texts) -> Sequence[Field]:
        return [TextField(self.name, t(self.label), value or "", self.limit, required=False)]

    def filled(self, filled: Filled) -> str:
        address = filled.text(self.name)
        if address and not is_web_address(address):
            filled.errors[self.name] = filled.t("Write an address that begins with https://.")
        return address


def is_web_address(text: str) -> bool:
    """Whether a card can link to it."""
    return _WEB_ADDRESS.fullmatch(text) is not None


_WEB_ADDRESS = re.compile(r"https://[^\s/<>\"|]+(?:/[^\s<>\"|]*)?")

_ONE_LINE = 100
"""Characters from which a text is typed in a field of several lines."""


def in_language(what: Line, locale: str, t: Texts) -> Line:
    """What a field holds, and in which language."""
    match locale:
        case "lv":
            return t("{what}, in Latvian", what=what)
        case "en":
            return t("{what}, in English", what=what)
        case _:
            return t("{what}, in Russian", what=what)


def read_entry(
    reader: PlainReader, path: str, data: object, attributes: Sequence[EntryPart]
) -> Mapping[str, Any]:
    """The parts of an entry as a file has it, by name. Optional ones that it leaves out are not
    among them."""
    required = {one.name for one in attributes if not one.is_optional}
    optional = {one.name for one in attributes if one.is_optional}
    given = reader.mapping(path, data, required=required, optional=optional)
    return {
        one.name: one.read(reader, f"{path}.{one.name}", given.get(one.name, MISSING))
        for one in attributes
        if one.name in given or not one.is_optional
    }
