"""Wall times as people state them: those that a clock never shows, or that are past, are refused
in words."""

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from handlers.availability.rest import instant, wall_time
from handlers.kit.cards import Line, Moment, Style

if TYPE_CHECKING:  # what a handler works with is above this room
    from handlers.work import Context

_A_YEAR = timedelta(days=366)
_MINUTE = timedelta(minutes=1)


class NoSuchTimeError(ValueError):
    """The clock skips this wall time, from `gap_start` to `gap_end`, in that night."""

    def __init__(self, wall: datetime, zone: str) -> None:
        super().__init__(wall.isoformat())
        self.wall = wall
        self.gap_start, self.gap_end = _gap(wall, zone)


def span(wall: datetime, zone: str, minutes: int) -> tuple[datetime, datetime]:
    """From when to when that is. Raises NoSuchTimeError."""
    check_there(wall, zone)
    begins = instant(wall, zone)
    return begins, begins + timedelta(minutes=minutes)


def too_early(day: date, zone: str, ctx: "Context", wall: str = "23:59") -> Line | None:
    """What is wrong with a day that has passed in the zone, or is too far to be planned."""
    begins = instant(datetime.combine(day, time.fromisoformat(wall)), zone)
    if begins <= ctx.now:
        return ctx.t("That has passed already. Choose a time to come.")
    if begins > ctx.now + _A_YEAR:
        return ctx.t("That is more than a year ahead. Choose an earlier day.")
    return None


def skipped_by_the_clock(error: NoSuchTimeError, zone: str, ctx: "Context") -> Line:
    day = instant(datetime.combine(error.wall.date(), time(12)), zone)
    return ctx.t(
        "There is no {time} on {day}: that night the clock goes from {before} straight to {after}.",
        time=f"{error.wall:%H:%M}",
        day=Moment(day, Style.DATE),
        before=error.gap_start,
        after=error.gap_end,
    )


def check_there(wall: datetime, zone: str) -> None:
    """Raises NoSuchTimeError where the clock skips the wall time."""
    if not is_there(wall, zone):
        raise NoSuchTimeError(wall, zone)


@lru_cache(maxsize=50_000)
def is_there(wall: datetime, zone: str) -> bool:
    """Whether the zone's clocks show the wall time."""
    return wall_time(instant(wall, zone), zone) == wall


def _gap(wall: datetime, zone: str) -> tuple[str, str]:
    """From what time the clock goes to which, in the night that skips the wall time."""
    first, after = wall, wall
    while not is_there(first - _MINUTE, zone):
        first -= _MINUTE
    while not is_there(after, zone):
        after += _MINUTE
    return f"{first:%H:%M}", f"{after:%H:%M}"
