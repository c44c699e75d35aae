"""What supervisors get to know of a week: counts, and nobody's name."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from statistics import median
from zoneinfo import ZoneInfo

from handlers.escalation.model import Cases, Raised
from handlers.kit.ports import mark
from handlers.kit.weeks import ByDay, CalendarWeek, Figure, InWeek, Unit
from handlers.work import Occasion


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

    @property
    def figures(self) -> tuple[Figure, ...]:
        return (
            Figure(mark("Hands raised"), self.hands),
            Figure(mark("To a human, half of them within"), self.median, Unit.SECONDS),
            Figure(mark("To a human, 95 of 100 within"), self.p95, Unit.SECONDS),
            Figure(mark("Nobody came"), self.unanswered),
        )


def in_week(on: Occasion, workspace: str, week: CalendarWeek) -> InWeek:
    """The week's hands, for a report."""
    found = numbers(on, workspace, week)
    return InWeek(found.figures, ByDay(mark("Hands raised, by day"), found.by_day))


def numbers(on: Occasion, workspace: str, week: CalendarWeek) -> Numbers:
    """The numbers of the hands that went up in the week."""
    return count(on.work.of(Cases).raised_between(workspace, week.start, week.end), week)


def count(raised: Raised, week: CalendarWeek) -> Numbers:
    """The numbers of the week's hands. A hand taken down before anybody could come was not left
    unanswered."""
    waits = sorted(Counter(raised.waits).elements())
    zone, days = ZoneInfo(week.zone), Counter[int]()
    for at, hands in raised.by_quarter.items():
        days[at.astimezone(zone).weekday()] += hands
    monday, tuesday, wednesday, thursday, friday, saturday, sunday = (days[day] for day in range(7))
    return Numbers(
        start=week.start,
        end=week.end,
        hands=days.total(),
        unanswered=raised.unanswered,
        median=median(waits) if waits else None,
        p95=waits[ceil(len(waits) * 0.95) - 1] if waits else None,
        by_day=(monday, tuesday, wednesday, thursday, friday, saturday, sunday),
    )
