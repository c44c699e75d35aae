"""A list of people as a CSV file, the way an office keeps it: read whole, or refused whole."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import TypeVar

from handlers.availability.engaged import Availability
from handlers.kit.hours import Hours, parse_hours
from handlers.kit.people import Address, Person, Profile, Role, Topic
from handlers.kit.text import fold
from handlers.kit.told import LONGEST_NAME, known_zone, shown_name
from handlers.people.model import LONGEST_EXTENSION, MOST_TOPICS
from handlers.work import Work

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

_LOCALES = ("lv", "en")
_USER = {
    "slack": (
        re.compile(r"[UW][A-Z0-9]{2,}"),
        "is no Slack member ID: copy it from the person's profile",
    ),
    "teams": (
        re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"),
        "is no object ID: copy it from Entra > Users > the person",
    ),
    "local": (
        re.compile(r"[\w.-]{1,40}"),
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


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line of the file (the header is line 1) that cannot be taken, and why."""

    number: int
    reason: str


def read_list(
    content: bytes, places: Sequence[Address], topics: Sequence[Topic]
) -> tuple[tuple[Listed, ...], tuple[BadLine, ...]]:
    """The good lines and the bad ones. `places` are the workspaces that the people are in, one a
    platform, as addresses without a user; "platform user" is of the first. Cells are separated by
    commas, semicolons or tabs, as the header shows; several roles or topics in a cell by any of
    , ; / where they do not end it."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return (), (BadLine(1, "is not UTF-8: save the file as “CSV UTF-8”"),)
    before, separator, text = _begins(text)
    # strict: a quote that is never closed would swallow the rest of the file.
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    numbered: list[tuple[int, list[str]]] = []
    begins = before + 1  # a quoted cell may span lines: an editor shows where its row begins
    try:
        for row in rows:
            numbered.append((begins, row))
            begins = before + rows.line_num + 1
    except csv.Error as error:
        return (), (BadLine(begins, f"is not CSV: {error}"),)
    columns = [fold(cell).replace("_", " ") for cell in numbered[0][1]] if numbered else []
    width = len(columns)
    while columns and not columns[-1]:  # Excel writes columns that were once in use
        columns.pop()
    if reason := _wrong_header(columns):
        return (), (BadLine(before + 1, reason),)
    return _read(numbered[1:], columns, width, _Reader(places, topics))


@dataclass(frozen=True, slots=True)
class ListChanges:
    """What a list changes, in people."""

    new: int = 0
    changed: int = 0
    same: int = 0


class BusyError(Exception):
    """Somebody who is kept twice is in the middle of something, and can't become one now."""


def bring_in(
    work: Work,
    listed: Sequence[Listed],
    now: datetime,
    *,
    dry_run: bool,
    progress: Callable[[int], None],
) -> ListChanges:
    """Adds and changes the people of the list, or with `dry_run` only counts them; who is kept
    twice, by two addresses of one line, becomes one. `progress` hears how many are done.

    Raises BusyError with who must first have ended what they are in the middle of.
    """
    people = work.people
    new = changed = same = 0
    for done, one in enumerate(listed, start=1):
        at = [person for address in one.addresses if (person := people.at(address))]
        found = list({person.id: person for person in at}.values())
        if not found:
            new += 1
            if not dry_run:
                address, *_ = one.addresses
                workspace = work.workspaces.of(address)
                profile = Profile(address, one.name, one.locale, one.zone)
                people.save(one.applied_to(people.add(workspace, profile, frozenset())))
        elif len(found) > 1 or one.applied_to(found[0]) != found[0]:
            changed += 1
            known, *twice = found
            if twice and work.of(Availability).engaged([person.id for person in found], now):
                raise BusyError(known.name)
            if not dry_run:
                for person in twice:
                    known = people.unite(known, person)
                people.save(one.applied_to(known))
        else:
            same += 1
        progress(done)
    return ListChanges(new, changed, same)


