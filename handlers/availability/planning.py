"""What shifts are made of: what may be planned, and what it comes to on each day."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from enum import StrEnum

from handlers.availability.rest import midnight, wall_time
from handlers.kit.rota import LONGEST_SHIFT, Planned, ShiftKind

KINDS = {
    word: kind
    for kind, words in {
        ShiftKind.WORK: ";work;shift;calls;phone;line;on line;chat;darbs;maina;zvani;linija",
        ShiftKind.DESK: "desk work;desk;at a desk;back office;backoffice;admin;off line;offline;"
        "rakstu darbi;rakstu darbs;darbs bez zvaniem;birojs",
        ShiftKind.TRAINING: "training;course;coaching;meeting;macibas;kurss;apmaciba;sapulce",
        ShiftKind.ABSENCE: "absence;absent;away;vacation;holiday;leave;sick;sick leave;time off;"
        "prombutne;prom;atvalinajums;slimiba;slimibas lapa;darbnespeja",
        ShiftKind.FREE: "free;off;day off;rest day;briva diena;brivdiena;brivs",
    }.items()
    for word in words.split(";")
}
"""How planners' programs, and people, call them, folded."""

LONGEST_ABSENCE = timedelta(days=366)

_DAY = timedelta(days=1)


class SpanFault(StrEnum):
    """What is wrong with a span."""

    ENDS_FIRST = "ends before it begins"
    TOO_LONG = "is longer than 24 hours"
    ABSENT_TOO_LONG = "is an absence of more than a year"


class SpanError(ValueError):
    """The span can't be planned; `fault` says why."""

    def __init__(self, fault: SpanFault) -> None:
        super().__init__(fault)
        self.fault = fault


def entries(kind: ShiftKind, start: datetime, end: datetime, zone: str) -> Iterator[Planned]:
    """What stands in a rota for work, or an absence, from `start` to `end` (aware), of somebody in
    the zone. An absence is whole days, and hours of others. Raises SpanError."""
    if end <= start:
        raise SpanError(SpanFault.ENDS_FIRST)
    if kind in (ShiftKind.ABSENCE, ShiftKind.OUT):
        if end - start > LONGEST_ABSENCE:
            raise SpanError(SpanFault.ABSENT_TOO_LONG)
        yield from _absence(start, end, zone)
        return
    if end - start > LONGEST_SHIFT:
        raise SpanError(SpanFault.TOO_LONG)
    yield Planned(start, end, wall_time(start, zone).date(), kind)


def free_day(day: date, zone: str) -> Planned:
    """A day on which nothing is to be done."""
    return Planned(*_of(day, zone), day, ShiftKind.FREE)


def absent_day(day: date, zone: str) -> Planned:
    """A day that somebody is away on."""
    return Planned(*_of(day, zone), day, ShiftKind.ABSENCE)


def every_day(first: date, last: date) -> Iterator[date]:
    """The days from the first to the last."""
    return (first + number * _DAY for number in range((last - first).days + 1))


def _absence(start: datetime, end: datetime, zone: str) -> Iterator[Planned]:
    last = wall_time(end - timedelta(microseconds=1), zone).date()
    for day in every_day(wall_time(start, zone).date(), last):
        begins, ends = _of(day, zone)
        if start <= begins and ends <= end:
            yield Planned(begins, ends, day, ShiftKind.ABSENCE)
        else:
            yield Planned(max(start, begins), min(end, ends), day, ShiftKind.OUT)


def _of(day: date, zone: str) -> tuple[datetime, datetime]:
    return midnight(day, zone), midnight(day + _DAY, zone)
