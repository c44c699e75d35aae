"""Nothing that is not urgent falls into rest."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from handlers.availability.rest import (
    PAUSE,
    REST,
    RestRules,
    free_days,
    holidays,
    instant,
    reachable_from,
    stints,
    wall_time,
    worked_for,
    working_days_after,
)
from handlers.kit.hours import Hours, Shift, parse_hours
from handlers.kit.people import UNTIL_BACK, Address, Person
from scheduling.recurrence import PublicHolidays
from tests.fakes.settings import SettingsInMemory

ANNA = Person("anna", "w", "Anna", (Address("paper", "T1", "Anna"),))
RULES = RestRules()
HOLIDAYS = {date(2026, 12, day) for day in (24, 25, 26)}


def is_free(day: date) -> bool:
    return day in HOLIDAYS


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours", "now", "reachable"),
    [
        ("Mon-Fri 09:00-17:00", "2026-03-02 08:00", "2026-03-02 08:00"),
        ("Mon-Fri 09:00-17:00", "2026-03-02 15:00", "2026-03-03 07:00"),
        ("Mon-Fri 09:00-17:00", "2026-03-06 15:00", "2026-03-09 07:00"),
        # Over the change to summer time, 29 March: nine o'clock is an hour earlier by UTC.
        ("Mon-Fri 09:00-17:00", "2026-03-27 15:00", "2026-03-30 06:00"),
        ("Mon-Fri 09:00-17:00", "2026-10-23 14:00", "2026-10-26 07:00"),
        # Christmas Eve is a Thursday: Monday is the next day at work.
        ("Mon-Fri 09:00-17:00", "2026-12-23 15:00", "2026-12-28 07:00"),
        # Late shift, early shift: twelve hours lie between.
        ("Mon 14:00-22:00; Tue 06:00-14:00", "2026-03-02 20:30", "2026-03-03 08:00"),
        ("Mon 14:00-22:00; Tue 06:00-14:00", "2026-03-03 07:59", "2026-03-03 08:00"),
        # A shift in two parts has a pause, and no rest.
        ("Mon-Fri 08:00-12:00; Mon-Fri 14:00-18:00", "2026-03-02 11:00", "2026-03-02 12:00"),
        ("Mon-Sun 22:00-06:00", "2026-03-02 22:00", "2026-03-02 22:00"),
        ("Mon-Sun 22:00-06:00", "2026-03-03 04:00", "2026-03-03 20:00"),
        ("", "2026-12-25 03:00", "2026-12-25 03:00"),
    ],
)
def test_when_somebody_can_be_reached(hours: str, now: str, reachable: str) -> None:
    person = replace(ANNA, hours=parse_hours(hours))
    assert reachable_from(person, utc(now), RULES, is_free) == utc(reachable)


def test_absence_and_do_not_disturb_come_on_top() -> None:
    office = replace(ANNA, hours=parse_hours("Mon-Fri 09:00-17:00"))
    now = utc("2026-03-02 08:00")
    away = replace(office, away_until=utc("2026-03-03 16:00"))
    assert reachable_from(away, now, RULES, is_free) == utc("2026-03-04 07:00")
    quiet = replace(office, quiet_from=utc("2026-03-02 07:30"), quiet_until=utc("2026-03-02 09:30"))
    assert reachable_from(quiet, now, RULES, is_free) == utc("2026-03-02 09:30")
    gone = replace(office, away_until=UNTIL_BACK)
    assert reachable_from(gone, now, RULES, is_free) == UNTIL_BACK
    last = datetime.max.replace(tzinfo=UTC)
    for person in (office, ANNA):
        assert reachable_from(replace(person, away_until=last), now, RULES, is_free) == last
    assert reachable_from(replace(ANNA, away_until=now), now, RULES, is_free) == now


@pytest.mark.parametrize(
    ("hours", "now", "reachable"),
    [
        # The last instant of a shift is no longer work, its first one is.
        ("Mon-Fri 09:00-17:00", "2026-03-02 14:59:59.999", "2026-03-02 14:59:59.999"),
        ("Mon-Fri 09:00-17:00", "2026-03-03 06:59:59.999", "2026-03-03 07:00"),
        # Four hours between two shifts are rest, and one minute less is a pause.
        (
            "Mon 06:00-10:00; Mon 14:00-18:00; Wed 06:00-10:00",
            "2026-03-02 10:00",
            "2026-03-04 04:00",
        ),
        (
            "Mon 06:00-10:01; Mon 14:00-18:00; Wed 06:00-10:00",
            "2026-03-02 10:00",
            "2026-03-02 12:00",
        ),
        # A day that is over when the rest is has nothing left to be reached in.
        (
            "Mon 06:00-22:00; Tue 06:00-10:00; Thu 06:00-10:00",
            "2026-03-02 21:00",
            "2026-03-05 04:00",
        ),
        (
            "Mon 06:00-22:00; Tue 06:00-10:01; Thu 06:00-10:00",
            "2026-03-02 21:00",
            "2026-03-03 08:00",
        ),
        # Of two shifts that overlap the later end counts, whichever began first.
        (
            "Mon 08:00-20:00; Mon 09:00-10:00; Tue 06:00-14:00",
            "2026-03-02 19:00",
            "2026-03-03 06:00",
        ),
        (
            "Mon 08:00-10:00; Mon 09:00-20:00; Tue 06:00-14:00",
            "2026-03-02 19:00",
            "2026-03-03 06:00",
        ),
    ],
)
def test_the_edges_of_rest(hours: str, now: str, reachable: str) -> None:
    person = replace(ANNA, hours=parse_hours(hours))
    assert reachable_from(person, utc(now), RULES, is_free) == utc(reachable)


def test_quiet_time_counts_from_its_first_instant_until_its_last() -> None:
    start, end = utc("2026-03-02 08:00"), utc("2026-03-02 09:30")
    quiet = replace(ANNA, quiet_from=start, quiet_until=end)
    instant = timedelta(microseconds=1)
    for now, reachable in (
        (start - instant, start - instant),
        (start, end),
        (end - instant, end),
        (end, end),
        (end + instant, end + instant),
    ):
        assert reachable_from(quiet, now, RULES, is_free) == reachable


def test_half_a_quiet_time_says_nothing() -> None:
    now = utc("2026-03-02 08:00")
    for half in (
        replace(ANNA, quiet_from=now, quiet_until=None),
        replace(ANNA, quiet_from=None, quiet_until=now + timedelta(hours=1)),
    ):
        assert reachable_from(half, now, RULES, is_free) == now


def test_a_shift_that_is_never_worked_ends_the_search_some_day() -> None:
    """Two months of holidays: it is looked at anew then, and nothing runs for ever."""
    person = replace(ANNA, hours=parse_hours("Mon-Fri 09:00-17:00"))
    now = utc("2026-03-02 08:00")
    assert reachable_from(person, now, RULES, lambda _day: True) == now + timedelta(days=60)


def test_shifts_on_days_as_instants() -> None:
    office = parse_hours("Mon 08:00-12:00; Mon 22:00-06:00; Wed 08:00-12:00")
    monday, wednesday = date(2026, 3, 2), date(2026, 3, 4)
    shifts = list(stints(office, "Europe/Riga", monday, wednesday, is_free))
    assert [(one.begins, one.ends) for one in shifts] == [
        (utc("2026-03-02 06:00"), utc("2026-03-02 10:00")),
        (utc("2026-03-02 20:00"), utc("2026-03-03 04:00")),
        (utc("2026-03-04 06:00"), utc("2026-03-04 10:00")),
    ]
    rested = stints(office, "Europe/Riga", monday, wednesday, lambda day: day == wednesday)
    assert list(rested) == shifts[:2]


def test_what_a_wall_time_means_where_the_clock_changes() -> None:
    def wall(text: str) -> datetime:
        return datetime.fromisoformat(text)

    assert instant(wall("2026-10-25 03:30"), "Europe/Riga") == utc("2026-10-25 00:30"), "the first"
    assert instant(wall("2026-03-29 03:30"), "Europe/Riga") == utc("2026-03-29 01:30")
    both = [
        wall_time(utc(text), "Europe/Riga") for text in ("2026-10-25 00:30", "2026-10-25 01:30")
    ]
    assert both == [wall("2026-10-25 03:30")] * 2
    assert {one.fold for one in both} == {0}
    assert {one.tzinfo for one in both} == {None}


def test_the_days_that_are_free_are_those_of_the_workspace_s_country() -> None:
    christmas, independence = date(2026, 12, 25), date(2026, 11, 18)
    settings, calendar = SettingsInMemory(), PublicHolidays()
    assert [free_days(settings, "w", calendar)(day) for day in (christmas, independence)] == [
        True, True,
    ]  # fmt: skip
    REST.put(settings, "w", RestRules("DE", 11))
    german = free_days(settings, "w", calendar)
    assert [german(christmas), german(independence)] == [True, False]
    assert not holidays(RestRules("", 11), calendar)(christmas)


def test_a_workspace_s_own_rest_comes_back_as_it_was_set() -> None:
    settings = SettingsInMemory()
    assert REST.of(settings, "w") == RestRules("LV", 12)
    REST.put(settings, "w", RestRules("", 11, 36))
    assert settings.get("w", "rest") == {"country": "", "hours": 11, "week": 36}
    assert REST.of(settings, "w") == RestRules("", 11, 36)
    assert REST.of(settings, "other") == RestRules("LV", 12, 42)


@given(
    zone=st.sampled_from(["Europe/Riga", "America/New_York", "Australia/Lord_Howe", "Asia/Tokyo"]),
    shifts=st.lists(
        st.tuples(st.integers(0, 6), st.integers(0, 1439), st.integers(60, 720)),
        min_size=1,
        max_size=8,
    ),
    minutes=st.integers(0, 11 * 365 * 1440),
    away=st.one_of(st.none(), st.integers(0, 10_000)),
    rest=st.integers(0, 16),
)
@hypothesis_settings(max_examples=400)
def test_no_instant_of_rest_is_ever_answered(
    zone: str,
    shifts: list[tuple[int, int, int]],
    minutes: int,
    away: int | None,
    rest: int,
) -> None:
    """Told the long way round: inside some shift, no rest before it cut short, and not away."""
    now = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    hours = Hours(tuple(Shift(day, start, start + length) for day, start, length in sorted(shifts)))
    person = replace(
        ANNA,
        zone=zone,
        hours=hours,
        away_until=None if away is None else now + timedelta(minutes=away),
    )
    at = reachable_from(person, now, RestRules(hours=rest), is_free)
    assert at >= now
    assert person.away_until is None or at >= person.away_until
    around = list(
        stints(hours, zone, at.date() - timedelta(days=9), at.date() + timedelta(days=1), is_free)
    )
    assert any(stint.begins <= at < stint.ends for stint in around)
    worked = _stretches([(stint.begins, stint.ends) for stint in around])
    begins = next(start for start, end in worked if start <= at < end)
    before = max((end for _, end in worked if end < begins), default=None)
    assert before is None or at - before >= timedelta(hours=rest)
    assert reachable_from(person, at, RestRules(hours=rest), is_free) == at


def _stretches(stints_: list[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    """Working days: shifts with no more than a pause between them are one."""
    found: list[tuple[datetime, datetime]] = []
    for start, end in sorted(stints_):
        if found and start - found[-1][1] < PAUSE:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


@pytest.mark.parametrize(
    ("now", "days", "later"),
    [
        ("2026-03-02 08:00", 0, "2026-03-02 08:00"),
        ("2026-03-02 08:00", 1, "2026-03-03 08:00"),
        ("2026-03-05 08:00", 1, "2026-03-06 08:00"),
        ("2026-03-06 08:00", 1, "2026-03-09 08:00"),
        ("2026-03-07 08:00", 5, "2026-03-13 08:00"),
        # Thursday to Saturday are Christmas; the same time of day is an hour earlier in summer.
        ("2026-12-23 08:00", 1, "2026-12-28 08:00"),
        ("2026-03-27 08:00", 1, "2026-03-30 07:00"),
    ],
)
def test_working_days_are_from_monday_to_friday_and_no_holiday(
    now: str, days: int, later: str
) -> None:
    assert working_days_after(utc(now), days, "Europe/Riga", is_free) == utc(later)


@pytest.mark.parametrize(
    ("hours", "now", "minutes", "worked"),
    [
        ("Mon-Fri 09:00-17:00", "2026-03-02 08:00", 4 * 60, "2026-03-02 12:00"),
        # To the last minute of a shift, and a minute into the next one.
        ("Mon-Fri 09:00-17:00", "2026-03-02 13:00", 2 * 60, "2026-03-02 15:00"),
        ("Mon-Fri 09:00-17:00", "2026-03-02 13:00", 2 * 60 + 1, "2026-03-03 07:01"),
        ("Mon-Fri 09:00-17:00", "2026-03-02 02:00", 60, "2026-03-02 08:00"),
        ("Mon-Fri 09:00-17:00", "2026-03-06 15:00", 60, "2026-03-09 08:00"),
        # Through a night that began the day before, over two shifts and a holiday.
        ("Mon-Sun 22:00-06:00", "2026-03-03 03:00", 60, "2026-03-03 04:00"),
        ("Mon-Fri 09:00-17:00", "2026-12-23 14:00", 17 * 60, "2026-12-29 15:00"),
        # Shifts that overlap count once; who has no hours is thought to work from nine to five.
        ("Mon 09:00-12:00; Mon 10:00-14:00", "2026-03-02 07:00", 4 * 60, "2026-03-02 11:00"),
        ("", "2026-03-02 14:00", 2 * 60, "2026-03-03 08:00"),
    ],
)
def test_work_is_counted_from_shift_to_shift(
    hours: str, now: str, minutes: int, worked: str
) -> None:
    anna = replace(ANNA, hours=parse_hours(hours))
    work = timedelta(minutes=minutes)
    assert worked_for(anna, utc(now), work, is_free) == utc(worked)


def test_who_never_works_has_worked_by_the_end_of_the_look_ahead() -> None:
    now = utc("2026-03-02 08:00")
    assert worked_for(ANNA, now, timedelta(hours=1), lambda _: True) == now + timedelta(days=60)
