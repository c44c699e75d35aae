"""Rest that a plan leaves too short, beside a model that looks at every quarter of an hour."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.availability.planning import entries, every_day, free_day
from handlers.availability.rest import RestRules, instant
from handlers.kit.hours import parse_hours
from handlers.kit.people import Person
from handlers.kit.rota import Planned, Rota, ShiftKind
from handlers.shifts.resting import RestKind, short_rests
from tests.examples import by_a_slow_model

RIGA = "Europe/Riga"
DAY, QUARTER = timedelta(days=1), timedelta(minutes=15)
RULES = RestRules()


def never(_day: date) -> bool:
    return False


def anna(*planned: Planned, hours: str = "") -> Person:
    """All days around are planned: what is not said is free."""
    days = {one.day for one in planned}
    around = every_day(min(days) - 20 * DAY, max(days) + 20 * DAY)
    free = [] if hours else [free_day(day, RIGA) for day in around if day not in days]
    rota = Rota(tuple(sorted((*planned, *free))))
    return Person("anna", "w", "Anna", (), hours=replace(parse_hours(hours), planned=rota))


def shift(day: str, times: str, kind: ShiftKind = ShiftKind.WORK) -> tuple[Planned, ...]:
    start, end = (
        datetime.combine(date.fromisoformat(day), time.fromisoformat(clock))
        for clock in times.split("-")
    )
    end += DAY if end <= start else timedelta(0)
    return tuple(entries(kind, instant(start, RIGA), instant(end, RIGA), RIGA))


def found(person: Person, first: str, last: str) -> list[tuple[RestKind, int, float]]:
    """What kind, on which day of the month, and how many hours."""
    days = date.fromisoformat(first), date.fromisoformat(last)
    return [
        (one.kind, one.day.day, one.minutes / 60)
        for one in short_rests(person, *days, RULES, never)
    ]


@pytest.mark.parametrize(
    ("shifts", "expected"),
    [
        ((("2026-03-02", "08:00-16:00"), ("2026-03-03", "04:00-12:00")), []),
        (
            (("2026-03-02", "08:00-16:00"), ("2026-03-03", "03:45-12:00")),
            [(RestKind.DAY, 3, 11.75)],
        ),
        # A pause in a working day is no rest, and the rest begins when the day is over.
        ((("2026-03-02", "08:00-12:00"), ("2026-03-02", "15:59-20:00")), []),
        (
            (("2026-03-02", "08:00-12:00"), ("2026-03-02", "16:00-20:00")),
            [(RestKind.DAY, 2, 4.0)],
        ),
        # The night in which the clock goes forward is an hour shorter.
        (
            (("2026-03-28", "10:00-20:00"), ("2026-03-29", "08:00-16:00")),
            [(RestKind.DAY, 29, 11.0)],
        ),
        ((("2026-10-24", "10:00-20:00"), ("2026-10-25", "07:00-16:00")), []),
    ],
)
def test_rest_between_two_shifts(
    shifts: tuple[tuple[str, str], ...], expected: list[tuple[RestKind, int, float]]
) -> None:
    person = anna(*(one for told in shifts for one in shift(*told)))
    assert found(person, shifts[0][0], shifts[-1][0]) == expected


def test_seven_days_in_a_row_leave_no_rest_in_the_week() -> None:
    days = [f"2026-03-{day:02}" for day in range(2, 9)]
    week = [one for day in days for one in shift(day, "08:00-16:00")]
    assert found(anna(*week), "2026-03-02", "2026-03-08") == []  # the rest begins on Sunday
    eight = [*week, *shift("2026-03-09", "08:00-16:00")]
    assert found(anna(*eight), "2026-03-02", "2026-03-08") == [(RestKind.WEEK, 8, 16.0)]


def test_an_ordinary_week_is_enough() -> None:
    person = anna(*shift("2026-03-02", "08:00-16:00"), hours="Mon-Fri 09:00-17:00")
    assert found(person, "2026-03-02", "2026-03-29") == []


WEEKS = [datetime(year, month, 20) for year in range(2026, 2037) for month in (3, 10)]  # noqa: DTZ001


@by_a_slow_model
@given(
    st.sampled_from(WEEKS),
    st.lists(
        st.tuples(st.integers(0, 15), st.integers(0, 95), st.integers(16, 60)),
        min_size=1,
        max_size=14,
    ),
)
def test_rests_are_as_a_slow_model_has_them_over_both_changes_of_the_clock(
    begins: datetime, told: list[tuple[int, int, int]]
) -> None:
    monday = begins - begins.weekday() * DAY
    planned = {
        one
        for day, quarter, length in told
        for start in [instant(monday + day * DAY + quarter * QUARTER, RIGA)]
        for one in entries(ShiftKind.WORK, start, start + length * QUARTER, RIGA)
    }
    person = anna(*planned)
    first, last = monday.date(), monday.date() + 13 * DAY
    real = {
        (one.kind, one.until, one.minutes) for one in short_rests(person, first, last, RULES, never)
    }
    assert real == _slowly(planned, monday)


def _slowly(planned: set[Planned], monday: datetime) -> set[tuple[RestKind, datetime, int]]:
    at = instant(monday - 12 * DAY, RIGA)
    quarters = [at + number * QUARTER for number in range(40 * 96)]
    works = [any(one.start <= now < one.end for one in planned) for now in quarters]
    rests: list[tuple[datetime, datetime]] = []
    began = quarters[0]
    for now, before, is_work in zip(quarters[1:], works, works[1:], strict=False):
        if before and not is_work:
            began = now
        if is_work and not before:
            rests.append((began, now))
    rests.append((began, quarters[-1] + 9 * DAY))
    rests = [(start, end) for start, end in rests if end - start >= timedelta(hours=4)]
    found = set()
    start, end = instant(monday, RIGA), instant(monday + 14 * DAY, RIGA)
    for begun, until in rests[1:-1] if planned else ():
        if start <= until < end and until - begun < timedelta(hours=12):
            found.add((RestKind.DAY, until, int((until - begun).total_seconds() // 60)))
    for week in (0, 1):
        opens, over = (instant(monday + days * DAY, RIGA) for days in (7 * week, 7 * week + 7))
        if not any(one.start < over and opens < one.end for one in planned):
            continue
        longest = max(
            (
                min(until, over + 7 * DAY) - max(begun, opens)
                for begun, until in rests
                if begun < over and until > opens
            ),
            default=timedelta(0),
        )
        if longest < timedelta(hours=42):
            found.add((RestKind.WEEK, over, int(longest.total_seconds() // 60)))
    return found
