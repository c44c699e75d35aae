"""Days that two people swap: what each then does, and when they can't."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from handlers.availability.planning import free_day
from handlers.availability.shifts import DayPlan, ShiftSource
from handlers.kit.hours import parse_hours
from handlers.kit.people import Address, Person
from handlers.kit.rota import Planned, Rota, ShiftKind
from handlers.shifts.model import SwapError, SwapFault, WorkDay, fingerprint, swapped, work_day

RIGA = "Europe/Riga"
MONDAY, TUESDAY = date(2026, 3, 2), date(2026, 3, 3)
ANNA = Person(
    *("anna", "w", "Anna", (Address("paper", "T1", "Anna"),)),
    zone=RIGA,
    hours=parse_hours("Mon-Fri 09:00-17:00"),
)
IVO = replace(ANNA, id="ivo", name="Ivo")


def at(day: date, hour: int) -> datetime:
    """By Riga's clocks in winter."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(hours=hour - 2)


def planned(day: date, start: int, end: int, kind: ShiftKind = ShiftKind.WORK) -> Planned:
    return Planned(at(day, start), at(day, end), day, kind)


def having(person: Person, *entries: Planned) -> Person:
    return replace(person, hours=replace(person.hours, planned=Rota(tuple(sorted(entries)))))


def never(_day: date) -> bool:
    return False


def always(_day: date) -> bool:
    return True


def test_a_day_of_the_ordinary_week_is_work_like_any_other() -> None:
    assert work_day(ANNA, MONDAY, never) == WorkDay(ANNA, MONDAY, (planned(MONDAY, 9, 17),))
    assert work_day(ANNA, MONDAY, always) == WorkDay(ANNA, MONDAY, ())


def test_what_one_said_of_hours_stands_beside_the_ordinary_week() -> None:
    out = planned(MONDAY, 12, 13, ShiftKind.OUT)
    anna = having(ANNA, out)
    assert work_day(anna, MONDAY, never) == WorkDay(anna, MONDAY, (planned(MONDAY, 9, 17),), (out,))


def test_of_a_planned_day_the_work_moves_and_the_rest_stays() -> None:
    early, desk = planned(MONDAY, 6, 10), planned(MONDAY, 10, 14, ShiftKind.DESK)
    course = planned(MONDAY, 14, 15, ShiftKind.TRAINING)
    out = planned(MONDAY, 8, 9, ShiftKind.OUT)
    here = planned(MONDAY, 16, 18, ShiftKind.HERE)
    anna = having(ANNA, early, desk, course, out, here)
    assert work_day(anna, MONDAY, never) == WorkDay(
        anna, MONDAY, (early, desk, course), (out, here)
    )


def test_a_free_day_has_no_work_and_nothing_beside_it() -> None:
    anna = having(ANNA, free_day(MONDAY, RIGA))
    assert work_day(anna, MONDAY, never) == WorkDay(anna, MONDAY, ())


def test_a_day_with_other_work_keeps_what_stood_beside_it() -> None:
    out = planned(MONDAY, 12, 13, ShiftKind.OUT)
    day = WorkDay(ANNA, MONDAY, (planned(MONDAY, 9, 17),), (out,))
    moved = day.having((planned(TUESDAY, 6, 7),))
    took = replace(planned(TUESDAY, 6, 7), day=MONDAY)
    assert moved == DayPlan("anna", MONDAY, (out, took), ShiftSource.SAID)
    free = free_day(MONDAY, RIGA)
    assert day.having(()) == DayPlan("anna", MONDAY, (free, out), ShiftSource.SAID)


def test_two_swap_what_they_do_on_one_day() -> None:
    mine, theirs = planned(MONDAY, 6, 14), planned(MONDAY, 14, 22)
    assert swapped(*days([mine], [theirs]), MONDAY, MONDAY) == (
        DayPlan("anna", MONDAY, (theirs,), ShiftSource.SAID),
        DayPlan("ivo", MONDAY, (mine,), ShiftSource.SAID),
    )


