"""Writes calendars as iCalendar (RFC 5545), which Outlook, Google and Apple read."""

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import (
    Calendar,
    Event,
    Timezone,
    TimezoneDaylight,
    TimezoneStandard,
    vDuration,
    vText,
)

from handlers.kit.sheets import Entry, Sheet

_REFRESH_HOURS = 1
"""How often a subscribed calendar is asked to look again. Outlook and Apple go by it; Google
looks when it likes, about once a day."""

_PRODUCT = "-//Plecs//Plecs//EN"
_LINK = re.compile(r"https?://[^\s<>\"]+")
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def written(sheet: Sheet) -> bytes:
    """The sheet as a file. The same sheet gives the same bytes, so that they can be compared.

    It is published, not sent: METHOD is PUBLISH, because with REQUEST Outlook takes only the first
    of several dates and asks for an answer that nobody would read.
    """
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    for name in ("name", "x-wr-calname"):  # the standard's, and the one that everybody reads
        # As it is the library writes it without escapes: it doesn't know what these are.
        calendar.add(name, vText(_text(sheet.name)))
    refresh = vDuration(timedelta(hours=_REFRESH_HOURS), {"VALUE": "DURATION"})
    calendar.add("refresh-interval", refresh)
    calendar.add("x-published-ttl", f"PT{_REFRESH_HOURS}H")
    for zone, years in sorted(_zones(sheet.entries).items()):
        calendar.add_component(_zone(zone, min(years), max(years)))
    for entry in sheet.entries:
        calendar.add_component(_event(entry, is_private=sheet.is_private))
    return bytes(calendar.to_ical())


def _event(entry: Entry, *, is_private: bool) -> Event:
    event = Event()
    event.add("uid", f"{entry.id}@plecs")
    event.add("dtstamp", entry.changed_at)
    event.add("last-modified", entry.changed_at)
    event.add("sequence", entry.sequence)
    starts, ends = _walls(entry)
    event.add("dtstart", starts)
    event.add("dtend", ends)
    event.add("summary", _text(entry.title))
    if entry.details:
        event.add("description", _text(entry.details))
    if entry.place:
        event.add("location", _text(entry.place))
    if link := _LINK.search(_text(entry.place)):
        event.add("url", link.group())
    if is_private:
        event.add("class", "PRIVATE")
    event.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if entry.is_cancelled else "OPAQUE")
    event.add("x-microsoft-cdo-busystatus", "FREE" if entry.is_cancelled else "BUSY")
    return event


def _text(text: str) -> str:
    """Without what no calendar may hold: control characters, and halves of characters."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    kept = "".join(one for one in plain if one == "\n" or (one >= " " and one != "\x7f"))
    return kept.encode("utf-8", "ignore").decode()


def _walls(entry: Entry) -> tuple[datetime, datetime]:
    """When it starts and ends, as wall time in its zone. A wall time that comes twice means the
    first to every reader (RFC 5545, 3.3.5): where the second is meant, both are given in UTC."""
    zone = ZoneInfo(entry.zone)
    both = entry.starts_at.astimezone(zone), entry.ends_at.astimezone(zone)
    return (entry.starts_at, entry.ends_at) if any(wall.fold for wall in both) else both


def _zones(entries: Iterable[Entry]) -> dict[str, set[int]]:
    """The zones that wall times are given in, each with the years that it is needed for."""
    found: dict[str, set[int]] = {}
    for entry in entries:
        for wall in _walls(entry):
            if isinstance(wall.tzinfo, ZoneInfo):
                found.setdefault(entry.zone, set()).add(wall.year)
    return found


@dataclass(frozen=True, slots=True)
class _Change:
    """The clock is set anew: at which wall time (of before), from and to which offset."""

    wall: datetime
    before: timedelta
    after: timedelta
    name: str

    @property
    def nth(self) -> int:
        """The how manieth of its weekday in the month it falls on."""
        return (self.wall.day - 1) // 7 + 1

    @property
    def is_last(self) -> bool:
        """Whether it falls on the last of its weekday in the month."""
        return self.wall.day + 7 > monthrange(self.wall.year, self.wall.month)[1]


@lru_cache(maxsize=64)
def _zone(zone: str, first: int, last: int) -> Timezone:
    """What the zone's clocks do around these years.

    Where every year is alike it is said as a yearly rule: Outlook reads lists of dates badly, and
    a rule without BYDAY not at all. Otherwise each change stands for itself.
    """
    made = Timezone()
    made.add("tzid", zone)
    years = range(first - 1, last + 2)
    changes = tuple(_changes(ZoneInfo(zone), years))
    if not changes:
        begin = datetime(years[0], 1, 1, tzinfo=ZoneInfo(zone))
        made.add_component(_observance(_standing(begin)))
        return made
    alike = _alike(changes, len(years))
    for change, rule in alike:
        made.add_component(_observance(change, rule))
    if not alike:
        before = datetime(years[0], 1, 1, tzinfo=ZoneInfo(zone))
        made.add_component(_observance(_standing(before)))
        for change in changes:
            made.add_component(_observance(change))
    return made


def _standing(begin: datetime) -> _Change:
    """The offset that holds already."""
    offset = begin.utcoffset() or timedelta()
    return _Change(begin.replace(tzinfo=None), offset, offset, begin.tzname() or "")


def _alike(changes: Sequence[_Change], years: int) -> tuple[tuple[_Change, dict[str, object]], ...]:
    """The first of each change that comes every year, with its rule; nothing where years differ."""
    if len(changes) != 2 * years:
        return ()
    found = []
    for series in (changes[0::2], changes[1::2]):
        one = series[0]
        same = {(c.wall.month, c.wall.weekday(), c.wall.time(), c.before, c.after) for c in series}
        if len(same) != 1:
            return ()
        if all(change.is_last for change in series):
            nth = -1
        elif len({change.nth for change in series}) == 1:
            nth = one.nth
        else:
            return ()
        day = f"{nth}{_DAYS[one.wall.weekday()]}"
        found.append((one, {"freq": "yearly", "bymonth": one.wall.month, "byday": day}))
    return tuple(found)


def _changes(zone: ZoneInfo, years: range) -> Iterator[_Change]:
    """Every change of the zone's offset in these years, in order."""
    at, end = datetime(years[0], 1, 1, tzinfo=UTC), datetime(years[-1] + 1, 1, 1, tzinfo=UTC)
    day, second = timedelta(days=1), timedelta(seconds=1)
    while at < end:
        before, after = _offset(at, zone), _offset(at + day, zone)
        if before != after:
            low, high = at, at + day
            while high - low > second:
                middle = low + (high - low) / 2
                if _offset(middle, zone) == before:
                    low = middle
                else:
                    high = middle
            onset = high.replace(microsecond=0)
            wall = (onset + before).replace(tzinfo=None)
            yield _Change(wall, before, after, onset.astimezone(zone).tzname() or "")
        at += day


def _offset(at: datetime, zone: ZoneInfo) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta()


def _observance(
    change: _Change, rule: dict[str, object] | None = None
) -> TimezoneStandard | TimezoneDaylight:
    """A part of a zone. Which of two is the daylight time is told by the offset alone: some
    zones call their winter the exception."""
    made = TimezoneDaylight() if change.after > change.before else TimezoneStandard()
    made.add("dtstart", change.wall)
    made.add("tzoffsetfrom", change.before)
    made.add("tzoffsetto", change.after)
    if change.name:
        made.add("tzname", change.name)
    if rule is not None:
        made.add("rrule", rule)
    return made
