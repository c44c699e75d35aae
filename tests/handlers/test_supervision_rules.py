"""When groups meet: wall times over the clock's changes, dates passed over, and undoing."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.availability.walls import NoSuchTimeError, span
from handlers.kit.hours import Hours, parse_hours
from handlers.kit.people import UNTIL_BACK, Person
from handlers.kit.rota import Planned, Rota, ShiftKind
from handlers.supervision.dates.model import Snapshot
from handlers.supervision.dates.rules import (
    Dates,
    Fits,
    Rhythm,
    Skipped,
    Why,
    best_slots,
    dates,
    fitting,
    is_away,
    overlap,
    restored,
    timed,
)
from handlers.supervision.members.model import GroupMember, Standing, leads, seats_held
from handlers.supervision.sessions.model import Attendance, Session, SessionSeat, SessionState, Turn
from scheduling.recurrence import PublicHolidays, RruleRecurrence

RECURRENCE, NOW = RruleRecurrence(), datetime(2026, 3, 2, 8, tzinfo=UTC)
RIGA = "Europe/Riga"
ZONES = st.sampled_from((RIGA, "Europe/London", "America/New_York", "Australia/Lord_Howe", "UTC"))
WALLS = st.integers(0, 95).map(lambda quarter: f"{quarter // 4:02}:{15 * (quarter % 4):02}")
WEEK = timedelta(days=7)


@st.composite
def rhythms(draw: Callable[..., object]) -> Rhythm:
    return Rhythm(
        first=draw(st.dates(date(2026, 1, 1), date(2027, 12, 31))),  # type: ignore[arg-type] # drawn
        wall=draw(WALLS),  # type: ignore[arg-type] # drawn
        zone=draw(ZONES),  # type: ignore[arg-type] # drawn
        weeks=draw(st.integers(1, 4)),  # type: ignore[arg-type] # drawn
        minutes=draw(st.integers(60, 120)),  # type: ignore[arg-type] # drawn
        count=draw(st.integers(1, 12)),  # type: ignore[arg-type] # drawn
    )


def never(_: object) -> None:
    return None


def the_dates(rhythm: Rhythm, fits: Fits) -> Dates | None:
    """The rhythm's dates; None where it is refused, and then the clock never shows the time."""
    try:
        return dates(rhythm, RECURRENCE, fits)
    except NoSuchTimeError as error:
        zone = ZoneInfo(rhythm.zone)
        shown = error.wall.replace(tzinfo=zone).astimezone(UTC).astimezone(zone)
        if shown.replace(tzinfo=None) == error.wall:
            raise
        return None


def somebody(name: str, hours: Hours | None = None, **also: object) -> Person:
    person = Person(name, "w", name, (), zone=RIGA)
    return replace(person, **({"hours": hours} if hours else {}), **also)  # type: ignore[arg-type] # any of its fields


def a_session(number: int, begins: datetime, minutes: int = 90) -> Session:
    return Session(
        id=f"s{number}",
        cycle="c",
        group="g",
        workspace="w",
        number=number,
        wall=begins.replace(tzinfo=None),
        zone="UTC",
        starts_at=begins,
        ends_at=begins + timedelta(minutes=minutes),
        changed_at=NOW,
    )


@given(rhythms())
def test_the_clock_on_the_wall_shows_the_same_time_at_every_session(rhythm: Rhythm) -> None:
    found = the_dates(rhythm, never)
    if found is None:
        return
    assert len(found.walls) == rhythm.count
    assert found.skipped == ()
    for number, wall in enumerate(found.walls):
        begins, ends = span(wall, rhythm.zone, rhythm.minutes)
        shown = begins.astimezone(ZoneInfo(rhythm.zone))
        assert f"{shown:%H:%M}" == rhythm.wall
        assert shown.date() == rhythm.first + number * rhythm.weeks * WEEK
        assert ends - begins == timedelta(minutes=rhythm.minutes)


@given(rhythms(), st.sets(st.integers(0, 60), max_size=40))
def test_dates_that_do_not_fit_give_way_to_the_next_that_do(
    rhythm: Rhythm, poor_weeks: set[int]
) -> None:
    poor = {rhythm.first + number * WEEK for number in poor_weeks}

    def fits(wall: datetime) -> Why | None:
        return Why.HOLIDAY if wall.date() in poor else None

    found = the_dates(rhythm, fits)
    if found is None:
        return
    walls = found.walls
    assert len(walls) == rhythm.count
    assert not poor.intersection(wall.date() for wall in walls)
    assert list(walls) == sorted(set(walls))
    assert all(wall.weekday() == rhythm.first.weekday() for wall in walls)
    # A date of the rhythm that fits is always taken, and nothing comes before it.
    for number in range(60):
        day = rhythm.first + number * rhythm.weeks * WEEK
        if day not in poor and walls and day <= walls[-1].date():
            assert day in {wall.date() for wall in walls}
    for one in found.skipped:
        between = () if one.instead is None else (one.instead,)
        weeks = range(1, rhythm.weeks)
        later = [one.wall + step * WEEK for step in weeks if fits(one.wall + step * WEEK) is None]
        assert between == tuple(later[:1])


