"""A list of people as a CSV file, the way an office keeps it: read whole, or refused whole."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from bot.csv_file import BadFileError, BadLine, CsvFile, opened
from bot.guids import is_guid, one_guid
from handlers.kit.hours import ALWAYS, Hours, parse_hours
from handlers.kit.people import Address, Person, Role, Topic
from handlers.kit.text import fold
from handlers.kit.told import LONGEST_NAME, known_zone, shown_name
from handlers.people.model import LONGEST_EXTENSION, MOST_TOPICS

Value = TypeVar("Value")

COLUMNS = (
    "name",
    "platform user",
    "slack user",
    "teams user",
    "roles",
    "topics",
    "position",
    "extension",
    "manager",
    "locale",
    "zone",
    "hours",
)
_USER_COLUMNS = ("slack user", "teams user")
"""For an organisation that has several platforms: a person's line has an id in each."""

BETWEEN = ",;/"
"""Any of them parts several roles or topics in a cell."""

_SEPARATOR = re.compile(f"[{BETWEEN}]")

NOTHING = "-"
"""A cell that takes away what is known: an empty one leaves it."""

_NO_TOPICS: tuple[str, ...] = ()

_LOCALES = ("lv", "en")
_USER: Mapping[str, tuple[Callable[[str], object], str]] = {
    "slack": (
        re.compile(r"[UW][A-Z0-9]{2,}").fullmatch,
        "is no Slack member ID: copy it from the person's profile",
    ),
    "teams": (
        is_guid,
        "is no object ID: copy it from Entra > Users > the person",
    ),
    "local": (
        re.compile(r"[\w.-]{1,40}").fullmatch,
        "is no user of the local workspace: letters and figures only",
    ),
}


@dataclass(frozen=True, slots=True)
class Listed:
    """One good line. `addresses` are all one person's. None: the line leaves that as it is."""

    addresses: tuple[Address, ...]
    name: str
    roles: frozenset[Role] | None = None
    topics: tuple[str, ...] | None = None
    position: str | None = None
    manager: str | None = None
    locale: str | None = None
    zone: str | None = None
    hours: Hours | None = None
    extension: str | None = None

    def applied_to(self, person: Person) -> Person:
        """The person as the list has them, and otherwise as they were. The language is the
        platform's: one that somebody chose for themselves goes before it."""
        return replace(
            person,
            name=self.name,
            addresses=tuple(dict.fromkeys((*person.addresses, *self.addresses))),
            roles=_or(self.roles, person.roles),
            topics=_or(self.topics, person.topics),
            position=_or(self.position, person.position),
            extension=_or(self.extension, person.extension),
            manager=_or(self.manager, person.manager),
            platform_locale=_or(self.locale, person.platform_locale),
            zone=_or(self.zone, person.zone),
            hours=_or(self.hours, person.hours),
        )


def read_list(
    content: bytes, places: Sequence[Address], topics: Sequence[Topic]
) -> tuple[tuple[Listed, ...], tuple[BadLine, ...]]:
    """The good lines and the bad ones. `places` are the workspaces that the people are in, one a
    platform, as addresses without a user; "platform user" is of the first. Cells are separated by
    commas, semicolons or tabs, as the header shows; several roles or topics in a cell by any of
    , ; / where they do not end it."""
    try:
        file = opened(content)
        if reason := _wrong_header(file.columns):
            return (), (BadLine(file.header, reason),)
        return _read(file, _CellReader(places, topics))
    except BadFileError as error:
        return (), (error.line,)


def _read(file: CsvFile, reader: "_CellReader") -> tuple[tuple[Listed, ...], tuple[BadLine, ...]]:
    good: list[Listed] = []
    bad: list[BadLine] = []
    seen: dict[Address, int] = {}
    for number, cells in file.rows:
        if isinstance(cells, BadLine):
            bad.append(cells)
            continue
        listed, reasons = reader.read(cells)
        for address in listed.addresses:
            first = seen.setdefault(address, number)
            if first != number:
                reasons.append(f"{address.user} is on line {first} already")
        bad += [BadLine(number, reason) for reason in reasons]
        if not reasons:
            good.append(listed)
    return tuple(good), tuple(bad)


def _wrong_header(columns: Sequence[str]) -> str | None:
    unknown = [name for name in columns if name not in COLUMNS]
    lacking = ["name"] if "name" not in columns else []
    if not {"platform user", *_USER_COLUMNS}.intersection(columns):
        lacking.append("platform user")
    if lacking:
        return f"has no column {' and no column '.join(lacking)}. Columns: {', '.join(COLUMNS)}"
    if unknown:
        return f"has a column {unknown[0]!r} that means nothing here. Columns: {', '.join(COLUMNS)}"
    if len(set(columns)) < len(columns):
        return "has a column twice"
    return None


