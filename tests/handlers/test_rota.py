"""Who is on duty, from shifts and the ordinary week, beside a model that looks at every minute."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.availability.planning import SpanError, absent_day, entries, every_day, free_day
from handlers.availability.rest import (
    PAUSE,
    RestRules,
    instant,
    reachable_from,
    stints,
    usual,
    wall_time,
)
from handlers.kit.hours import ALWAYS, Hours, parse_hours
from handlers.kit.people import Person
from handlers.kit.rota import Planned, Rota, ShiftKind
from tests.examples import by_a_slow_model

RIGA = "Europe/Riga"
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
OFFICE = parse_hours("Mon-Fri 09:00-17:00; Sun 22:00-06:00")


def never(_day: date) -> bool:
    return False


def at(wall: str, zone: str = RIGA) -> datetime:
    return instant(datetime.fromisoformat(wall), zone)


def shift(start: str, end: str, kind: ShiftKind = ShiftKind.WORK) -> tuple[Planned, ...]:
    return tuple(entries(kind, at(start), at(end), RIGA))


def planned(*entries: Planned, hours: Hours = OFFICE) -> Hours:
    return replace(hours, planned=Rota(tuple(sorted(entries))))


def local(wall: str) -> datetime:
    return at(wall).astimezone(ZoneInfo(RIGA))


def covers(hours: Hours, wall: str) -> bool:
    return hours.cover(local(wall))


TUESDAY_LATE = shift("2026-03-03 14:00", "2026-03-03 22:00")
MONDAY_NIGHT = shift("2026-03-02 22:00", "2026-03-03 06:00")
WEDNESDAY_FREE = free_day(date(2026, 3, 4), RIGA)
THURSDAY_AWAY = absent_day(date(2026, 3, 5), RIGA)


@pytest.mark.parametrize(
    ("hours", "wall", "by_week"),
    [
        (OFFICE, "2026-03-03 10:00", True),
        (planned(*TUESDAY_LATE), "2026-03-03 10:00", True),  # nothing is planned at that hour
        (planned(*TUESDAY_LATE), "2026-03-03 14:00", False),
        (planned(*TUESDAY_LATE), "2026-03-04 10:00", True),
        (planned(THURSDAY_AWAY), "2026-03-05 10:00", False),
    ],
)
def test_it_is_the_week_that_tells_of_a_moment_where_nothing_planned_does(
    hours: Hours, wall: str, *, by_week: bool
) -> None:
    assert hours.by_week(local(wall)) is by_week


def test_a_shift_of_the_week_is_looked_for_on_the_days_that_go_by_it() -> None:
    asked: list[date] = []

    def works_on(day: date) -> bool:
        asked.append(day)
        return day != date(2026, 3, 5)

    late = planned(*TUESDAY_LATE)
    assert not late.by_week_on(local("2026-03-03 10:00"), works_on)  # it is planned
    assert late.by_week_on(local("2026-03-04 10:00"), works_on)
    assert not late.by_week_on(local("2026-03-05 10:00"), works_on)  # a holiday, say
    assert asked == [date(2026, 3, 4), date(2026, 3, 5)]


def test_who_has_no_week_and_is_free_on_all_days_ahead_is_reached_after_them() -> None:
    today = date(2026, 3, 2)
    free = (free_day(today + number * DAY, RIGA) for number in range(60))
    person = Person("anna", "w", "Anna", (), zone=RIGA, hours=planned(*free, hours=ALWAYS))
    reached = reachable_from(person, at("2026-03-02 10:00"), RestRules(), never)
    assert reached == at("2026-05-01 00:00")


@pytest.mark.parametrize(
    ("rota", "wall", "on_duty"),
    [
        (TUESDAY_LATE, "2026-03-03 10:00", False),  # the shift goes before the week
        (TUESDAY_LATE, "2026-03-03 14:00", True),
        (TUESDAY_LATE, "2026-03-03 22:00", False),
        (TUESDAY_LATE, "2026-03-04 10:00", True),  # the next day goes by the week again
        # Sunday's night of the week runs into a Monday that is planned; Monday's own day does not.
        (MONDAY_NIGHT, "2026-03-02 05:59", True),
        (MONDAY_NIGHT, "2026-03-02 10:00", False),
        (MONDAY_NIGHT, "2026-03-03 05:59", True),
        (MONDAY_NIGHT, "2026-03-03 10:00", True),  # Tuesday is not planned: its week holds
        ((WEDNESDAY_FREE,), "2026-03-04 10:00", False),
        ((THURSDAY_AWAY,), "2026-03-05 10:00", False),
        # Who is away on a day works no shift that begins on it, and is away from midnight on.
        ((absent_day(date(2026, 3, 2), RIGA), *MONDAY_NIGHT), "2026-03-03 02:00", False),
        ((absent_day(date(2026, 3, 3), RIGA), *MONDAY_NIGHT), "2026-03-02 23:00", True),
        ((absent_day(date(2026, 3, 3), RIGA), *MONDAY_NIGHT), "2026-03-03 02:00", False),
        # Some hours away, or longer there, leave the day as it is.
        (shift("2026-03-03 12:00", "2026-03-03 13:00", ShiftKind.OUT), "2026-03-03 12:30", False),
        (shift("2026-03-03 12:00", "2026-03-03 13:00", ShiftKind.OUT), "2026-03-03 13:00", True),
        (shift("2026-03-03 17:00", "2026-03-03 20:00", ShiftKind.HERE), "2026-03-03 19:59", True),
        (shift("2026-03-03 17:00", "2026-03-03 20:00", ShiftKind.HERE), "2026-03-03 10:00", True),
        # In a training nobody is asked for anything.
        (
            (*TUESDAY_LATE, *shift("2026-03-03 15:00", "2026-03-03 16:00", ShiftKind.TRAINING)),
            "2026-03-03 15:30",
            False,
        ),
        (shift("2026-03-03 08:00", "2026-03-03 12:00", ShiftKind.DESK), "2026-03-03 08:30", True),
    ],
)
def test_a_shift_on_a_date_goes_before_the_week(
    rota: tuple[Planned, ...], wall: str, *, on_duty: bool
) -> None:
    assert covers(planned(*rota), wall) is on_duty


def test_who_has_no_week_is_there_on_days_that_nobody_planned() -> None:
    hours = planned(*TUESDAY_LATE, WEDNESDAY_FREE, hours=ALWAYS)
    assert [covers(hours, f"2026-03-0{day} 10:00") for day in (2, 3, 4, 5)] == [
        True,
        False,
        False,
        True,
    ]


def test_both_passes_of_the_hour_that_the_clock_repeats_are_told_apart() -> None:
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # 3:30, and half an hour later 3:00 anew
    hours = planned(Planned(first - 4 * 60 * MINUTE, first, date(2026, 10, 24), ShiftKind.WORK))
    riga = ZoneInfo(RIGA)
    assert hours.cover((first - MINUTE).astimezone(riga))
    assert not hours.cover((first + 60 * MINUTE - MINUTE).astimezone(riga))
    [stint] = list(stints(hours, RIGA, date(2026, 10, 24), date(2026, 10, 24), never))
    assert stint.ends == first


def test_a_training_is_waited_for() -> None:
    training = shift("2026-03-03 15:00", "2026-03-03 16:00", ShiftKind.TRAINING)
    anna = Person("anna", "w", "Anna", (), hours=planned(*TUESDAY_LATE, *training))
    assert reachable_from(anna, at("2026-03-03 15:30"), RestRules(), never) == at(
        "2026-03-03 16:00"
    )


def test_rest_is_counted_from_one_shift_to_the_next() -> None:
    late, early = (
        shift("2026-03-03 14:00", "2026-03-03 22:00"),
        shift("2026-03-04 06:00", "2026-03-04 14:00"),
    )
    anna = Person("anna", "w", "Anna", (), hours=planned(*late, *early))
    assert reachable_from(anna, at("2026-03-03 22:00"), RestRules(), never) == at(
        "2026-03-04 10:00"
    )


def test_nothing_is_known_of_a_day_without_a_plan_of_who_has_no_week() -> None:
    anna = Person("anna", "w", "Anna", (), hours=planned(WEDNESDAY_FREE, hours=ALWAYS))
    assert reachable_from(anna, at("2026-03-04 10:00"), RestRules(), never) == at(
        "2026-03-05 00:00"
    )


def test_an_absence_is_whole_days_and_hours_of_others() -> None:
    found = [
        (one.day.day, one.kind)
        for one in entries(ShiftKind.ABSENCE, at("2026-03-27 12:00"), at("2026-03-30 08:00"), RIGA)
    ]
    assert found == [
        (27, ShiftKind.OUT),
        (28, ShiftKind.ABSENCE),
        (29, ShiftKind.ABSENCE),  # 23 hours long
        (30, ShiftKind.OUT),
    ]


@pytest.mark.parametrize(
    ("kind", "end"),
    [
        (ShiftKind.WORK, "2026-03-02 08:00"),
        (ShiftKind.WORK, "2026-03-03 08:01"),
        (ShiftKind.ABSENCE, "2027-03-04 08:00"),
    ],
)
def test_what_can_not_be_planned(kind: ShiftKind, end: str) -> None:
    with pytest.raises(SpanError):
        list(entries(kind, at("2026-03-02 08:00"), at(end), RIGA))


# --- beside a slow model ------------------------------------------------------------------------

CHANGES = [
    datetime.combine(
        date(year, month, 31) - (date(year, month, 31).weekday() + 1) % 7 * DAY, time()
    )
    for year in range(2026, 2037)
    for month in (3, 10)
]
"""The last Sundays of March and October."""

SUNDAYS = st.one_of(
    st.sampled_from(CHANGES),
    st.integers(0, 11 * 52).map(lambda week: datetime(2026, 1, 4) + 7 * week * DAY),  # noqa: DTZ001
)
"""Of 2026 to 2036: half of them those on which the clock changes."""

WEEKS = ("", "Mon-Fri 09:00-17:00", "Sat,Sun 20:00-04:30; Mon 00:00-24:00", "Sun 23:00-03:30")
KINDS = (*ShiftKind,)

spans = st.tuples(
    st.sampled_from(KINDS), st.integers(-1, 2), st.integers(0, 95), st.integers(1, 96)
)


def rota_of(told: list[tuple[ShiftKind, int, int, int]], sunday: datetime, zone: str) -> Rota:
    found: set[Planned] = set()
    for kind, day, quarter, length in told:
        wall = sunday + day * DAY + quarter * 15 * MINUTE
        if kind is ShiftKind.FREE:
            found.add(free_day(wall.date(), zone))
        elif (start := instant(wall, zone)) < (end := start + length * 15 * MINUTE):
            found.update(entries(kind, start, end, zone))
    return Rota(tuple(sorted(found)))


def works(rota: Rota, hours: Hours, zone: str, now: datetime, *, training: bool) -> bool:
    """As one would say it aloud."""
    local = now.astimezone(ZoneInfo(zone))
    on = [one for one in rota.entries if one.start <= now < one.end]
    absent = {one.day for one in rota.entries if one.kind is ShiftKind.ABSENCE}
    if any(one.kind in (ShiftKind.ABSENCE, ShiftKind.OUT) for one in on):
        return False
    if not training and any(one.kind is ShiftKind.TRAINING for one in on):
        return False
    if any(
        one.kind in ("work", "desk", "training", "here") and one.day not in absent for one in on
    ):
        return True
    decided = {one.day for one in rota.entries if one.kind not in ("out", "here")}
    today, minute = local.date(), local.hour * 60 + local.minute
    if not hours.shifts:
        return today not in decided
    for one in hours.shifts:
        if (
            one.weekday == today.weekday()
            and today not in decided
            and one.start <= minute < one.end
        ):
            return True
        before = today - DAY
        if one.weekday == before.weekday() and before not in decided and minute < one.end - 1440:
            return True
    return False


@by_a_slow_model
@given(
    SUNDAYS,
    st.sampled_from(WEEKS),
    st.lists(spans, max_size=6),
    st.sampled_from((RIGA, "America/New_York", "Australia/Lord_Howe")),
)
def test_duty_is_as_a_slow_model_has_it_over_both_changes_of_the_clock(
    sunday: datetime, week: str, told: list[tuple[ShiftKind, int, int, int]], zone: str
) -> None:
    rota, hours = rota_of(told, sunday, zone), parse_hours(week)
    both = replace(hours, planned=rota)
    for quarter in range(-2 * 96, 4 * 96):
        now = sunday.replace(tzinfo=UTC) + quarter * 15 * MINUTE
        told_now = both.cover(now.astimezone(ZoneInfo(zone)))
        assert told_now is works(rota, hours, zone, now, training=False), now


@by_a_slow_model
@given(SUNDAYS, st.lists(spans, max_size=6))
def test_stints_are_when_the_model_works(
    sunday: datetime, told: list[tuple[ShiftKind, int, int, int]]
) -> None:
    """Of days that are all planned: what the week says in a repeated hour is the week's own."""
    free = [
        free_day(day, RIGA) for day in every_day(sunday.date() - 4 * DAY, sunday.date() + 5 * DAY)
    ]
    rota = Rota(tuple(sorted({*rota_of(told, sunday, RIGA).entries, *free})))
    hours = replace(usual(ALWAYS), planned=rota)
    found = list(stints(hours, RIGA, sunday.date() - 3 * DAY, sunday.date() + 4 * DAY, never))
    assert all(one.begins < one.ends for one in found)
    assert all(wall_time(one.begins, RIGA) == one.start for one in found)
    for quarter in range(-2 * 96, 4 * 96):
        now = sunday.replace(tzinfo=UTC) + quarter * 15 * MINUTE
        is_in = any(one.begins <= now < one.ends for one in found)
        assert is_in is works(rota, ALWAYS, RIGA, now, training=True), now