def test_the_hour_that_the_clock_skips_says_which() -> None:
    with pytest.raises(NoSuchTimeError) as found:
        span(datetime(2026, 3, 29, 3, 30), RIGA, 60)  # noqa: DTZ001 - a wall time has no zone
    assert (found.value.gap_start, found.value.gap_end) == ("03:00", "04:00")
    with pytest.raises(NoSuchTimeError) as found:
        span(datetime(2026, 10, 4, 2, 15), "Australia/Lord_Howe", 60)  # noqa: DTZ001 - a wall time has no zone
    assert (found.value.gap_start, found.value.gap_end) == ("02:00", "02:30")


def test_the_hour_that_comes_twice_is_the_first_of_the_two() -> None:
    begins, _ = span(datetime(2026, 10, 25, 3, 30), RIGA, 60)  # noqa: DTZ001 - a wall time has no zone
    assert begins == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_latvian_holidays_are_passed_over() -> None:
    rhythm = Rhythm(date(2026, 12, 10), "14:00", RIGA, 2, 90, 2)

    def is_free(day: date) -> bool:
        return PublicHolidays().is_holiday("LV", day)

    found = dates(rhythm, RECURRENCE, fitting((), RIGA, NOW, is_free))
    ten, christmas, after = (
        datetime.combine(day, time(14))
        for day in (date(2026, 12, 10), date(2026, 12, 24), date(2026, 12, 31))
    )
    # The 24th to the 26th and the 31st of December are holidays in Latvia.
    seventh = datetime.combine(date(2027, 1, 7), time(14))
    assert found.walls == (ten, seventh)
    assert found.skipped == (Skipped(christmas, Why.HOLIDAY, None),)
    assert is_free(after.date())


@pytest.mark.parametrize(("away", "why"), [(1, None), (2, Why.AWAY)])
def test_more_than_a_third_away_is_too_many(away: int, why: Why | None) -> None:
    far = datetime(2026, 6, 1, tzinfo=UTC)
    people = [somebody(f"P{n}", away_until=far if n < away else None) for n in range(4)]
    fits = fitting(people, RIGA, NOW, lambda _: False)
    assert fits(datetime(2026, 5, 5, 14)) is why  # noqa: DTZ001 - a wall time has no zone


def test_an_absence_with_no_end_counts_for_a_week() -> None:
    person = somebody("Anna", away_until=UNTIL_BACK)
    assert is_away(person, NOW + timedelta(days=6), NOW)
    assert not is_away(person, NOW + timedelta(days=8), NOW)


@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(60, 120)), max_size=6),
    st.sampled_from((60, 90, 120)),
)
def test_two_sessions_overlap_exactly_when_an_instant_is_in_both(
    when: list[tuple[int, int]], minutes: int
) -> None:
    found = [
        a_session(number, NOW + timedelta(minutes=30 * half), lasts)
        for number, (half, lasts) in enumerate(when)
    ]
    both = [
        (one, other)
        for number, one in enumerate(found)
        for other in found[:number]
        if one.starts_at < other.ends_at and other.starts_at < one.ends_at
    ]
    assert (overlap(found) is not None) == bool(both)
    off = [replace(one, state=SessionState.CANCELLED) for one in found]
    assert overlap([*off, a_session(99, NOW, minutes)]) is None


@given(
    st.lists(st.sampled_from(Attendance), min_size=6, max_size=6),
    st.lists(st.sampled_from(Turn), min_size=6, max_size=6),
    st.integers(0, 5),
    st.integers(1, 30),
)
def test_what_is_undone_is_whole_again(
    said: list[Attendance], parts: list[Turn], sequence: int, days: int
) -> None:
    """A move takes answers and turns; taking it back returns each, to who is still there."""
    before = tuple(
        replace(a_session(number, NOW + number * WEEK), sequence=sequence) for number in (1, 2)
    )
    seats = tuple(
        SessionSeat(one.id, person, said[3 * at + number], parts[3 * at + number])
        for at, one in enumerate(before)
        for number, person in enumerate(("a", "b", "c"))
    )
    after = tuple(
        replace(
            timed(one, one.wall + timedelta(days=days), 60),
            sequence=sequence + 1,
            changed_at=NOW + timedelta(minutes=1),
        )
        for one in before
    )
    moved = tuple(replace(seat, attendance=Attendance.UNKNOWN, part=Turn.NONE) for seat in seats)
    undone_at = NOW + timedelta(minutes=5)
    still = tuple(seat for seat in moved if seat.person != "c")
    back, gone, given_back = restored(
        Snapshot((), before, seats), Snapshot((), after, moved), still, undone_at
    )
    assert back == tuple(
        replace(one, sequence=sequence + 2, changed_at=undone_at) for one in before
    )
    assert gone == ()
    assert given_back == tuple(seat for seat in seats if seat.person != "c")


