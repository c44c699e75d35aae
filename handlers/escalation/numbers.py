"""What supervisors get to know of a week: counts, and nobody's name."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import accumulate
from math import ceil, floor
from typing import Protocol

from handlers.kit.ports import mark
from handlers.kit.weeks import ByDay, CalendarDay, CalendarWeek, Figure, InWeek, Unit
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


@dataclass(frozen=True, slots=True)
class Raised:
    """Hands that went up in a while: how many, how many of them waited how many seconds until
    somebody came, and to how many nobody came though they were told that nobody is free."""

    hands: int = 0
    waits: Mapping[int, int] = field(default_factory=dict)
    unanswered: int = 0


class HandDays(Protocol):
    """What became of the hands of days, without anybody's name."""

    def counted(
        self, workspace: str, days: Sequence[CalendarDay], now: datetime
    ) -> tuple[Raised, ...]:
        """Each day's, in their order; they follow one another. What is over is counted once and
        kept, by whoever asks first and may write."""
        ...


def in_week(on: Occasion, workspace: str, week: CalendarWeek) -> InWeek:
    """The week's hands, for a report."""
    found = numbers(on, workspace, week)
    return InWeek(found.figures, ByDay(mark("Hands raised, by day"), found.by_day))


def numbers(on: Occasion, workspace: str, week: CalendarWeek) -> Numbers:
    """The numbers of the hands that went up in the week."""
    return count(on.work.of(HandDays).counted(workspace, week.days, on.now), week)


def count(days: Sequence[Raised], week: CalendarWeek) -> Numbers:
    """The numbers of the hands of the week's days. A hand taken down before anybody could come was
    not left unanswered."""
    waits = Counter[int]()
    for day in days:
        waits.update(day.waits)
    monday, tuesday, wednesday, thursday, friday, saturday, sunday = (day.hands for day in days)
    return Numbers(
        start=week.start,
        end=week.end,
        hands=sum(day.hands for day in days),
        unanswered=sum(day.unanswered for day in days),
        median=_median(waits),
        p95=_in_line(waits, ceil(waits.total() * 0.95)) if waits else None,
        by_day=(monday, tuesday, wednesday, thursday, friday, saturday, sunday),
    )


def _median(waits: Counter[int]) -> float | None:
    if not waits:
        return None
    half = waits.total() / 2
    return (_in_line(waits, floor(half) + 1) + _in_line(waits, ceil(half))) / 2


def _in_line(waits: Counter[int], place: int) -> int:
    """The wait of whoever is at the place, from 1, when all stand in line by how long they
    waited: nobody has to."""
    lengths = sorted(waits)
    reached = list(accumulate(waits[length] for length in lengths))
    return lengths[bisect_left(reached, place)]
