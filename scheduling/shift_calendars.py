"""Reads calendars (RFC 5545) in which others plan shifts, their recurrences among them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from icalendar import Calendar, Event, InvalidCalendar

from handlers.kit.text import on_one_line

MOST_EVENTS = 400_000
"""Of one calendar, between the days that are asked for."""

_YEARS_BACK = 12
"""How long ago what comes again may have begun, where a bad event fails no other."""

_ALWAYS = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST"})
_PARTS: Mapping[str, frozenset[str]] = {
    "DAILY": _ALWAYS | {"BYDAY", "BYMONTH"},
    "WEEKLY": _ALWAYS | {"BYDAY"},
    "MONTHLY": _ALWAYS | {"BYDAY", "BYMONTHDAY", "BYSETPOS"},
    "YEARLY": _ALWAYS | {"BYDAY", "BYMONTHDAY", "BYSETPOS", "BYMONTH"},
}
"""What may stand in a rule. What comes more often than once a day is nobody's shift, and would be
reckoned without end."""

_SELDOM = 1000
"""The largest INTERVAL."""

_EARLIEST = 2000
"""The first year in which something may begin that comes again and again."""

_LONGEST = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
"""How many days each month may have."""

_BY_DAY = re.compile(r"[+-]?[1-4]?(?:MO|TU|WE|TH|FR|SA|SU)")
"""On which days of a week, or on which of a month's."""


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
        raise BadCalendarError(f"is no calendar: {on_one_line(str(error))}") from None
    if calendar.name != "VCALENDAR":
        raise BadCalendarError("is no calendar: it has no VCALENDAR")
    return calendar


def _read(calendar: Calendar, first: date, last: date, most: int) -> Sequence[CalendarShift]:
    import recurring_ical_events  # noqa: PLC0415 - large, and few plan shifts in calendars

    for event in _events(calendar):
        if wrong := _fault(event):
            raise BadCalendarError(f"has an event {wrong}")
    try:
        found = recurring_ical_events.of(calendar).between(first, last + timedelta(days=1))
    except (ValueError, TypeError, ArithmeticError, LookupError, AttributeError) as error:
        told = on_one_line(str(error))
        raise BadCalendarError(f"has events that can't be reckoned: {told}") from None
    if len(found) > most:
        raise TooManyEventsError(most)
    return tuple(map(_shift, sorted(filter(_holds, found), key=_order)))


def _events(calendar: Calendar) -> list[Event]:
    return [one for one in calendar.walk("VEVENT") if isinstance(one, Event)]


def _is_good(event: Event, first: date) -> bool:
    """Whether the event can be reckoned by itself, before others are with it. What has come again
    since a time that nobody remembers would be counted through from then on."""
    if _fault(event):
        return False
    try:
        start = event.start
        if event.end < start:
            return False
        return not event.get("rrule") or start.year > first.year - _YEARS_BACK
    except (ValueError, TypeError, KeyError, ArithmeticError, InvalidCalendar):
        return False


def _fault(event: Event) -> str:
    """What of the event can't be read, or would be reckoned without end; empty for nothing."""
    if event.errors:
        names = ", ".join(sorted({str(name) for name, _ in event.errors}))
        return f"whose {on_one_line(names)} can't be read"
    start = getattr(event.get("dtstart"), "dt", None)
    if not isinstance(start, date):
        return "that does not begin once"
    rules = [
        {str(name).upper(): [*_listed(value)] for name, value in rule.items()}
        for rule in _listed(event.get("rrule"))
    ]
    if rules and start.year < _EARLIEST:
        return f"that comes again and again since {start.year}"
    found = (_why_not(rule, start) for rule in rules)
    return next((f"whose rule no shift has: {why}" for why in found if why), "")


def _why_not(rule: Mapping[str, Sequence[Any]], start: date) -> str:
    """What is wrong with a rule; empty for nothing. Each that is taken comes again within a few
    steps: one that never does is looked for until the calendar's last year."""
    often = str(rule.get("FREQ", ("",))[0])
    odd = ", ".join(sorted({*rule} - _PARTS.get(often, frozenset())))
    if often not in _PARTS or odd:
        return on_one_line(odd or often or "without FREQ")
    try:
        every = int((rule.get("INTERVAL") or (1,))[0])
        which, months, places = (
            [int(one) for one in rule.get(f"BY{name}", ())]
            for name in ("MONTHDAY", "MONTH", "SETPOS")
        )
    except ValueError:
        return "with something else in it than numbers"
    is_plain = often != "DAILY" or every == 1 or not {"BYDAY", "BYMONTH"} & {*rule}
    if not 1 <= every <= _SELDOM or not is_plain:
        return "INTERVAL"
    days = [str(one) for one in rule.get("BYDAY", ())]
    is_good = (
        all(_BY_DAY.fullmatch(one) for one in days)
        and not (days and which)
        and all(1 <= one <= len(_LONGEST) for one in months)
        and (not places or (days and all(-4 <= one <= 4 and one for one in places)))
        and (often in ("DAILY", "WEEKLY") or days or _is_there(which or [start.day], months))
    )
    return "" if is_good else "on a day that never comes, or hardly"


def _is_there(days: Sequence[int], months: Sequence[int]) -> bool:
    """Whether one of the months has one of the days, counted from its end where it is below 0."""
    longest = max(_LONGEST[month - 1] for month in months or range(1, 13))
    return any(1 <= abs(day) <= longest for day in days)


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
