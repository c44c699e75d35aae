"""Each planned reminder comes exactly once from 2026 to 2036, over every change of the clock."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from handlers.availability.rest import WEEKDAYS, instant, stints
from handlers.kit.hours import Hours, Shift, parse_hours
from handlers.plans.model import (
    SPREAD_AFTER,
    SPREAD_BEFORE,
    Plan,
    Reminder,
    ReminderKind,
    at_time,
    every,
    reminders,
)
from scheduling.recurrence import PublicHolidays, RruleRecurrence

RECURRENCE = RruleRecurrence()
FIRST, LAST = datetime(2026, 1, 1, tzinfo=UTC), datetime(2036, 12, 31, tzinfo=UTC)
ZONES = (
    "Europe/Riga",
    "Europe/London",
    "America/New_York",
    "Australia/Lord_Howe",  # its clock moves by half an hour
    "Asia/Kathmandu",  # its clock never moves, and stands at a quarter
    "Pacific/Chatham",
)
WHOLE_DAY = parse_hours("Mon-Sun 00:00-24:00")
NIGHTS = parse_hours("Mon-Sun 22:00-06:00")


def every_day_is_worked(_day: date) -> bool:
    return False


def plan(zone: str = "Europe/Riga", since: datetime = FIRST, **also: object) -> Plan:
    values: dict[str, object] = {
        "id": "p",
        "person": "anna",
        "workspace": "w",
        "zone": zone,
        "days": WEEKDAYS,
        "rules": (every(60, 5),),
        "quiet": (),
        "planned_until": since,
        "plan_at": since,
    }
    return Plan(**(values | also))  # type: ignore[arg-type] # a factory takes any of its fields


def planned(one: Plan, hours: Hours, until: datetime, *cuts: datetime) -> tuple[Reminder, ...]:
    """The reminders as planners write them who look at each of the cuts."""
    found: tuple[Reminder, ...] = ()
    for cut in (*sorted(cut for cut in cuts if one.planned_until < cut < until), until):
        found += reminders(one, hours, RECURRENCE, every_day_is_worked, cut)
        one = plan(one.zone, cut, rules=one.rules, days=one.days, quiet=one.quiet)
    return found


@cache
def changes_of_the_clock(zone: str) -> list[datetime]:
    """The days of 2026 to 2036 on which the zone's clock is put forward or back."""
    there = ZoneInfo(zone)
    days = [FIRST + timedelta(days=number) for number in range((LAST - FIRST).days)]
    return [
        day
        for day, next_day in pairwise(days)
        if day.astimezone(there).utcoffset() != next_day.astimezone(there).utcoffset()
    ]


@pytest.mark.parametrize("zone", ZONES)
def test_a_fixed_time_comes_once_on_each_day_of_eleven_years(zone: str) -> None:
    times = ("01:30", "02:00", "02:30", "03:00", "03:30", "04:00")
    one = plan(zone, rules=tuple(at_time(wall, 5) for wall in times))
    found = [r for r in planned(one, WHOLE_DAY, LAST) if r.kind is ReminderKind.RHYTHM]
    whole_days = Counter(reminder.day for reminder in found)
    of_a_day = [count for day, count in whole_days.items() if "2026-01-02" < day < "2036-12-30"]
    # Two times that the clock makes into one instant are one reminder.
    skipped = sum(count < len(times) for count in of_a_day)
    assert set(of_a_day) <= {len(times), len(times) - 1, len(times) - 2}
    assert skipped <= len(changes_of_the_clock(zone)) // 2 + 1
    assert len({reminder.at for reminder in found}) == len(found)
    assert len({reminder.id for reminder in found}) == len(found)


@pytest.mark.parametrize("zone", ZONES)
def test_the_hour_that_is_skipped_or_repeated_has_one_reminder(zone: str) -> None:
    """Around each change, by a clock on the wall: every whole hour that the clock shows has one
    reminder, whichever of two such hours it is, and an hour that isn't shown has none."""
    there = ZoneInfo(zone)
    for change in changes_of_the_clock(zone):
        start, end = change - timedelta(days=1), change + timedelta(days=2)
        one = plan(zone, start, rules=(every(60, 5),))
        at = [reminder.at for reminder in planned(one, WHOLE_DAY, end)]
        walls = Counter(moment.astimezone(there).strftime("%d %H:%M") for moment in at)
        assert set(walls.values()) == {1}
        shown = {
            minute.astimezone(there).strftime("%d %H:%M")
            for minute in _minutes(start, end)
            if minute.astimezone(there).minute == 0 and minute.astimezone(there).hour != 0
        }
        moved = {wall for wall in walls if not wall.endswith(":00")}
        assert shown - set(walls) == set()
        assert len(moved) <= 1, "what the clock skips comes as much later, once"


