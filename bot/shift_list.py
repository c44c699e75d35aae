"""A plan of shifts as a CSV file, the way planners export it: read whole, or refused whole."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from bot.csv_file import BadFileError, BadLine, opened, read_day
from handlers.availability.planning import (
    KINDS,
    SpanError,
    SpanFault,
    entries,
    every_day,
    free_day,
)
from handlers.availability.rest import instant, midnight, wall_time
from handlers.kit.people import Person
from handlers.kit.rota import Planned, ShiftKind
from handlers.kit.text import fold

COLUMNS = ("person", "date", "start", "end", "kind")

MOST_DAYS = 400
"""From a file's first day to its last: more is a mistyped year."""

FindsPerson = Callable[[str], Person | None]
"""Whom an e-mail address, an extension, an id or a name means; None: nobody, or several."""

_MEANT = {
    alias: name
    for name, aliases in {
        "person": "person;e-mail;email;e-mail address;mail;extension;ext;id;user;platform user;"
        "employee;employee id;agent;name;darbinieks;darbiniece;e-pasts;epasts;numurs;vards;"
        "vards uzvards;klientu konsultants",
        "date": "date;day;shift date;datums;diena",
        "start": "start;starts;begin;from;start time;start date;begins;sakums;no;sakas",
        "end": "end;ends;to;until;end time;end date;finish;beigas;lidz;beidzas",
        "kind": "kind;type;activity;shift type;shift;veids;darbiba;aktivitate;mainas veids",
    }.items()
    for alias in aliases.split(";")
}
_CLOCK = re.compile(r"(\d{1,2})[:.](\d{2})(?:[:.]\d{2})?", re.ASCII)
_OFFSET = re.compile(r"(?:Z|[+-]\d{2}:?\d{2})$")
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ShiftList:
    """What is planned, by person, from the first day of the file to its last."""

    first: date
    last: date
    by_person: Mapping[str, Sequence[Planned]]
    lines: int


def read_shifts(content: bytes, who: FindsPerson) -> tuple[ShiftList | None, tuple[BadLine, ...]]:
    """What the good lines plan, and the bad ones. Times without an offset are by the clock of where
    the person is; an end with a clock alone, not after its start, is on the next day; days without
    a clock are whole ones, the last with them."""
    try:
        file = opened(content)
        columns = [_MEANT.get(name, "") for name in file.columns]
        if reason := _wrong_header(columns):
            return None, (BadLine(file.header, reason),)
        gathered = Gathered(who)
        meant = {column: name for column, name in zip(file.columns, columns, strict=True) if name}
        for number, cells in file.rows:
            if isinstance(cells, BadLine):
                gathered.bad.append(cells)
            else:
                given = {name: cells.get(column, "") for column, name in meant.items()}
                _gather(gathered, number, given)
    except BadFileError as error:
        return None, (error.line,)
    return gathered.found()


def _gather(gathered: "Gathered", number: int, given: Mapping[str, str]) -> None:
    with gathered.line(number):
        person = gathered.person(given["person"])
        start, end = _span(given.get("date", ""), given["start"], given["end"], person.zone)
        gathered.plan(number, person, _kind(given.get("kind", "")), start, end)


def _wrong_header(columns: Sequence[str]) -> str | None:
    lacking = [name for name in ("person", "start", "end") if name not in columns]
    if lacking:
        return f"has no column {' and no column '.join(lacking)}. Columns: {', '.join(COLUMNS)}"
    known = [name for name in columns if name]
    twice = next((name for name in known if known.count(name) > 1), None)
    return None if twice is None else f"has more than one column for {twice}"


class Gathered:
    """What lines or events plan, and what is wrong with them, instead of stopping at it."""

    def __init__(self, who: FindsPerson) -> None:
        self._who = who
        self._known: dict[str, Person | None] = {}
        self._planned: dict[str, dict[Planned, int]] = defaultdict(dict)
        self.bad: list[BadLine] = []
        self._lines = 0

    @contextmanager
    def line(self, number: int) -> Iterator[None]:
        """Has what is wrong with the line written down."""
        try:
            yield
        except SpanError as error:
            self.bad.append(BadLine(number, _SAID[error.fault]))
        except ValueError as error:
            self.bad.append(BadLine(number, str(error)))
        else:
            self._lines += 1

    def person(self, told: str) -> Person:
        """Whom that means. Raises ValueError."""
        if not told:
            raise ValueError("person is empty")
        if told not in self._known:
            self._known[told] = self._who(told)
        person = self._known[told]
        if person is None:
            raise ValueError(
                f"{told!r} is nobody here, or several: an e-mail address, extension, ID or name"
            )
        return person

    def plan(
        self, number: int, person: Person, kind: ShiftKind, start: datetime, end: datetime
    ) -> None:
        """Plans it for the person. Raises ValueError."""
        for one in _entries(kind, start, end, person.zone):
            first = self._planned[person.id].setdefault(one, number)
            if first != number:
                raise ValueError(f"says what line {first} says already")

    def found_of_good(self) -> ShiftList | None:
        """All but what is bad, of which each line is written down; of two that overlap the first
        stays. None: there is nothing."""
        for planned in self._planned.values():
            for one in _overlapping(planned):
                self.bad.append(BadLine(planned.pop(one), "overlaps another"))
        by_person = {person: tuple(kept) for person, kept in self._planned.items() if kept}
        days = {one.day for planned in by_person.values() for one in planned}
        return ShiftList(min(days), max(days), by_person, self._lines) if days else None

    def found(self) -> tuple[ShiftList | None, tuple[BadLine, ...]]:
        """All of it, or what is wrong."""
        for planned in self._planned.values():
            self.bad += _overlaps(planned)
        days = {one.day for planned in self._planned.values() for one in planned}
        if not days and not self.bad:
            self.bad.append(BadLine(1, "has no line behind it: there is nothing to plan"))
        if days and (max(days) - min(days)).days >= MOST_DAYS:
            first, last = min(days), max(days)
            reason = f"plans from {first} to {last}: more than {MOST_DAYS} days are a mistyped year"
            self.bad.append(BadLine(1, reason))
        if self.bad:
            return None, tuple(sorted(self.bad, key=lambda line: line.number))
        by_person = {person: tuple(planned) for person, planned in self._planned.items()}
        return ShiftList(min(days), max(days), by_person, self._lines), ()


