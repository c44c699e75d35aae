"""Reads calendars (RFC 5545) in which others plan shifts, their recurrences among them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import recurring_ical_events
from icalendar import Calendar, Event

MOST_EVENTS = 400_000
"""Of one calendar, between the days that are asked for."""

_TOO_OFTEN = frozenset({"SECONDLY", "MINUTELY", "HOURLY"})
"""Nobody's shifts come as often; a rule that does would never end."""


class BadCalendarError(Exception):
    """The file is no calendar, or one that can't be read; its text says why."""


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


def read(content: bytes, first: date, last: date) -> Iterator[CalendarShift]:
    """The events that overlap these days, in order, but for those that were cancelled. Raises
    BadCalendarError."""
    try:
        calendar = Calendar.from_ical(content)
    except (ValueError, IndexError, KeyError) as error:
        raise BadCalendarError(f"is no calendar: {error}") from None
    _check_rules(calendar)
    try:
        found = recurring_ical_events.of(calendar, skip_bad_series=True).between(
            first, last + timedelta(days=1)
        )
    except (ValueError, TypeError, ArithmeticError) as error:
        raise BadCalendarError(f"has events that can't be reckoned: {error}") from None
    if len(found) > MOST_EVENTS:
        raise BadCalendarError(f"has more than {MOST_EVENTS} events")
    return map(_shift, sorted(filter(_holds, found), key=_order))


def _check_rules(calendar: Calendar) -> None:
    for event in calendar.walk("VEVENT"):
        for rule in _listed(event.get("rrule")):
            if _TOO_OFTEN.intersection(map(str, rule.get("FREQ", ()))):
                raise BadCalendarError("has an event that comes more often than once a day")


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