class _CellReader:
    """Reads cells by the rules, and collects what is wrong instead of stopping at it."""

    def __init__(self, places: Sequence[Address], topics: Sequence[Topic]) -> None:
        self._places = {
            "platform user": places[0],
            **{f"{place.platform} user": place for place in places},
        }
        self._topics: Mapping[str, str] = {
            fold(name): topic.id
            for topic in topics
            for name in (topic.id, *(name for names in topic.names.values() for name in names))
        }
        self._known = ", ".join(topic.name("en") for topic in topics)

    def read(self, cells: Mapping[str, str]) -> tuple[Listed, list[str]]:
        reasons: list[str] = []

        def cell(
            name: str, parse: Callable[[str], Value], nothing: Value | None = None
        ) -> Value | None:
            if not (text := cells.get(name, "")):
                return None
            if text == NOTHING and nothing is not None:
                return nothing
            try:
                return parse(text)
            except ValueError as error:
                reasons.append(str(error))
                return None

        if not shown_name(cells.get("name", "")):
            reasons.append("name is empty")
        users = [name for name in ("platform user", *_USER_COLUMNS) if name in cells]
        if not any(cells[name] for name in users):
            reasons.append(f"{' and '.join(users) or 'platform user'} is empty")
        addresses = [cell(name, partial(self._address, name)) for name in users]
        listed = Listed(
            addresses=tuple(dict.fromkeys(filter(None, addresses))),
            name=cell("name", _short) or "",
            roles=cell("roles", _roles, frozenset({Role.AGENT})),
            topics=cell("topics", self._topic_ids, _NO_TOPICS),
            position=cell("position", _short, ""),
            extension=cell("extension", _extension, ""),
            manager=cell("manager", _short, ""),
            locale=cell("locale", _locale),
            zone=cell("zone", _zone),
            hours=cell("hours", _hours, ALWAYS),
        )
        return listed, reasons

    def _address(self, column: str, text: str) -> Address:
        place = self._places.get(column)
        if place is None:
            platform = column.partition(" ")[0].title()
            raise ValueError(f"{text!r} is of {platform}, which is not set up together with this")
        is_one, reason = _USER[place.platform]
        if not is_one(text):
            raise ValueError(f"{text!r} {reason}")
        return replace(place, user=one_guid(text))

    def _topic_ids(self, text: str) -> tuple[str, ...]:
        names = _several(text)
        for name in names:
            if fold(name) not in self._topics:
                raise ValueError(f"{name!r} is no topic here. There are: {self._known}")
        found = tuple(dict.fromkeys(self._topics[fold(name)] for name in names))
        if len(found) > MOST_TOPICS:
            raise ValueError(f"has {len(found)} topics; {MOST_TOPICS} are the most that hold")
        return found


def _several(text: str) -> list[str]:
    return [part.strip() for part in _SEPARATOR.split(text) if part.strip()]


def _short(text: str) -> str:
    """Words on one line. More than fits into a name is a column in the wrong place."""
    if len(text) > LONGEST_NAME:
        raise ValueError(f"{text[:20]!r}... is longer than {LONGEST_NAME} characters")
    return shown_name(text)


def _extension(text: str) -> str:
    if len(text) > LONGEST_EXTENSION:
        raise ValueError(f"{text[:20]!r}... is longer than {LONGEST_EXTENSION} characters")
    return shown_name(text)


def _roles(text: str) -> frozenset[Role]:
    roles = {Role.AGENT}
    for name in _several(text):
        try:
            roles.add(Role(fold(name)))
        except ValueError:
            raise ValueError(f"{name!r} is no role. There are: {', '.join(Role)}") from None
    return frozenset(roles)


def _locale(text: str) -> str:
    language = re.split(r"[-_.@]", fold(text))[0]  # lv_LV.UTF-8, lv-LV
    if language not in _LOCALES:
        raise ValueError(f"{text!r} is no language of Plecs. There are: {', '.join(_LOCALES)}")
    return language


def _zone(text: str) -> str:
    zone = known_zone(text)
    if zone is None:
        raise ValueError(f"{text!r} is no time zone. One is called Europe/Riga")
    return zone


def _hours(text: str) -> Hours:
    try:
        return parse_hours(text)
    except ValueError as error:
        raise ValueError(
            f"cannot read the hours {str(error)!r}. They look like Mon-Fri 08:00-17:00"
        ) from None


def _or(given: Value | None, otherwise: Value) -> Value:
    return otherwise if given is None else given