def test_somebody_who_is_free_on_the_day_can_take_it_over() -> None:
    mine = planned(MONDAY, 6, 14)
    assert swapped(*days([mine], []), MONDAY, MONDAY) == (
        DayPlan("anna", MONDAY, (free_day(MONDAY, RIGA),), ShiftSource.SAID),
        DayPlan("ivo", MONDAY, (mine,), ShiftSource.SAID),
    )


def test_two_swap_two_days() -> None:
    mine, theirs = planned(MONDAY, 6, 14), planned(TUESDAY, 14, 22)
    assert swapped(*days([mine], [], [], [theirs]), MONDAY, TUESDAY) == (
        DayPlan("anna", MONDAY, (free_day(MONDAY, RIGA),), ShiftSource.SAID),
        DayPlan("anna", TUESDAY, (theirs,), ShiftSource.SAID),
        DayPlan("ivo", TUESDAY, (free_day(TUESDAY, RIGA),), ShiftSource.SAID),
        DayPlan("ivo", MONDAY, (mine,), ShiftSource.SAID),
    )


@pytest.mark.parametrize(
    ("work", "takes", "fault"),
    [
        ("- M - -", MONDAY, SwapFault.NOTHING_GIVEN),
        ("- - - T", TUESDAY, SwapFault.NOTHING_GIVEN),
        ("M - - -", TUESDAY, SwapFault.NOTHING_TAKEN),
        ("M - T T", TUESDAY, SwapFault.ASKER_WORKS),
        ("M M - T", TUESDAY, SwapFault.OTHER_WORKS),
    ],
)
def test_why_days_cannot_be_swapped(work: str, takes: date, fault: SwapFault) -> None:
    """Anna's and Ivo's Monday, then their Tuesday."""
    of: dict[str, list[Planned]] = {
        "-": [],
        "M": [planned(MONDAY, 6, 14)],
        "T": [planned(TUESDAY, 6, 14)],
    }
    with pytest.raises(SwapError) as refused:
        swapped(*days(*(of[one] for one in work.split())), MONDAY, takes)
    assert refused.value.fault is fault
    assert str(refused.value) == fault


def days(
    mine: Sequence[Planned],
    theirs: Sequence[Planned],
    my_tuesday: Sequence[Planned] = (),
    their_tuesday: Sequence[Planned] = (),
) -> tuple[Mapping[date, WorkDay], Mapping[date, WorkDay]]:
    """Anna's two days and Ivo's."""
    return (
        {
            MONDAY: WorkDay(ANNA, MONDAY, tuple(mine)),
            TUESDAY: WorkDay(ANNA, TUESDAY, tuple(my_tuesday)),
        },
        {
            MONDAY: WorkDay(IVO, MONDAY, tuple(theirs)),
            TUESDAY: WorkDay(IVO, TUESDAY, tuple(their_tuesday)),
        },
    )


def test_how_days_stand_changes_with_anything_on_them() -> None:
    work, out = planned(MONDAY, 9, 17), planned(MONDAY, 12, 13, ShiftKind.OUT)
    stood = [
        WorkDay(ANNA, MONDAY, (work,)),
        WorkDay(ANNA, MONDAY, (work,), (out,)),
        WorkDay(ANNA, MONDAY, (planned(MONDAY, 9, 18),)),
        WorkDay(ANNA, MONDAY, (planned(MONDAY, 8, 17),)),
        WorkDay(ANNA, MONDAY, (replace(work, kind=ShiftKind.DESK),)),
        WorkDay(ANNA, MONDAY, ()),
    ]
    words = [fingerprint(one, WorkDay(IVO, TUESDAY, (out,))) for one in stood]
    assert len(set(words)) == len(words)
    assert {len(one) for one in words} == {16}
    assert fingerprint(stood[0]) == fingerprint(replace(stood[0], person=IVO))
    assert fingerprint(WorkDay(ANNA, MONDAY, (work, out))) != fingerprint(
        WorkDay(ANNA, MONDAY, (out, work))
    )