@by_a_slow_model
@given(
    SUNDAYS,
    st.lists(spans, min_size=1, max_size=8),
    st.integers(-2 * 96, 2 * 96),
    st.sampled_from((0, 11, 12, 16)),
)
def test_rest_after_a_shift_is_as_a_slow_model_has_it(
    sunday: datetime, told: list[tuple[ShiftKind, int, int, int]], quarter: int, hours: int
) -> None:
    """Nothing but a ring reaches who has not rested: the first quarter of an hour in which the
    model works, in no training, and so long after the working day before. All days around are
    planned; on the two after them it is from eight to twelve."""
    monday = sunday.date() + 8 * DAY
    around = every_day(sunday.date() - 9 * DAY, monday - DAY)
    last = [
        one
        for day in every_day(monday, monday + DAY)
        for one in shift(f"{day} 08:00", f"{day} 12:00")
    ]
    free = [free_day(day, RIGA) for day in around]
    rota = Rota(tuple(sorted({*rota_of(told, sunday, RIGA).entries, *free, *last})))
    anna = Person("anna", "w", "Anna", (), hours=replace(ALWAYS, planned=rota))
    now = sunday.replace(tzinfo=UTC) + quarter * 15 * MINUTE
    found = reachable_from(anna, now, RestRules(hours=hours), never)
    assert found == first_rested(rota, now, timedelta(hours=hours))


def first_rested(rota: Rota, now: datetime, rest: timedelta) -> datetime:
    """As one would say it aloud, quarter by quarter from a week before."""
    ended: datetime | None = None  # when the last quarter of work was over
    rested: datetime | None = None  # from when this working day counts
    for quarter in range(-7 * 96, 14 * 96):
        moment = now + quarter * 15 * MINUTE
        if not works(rota, ALWAYS, RIGA, moment, training=True):
            continue
        if ended is not None and moment - ended >= PAUSE:
            rested = ended + rest
        ended = moment + 15 * MINUTE
        if (
            moment >= now
            and (rested is None or moment >= rested)
            and works(rota, ALWAYS, RIGA, moment, training=False)
        ):
            return moment
    raise AssertionError("there is a shift after all of them")