def _read(
    rows: Iterable[tuple[int, list[str]]], columns: Sequence[str], width: int, reader: "_Reader"
) -> tuple[tuple[Listed, ...], tuple[BadLine, ...]]:
    good: list[Listed] = []
    bad: list[BadLine] = []
    seen: dict[Address, int] = {}
    for number, row in rows:
        if not any(cell.strip() for cell in row):
            continue
        if len(row) > width or any(cell.strip() for cell in row[len(columns) :]):
            bad.append(BadLine(number, f"has {len(row)} cells; the header has {len(columns)}"))
            continue
        cells = {name: cell.strip() for name, cell in zip(columns, row, strict=False)}
        listed, reasons = reader.read(cells)
        for address in listed.addresses:
            first = seen.setdefault(address, number)
            if first != number:
                reasons.append(f"{address.user} is on line {first} already")
        bad += [BadLine(number, reason) for reason in reasons]
        if not reasons:
            good.append(listed)
    return tuple(good), tuple(bad)


def _begins(text: str) -> tuple[int, str, str]:
    """How many lines stand before the header, what separates cells, and the text from there on.
    Excel's first line `sep=;` says the separator; blank lines say nothing."""
    lines = text.splitlines(keepends=True)
    before, separator = 0, None
    for line in lines:
        if said := re.fullmatch(r'"?sep=(.)"?[,;\t]*\s*', line, re.IGNORECASE):
            separator = said[1]
        elif line.strip(" ,;\t\r\n"):
            break
        before += 1
    header = lines[before] if before < len(lines) else ""
    return before, separator or max(",;\t", key=header.count), "".join(lines[before:])


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


class _Reader:
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

        def cell(name: str, parse: Callable[[str], Value]) -> Value | None:
            if not (text := cells.get(name, "")):
                return None
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
            roles=cell("roles", _roles),
            topics=cell("topics", self._topic_ids),
            position=cell("position", _short),
            extension=cell("extension", _extension),
            manager=cell("manager", _short),
            locale=cell("locale", _locale),
            zone=cell("zone", _zone),
            hours=cell("hours", _hours),
        )
        return listed, reasons

    def _address(self, column: str, text: str) -> Address:
        place = self._places.get(column)
        if place is None:
            platform = column.partition(" ")[0].title()
            raise ValueError(f"{text!r} is of {platform}, which is not set up together with this")
        form, reason = _USER[place.platform]
        if not form.fullmatch(text):
            raise ValueError(f"{text!r} {reason}")
        return replace(place, user=text)

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
    return [part.strip() for part in re.split(r"[,;/]", text) if part.strip()]


def _short(text: str) -> str:
    """Words on one line. More than fits into a name is a column in the wrong place."""
    if len(text) > LONGEST_NAME:
        raise ValueError(f"{text[:20]!r}... is longer than {LONGEST_NAME} characters")
    return shown_name(text)


def _extension(text: str) -> str:
    if len(text) > LONGEST_EXTENSION:
        raise ValueError(f"{text[:20]!r}... is longer than {LONGEST_EXTENSION} characters")
    return text


def _roles(text: str) -> frozenset[Role]:
    roles = {Role.AGENT}
    for name in _several(text):
        try:
            roles.add(Role(fold(name)))
        except ValueError:
            raise ValueError(f"{name!r} is no role. There are: {', '.join(Role)}") from None
    return frozenset(roles)


def _locale(text: str) -> str:
    if fold(text) not in _LOCALES:
        raise ValueError(f"{text!r} is no language of Plecs. There are: {', '.join(_LOCALES)}")
    return fold(text)


def _zone(text: str) -> str:
    if known_zone(text) is None:
        raise ValueError(f"{text!r} is no time zone. One is called Europe/Riga")
    return text


def _hours(text: str) -> Hours:
    try:
        return parse_hours(text)
    except ValueError as error:
        raise ValueError(
            f"cannot read the hours {str(error)!r}. They look like Mon-Fri 08:00-17:00"
        ) from None


def _or(given: Value | None, otherwise: Value) -> Value:
    return otherwise if given is None else given
