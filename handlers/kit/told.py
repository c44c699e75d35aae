"""What platforms tell of people, as far as it can be kept and shown.

Each thing is checked once: where a platform's word comes in, and where what was kept earlier, or by
another machine, is read. What can't be used is as if it had not been told, so that one odd account
never stands in everybody's way.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from handlers.kit.hours import ALWAYS, Hours, parse_hours
from handlers.kit.once import once
from handlers.kit.people import Profile
from handlers.kit.reading import seen, shows
from handlers.kit.text import shortened

LONGEST_NAME = 120
"""Characters of a name: what all platforms show in a title, with some words of ours beside it."""

USUAL_ZONE = "Europe/Riga"
"""Where somebody is of whom nothing better is known."""

_LONGEST_ZONE = 64
_AHEAD = timedelta(hours=1)
"""By which a platform's clock may be before ours; more is no instant of something that happened."""
_LONGEST_QUIET = timedelta(days=366)


def checked(profile: Profile, now: datetime) -> Profile:
    """The profile with what can be used of it: a name that can be shown on one line (empty where
    there is none), a zone that this machine knows, and no instant that is to come."""
    return replace(
        profile,
        name=shown_name(profile.name),
        zone=known_zone(profile.zone or ""),
        at=profile.at and happened(profile.at, now),
    )


def shown_name(name: str, otherwise: str = "") -> str:
    """The name on one line without what nobody sees; `otherwise` where nothing is to be seen."""
    if len(name) <= LONGEST_NAME and name.isascii() and name.isprintable() and name.strip():
        return " ".join(name.split())  # as most are: nothing to look for letter by letter
    kept = "".join(filter(_is_kept, seen(name[: 4 * LONGEST_NAME])))
    text = " ".join(_MARKS.sub(r"\1", kept).split())
    return shortened(text, LONGEST_NAME) if shows(text) else otherwise


_MARKS = re.compile(r"([\u0300-\u036f]{3})[\u0300-\u036f]+")
"""More marks on one letter than any language writes: they would run over the lines around it."""

_JOINERS = "\u200c\u200d"
"""What makes one sign of several, in emoji and in some scripts."""


def _is_kept(letter: str) -> bool:
    return letter in _JOINERS or unicodedata.category(letter) != "Cf"


@lru_cache(maxsize=1024)
def known_zone(name: str) -> str | None:
    """The zone of this name, however its letters are written; None where this machine knows none,
    or means its own by it."""
    asked = name.strip()
    if not 0 < len(asked) <= _LONGEST_ZONE or asked.lower().startswith(_OF_A_MACHINE):
        return None
    try:
        return ZoneInfo(asked).key
    except (KeyError, ValueError, OSError):  # there is no such zone, or it is no name of one
        return _zones().get(asked.lower())


_OF_A_MACHINE = ("localtime", "posixrules", "factory", "right/", "posix/")
"""Names of what is a zone on one machine, and another or none on the next."""


@once
def _zones() -> Mapping[str, str]:
    return {zone.lower(): zone for zone in available_timezones()}


def zone_or_usual(name: str) -> str:
    """The zone of this name, or the usual one."""
    return known_zone(name) or USUAL_ZONE


@lru_cache(maxsize=1024)
def hours_or_always(text: str) -> Hours:
    """The hours; ALWAYS where they can't be read. Whole companies share a few patterns, and reading
    one costs more than the row it stands in."""
    try:
        return parse_hours(text)
    except ValueError:
        return ALWAYS


def happened(at: datetime, now: datetime) -> datetime:
    """When something happened, as its teller says; now where it is still to come, for then all that
    comes would be older."""
    return at if at <= now + _AHEAD else now


def quiet_times(
    start: datetime | None, end: datetime | None, now: datetime
) -> tuple[datetime, datetime] | tuple[None, None]:
    """From when to when somebody is not to be disturbed; nothing where that is no time. It ends
    within a year: then the platform is asked anew."""
    if start is None or end is None or end <= start:
        return None, None
    latest = now + _LONGEST_QUIET
    return (start, min(end, latest)) if start < latest else (None, None)
