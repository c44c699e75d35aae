"""Nothing that is not urgent falls into rest."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.kit.hours import Hours, Shift, parse_hours
from handlers.kit.people import UNTIL_BACK, Address, Person
from handlers.plans.rest import PAUSE, RestRules, reachable_from, stints

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
    assert reachable_from(replace(ANNA, away_until=now), now, RULES, is_free) == now


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
@settings(max_examples=400)
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