def _minutes(start: datetime, end: datetime) -> list[datetime]:
    count = int((end - start) / timedelta(minutes=15))
    return [start + timedelta(minutes=15 * number) for number in range(1, count)]


@given(
    zone=st.sampled_from(ZONES),
    around=st.integers(0, 40),
    cuts=st.lists(st.integers(-3 * 1440, 3 * 1440), max_size=12),
    interval=st.integers(15, 480),
    start=st.integers(0, 1439),
    length=st.integers(30, 1440),
    quiet=st.sampled_from([(), ((60, 200),), ((1380, 120),)]),
)
@example(zone="Europe/Riga", around=0, cuts=[0, 60], interval=30, start=1320, length=480, quiet=())
@settings(max_examples=80)
def test_however_planners_cut_the_time_each_reminder_is_in_one_stretch(
    *,
    zone: str,
    around: int,
    cuts: list[int],
    interval: int,
    start: int,
    length: int,
    quiet: tuple[tuple[int, int], ...],
) -> None:
    changes = changes_of_the_clock(zone) or [datetime(2030, 6, 1, tzinfo=UTC)]
    change = changes[around % len(changes)]
    hours = Hours(tuple(Shift(day, start, start + length) for day in range(7)))
    since, until = change - timedelta(days=3), change + timedelta(days=3)
    rules = (every(interval, 5), at_time("02:45", 15), at_time("12:30", 30, ReminderKind.LUNCH))
    one = plan(zone, since, rules=rules, quiet=quiet)
    whole = planned(one, hours, until)
    in_pieces = planned(one, hours, until, *(change + timedelta(minutes=cut) for cut in cuts))
    assert in_pieces == whole
    assert len({reminder.at for reminder in whole}) == len(whole)
    shifts = list(
        stints(hours, zone, since.date(), until.date() + timedelta(days=1), every_day_is_worked)
    )
    shifts += list(
        stints(
            hours,
            zone,
            since.date() - timedelta(days=2),
            since.date() - timedelta(days=1),
            every_day_is_worked,
        )
    )
    for reminder in whole:
        assert -SPREAD_BEFORE <= reminder.due - reminder.at <= SPREAD_AFTER
        assert reminder.until >= reminder.due
        assert any(shift.begins <= reminder.due <= shift.ends for shift in shifts)


def test_a_shift_over_midnight_belongs_to_the_day_it_began_on() -> None:
    friday = datetime(2026, 3, 6, 12, tzinfo=UTC)
    one = plan(since=friday, rules=(every(120, 15),), days=("FR",))
    found = planned(one, NIGHTS, friday + timedelta(days=2))
    assert [
        (r.day, r.at.astimezone(ZoneInfo("Europe/Riga")).strftime("%a %H:%M")) for r in found
    ] == [
        ("2026-03-06", "Sat 00:00"),
        ("2026-03-06", "Sat 02:00"),
        ("2026-03-06", "Sat 04:00"),
    ]


def test_each_person_has_a_second_of_their_own_and_all_are_spread() -> None:
    start = datetime(2026, 3, 2, tzinfo=UTC)
    seconds = []
    for number in range(600):
        one = plan(since=start, person=f"p{number}")
        found = planned(one, parse_hours("Mon 09:00-17:00"), start + timedelta(days=1))
        offsets = {reminder.due - reminder.at for reminder in found}
        assert len(offsets) == 1, "the same each time"
        seconds += [offset.total_seconds() for offset in offsets]
    minutes = Counter(int((second + 120) // 60) for second in seconds)
    assert set(minutes) == {0, 1, 2}
    assert min(minutes.values()) > 150


def test_what_is_no_rule_is_told() -> None:
    with pytest.raises(ValueError, match="SOMETIMES"):
        RECURRENCE.walls("FREQ=SOMETIMES", FIRST, FIRST, LAST)


def test_a_wall_time_that_does_not_exist_and_one_that_exists_twice() -> None:
    skipped, repeated = (datetime.fromisoformat(f"2026-{day}T03:30") for day in ("03-29", "10-25"))
    assert instant(skipped, "Europe/Riga") == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert instant(repeated, "Europe/Riga") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_latvian_holidays() -> None:
    calendar = PublicHolidays()
    assert calendar.is_holiday("LV", date(2036, 11, 18))
    assert not calendar.is_holiday("LV", date(2036, 11, 19))
    assert not calendar.is_holiday("", date(2036, 11, 18))
