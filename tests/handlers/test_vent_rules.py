"""The rules of vents, whatever people do and however time passes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.availability.rest import shift_ends
from handlers.kit.hours import parse_hours
from handlers.kit.people import Person
from handlers.vents import model
from handlers.vents.model import (
    Limits,
    Listener,
    Listens,
    Tally,
    Vent,
    VentState,
    Week,
    When,
    Wish,
    few_words,
    may_listen,
    week_of,
)

MONDAY = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
RIGA = ZoneInfo("Europe/Riga")


def asked(**also: object) -> Vent:
    return replace(
        Vent(
            id="v",
            workspace="w",
            asker="anna",
            listener="liga",
            wish=Wish.LISTEN,
            when=When.NOW,
            words="",
            ends_at=MONDAY + model.ANSWER_WITHIN,
        ),
        **also,  # type: ignore[arg-type] # fields by name, as each test has them
    )


@given(
    st.integers(1, 4),
    st.integers(0, 120),
    st.one_of(st.none(), st.integers(1, 4)),
    st.lists(st.tuples(st.integers(0, 400), st.integers(0, 90)), max_size=60),
    st.sampled_from([MONDAY, datetime(2026, 3, 28, 20, 0, tzinfo=UTC)]),
)
def test_a_listener_is_never_asked_beyond_any_limit(
    most: int, gap: int, own: int | None, tries: list[tuple[int, int]], start: datetime
) -> None:
    """Tries so many minutes after each other; each that is let in lasts so many minutes. Over the
    night in which the clocks go forward, too."""
    limits = Limits(most, timedelta(minutes=gap))
    listener = Listener("liga", "w", Listens.GLADLY, own)
    tallies: dict[object, Tally] = {}
    held: list[tuple[datetime, datetime]] = []
    now = start
    for wait, lasts in tries:
        now += timedelta(minutes=wait)
        day = now.astimezone(RIGA).date()
        today = tallies.get(day, Tally())
        yesterday = tallies.get(day - timedelta(days=1), Tally())
        if not may_listen(listener, limits, today, yesterday, now):
            continue
        end = now + timedelta(minutes=lasts)
        tallies[day] = Tally(today.count + 1, now)
        last = end.astimezone(RIGA).date()
        tallies[last] = replace(tallies.get(last, Tally()), at=end)
        held.append((now, end))
        now = end
    days = [begun.astimezone(RIGA).date() for begun, _ in held]
    assert all(days.count(day) <= min(most, own or most) for day in days)
    for (_, ended), (begun, _) in pairwise(held):
        assert begun - ended >= limits.gap


@given(st.integers(0, 3), st.one_of(st.none(), st.integers(0, 10_000)))
def test_not_these_days_means_never(count: int, minutes: int | None) -> None:
    at = None if minutes is None else MONDAY - timedelta(minutes=minutes)
    listener = Listener("liga", "w", Listens.NOT_NOW)
    assert not may_listen(listener, Limits(10, timedelta()), Tally(count, at), Tally(), MONDAY)


def test_a_no_and_a_silence_lead_to_the_same_vent_at_the_same_moment() -> None:
    at = MONDAY + model.ANSWER_WITHIN
    silent = model.step(asked(), at)
    assert silent == model.step(model.not_today(asked()), at)
    after, notices = silent
    assert after is not None
    assert after.state is VentState.UNANSWERED
    assert after.tried == ("liga",)
    assert [(notice.kind, notice.to) for notice in notices] == [(model.ANSWER, ("anna",))]


def test_whoever_cannot_be_asked_is_sent_nothing() -> None:
    kinds = [(notice.kind, notice.to) for notice in model.ask(asked(awaits=False), MONDAY)]
    assert kinds == [(model.ASKED, ("anna",))]


@given(st.lists(st.sampled_from(["tap", "breathe", "skip", "wait"]), max_size=30), st.integers(0))
def test_an_open_conversation_ends_45_minutes_after_the_last_tap(
    taps: list[str], seed: int
) -> None:
    vent, _ = model.yes(asked(), MONDAY)
    now = last = MONDAY
    for number, tap in enumerate(taps):
        now += timedelta(seconds=(seed + number * 7) % 600)
        while vent.step_at <= now:
            stepped, _ = model.step(vent, vent.step_at)
            assert stepped is not None, "at most ten minutes between two taps"
            vent = stepped
        if tap == "tap":
            vent = model.tap(vent, now)
        elif tap == "breathe":
            vent = model.breathe(vent, now)
        elif tap == "skip":
            vent = model.stop_breathing(model.tap(vent, now))
        if tap != "wait":
            last = now
        elif now - last > timedelta(minutes=30):
            vent, last = model.tap(vent, now), now
        assert vent.breath <= model.BREATHS
    while vent.breath:
        stepped, _ = model.step(vent, vent.step_at)
        assert stepped is not None
        vent = stepped
    assert vent.step_at == last + model.QUIET_AFTER
    assert model.step(vent, vent.step_at) == (None, ())


@pytest.mark.parametrize(
    ("typed", "kept", "cut"),
    [
        ("", "", False),
        ("he shouted", "he shouted", False),
        ("  one two\nthree four five ", "one two three four five", False),
        ("one two three four five six", "one two three four five", True),
        ("ā" * 200, "ā" * 80, True),
    ],
)
def test_five_words_at_most(typed: str, kept: str, cut: bool) -> None:
    assert few_words(typed) == (kept, cut)


@pytest.mark.parametrize(
    ("hours", "now", "ends"),
    [
        ("Mon-Fri 08:00-17:00", "2026-03-02T10:00", "2026-03-02T17:00"),
        ("Mon-Fri 08:00-17:00", "2026-03-02T17:00", None),
        ("", "2026-03-02T10:00", None),
        ("Mon 22:00-06:00", "2026-03-03T01:00", "2026-03-03T06:00"),
        # The night in which the clocks go forward, and the one in which they go back.
        ("Sat 22:00-06:00", "2026-03-29T02:30", "2026-03-29T06:00"),
        ("Sat 22:00-06:00", "2026-10-25T03:30", "2026-10-25T06:00"),
    ],
)
def test_when_a_shift_ends(hours: str, now: str, ends: str | None) -> None:
    at = datetime.fromisoformat(now).replace(tzinfo=RIGA).astimezone(UTC)
    found = shift_ends(Person("anna", "w", "Anna", (), hours=parse_hours(hours)), at)
    expected = datetime.fromisoformat(ends).replace(tzinfo=RIGA) if ends else None
    assert found == (expected.astimezone(UTC) if expected else None)


@given(st.integers(0, 20), st.integers(0, 20))
def test_a_week_is_shown_from_five_people_on(vents: int, people: int) -> None:
    assert Week(MONDAY, vents, people).shown == (vents if people >= 5 else None)


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)))  # noqa: DTZ001 - made aware below
def test_a_week_begins_on_monday_and_holds_the_moment(naive: datetime) -> None:
    now = naive.replace(tzinfo=UTC)
    start = week_of(now)
    assert start.weekday() == 0
    assert timedelta(0) <= now - start < timedelta(days=7)
