"""The rules about people: how many anchors and trusted ones, and what "away until" means."""

import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from handlers.kit.people import UNTIL_BACK
from handlers.kit.text import fold

MOST_TOPICS = 2
"""Anchors somebody may have: the customer service Plecs began from found one or two to hold."""

MOST_TRUSTED = 5
"""Colleagues somebody may name as trusted: a handful, so that the name means something."""

LONGEST_EXTENSION = 20
"""Characters of somebody's extension or desk: what is read at a glance, and dialled."""


def away_until(text: str, now: datetime, zone: str) -> datetime:
    """Until when "14:20", "2 h", "pusstunda", "today", "until Monday", "līdz pirmdienai", "24.12."
    or "2026-12-24" is, seen at `now` in the zone; nothing at all is until they are back.

    A day means its morning, 06:00. Raises ValueError for what it can't read, or for a moment
    that is not within a year ahead.
    """
    asked = fold(text).removeprefix("until").removeprefix("lidz").strip()
    if not asked:
        return UNTIL_BACK
    local = now.astimezone(ZoneInfo(zone))
    until = _in_a_while(asked, local) or _at_clock(asked, local) or _on_day(asked, local)
    if until is None or not timedelta(0) < until - now <= timedelta(days=366):
        raise ValueError(text)
    return until


_DAYS = (
    ("monday", "mon", "pirmdien"),
    ("tuesday", "tue", "otrdien"),
    ("wednesday", "wed", "tresdien"),
    ("thursday", "thu", "ceturtdien"),
    ("friday", "fri", "piektdien"),
    ("saturday", "sat", "sestdien"),
    ("sunday", "sun", "svetdien"),
)
_UNITS = {"h": 60, "st": 60, "m": 1}
_AHEAD = {
    **dict.fromkeys(("today", "sodien", "sodienai", "sodienas beigam"), 1),
    **dict.fromkeys(("tomorrow", "rit", "ritdienai", "ritam"), 1),
    **dict.fromkeys(("the day after tomorrow", "parit", "paritdienai"), 2),
}
"""In how many days the morning is until which somebody is away: until today means all of it."""

_WHILES = {
    **dict.fromkeys(("half an hour", "half hour", "pusstunda", "pusstundu", "pusstundai"), 30),
    **dict.fromkeys(("an hour", "hour", "stunda", "stundu", "stundai"), 60),
    **dict.fromkeys(("pusotra stunda", "pusotru stundu", "pusotrai stundai"), 90),
}
"""Minutes of what is said without a number."""


def _in_a_while(asked: str, local: datetime) -> datetime | None:
    if asked in _WHILES:
        return _utc(local) + timedelta(minutes=_WHILES[asked])
    found = re.fullmatch(
        r"(\d{1,4})\s*(h|hours?|st|stund(?:a|u|as|am)|m|min|minutes?|minut(?:i|em))", asked
    )
    if found is None:
        return None
    unit = next(minutes for sign, minutes in _UNITS.items() if found[2].startswith(sign))
    return _utc(local) + timedelta(minutes=int(found[1]) * unit)


def _at_clock(asked: str, local: datetime) -> datetime | None:
    found = re.fullmatch(r"(\d{1,2})[:.](\d{2})", asked)
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        return None
    at = local.replace(hour=int(found[1]), minute=int(found[2]), second=0, microsecond=0)
    return _utc(at if at > local else at + timedelta(days=1))


def _on_day(asked: str, local: datetime) -> datetime | None:
    ahead = _AHEAD.get(asked)
    for weekday, names in enumerate(_DAYS):
        if asked in names[:2] or asked.startswith(names[2]):
            ahead = (weekday - local.weekday() - 1) % 7 + 1
    if ahead is not None:
        return _morning_of(local + timedelta(days=ahead))
    date = _date_in(asked, local.date())
    if date is None:
        return None
    morning = _morning_of(local.replace(year=date.year, month=date.month, day=date.day))
    # Until today, said in the course of the day, is all of today.
    is_later_today = date == local.date() and morning <= _utc(local)
    return _morning_of(local + timedelta(days=1)) if is_later_today else morning


def _date_in(asked: str, today: date) -> date | None:
    """The day that "24.12.", "24.12.2026" or "2026-12-24" names; without a year it is the next one,
    which may be today."""
    found = re.fullmatch(r"(\d{1,2})\. ?(\d{1,2})\.?(?: ?(\d{4})\.?)?", asked)
    if found is not None:
        day, month, year = found.groups()
    elif found := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", asked):
        year, month, day = found.groups()
    else:
        return None
    years = (int(year),) if year else (today.year, today.year + 1)
    for one in years:
        try:
            named = date(one, int(month), int(day))
        except ValueError:  # the 29th of February is a day in some years only
            continue
        if year or named >= today:
            return named
    return None


def _morning_of(local: datetime) -> datetime:
    return _utc(local.replace(hour=6, minute=0, second=0, microsecond=0))


def _utc(local: datetime) -> datetime:
    return local.astimezone(ZoneInfo("UTC"))