def test_a_turn_that_was_swapped_meanwhile_stays_swapped() -> None:
    one = a_session(1, NOW)
    before = Snapshot((), (one,), (SessionSeat("s1", "a", part=Turn.NOTES), SessionSeat("s1", "b")))
    after = Snapshot(
        (), (replace(one, sequence=1),), (SessionSeat("s1", "a"), SessionSeat("s1", "b"))
    )
    seated = (SessionSeat("s1", "a", part=Turn.PRESENTER), SessionSeat("s1", "b"))
    _, _, seats = restored(before, after, seated, NOW)
    assert seats == (SessionSeat("s1", "a", part=Turn.PRESENTER), SessionSeat("s1", "b"))


def test_the_best_times_are_those_that_most_can() -> None:
    people = (
        somebody("early", parse_hours("Mon-Fri 06:00-14:00")),
        somebody("late", parse_hours("Mon-Fri 12:00-20:00")),
        somebody("part", parse_hours("Mon,Wed 09:00-17:00")),
    )
    rhythm = Rhythm(date(2026, 3, 3), "00:00", RIGA, 2, 90, 8)
    found = best_slots(people, {}, rhythm, lambda _: False)
    assert [(slot.first, slot.wall, slot.missing) for slot in found] == [
        (date(2026, 3, 4), "12:30", 0),
        (date(2026, 3, 9), "12:30", 0),
        (date(2026, 3, 3), "12:30", 1),
    ]
    wednesday = datetime(2026, 3, 18, 11, tzinfo=UTC)
    booked = {"late": [(wednesday, wednesday + timedelta(hours=1))]}
    best = best_slots(people, booked, rhythm, lambda _: False)
    assert (best[0].first, best[0].missing) == (date(2026, 3, 9), 0)


@pytest.mark.parametrize(
    ("start", "end", "at"),
    [
        ((9, 0), (10, 30), "09:00"),  # exactly as long as the session
        ((9, 0), (10, 29), None),
        ((13, 15), (15, 15), "13:30"),
        ((6, 0), (20, 0), "13:00"),
    ],
)
def test_who_has_shifts_on_dates_comes_within_one(
    start: tuple[int, int], end: tuple[int, int], at: str | None
) -> None:
    monday = date(2026, 3, 2)
    begins, ends = (
        datetime(2026, 3, 2, hour - 2, minute, tzinfo=UTC) for hour, minute in (start, end)
    )
    rota = Rota((Planned(begins, ends, monday, ShiftKind.WORK),))
    anna = somebody("anna", replace(parse_hours("Sun 23:00-23:01"), planned=rota))
    rhythm = Rhythm(monday, "00:00", RIGA, 1, 90, 1)
    found = best_slots((anna,), {}, rhythm, lambda _: False)
    assert [(slot.first, slot.wall) for slot in found] == ([] if at is None else [(monday, at)])


@settings(max_examples=25)
@given(st.integers(0, 6), st.integers(60, 120))
def test_a_time_that_is_found_is_in_everybody_s_hours(weekday: int, minutes: int) -> None:
    hours = parse_hours(f"{('Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun')[weekday]} 08:00-16:00")
    people = (somebody("a", hours), replace(somebody("b", hours), zone="Europe/Berlin"))
    rhythm = Rhythm(date(2026, 3, 2), "00:00", RIGA, 1, minutes, 10)
    found = best_slots(people, {}, rhythm, lambda _: False)
    assert found[0].missing == 0
    for slot in found:
        wall = datetime.combine(slot.first, time.fromisoformat(slot.wall))
        begins, ends = span(wall, RIGA, minutes)
        for person in people:
            if person.id not in slot.off_hours:
                local = ZoneInfo(person.zone)
                assert person.hours.cover(begins.astimezone(local))
                assert person.hours.cover((ends - timedelta(minutes=1)).astimezone(local))


def test_a_line_manager_is_named_in_the_people_list() -> None:
    boss, other = somebody("Pēteris Ozols"), somebody("Anna")
    assert leads(boss, replace(other, manager="peteris ozols"))
    assert not leads(boss, replace(other, manager="Pēteris"))
    assert not leads(replace(boss, name=""), other)


@given(st.lists(st.sampled_from(Standing), max_size=12))
def test_seats_are_held_by_members_and_invitations(states: list[Standing]) -> None:
    members = [GroupMember("g", str(n), state, NOW) for n, state in enumerate(states)]
    assert seats_held(members) == states.count(Standing.JOINED) + states.count(Standing.INVITED)
