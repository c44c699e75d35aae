"""Working hours: what people write, and what it covers on a wall clock in Rīga."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.kit.hours import ALWAYS, Hours, Shift, parse_hours
from handlers.kit.people import UNTIL_BACK, Person

RIGA = ZoneInfo("Europe/Riga")


def wall(text: str) -> datetime:
    """A wall time in Rīga: "2026-03-02 08:00" is a Monday."""
    return datetime.fromisoformat(text).replace(tzinfo=RIGA)


def works(hours: str) -> Person:
    return Person("id", "w", "Anna", (), hours=parse_hours(hours))


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("Mon-Fri 08:00-17:00", "Mon-Fri 08:00-17:00"),
        ("mon-fri 8:00 - 17:00", "Mon-Fri 08:00-17:00"),
        ("Mon–Fri 8.00–17.00", "Mon-Fri 08:00-17:00"),
        ("P—Pk 8.00 — 17.00; Sv 22:00−6.00", "Mon-Fri 08:00-17:00; Sun 22:00-06:00"),
        ("P-Pk 08:00-17:00; Sv 22:00-06:00", "Mon-Fri 08:00-17:00; Sun 22:00-06:00"),
        ("Mon, Wed 09:00-12:00", "Mon 09:00-12:00; Wed 09:00-12:00"),
        ("Fri-Mon 20:00-02:00", "Mon 20:00-02:00; Fri-Sun 20:00-02:00"),
        ("Mon 08:00-12:00; Mon 13:00-17:00", "Mon 08:00-12:00; Mon 13:00-17:00"),
        ("Mon 00:00-24:00", "Mon 00:00-00:00"),
        ("Monday-Friday 9:00-17:00, Sat 9:00-13:00", "Mon-Fri 09:00-17:00; Sat 09:00-13:00"),
        ("pirmdiena – piektdiena 8.00–17.00\nSestd. 9.00–13.00",
            "Mon-Fri 08:00-17:00; Sat 09:00-13:00"),
        ("Ot, Ce 8:00 līdz 12:00", "Tue 08:00-12:00; Thu 08:00-12:00"),
        ("P.-Pk. 8:00-12:00, 13:00-17:00", "Mon-Fri 08:00-12:00; Mon-Fri 13:00-17:00"),
        (" ; ", ""),
        ("P–Pk 9–17", "Mon-Fri 09:00-17:00"),
        ("P-C 8.30–17.30; Pk 8.30–16", "Mon-Thu 08:30-17:30; Fri 08:30-16:00"),
        ("Mon-Fri: 9am-5pm, Sat: 9:30 am - 1 pm", "Mon-Fri 09:00-17:00; Sat 09:30-13:00"),
        ("Mon 12am-12pm", "Mon 00:00-12:00"),
        ("Mon 1pm-5:30 pm", "Mon 13:00-17:30"),
        ("no pirmdienas līdz piektdienai no 8:00 līdz 17:00", "Mon-Fri 08:00-17:00"),
        ("Monday through Friday 8 to 17", "Mon-Fri 08:00-17:00"),
        ("Darba dienās 8.00–12.00 un 13.00–17.00",
            "Mon-Fri 08:00-12:00; Mon-Fri 13:00-17:00"),
        ("weekdays: 9-17", "Mon-Fri 09:00-17:00"),
        ("katru dienu 8:00-20:00", "Mon-Sun 08:00-20:00"),
        ("from Monday to Friday 9-5", "Mon-Fri 09:00-17:00"),
        ("Tu-Th : 8AM―5PM, Mondays 6–2.", "Mon 06:00-14:00; Tue-Thu 08:00-17:00"),
        ("Mon/Wed 22-6; weekends, 10~14", "Mon 22:00-06:00; Wed 22:00-06:00; Sat-Sun 10:00-14:00"),
        ("nedēļas nogalēs 8-8", "Sat-Sun 08:00-08:00"),
        ("Sestdien un svētdien 10–16", "Sat-Sun 10:00-16:00"),
    ],
)  # fmt: skip
def test_it_is_read_and_written_back(written: str, same: str) -> None:
    assert str(parse_hours(written)) == same
    assert parse_hours(same) == parse_hours(written)


@pytest.mark.parametrize(
    ("english", "latvian"),
    [
        ("Mon-Fri 08:00-17:00; Sat 22:00-06:00", "P–Pk 08:00–17:00; S 22:00–06:00"),
        ("Tue 08:00-12:00; Thu 08:00-12:00; Sun 09:00-10:00",
            "O 08:00–12:00; C 08:00–12:00; Sv 09:00–10:00"),
        ("", ""),
    ],
)  # fmt: skip
def test_who_reads_latvian_has_them_in_latvian(english: str, latvian: str) -> None:
    hours = parse_hours(english)
    assert hours.in_language("lv") == latvian
    assert hours.in_language("en") == english
    assert parse_hours(latvian) == hours


@pytest.mark.parametrize(
    "part",
    [
        "Mon",
        "Mon 8",
        "Mon 13pm-14pm",
        "Mon 9am-13pm",
        "Mon 0am-9am",
        "Mon-Noday 08:00-17:00",
        "Noday 08:00-17:00",
        "Mon 25:00-26:00",
        "Mon 08:60-09:00",
        "x",
    ],
)
def test_what_cannot_be_read_is_named(part: str) -> None:
    with pytest.raises(ValueError, match=f"^{part}$"):
        parse_hours(f"Tue 08:00-09:00; {part}")


@pytest.mark.parametrize(
    ("written", "shifts"),
    [
        ("Mon 00:00-23:59", (Shift(0, 0, 1439),)),
        ("Tue 24:00-08:00", (Shift(1, 1440, 1920),)),
        ("Sun 09:00-09:00", (Shift(6, 540, 1980),)),
        ("Sv-O 09:00-10:00", (Shift(0, 540, 600), Shift(1, 540, 600), Shift(6, 540, 600))),
        ("Tue 12:00-13:00; Mon 9:05-10:00; Mon 08:00-09:00",
            (Shift(0, 480, 540), Shift(0, 545, 600), Shift(1, 720, 780))),
    ],
)  # fmt: skip
def test_what_is_written_as_shifts(written: str, shifts: tuple[Shift, ...]) -> None:
    assert parse_hours(written) == Hours(shifts)


@pytest.mark.parametrize("part", ["Mon 24:01-08:00", "Mon 08:00-09:60", "Mon 08:00-25:00"])
def test_no_clock_shows_it(part: str) -> None:
    with pytest.raises(ValueError, match=f"^{part}$"):
        parse_hours(part)


def test_days_in_a_row_are_written_together_only_where_their_hours_are_the_same() -> None:
    assert str(parse_hours("Mon 08:00-12:00; Tue 08:00-13:00; Wed 09:00-13:00")) == (
        "Mon 08:00-12:00; Tue 08:00-13:00; Wed 09:00-13:00"
    )
    assert str(parse_hours("Mon 08:00-12:00; Tue-Thu 08:00-12:00; Sat 08:00-12:00")) == (
        "Mon-Thu 08:00-12:00; Sat 08:00-12:00"
    )


def test_a_shift_covers_its_first_minute_and_not_its_last() -> None:
    office = parse_hours("Mon 08:00-17:00")
    at = ("07:59", "08:00", "16:59", "17:00")
    assert [office.cover(wall(f"2026-03-02 {clock}")) for clock in at] == [False, True, True, False]
    assert not office.cover(wall("2026-03-03 08:00"))


def test_no_hours_are_always() -> None:
    assert parse_hours("") == ALWAYS
    assert ALWAYS.cover(wall("2026-03-02 03:00"))


@pytest.mark.parametrize(
    ("at", "covered"),
    [
        ("2026-03-06 21:59", False),  # Friday
        ("2026-03-06 22:00", True),
        ("2026-03-06 23:59", True),
        ("2026-03-07 00:00", True),
        ("2026-03-07 05:59", True),
        ("2026-03-07 06:00", False),
        ("2026-03-07 22:30", False),
    ],
)
def test_a_night_shift_runs_into_the_next_day(at: str, covered: bool) -> None:
    assert parse_hours("Fri 22:00-06:00").cover(wall(at)) is covered


def test_a_night_from_sunday_runs_into_monday() -> None:
    night = parse_hours("Sun 22:00-06:00")
    assert night.cover(wall("2026-03-02 05:59"))
    assert not night.cover(wall("2026-03-03 05:59"))


def minutes_on_duty(person: Person, first: str, last: str) -> int:
    """Minutes that pass on duty between two wall times in Rīga."""
    now, end = wall(first).astimezone(UTC), wall(last).astimezone(UTC)
    count = 0
    while now < end:
        count += person.on_duty(now)
        now += timedelta(minutes=1)
    return count


@pytest.mark.parametrize(
    ("saturday", "minutes"),
    [
        ("2026-03-21", 8 * 60),
        ("2026-03-28", 7 * 60),  # 03:00 becomes 04:00 on Sunday the 29th
        ("2026-10-24", 9 * 60),  # 04:00 becomes 03:00 on Sunday the 25th
    ],
)
def test_the_night_the_clock_changes_ends_by_the_wall_clock(saturday: str, minutes: int) -> None:
    sunday = (datetime.fromisoformat(saturday) + timedelta(days=1)).date()
    night = works("Sat 22:00-06:00")
    assert minutes_on_duty(night, f"{saturday} 12:00", f"{sunday} 12:00") == minutes


def test_the_repeated_hour_is_on_duty_both_times() -> None:
    early = works("Sun 03:00-04:00")
    assert minutes_on_duty(early, "2026-10-25 00:00", "2026-10-25 12:00") == 120


def test_the_skipped_hour_is_never() -> None:
    early = works("Sun 03:00-04:00")
    assert minutes_on_duty(early, "2026-03-29 00:00", "2026-03-29 12:00") == 0


def test_duty_ends_where_something_else_begins() -> None:
    now = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
    minute = timedelta(minutes=1)
    free = Person("id", "w", "Anna", ())

    def but(**what: object) -> Person:
        return Person("id", "w", "Anna", (), **what)  # type: ignore[arg-type] # a test's table

    assert free.on_duty(now)
    assert not but(active=False).on_duty(now)
    assert not but(away_until=UNTIL_BACK).on_duty(now)
    assert but(away_until=now).on_duty(now)
    quiet = but(quiet_from=now, quiet_until=now + minute)
    assert [quiet.on_duty(now + minute * n) for n in (-1, 0, 1)] == [True, False, True]


shifts = st.builds(
    lambda weekday, start, length: Shift(weekday, start, start + length),
    st.integers(0, 6),
    st.integers(0, 24 * 60 - 1),
    st.integers(1, 24 * 60),
)


@given(st.lists(shifts, max_size=6, unique=True))
def test_any_hours_survive_being_written(some: list[Shift]) -> None:
    hours = Hours(tuple(sorted(some, key=lambda shift: (shift.weekday, shift.start))))
    again = parse_hours(str(hours))
    monday = datetime(2026, 3, 2, tzinfo=RIGA)
    for minute in range(0, 7 * 24 * 60, 7):
        at = monday + timedelta(minutes=minute)
        assert again.cover(at) == hours.cover(at)
