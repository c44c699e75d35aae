"""What "away until" means, in both languages."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from handlers.kit.people import UNTIL_BACK
from handlers.people.model import away_between, away_until

RIGA = "Europe/Riga"


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(RIGA)).astimezone(UTC)


MONDAY_TEN = wall("2026-03-02 10:00")


@pytest.mark.parametrize(
    ("text", "until"),
    [
        ("14:20", "2026-03-02 14:20"),
        ("14.20", "2026-03-02 14:20"),
        ("until 14:20", "2026-03-02 14:20"),
        ("līdz 14:20", "2026-03-02 14:20"),
        ("23:59", "2026-03-02 23:59"),
        ("0:00", "2026-03-03 00:00"),
        ("lidz 9:05", "2026-03-03 09:05"),
        ("10:00", "2026-03-03 10:00"),
        ("30", "2026-03-02 10:30"),
        ("for 30", "2026-03-02 10:30"),
        ("until 16", "2026-03-02 16:00"),
        ("līdz 16", "2026-03-02 16:00"),
        ("until Monday 10:00", "2026-03-09 10:00"),
        ("līdz pirmdienai plkst. 10.00", "2026-03-09 10:00"),
        ("2 h", "2026-03-02 12:00"),
        ("2h", "2026-03-02 12:00"),
        ("1 hour", "2026-03-02 11:00"),
        ("3 hours", "2026-03-02 13:00"),
        ("2 st", "2026-03-02 12:00"),
        ("1 stunda", "2026-03-02 11:00"),
        ("1 stundu", "2026-03-02 11:00"),
        ("2 stundas", "2026-03-02 12:00"),
        ("2 stundām", "2026-03-02 12:00"),
        ("45 min", "2026-03-02 10:45"),
        ("45m", "2026-03-02 10:45"),
        ("1 minute", "2026-03-02 10:01"),
        ("45 minutes", "2026-03-02 10:45"),
        ("1 minūti", "2026-03-02 10:01"),
        ("45 minūtes", "2026-03-02 10:45"),
        ("45 minūtēm", "2026-03-02 10:45"),
        ("tomorrow", "2026-03-03 06:00"),
        ("rīt", "2026-03-03 06:00"),
        ("līdz rītdienai", "2026-03-03 06:00"),
        ("until Wednesday", "2026-03-04 06:00"),
        ("wed", "2026-03-04 06:00"),
        ("līdz trešdienai", "2026-03-04 06:00"),
        ("TREŠDIEN", "2026-03-04 06:00"),
        ("tresdiena", "2026-03-04 06:00"),
        ("Monday", "2026-03-09 06:00"),
        ("mon", "2026-03-09 06:00"),
        ("sun", "2026-03-08 06:00"),
        ("svētdienai", "2026-03-08 06:00"),
        ("ceturtdien", "2026-03-05 06:00"),
        ("24.12.", "2026-12-24 06:00"),
        ("24.12", "2026-12-24 06:00"),
        ("29.1.", "2027-01-29 06:00"),
        ("2.3.", "2026-03-03 06:00"),  # all of today, and never next year
        ("02.03.2026", "2026-03-03 06:00"),
        ("2026-03-02", "2026-03-03 06:00"),
        ("24.12.2026", "2026-12-24 06:00"),
        ("24.12.2026.", "2026-12-24 06:00"),
        ("24. 12. 2026", "2026-12-24 06:00"),
        ("2026-12-24", "2026-12-24 06:00"),
        ("2026–12–24", "2026-12-24 06:00"),
        ("02.03.2027", "2027-03-02 06:00"),
        ("today", "2026-03-03 06:00"),
        ("šodien", "2026-03-03 06:00"),
        ("līdz šodienas beigām", "2026-03-03 06:00"),
        ("parīt", "2026-03-04 06:00"),
        ("pusstunda", "2026-03-02 10:30"),
        ("pusstundu", "2026-03-02 10:30"),
        ("half an hour", "2026-03-02 10:30"),
        ("stundu", "2026-03-02 11:00"),
        ("pusotru stundu", "2026-03-02 11:30"),
        ("1,5 h", "2026-03-02 11:30"),
        ("2h30m", "2026-03-02 12:30"),
        ("2 st. 30 min.", "2026-03-02 12:30"),
        ("½ h", "2026-03-02 10:30"),
        ("uz divām stundām", "2026-03-02 12:00"),
        ("for an hour, please", "2026-03-02 11:00"),
        ("plkst. 14.20", "2026-03-02 14:20"),
        ("līdz plkst. 14", "2026-03-02 14:00"),
        ("until 14", "2026-03-02 14:00"),
        ("till 2:20 pm", "2026-03-02 14:20"),
        ("12 am", "2026-03-03 00:00"),
        ("rīt 14:20", "2026-03-03 14:20"),
        ("līdz pirmdienai plkst. 9.00", "2026-03-09 09:00"),
        ("tomorrow at 9", "2026-03-03 09:00"),
        ("today 18:00", "2026-03-02 18:00"),
        ("2026-12-24T14:20", "2026-12-24 14:20"),
        ("24.12. 14.20", "2026-12-24 14:20"),
        ("24/12", "2026-12-24 06:00"),
        ("24/12/2026", "2026-12-24 06:00"),
        ("24-12-2026", "2026-12-24 06:00"),
        ("24. decembrim", "2026-12-24 06:00"),
        ("2026. gada 24. decembrim", "2026-12-24 06:00"),
        ("24th of December", "2026-12-24 06:00"),
        ("Dec 24, 2026", "2026-12-24 06:00"),
        ("10.12.", "2026-12-10 06:00"),
        ("10.12", "2026-03-02 10:12"),
        ("3 dienas", "2026-03-05 06:00"),
        ("2d", "2026-03-04 06:00"),
        ("uz nedēļu", "2026-03-09 06:00"),
        ("pēc nedēļas", "2026-03-09 06:00"),
        ("2w", "2026-03-16 06:00"),
        ("uz mēnesi", "2026-04-02 06:00"),
        ("two months", "2026-05-02 06:00"),
        ("nākamajai nedēļai", "2026-03-09 06:00"),
        ("end of the week", "2026-03-09 06:00"),
        ("līdz nedēļas nogalei", "2026-03-07 06:00"),
        ("līdz mēneša beigām", "2026-04-01 06:00"),
        ("rīt no rīta", "2026-03-03 06:00"),
        ("rīt no rīta plkst. 8", "2026-03-03 08:00"),
        ("rīt deviņos", "2026-03-03 09:00"),
        ("tomorrow morning", "2026-03-03 06:00"),
        ("9:00 tomorrow", "2026-03-03 09:00"),
        ("aizparīt", "2026-03-05 06:00"),
        ("pirmdienas vakaram", "2026-03-09 18:00"),
        ("until Friday evening", "2026-03-06 18:00"),
        ("tonight", "2026-03-02 18:00"),
        ("līdz pusdienlaikam", "2026-03-02 12:00"),
        ("līdz pirmdienai 10:00", "2026-03-09 10:00"),
        ("Wed 9", "2026-03-04 09:00"),
        ("pirmd.", "2026-03-09 06:00"),
        ("next Monday", "2026-03-09 06:00"),
        ("nākampirmdien", "2026-03-09 06:00"),
        ("this Friday", "2026-03-06 06:00"),
        ("šopiektdien", "2026-03-06 06:00"),
        ("šodien līdz 17:00", "2026-03-02 17:00"),
        ("5 p.m.", "2026-03-02 17:00"),
        ("24:00", "2026-03-03 00:00"),
        ("tomorrow 24:00", "2026-03-04 00:00"),
        ("24.12.26", "2026-12-24 06:00"),
        ("2026. g. 24. decembrī", "2026-12-24 06:00"),
        ("the 24th of December", "2026-12-24 06:00"),
        ("līdz 24. decembrim plkst. 10.00", "2026-12-24 10:00"),
        ("1½ h", "2026-03-02 11:30"),
        ("3/4 h", "2026-03-02 10:45"),
        ("1.25 h", "2026-03-02 11:15"),
        ("1h30", "2026-03-02 11:30"),
        ("pusotra stunda", "2026-03-02 11:30"),
        ("divarpus stundas", "2026-03-02 12:30"),
        ("two and a half hours", "2026-03-02 12:30"),
        ("stundu un 15 minūtes", "2026-03-02 11:15"),
        ("forty-five minutes", "2026-03-02 10:45"),
        ("četrdesmit piecas minūtes", "2026-03-02 10:45"),
        ("divpadsmit minūtes", "2026-03-02 10:12"),
        (".5 h", "2026-03-02 10:30"),
        ("1:30 h", "2026-03-02 11:30"),
        ("1:30st.", "2026-03-02 11:30"),
        ("2 часа и 15 минут", "2026-03-02 12:15"),
        ("до 14:20", "2026-03-02 14:20"),
        ("на 30", "2026-03-02 10:30"),
        ("apmēram 10 minūšu", "2026-03-02 10:10"),
        ("~ 10 min?", "2026-03-02 10:10"),
        ("„10 min”", "2026-03-02 10:10"),
        ("2 stundiņas", "2026-03-02 12:00"),
        ("rīt 9os", "2026-03-03 09:00"),
        ("9 no rīta", "2026-03-03 09:00"),
        ("5 in the afternoon", "2026-03-02 17:00"),
        ("20 vakarā", "2026-03-02 20:00"),
        ("šovakar 20:00", "2026-03-02 20:00"),
        ("tonight at 8", "2026-03-02 20:00"),
        ("tomorrow at noon", "2026-03-03 12:00"),
        ("ceturtdien, 24. decembrī", "2026-12-24 06:00"),
        ("Thursday 24 December 14:00", "2026-12-24 14:00"),
        ("līdz gada beigām", "2027-01-01 06:00"),
    ],
)
def test_it_is_understood(text: str, until: str) -> None:
    assert away_until(text, MONDAY_TEN, RIGA) == wall(until)


@pytest.mark.parametrize("text", ["1.3.", "30.1.", "until 28.2.", "līdz 1. martam"])
def test_a_day_that_is_over_lately_is_no_day_in_a_year_s_time(text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(text)):
        away_until(text, MONDAY_TEN, RIGA)


@pytest.mark.parametrize("text", ["", "  ", "until", "līdz"])
def test_nothing_is_until_they_are_back(text: str) -> None:
    assert away_until(text, MONDAY_TEN, RIGA) == UNTIL_BACK


@pytest.mark.parametrize(
    "text",
    [
        "soon",
        "drīz",
        "25:00",
        "14:60",
        "0 min",
        "32.1.",
        "30.2.",
        "1.13.",
        "2",
        "9999 h",
        "Monday 24 December",
        "-5 min",
        "mond",
        "04.03.2027",
        "01.03.2026",
        "2026-03-01",
        "2026-13-01",
        "29.02.2027",
        "12/24/26",
        "12/24/2026",
        "31.04.",
        "31. aprīlis",
        "24.12.–26.12.",
        "nākamo piektdienu",  # of this week, or of the next
        "next Friday",
        "17.00 h",
        "9:00 h",
        "no 24.12. līdz 26.12.",
        "24:01",
        "29.02.2026",
        "31. novembrī",
        "līdz 9",
        "today 9:00",
        "13 pm",
        "0 days",
        "1,5 min",
        "9999 weeks",
        "2 h " * 20,
    ],
)
def test_what_cannot_be_read_is_named(text: str) -> None:
    with pytest.raises(ValueError) as error:  # noqa: PT011 - the text is compared below
        away_until(text, MONDAY_TEN, RIGA)
    assert error.value.args == (text,)


def test_a_day_is_today_until_its_end_and_before_dawn_its_morning() -> None:
    for clock, until in (("05:59", "24 06:00"), ("06:00", "25 06:00"), ("23:59", "25 06:00")):
        for day in ("24.12.", "24.12.2026", "2026-12-24"):
            now = wall(f"2026-12-24 {clock}")
            assert away_until(day, now, RIGA) == wall(f"2026-12-{until}")


def test_a_moment_is_named_to_the_minute() -> None:
    """Whatever second it is asked in."""
    now = wall("2026-03-04 10:00:31.25")  # a Wednesday
    assert away_until("14:20", now, RIGA) == wall("2026-03-04 14:20")
    assert away_until("10:00", now, RIGA) == wall("2026-03-05 10:00")
    assert away_until("tomorrow", wall("2026-03-04 10:17:31.25"), RIGA) == wall("2026-03-05 06:00")
    assert away_until("24.12.", now, RIGA) == wall("2026-12-24 06:00")
    assert away_until("2 h", now, RIGA) == wall("2026-03-04 12:00:31.25")


@pytest.mark.parametrize(
    ("day", "until"),
    [
        ("monday", "2026-03-09"),
        ("tuesday", "2026-03-10"),
        ("wednesday", "2026-03-11"),
        ("thursday", "2026-03-05"),
        ("friday", "2026-03-06"),
    ],
)
def test_a_day_s_name_is_the_next_one(day: str, until: str) -> None:
    assert away_until(day, wall("2026-03-04 10:00"), RIGA) == wall(f"{until} 06:00")


def test_it_is_in_utc_whatever_the_zone() -> None:
    until = away_until("14:20", MONDAY_TEN, "America/New_York")
    assert until.utcoffset() == timedelta(0)


def test_a_year_ahead_is_the_furthest() -> None:
    assert away_until("8784 h", MONDAY_TEN, RIGA) == MONDAY_TEN + timedelta(days=366)
    with pytest.raises(ValueError, match="8785 h"):
        away_until("8785 h", MONDAY_TEN, RIGA)


def test_it_is_the_persons_own_clock() -> None:
    assert away_until("14:20", MONDAY_TEN, "America/New_York") == datetime(
        2026, 3, 2, 19, 20, tzinfo=UTC
    )


def test_hours_that_pass_are_counted_across_a_change_of_the_clock() -> None:
    """Two hours are two hours, though the wall clock shows three."""
    assert away_until("2 h", wall("2026-03-29 02:00"), RIGA) == wall("2026-03-29 05:00")
    assert away_until("2 h", wall("2026-10-25 02:30"), RIGA) == datetime(
        2026, 10, 25, 1, 30, tzinfo=UTC
    )


def test_tomorrows_clock_is_tomorrows_across_a_change() -> None:
    assert away_until("09:00", wall("2026-03-28 10:00"), RIGA) == wall("2026-03-29 09:00")
    assert away_until("tomorrow", wall("2026-10-24 10:00"), RIGA) == wall("2026-10-25 06:00")


def test_the_29th_of_february_is_a_day_that_comes() -> None:
    now = wall("2027-06-01 10:00")
    assert away_until("29.2.", now, RIGA) == wall("2028-02-29 06:00")


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("9.3.-13.3.", "2026-03-09 00:00", "2026-03-14 00:00"),
        ("9.-13. martam", "2026-03-09 00:00", "2026-03-14 00:00"),
        ("9-13 March", "2026-03-09 00:00", "2026-03-14 00:00"),
        ("9.-13.3.", "2026-03-09 00:00", "2026-03-14 00:00"),
        ("2026-03-09 – 2026-03-13", "2026-03-09 00:00", "2026-03-14 00:00"),
        ("from Monday to Friday", "2026-03-09 00:00", "2026-03-14 00:00"),
        ("no pirmdienas līdz piektdienai", "2026-03-09 00:00", "2026-03-14 00:00"),
        ("5.3.-5.3.", "2026-03-05 00:00", "2026-03-06 00:00"),
        ("14:00-15:30", "2026-03-02 14:00", "2026-03-02 15:30"),
        ("no 14:00 līdz 15:30", "2026-03-02 14:00", "2026-03-02 15:30"),
        ("tomorrow 10:00 to tomorrow 12:00", "2026-03-03 10:00", "2026-03-03 12:00"),
        ("9.3. 12:00 - 10.3. 8:00", "2026-03-09 12:00", "2026-03-10 08:00"),
        ("24.12.-2.1.", "2026-12-24 00:00", "2027-01-03 00:00"),
        ("next week", "2026-03-09 00:00", "2026-03-16 00:00"),
        ("all next week", "2026-03-09 00:00", "2026-03-16 00:00"),
        ("visu nākamo nedēļu", "2026-03-09 00:00", "2026-03-16 00:00"),
        ("Nākamnedēļ.", "2026-03-09 00:00", "2026-03-16 00:00"),
        # The days are whole ones over the change of the clock, too.
        ("28.3.-29.3.", "2026-03-28 00:00", "2026-03-30 00:00"),
    ],
)
def test_from_when_to_when(text: str, start: str, end: str) -> None:
    assert away_between(text, MONDAY_TEN, RIGA) == (wall(start), wall(end))


@pytest.mark.parametrize(
    "text",
    [
        *("", "until Monday", "2026-12-24", "half-hour", "to the doctor"),
        *("until next week", "līdz nākamnedēļai", "9.3.-somewhen", "somewhen-9.3."),
    ],
)
def test_what_is_no_stretch(text: str) -> None:
    assert away_between(text, MONDAY_TEN, RIGA) is None


@pytest.mark.parametrize(
    "text",
    [
        *("13.3.-9.3.", "1.3.2025-2.3.2025", "1.12.-1.4.2027", "14:00-14:00"),
        "2027-03-03 09:00 to 2027-03-03 10:01",
    ],
)
def test_a_stretch_that_is_over_or_too_long(text: str) -> None:
    with pytest.raises(ValueError, match="-"):
        away_between(text, MONDAY_TEN, RIGA)


def test_a_stretch_may_end_a_year_ahead() -> None:
    day = "2027-03-03"
    assert away_between(f"{day} 09:00 to {day} 10:00", MONDAY_TEN, RIGA) == (
        wall(f"{day} 09:00"),
        wall(f"{day} 10:00"),
    )


def test_next_week_begins_with_the_coming_monday_on_any_day() -> None:
    week = (wall("2026-03-09 00:00"), wall("2026-03-16 00:00"))
    for day in ("2026-03-04 10:00", "2026-03-08 23:59"):
        assert away_between("next week", wall(day), RIGA) == week
