"""What supervisors get to know of a week: counts, and nobody's name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from statistics import median
from zoneinfo import ZoneInfo

from handlers.escalation.model import Raised


@dataclass(frozen=True, slots=True)
class Numbers:
    """A week's hands. Seconds to a human count from the hand going up to the first *I'm coming*;
    None when nobody came all week. `p95` is the nearest-rank percentile."""

    start: datetime
    end: datetime
    hands: int
    unanswered: int
    median: float | None
    p95: float | None
    by_day: tuple[int, int, int, int, int, int, int]


def week_around(now: datetime, zone: str, back: int) -> tuple[datetime, datetime]:
    """From Monday's midnight to the next one in the zone, `back` weeks before the present one."""
    local = now.astimezone(ZoneInfo(zone))
    monday = (local - timedelta(days=local.weekday(), weeks=back)).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    utc = ZoneInfo("UTC")
    return monday.astimezone(utc), (monday + timedelta(days=7)).astimezone(utc)


def count(hands: Sequence[Raised], start: datetime, end: datetime, zone: str) -> Numbers:
    """The numbers of the hands raised from `start` to `end`. A hand taken down before anybody
    could come was not left unanswered."""
    waits = sorted(
        (hand.came_at - hand.at).total_seconds() for hand in hands if hand.came_at is not None
    )
    days = [hand.at.astimezone(ZoneInfo(zone)).weekday() for hand in hands]
    monday, tuesday, wednesday, thursday, friday, saturday, sunday = (
        days.count(day) for day in range(7)
    )
    return Numbers(
        start=start,
        end=end,
        hands=len(hands),
        unanswered=sum(hand.came_at is None and hand.unanswered for hand in hands),
        median=median(waits) if waits else None,
        p95=waits[ceil(len(waits) * 0.95) - 1] if waits else None,
        by_day=(monday, tuesday, wednesday, thursday, friday, saturday, sunday),
    )
