"""Reads calendars (RFC 5545) in which others plan shifts, their recurrences among them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import recurring_ical_events
from icalendar import Calendar, Event, InvalidCalendar

MOST_EVENTS = 400_000
"""Of one calendar, between the days that are asked for."""

_YEARS_BACK = 12
"""How long ago what comes again may have begun, where a bad event fails no other."""

_TOO_OFTEN = frozenset({"SECONDLY", "MINUTELY", "HOURLY"})
"""Nobody's shifts come as often; a rule that does would never end."""


class BadCalendarError(Exception):
    """The file is no calendar, or one that can't be read; its text says why."""


class TooManyEventsError(BadCalendarError):
    """It has more than `most` events."""

    def __init__(self, most: int) -> None:
        super().__init__(f"has more than {most} events")


@dataclass(frozen=True, slots=True)
class CalendarShift:
    """One event: whose it is by the e-mail addresses of who takes part, what it is called and under
    which categories, and from when to when: aware instants, wall times without a zone, or whole
    days, the last not among them."""

    emails: tuple[str, ...]
    title: str
    categories: tuple[str, ...]
    start: datetime | date
    end: datetime | date


def read(
    content: bytes, first: date, last: date, most: int = MOST_EVENTS
) -> Sequence[CalendarShift]:
    """The events that overlap these days, in order, but for those that were cancelled. Raises
    BadCalendarError."""
    return _read(_opened(content), first, last, most)


def read_what_can_be(
    content: bytes, first: date, last: date, most: int = MOST_EVENTS
) -> tuple[Sequence[CalendarShift], int]:
    """The same of a calendar of which a bad event fails no other: those that can be read, and how
    many can't. Raises BadCalendarError for what is no calendar, or has too many."""
    calendar = _opened(content)
    events = _events(calendar)
    if len(events) > most:
        raise TooManyEventsError(most)
    bad = [one for one in events if not _is_good(one, first)]
    for one in bad:
        calendar.subcomponents.remove(one)
    return _read(calendar, first, last, most), len(bad)


def _opened(content: bytes) -> Calendar:
    try:
        calendar = Calendar.from_ical(content)
    except (ValueError, IndexError, KeyError) as error:
        raise BadCalendarError(f"is no calendar: {error}") from None
    if calendar.name != "VCALENDAR":
        raise BadCalendarError("is no calendar: it has no VCALENDAR")
    return calendar


def _read(calendar: Calendar, first: date, last: date, most: int) -> Sequence[CalendarShift]:
    _check_rules(calendar)
    try:
        found = recurring_ical_events.of(calendar, skip_bad_series=True).between(
            first, last + timedelta(days=1)
        )
    except (ValueError, TypeError, ArithmeticError) as error:
        raise BadCalendarError(f"has events that can't be reckoned: {error}") from None
    if len(found) > most:
        raise TooManyEventsError(most)
    return tuple(map(_shift, sorted(filter(_holds, found), key=_order)))


def _events(calendar: Calendar) -> list[Event]:
    return [one for one in calendar.walk("VEVENT") if isinstance(one, Event)]


def _is_good(event: Event, first: date) -> bool:
    """Whether the event can be reckoned by itself, before others are with it. What has come again
    since a time that nobody remembers would be counted through from then on."""
    if event.errors or "DTSTART" not in event:
        return False
    try:
        start = event.start
        if event.end < start:
            return False
        return not event.get("rrule") or (
            start.year > first.year - _YEARS_BACK and not _too_often(event)
        )
    except (ValueError, TypeError, KeyError, ArithmeticError, InvalidCalendar):
        return False


def _check_rules(calendar: Calendar) -> None:
    for event in _events(calendar):
        if _too_often(event):
            raise BadCalendarError("has an event that comes more often than once a day")


def _too_often(event: Event) -> bool:
    rules = _listed(event.get("rrule"))
    return any(_TOO_OFTEN.intersection(map(str, rule.get("FREQ", ()))) for rule in rules)


def _holds(event: Event) -> bool:
    return str(event.get("status", "")).upper() != "CANCELLED"


def _order(event: Event) -> str:
    return f"{event.start.isoformat()} {event.get('uid', '')}"


def _shift(event: Event) -> CalendarShift:
    people = (str(one) for one in _listed(event.get("attendee")))
    mails = (one[len("mailto:") :] for one in people if one.lower().startswith("mailto:"))
    return CalendarShift(
        tuple(mails),
        str(event.get("summary", "")),
        tuple(map(str, event.categories)),
        event.start,
        event.end,
    )


def _listed(value: Any) -> Iterable[Any]:
    """The library gives one value by itself, and several as a list."""
    if value is None:
        return ()
    return value if isinstance(value, list) else (value,)
