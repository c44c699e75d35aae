"""The rules about people: how many anchors and trusted ones, and what "away until" means."""

import re
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from handlers.availability.rest import midnight
from handlers.kit.moments import end_in, moment_in
from handlers.kit.people import UNTIL_BACK
from handlers.kit.text import fold

MOST_TOPICS = 2
"""Anchors somebody may have: the customer service Plecs began from found one or two to hold."""

MOST_TRUSTED = 5
"""Colleagues somebody may name as trusted: a handful, so that the name means something."""

LONGEST_EXTENSION = 20
"""Characters of somebody's extension or desk: what is read at a glance, and dialled."""


def away_until(text: str, now: datetime, zone: str) -> datetime:
    """Until when "14:20", "2 h", "pusstunda", "today", "until Monday", "līdz pirmdienai plkst. 9",
    "24.12." or "2026-12-24" is, seen at `now` in the zone; nothing at all is until they are back.

    Raises ValueError for what it can't read, or for a moment that is not within a year ahead.
    """
    asked = fold(text)
    if asked in ("", "until", "lidz"):
        return UNTIL_BACK
    until = end_in(text, now.astimezone(ZoneInfo(zone)))
    if until is None or not timedelta(0) < until - now <= _FURTHEST:
        raise ValueError(text)
    return until


def away_between(text: str, now: datetime, zone: str) -> tuple[datetime, datetime] | None:
    """From when to when "9.3.-13.3.", "9.-13. martam", "from Monday to Friday", "no 14:00 līdz
    15:30", "2026-03-09 – 2026-03-13" or "next week" is, seen at `now` in the zone; days without a
    time of day are whole ones, the last with them. None where it is no such stretch.

    Raises ValueError for one that is over, or not within a year ahead.
    """
    local = now.astimezone(ZoneInfo(zone))
    if _THE_NEXT_WEEK.fullmatch(fold(text).strip(" .!")):
        monday = local.date() + timedelta(days=7 - local.weekday())
        return midnight(monday, zone), midnight(monday + timedelta(days=7), zone)
    for found in _TO.finditer(text):
        first, last = _FROM.sub("", text[: found.start()]).strip(), text[found.end() :].strip()
        if _DAY_ALONE.fullmatch(first):  # "9.-13.3."
            first = re.sub(r"[0-9]{1,2}\.?", f"{first.rstrip('.')}.", last, count=1)
        begins = moment_in(first, local) if first and last else None
        ends = moment_in(last, local)
        if begins is not None and (ends is None or ends < begins):  # "Monday to Friday"
            ends = moment_in(last, begins)
        if begins is None or ends is None:
            continue
        if _is_day(first, local):
            begins = begins.replace(hour=0, minute=0)
        if _is_day(last, local):
            ends = datetime.combine(ends.date() + timedelta(days=1), time(), ends.tzinfo)
        if not now < ends <= now + _FURTHEST or ends <= begins:
            raise ValueError(text)
        return begins.astimezone(UTC), ends.astimezone(UTC)
    return None


_TO = re.compile(r"(?<!\s)(?:\s+(?:to|till|until|through|līdz|lidz)\s+|\s*[-–—]\s*)", re.IGNORECASE)
_FROM = re.compile(r"^\s*(?:no|from|on)\s+", re.IGNORECASE)
_THE_NEXT_WEEK = re.compile(
    r"(?:(?:all|the whole|visu) )?(?:next week|nakamnedel|nakamo nedelu|nakamaja nedela)"
)
_DAY_ALONE = re.compile(r"[0-9]{1,2}\.?")


def _is_day(text: str, local: datetime) -> bool:
    """Whether it names a day and no time of it: only then one can be put behind it."""
    return moment_in(f"{text} 12:00", local) is not None


_FURTHEST = timedelta(days=366)
