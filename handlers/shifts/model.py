"""What people change of their shifts among themselves: a swap, which both confirm."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Protocol

from handlers.availability.planning import free_day
from handlers.availability.rest import IsFree, stints
from handlers.availability.shifts import DayPlan, ShiftSource
from handlers.kit.people import Person
from handlers.kit.rota import AT_WORK, Planned, ShiftKind

CORRECTED, SWAP_ASKED, SWAP_ANSWERED, SWAPPED, SHORT_REST = (
    "shift.corrected",
    "shift.swap",
    "shift.swap_answered",
    "shift.swapped",
    "shift.rest",
)
"""The notices: of a day to coordinators; of a swap to who is asked, who asked, and coordinators; of
too little rest to these."""

FURTHEST = timedelta(days=366)
"""How far ahead anybody corrects a day, or swaps one."""

_MOVES = AT_WORK - {ShiftKind.HERE}


class SwapState(StrEnum):
    ASKED = "asked"
    AGREED = "agreed"
    DECLINED = "declined"
    TAKEN_BACK = "taken_back"


@dataclass(frozen=True, slots=True)
class ShiftSwap:
    """`asker` gives what they do on the day `gives` to `other`, and takes what that one does on the
    day `takes`, which may be the same. `stood`: how the four days stood when it was asked; `at`:
    when it was asked, or decided since."""

    id: str
    workspace: str
    asker: str
    other: str
    gives: date
    takes: date
    stood: str
    state: SwapState
    at: datetime


class ShiftSwaps(Protocol):
    """Swaps, kept."""

    def get(self, swap: str) -> ShiftSwap | None:
        """The swap, held against other writers until the transaction ends."""
        ...

    def put(self, swap: ShiftSwap) -> None: ...


class SwapFault(StrEnum):
    """Why days can't be swapped."""

    NOTHING_GIVEN = "nothing_given"
    NOTHING_TAKEN = "nothing_taken"
    ASKER_WORKS = "asker_works"
    OTHER_WORKS = "other_works"


class SwapError(Exception):
    """The days can't be swapped; `fault` says why."""

    def __init__(self, fault: SwapFault) -> None:
        super().__init__(fault)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class WorkDay:
    """What one person does on one day: `work` by their shifts or their ordinary week, and what
    stands `beside` it."""

    person: Person
    day: date
    work: tuple[Planned, ...]
    beside: tuple[Planned, ...] = ()

    def having(self, work: Sequence[Planned]) -> DayPlan:
        """The day with other work."""
        moved = tuple(replace(one, day=self.day) for one in work)
        free = () if moved else (free_day(self.day, self.person.zone),)
        entries = tuple(sorted((*moved, *free, *self.beside)))
        return DayPlan(self.person.id, self.day, entries, ShiftSource.SAID)


def work_day(person: Person, day: date, is_free: IsFree) -> WorkDay:
    """What somebody does on a day, who has their shifts with them."""
    rota = person.hours.planned
    if rota.plans(day):
        found = rota.of_day(day)
        work = tuple(one for one in found if one.kind in _MOVES)
        beside = tuple(one for one in found if one.kind not in {*_MOVES, ShiftKind.FREE})
        return WorkDay(person, day, work, beside)
    weekly = stints(replace(person.hours, planned=type(rota)()), person.zone, day, day, is_free)
    work = tuple(Planned(one.begins, one.ends, day, ShiftKind.WORK) for one in weekly)
    return WorkDay(person, day, work, rota.of_day(day))


def swapped(
    asker: Mapping[date, WorkDay], other: Mapping[date, WorkDay], gives: date, takes: date
) -> tuple[DayPlan, ...]:
    """The days as they are afterwards. Raises SwapError."""
    if gives == takes:
        mine, theirs = asker[gives], other[gives]
        if not mine.work:
            raise SwapError(SwapFault.NOTHING_GIVEN)
        return mine.having(theirs.work), theirs.having(mine.work)
    if not asker[gives].work:
        raise SwapError(SwapFault.NOTHING_GIVEN)
    if not other[takes].work:
        raise SwapError(SwapFault.NOTHING_TAKEN)
    if asker[takes].work:
        raise SwapError(SwapFault.ASKER_WORKS)
    if other[gives].work:
        raise SwapError(SwapFault.OTHER_WORKS)
    return (
        asker[gives].having(()),
        asker[takes].having(other[takes].work),
        other[takes].having(()),
        other[gives].having(asker[gives].work),
    )


def fingerprint(*days: WorkDay) -> str:
    """How these days stand, in a short word."""
    told = "|".join(
        f"{one.day} {entry.start.isoformat()} {entry.end.isoformat()} {entry.kind}"
        for one in days
        for entry in (*one.work, *one.beside)
    )
    return sha256(told.encode()).hexdigest()[:16]
