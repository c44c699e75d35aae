"""What recurs, and which days are free: the libraries behind two ports of the core."""

import sys
from datetime import date, datetime
from functools import lru_cache
from importlib.util import find_spec, module_from_spec
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

    # Its package of countries reads all 250 of them, eight megabytes, for whichever is asked for.
    # Here it stands empty, and each is found in its folder.
    countries = find_spec("holidays.countries")
    assert countries is not None
    sys.modules.setdefault(countries.name, module_from_spec(countries))
    # It works out further years by itself when it is asked for a day in them.
    return holidays.country_holidays(country)
