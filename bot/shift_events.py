"""A plan of shifts as a calendar: an event is a shift, of whoever takes part or is named in it."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from bot.csv_file import BadLine
from bot.shift_list import FindsPerson, Gathered, ShiftList
from handlers.availability.planning import KINDS
from handlers.availability.rest import instant, midnight
from handlers.kit.people import Person
from handlers.kit.rota import ShiftKind
from handlers.kit.text import fold
from scheduling.shift_calendars import BadCalendarError, CalendarShift, read

LOOKED_TO = timedelta(weeks=26)
"""How far ahead events are read that come again and again."""

_LOOKED_BACK = timedelta(days=7)
_NAME_AND_SHIFT = re.compile(r"\s[-–—]\s|[:,(]")
"""What stands between a name and what it does: "Anna Kalniņa - early"."""

_WORDS = re.compile(r"[^\W\d_]+")
_WHOLE_DAYS = (ShiftKind.ABSENCE, ShiftKind.FREE)


def read_calendar(
    content: bytes, who: FindsPerson, owner: Person | None, today: date
) -> tuple[ShiftList | None, tuple[BadLine, ...]]:
    """What the events of the coming half a year plan, and those that can't be taken, numbered in
    the order in which they begin. They are `owner`'s, where one is given; else of each whose e-mail
    address takes part, or whose name the title begins with."""
    gathered = Gathered(who)
    try:
        events = read(content, today - _LOOKED_BACK, today + LOOKED_TO)
        for number, event in enumerate(events, start=1):
            _gather(gathered, number, event, owner)
    except BadCalendarError as error:
        return None, (BadLine(1, str(error)),)
    return gathered.found()


def planned_by(
    events: Iterable[CalendarShift], who: FindsPerson, owner: Person | None
) -> tuple[ShiftList | None, int]:
    """What those of the events plan that can be taken, None where there is none; and how many
    can't."""
    gathered = Gathered(who)
    for number, event in enumerate(events, start=1):
        _gather(gathered, number, event, owner)
    return gathered.found_of_good(), len(gathered.bad)


def _gather(gathered: Gathered, number: int, event: CalendarShift, owner: Person | None) -> None:
    with gathered.line(number):
        kind = _kind(event)
        if not isinstance(event.start, datetime) and kind not in _WHOLE_DAYS:
            raise ValueError(
                f"is a whole day ({event.start}), and neither absence nor free: shifts have times"
            )
        for person in _people(gathered, event, owner):
            start, end = (_at(one, person.zone) for one in (event.start, event.end))
            gathered.plan(number, person, kind, start, end)


def _people(gathered: Gathered, event: CalendarShift, owner: Person | None) -> Iterator[Person]:
    if owner is not None:
        yield owner
    elif event.emails:
        yield from map(gathered.person, event.emails)
    else:
        yield gathered.person(_NAME_AND_SHIFT.split(event.title, maxsplit=1)[0].strip())


def _kind(event: CalendarShift) -> ShiftKind:
    """By its categories, or else by the words of its title; a shift where neither says more."""
    words = _WORDS.findall(fold(event.title))
    pairs = (" ".join(pair) for pair in pairwise(words))
    for told in (*map(fold, event.categories), *pairs, *words):
        if told in KINDS:
            return KINDS[told]
    return ShiftKind.WORK


def _at(moment: datetime | date, zone: str) -> datetime:
    """A wall time without a zone is by the clock of where the person is."""
    if not isinstance(moment, datetime):
        return midnight(moment, zone)
    return instant(moment, zone) if moment.tzinfo is None else moment.astimezone(UTC)
