"""What recurs, and which days are free: the libraries behind two ports of the core."""

from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from dateutil.rrule import rrulestr

if TYPE_CHECKING:
    import holidays


class RruleRecurrence:
    """`handlers.kit.ports.Recurrence` by dateutil. Wall times have no zone here: which instant
    each one means is decided where the zone is known."""

    def walls(
        self, rule: str, first: datetime, start: datetime, end: datetime
    ) -> tuple[datetime, ...]:
        """The rule's wall times from `start` until before `end`, counted from `first`. Raises
        ValueError for what RFC 5545 doesn't call a rule."""
        found = rrulestr(rule, dtstart=first).between(start, end, inc=True)
        return tuple(wall for wall in found if wall < end)


class PublicHolidays:
    """`handlers.kit.ports.Calendar` by the holidays library."""

    def is_holiday(self, country: str, day: date) -> bool:
        return bool(country) and day in _holidays(country)


@lru_cache(maxsize=32)
def _holidays(country: str) -> "holidays.HolidayBase":
    import holidays  # noqa: PLC0415 - who starts does not wait for it

    # It works out further years by itself when it is asked for a day in them.
    return holidays.country_holidays(country)
