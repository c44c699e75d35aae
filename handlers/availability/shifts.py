"""What is planned for people on dates, put to their hours: so that whoever asks about somebody's
hours is told what holds on that day."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from handlers.kit.facts import ShiftsChanged
from handlers.kit.people import Person
from handlers.kit.ports import mark
from handlers.kit.rota import Planned, Rota
from handlers.kit.settings import Section, switch

if TYPE_CHECKING:  # what a handler works with is above this room
    from handlers.work import Occasion, Work


@dataclass(frozen=True, slots=True)
class ShiftUse:
    """Whether anything was ever planned on dates in the workspace: where not, nobody looks."""

    planned: bool = False


SHIFT_USE = Section("shifts", mark("Shifts on dates"), ShiftUse(), {"planned": switch()})


class ShiftSource(StrEnum):
    """Where an entry comes from. FILE: an import. FEED: an address that is fetched. SAID: the
    person themselves, or two who swapped; what the others plan for that day leaves it."""

    FILE = "file"
    FEED = "feed"
    SAID = "said"


@dataclass(frozen=True, slots=True)
class DayPlan:
    """All that is planned for one person on one day, and where it comes from."""

    person: str
    day: date
    entries: tuple[Planned, ...]
    source: ShiftSource


class Shifts(Protocol):
    """What is planned on dates."""

    def rotas(self, people: Sequence[str], first: date, last: date) -> Mapping[str, Rota]:
        """What is planned for the people from the first day to the last, of those who have
        anything."""
        ...

    def days(self, people: Sequence[str], first: date, last: date) -> Sequence[DayPlan]:
        """The same, day by day."""
        ...

    def put(self, days: Iterable[DayPlan]) -> None:
        """Replaces what is planned on each of the days; a day without entries is no longer
        planned."""
        ...


_NEAR = timedelta(days=1)
_AROUND = timedelta(days=2)
"""A shift belongs to the day on which it begins, where its owner is: it may hold a day later, and
by the clock of another zone that day may have begun before."""


def with_shifts(
    people: Sequence[Person], work: "Work", start: datetime, end: datetime | None = None
) -> list[Person]:
    """The people, with hours that know what is planned from `start` to `end` (that moment alone,
    where it is not given). Whoever asks when somebody works, asks it of these."""
    looked_at = {place: uses_shifts(work, place) for place in {one.workspace for one in people}}
    asked = [one.id for one in people if looked_at[one.workspace]]
    if not asked:
        return list(people)
    rotas = work.of(Shifts).rotas(asked, *days_around(start, end or start))
    return [
        replace(one, hours=replace(one.hours, planned=rotas[one.id])) if one.id in rotas else one
        for one in people
    ]


def with_shift(
    person: Person, work: "Work", start: datetime, end: datetime | None = None
) -> Person:
    """The same of one person."""
    return with_shifts([person], work, start, end)[0]


def days_around(start: datetime, end: datetime) -> tuple[date, date]:
    """The first and the last day whose shifts may tell of the time between the two instants."""
    return (start - _AROUND).date(), (end + _AROUND).date()


def uses_shifts(work: "Work", workspace: str) -> bool:
    """Whether anything was ever planned on dates there."""
    return SHIFT_USE.of(work.settings, workspace).planned


def replan(on: "Occasion", workspace: str, days: Sequence[DayPlan]) -> None:
    """The same, with what waits for those looked at again for whom a day near now is another."""
    plan(on.work, workspace, days)
    today = on.now.date()
    near = {one.person for one in days if abs(one.day - today) <= _NEAR}
    for person in sorted(near):
        on.work.outbox.look_again(person, on.now)
    if near:
        on.tell(ShiftsChanged(tuple(sorted(near))))


def plan(work: "Work", workspace: str, days: Iterable[DayPlan]) -> None:
    """Replaces what is planned on the days, from now on looked at by everybody."""
    work.of(Shifts).put(days)
    if not uses_shifts(work, workspace):
        SHIFT_USE.put(work.settings, workspace, ShiftUse(planned=True))