_SAID = {
    SpanFault.ENDS_FIRST: "ends before it begins",
    SpanFault.TOO_LONG: "is longer than 24 hours; only an absence may be",
    SpanFault.ABSENT_TOO_LONG: "is an absence of more than a year",
}


def _overlaps(planned: Mapping[Planned, int]) -> list[BadLine]:
    last: dict[ShiftKind, Planned] = {}
    found = []
    for one in sorted(planned):
        before = last.get(one.kind)
        if before is not None and one.start < before.end:
            reason = f"overlaps line {planned[before]}, of the same kind"
            found.append(BadLine(planned[one], reason))
        last[one.kind] = one
    return found


def _overlapping(planned: Iterable[Planned]) -> list[Planned]:
    """Those that begin before one of the same kind is over."""
    last: dict[ShiftKind, Planned] = {}
    found = []
    for one in sorted(planned):
        before = last.get(one.kind)
        if before is not None and one.start < before.end:
            found.append(one)
        else:
            last[one.kind] = one
    return found


@lru_cache(maxsize=64)
def _kind(text: str) -> ShiftKind:
    kind = KINDS.get(fold(text))
    if kind is None:
        raise ValueError(
            f"{text!r} is no kind of shift. There are: work, desk work, training, absence, free"
        )
    return kind


@lru_cache(maxsize=8192)
def _entries(kind: ShiftKind, start: datetime, end: datetime, zone: str) -> tuple[Planned, ...]:
    """The same day's shifts of many people are one in memory."""
    if kind is ShiftKind.FREE:
        first, last = (wall_time(at, zone).date() for at in (start, end - timedelta(seconds=1)))
        return tuple(free_day(day, zone) for day in every_day(first, last))
    return tuple(entries(kind, start, end, zone))


@lru_cache(maxsize=8192)
def _span(day: str, start: str, end: str, zone: str) -> tuple[datetime, datetime]:
    """From when to when, aware UTC. Raises ValueError."""
    on = read_day(day) if day else None
    if on is not None and not start and not end:
        return midnight(on, zone), midnight(on + _ONE_DAY, zone)
    begins = _moment("start", start, on, zone)
    if not isinstance(begins, datetime):  # whole days, the last with them
        last = _moment("end", end or start, on, zone)
        if isinstance(last, datetime):
            return midnight(begins, zone), last
        return midnight(begins, zone), midnight(last + _ONE_DAY, zone)
    began = wall_time(begins, zone).date()
    ends = _moment("end", end, began, zone)
    if not isinstance(ends, datetime):
        raise ValueError(f"end {end!r} has no time of day, and its start has one")  # noqa: TRY004 - what people typed is no type
    if ends <= begins and _CLOCK.fullmatch(end):
        return begins, _at(began + _ONE_DAY, end, zone)
    return begins, ends


def _moment(which: str, text: str, on: date | None, zone: str) -> datetime | date:
    """An instant in UTC, or a day that is written without a clock; a clock alone is on that day."""
    if not text:
        raise ValueError(f"{which} is empty")
    if _CLOCK.fullmatch(text):
        if on is None:
            raise ValueError(f"{which} {text!r} has no day, and there is no column date")
        return _at(on, text, zone)
    day, _, clock = text.replace("T", " ", 1).partition(" ")
    if not clock.strip():
        return read_day(day)
    if found := _OFFSET.search(clock):
        try:
            return datetime.fromisoformat(f"{read_day(day)}T{clock.strip()}").astimezone(UTC)
        except ValueError:
            raise ValueError(f"cannot read {which} {text!r}, with the offset {found[0]}") from None
    return _at(read_day(day), clock.strip(), zone)


def _at(day: date, clock: str, zone: str) -> datetime:
    found = _CLOCK.fullmatch(clock)
    if found is None:
        raise ValueError(f"{clock!r} is no time of day: it looks like 08:00")
    hour, minute = int(found[1]), int(found[2])
    if minute > 59 or hour > 24 or (hour == 24 and minute):
        raise ValueError(f"there is no {clock}: a day goes from 00:00 to 24:00")
    wall = datetime.combine(day, time()) + timedelta(hours=hour, minutes=minute)
    return instant(wall, zone)
