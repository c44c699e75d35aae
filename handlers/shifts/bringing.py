"""Shifts as somebody else plans them, brought in: said beforehand, then done."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from handlers.availability.planning import every_day, free_day
from handlers.availability.shifts import DayPlan, Shifts, ShiftSource, replan
from handlers.kit.people import Person
from handlers.kit.rota import Planned, ShiftKind
from handlers.shifts.resting import ShortRest, look_at
from handlers.work import Occasion

_AT_ONCE = 200
"""People whose days are compared at once."""

_SHOWN = 40
"""Changed days that are shown one by one."""


@dataclass(frozen=True, slots=True)
class Planning:
    """What somebody plans from the `first` day to the `last`, by person. Those people have nothing
    to do on all other days of `whole`, from the one to the other; where it is not given, of all. On
    other days it plans nothing for them."""

    first: date
    last: date
    by_person: Mapping[str, Sequence[Planned]]
    source: ShiftSource
    whole: tuple[date, date] | None = None

    def is_whole(self, day: date) -> bool:
        return self.whole is None or self.whole[0] <= day <= self.whole[1]


@dataclass(slots=True)
class PlanChanges:
    """What it comes to, in days; `said` are those that people corrected themselves, which stay, and
    `rests` what is too short of those whose shifts are others now. `shown` are the first days that
    differ: who, the day, and what is planned before and now."""

    people: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    said: int = 0
    rests: list[ShortRest] = field(default_factory=list)
    shown: list[tuple[Person, date, tuple[Planned, ...], tuple[Planned, ...]]] = field(
        default_factory=list
    )


def bring_in(
    on: Occasion,
    workspace: str,
    planning: Planning,
    *,
    over_said: bool = False,
    progress: Callable[[int], None] = lambda _done: None,
) -> PlanChanges:
    """Replaces what is planned for those people on those days. What people corrected themselves
    stays, unless it is to go over that. `progress` hears how many people are done."""
    found = PlanChanges()
    ids = list(planning.by_person)
    for begin in range(0, len(ids), _AT_ONCE):
        some = ids[begin : begin + _AT_ONCE]
        known = on.work.people.many(some)
        days = _differing(on, planning, [known[one] for one in some], found, over_said=over_said)
        replan(on, workspace, days)
        changed = [known[one] for one in dict.fromkeys(day.person for day in days)]
        found.rests += look_at(on, changed, planning.first, planning.last)
        progress(min(begin + _AT_ONCE, len(ids)))
    return found


def _differing(
    on: Occasion,
    planning: Planning,
    people: Sequence[Person],
    found: PlanChanges,
    *,
    over_said: bool,
) -> list[DayPlan]:
    """The days that are planned otherwise than they were, person by person."""
    ids = [one.id for one in people]
    kept = {
        (one.person, one.day): one
        for one in on.work.of(Shifts).days(ids, planning.first, planning.last)
    }
    differing: list[DayPlan] = []
    for person in people:
        of_day: dict[date, list[Planned]] = defaultdict(list)
        for one in planning.by_person[person.id]:
            of_day[one.day].append(one)
        before = len(differing)
        for day in every_day(planning.first, planning.last):
            was, entries = kept.get((person.id, day)), tuple(sorted(of_day.get(day, ())))
            if not entries and planning.is_whole(day):
                entries = (free_day(day, person.zone),)
            if not entries and (was is None or was.source is not planning.source):
                continue
            if was is not None and was.source is ShiftSource.SAID and not over_said:
                found.said += 1
                continue
            if was is not None and was.entries == entries:
                found.same += 1
                continue
            differing.append(DayPlan(person.id, day, entries, planning.source))
            found.new += was is None
            found.changed += was is not None
            if was is not None and len(found.shown) < _SHOWN:
                found.shown.append((person, day, was.entries, entries))
        found.people += len(differing) > before
    return differing


def at_work(entries: Sequence[Planned]) -> list[Planned]:
    """Those that are to be shown of a day: a free one has none."""
    return [one for one in entries if one.kind is not ShiftKind.FREE]
