"""The rules about people: how many anchors and trusted ones, and what "away until" means."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from handlers.kit.people import UNTIL_BACK
from handlers.kit.text import fold

MOST_TOPICS = 2
"""Anchors somebody may have: the customer service Plecs began from found one or two to hold."""

MOST_TRUSTED = 5
"""Colleagues somebody may name as trusted: a handful, so that the name means something."""


def away_until(text: str, now: datetime, zone: str) -> datetime:
    """Until when "14:20", "2 h", "45 min", "tomorrow", "until Monday", "līdz pirmdienai" or
    "24.12." is, seen at `now` in the zone; nothing at all is until they are back.

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


def _in_a_while(asked: str, local: datetime) -> datetime | None:
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
    if asked in {"tomorrow", "rit", "ritdienai"}:
        return _morning_of(local + timedelta(days=1))
    for weekday, names in enumerate(_DAYS):
        if asked in names[:2] or asked.startswith(names[2]):
            ahead = (weekday - local.weekday() - 1) % 7 + 1
            return _morning_of(local + timedelta(days=ahead))
    found = re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.?", asked)
    if found is None:
        return None
    for year in (local.year, local.year + 1):
        try:
            day = local.replace(year=year, month=int(found[2]), day=int(found[1]))
        except ValueError:  # the 29th of February is a day in some years only
            continue
        if day > local:
            return _morning_of(day)
    return None


def _morning_of(local: datetime) -> datetime:
    return _utc(local.replace(hour=6, minute=0, second=0, microsecond=0))


def _utc(local: datetime) -> datetime:
    return local.astimezone(ZoneInfo("UTC"))
