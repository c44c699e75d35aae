"""What is planned for somebody on dates. It goes before their ordinary week."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

LONGEST_SHIFT = timedelta(hours=24)
"""Longer ones are a mistake in the file they come from."""


class ShiftKind(StrEnum):
    """WORK is on the line, DESK away from it. TRAINING is work at which nobody is asked for
    anything. FREE: nothing is to be done on that day. ABSENCE: they are away on that whole day,
    whatever else is planned; OUT: for these hours of it. HERE: they said themselves that they are
    there; the day goes on by its plan, or by the ordinary week."""

    WORK = "work"
    DESK = "desk"
    TRAINING = "training"
    ABSENCE = "absence"
    OUT = "out"
    FREE = "free"
    HERE = "here"


AT_WORK = frozenset({ShiftKind.WORK, ShiftKind.DESK, ShiftKind.TRAINING, ShiftKind.HERE})
_GONE = frozenset({ShiftKind.ABSENCE, ShiftKind.OUT})
_BESIDE_THE_PLAN = frozenset({ShiftKind.OUT, ShiftKind.HERE})
"""What leaves the rest of a day as it is."""


@dataclass(frozen=True, slots=True, order=True)
class Planned:
    """From `start` to `end`, aware UTC; of the `day` on which it begins, where the person is."""

    start: datetime
    end: datetime
    day: date
    kind: ShiftKind

    def holds(self, at: datetime) -> bool:
        return self.start <= at < self.end


@dataclass(frozen=True, slots=True)
class Rota:
    """All that is planned for one person on some days, in order."""

    entries: tuple[Planned, ...] = ()
    _of_day: dict[date, list[Planned]] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )

    def __post_init__(self) -> None:
        for one in self.entries:
            self._of_day.setdefault(one.day, []).append(one)

    def __bool__(self) -> bool:
        return bool(self.entries)

    def plans(self, day: date) -> bool:
        """Whether the day goes by what is planned, and not by the ordinary week."""
        return any(one.kind not in _BESIDE_THE_PLAN for one in self._of_day.get(day, ()))

    def is_absent(self, day: date) -> bool:
        """Whether they are away on the whole day."""
        return any(one.kind is ShiftKind.ABSENCE for one in self._of_day.get(day, ()))

    def of_day(self, day: date) -> tuple[Planned, ...]:
        """What is planned to begin on the day."""
        return tuple(self._of_day.get(day, ()))

    def says(self, at: datetime) -> bool | None:
        """Whether they may be asked for something at that moment; None: the ordinary week tells,
        as far as the day goes by it."""
        found: bool | None = None
        for one in self.entries:
            if not one.holds(at):
                continue
            if one.kind in _GONE or one.kind is ShiftKind.TRAINING:
                return False
            if one.kind in AT_WORK and not self.is_absent(one.day):
                found = True
        return found

    def is_away(self, at: datetime) -> bool:
        """Whether an absence is planned at that moment."""
        return any(one.kind in _GONE and one.holds(at) for one in self.entries)

    def is_at_desk(self, at: datetime) -> bool:
        """Whether they are to work away from the line at that moment."""
        return any(one.kind is ShiftKind.DESK and one.holds(at) for one in self.entries)

    def work_on(self, day: date) -> list[tuple[datetime, datetime]]:
        """From when to when they are to be at work, of what begins on the day."""
        if self.is_absent(day):
            return []
        return [(one.start, one.end) for one in self._of_day.get(day, ()) if one.kind in AT_WORK]

    def without_absences(
        self, spans: list[tuple[datetime, datetime]]
    ) -> Iterator[tuple[datetime, datetime]]:
        """What is left of the spans where they are not away; what touches is one."""
        gone = [(one.start, one.end) for one in self.entries if one.kind in _GONE]
        for start, end in _joined(spans):
            left = start
            for away_from, away_until in gone:
                if left < away_from < end:
                    yield left, away_from
                if away_from < end:
                    left = max(left, away_until)
            if left < end:
                yield left, end

    def trained_until(self, at: datetime) -> datetime:
        """When the training ends that they are in at the moment; that moment if in none."""
        of_kind = [one for one in self.entries if one.kind is ShiftKind.TRAINING]
        return max((one.end for one in of_kind if one.holds(at)), default=at)


UNPLANNED = Rota()


def _joined(spans: list[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    whole: list[tuple[datetime, datetime]] = []
    for start, end in sorted(spans):
        if whole and start <= whole[-1][1]:
            whole[-1] = whole[-1][0], max(whole[-1][1], end)
        else:
            whole.append((start, end))
    return whole
