"""What is remembered of a number: how it is known, and when a promise's day is told of."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from handlers.callers.model import (
    CallNote,
    Earlier,
    Ending,
    Known,
    Memory,
    Promise,
    PromiseState,
    awaited,
    due_key,
    handed_to,
    is_due,
    settled,
    told,
)
from handlers.kit.people import Person

NOW = datetime(2026, 3, 4, 8, 0, tzinfo=UTC)
"""A Wednesday, ten in the morning in Riga."""

WEDNESDAY, THURSDAY, FRIDAY = (date(2026, 3, day) for day in (4, 5, 6))


def ago(**how_long: float) -> datetime:
    return NOW - timedelta(**how_long)


def earlier(began_at: datetime, **also: object) -> Earlier:
    plain = Earlier("e", began_at, None, False, None, None)
    return replace(plain, **also)  # type: ignore[arg-type] # by name


def promise(due: date = THURSDAY, **also: object) -> Promise:
    plain = Promise("p", "w", "c", "anna", "r", "bills", "a new bill", due, ago(hours=1))
    return replace(plain, **also)  # type: ignore[arg-type] # by name


NOTE = CallNote("c", "w", "anna", "r", ago(days=9), "bills")
ENDING = Ending("x", "w", "r", ago(days=9), {"en": "Threats"}, 2)


class TestKnown:
    @pytest.mark.parametrize(
        ("last", "known"),
        [
            # a call that ended so short a while ago was cut off, but one that went on was not
            ({"ended_at": NOW}, Known.CUT_OFF),
            ({"ended_at": ago(minutes=14, seconds=59)}, Known.CUT_OFF),
            ({"ended_at": ago(minutes=15)}, Known.AGAIN),
            ({"ended_at": NOW + timedelta(seconds=1)}, Known.AGAIN),
            ({"ended_at": ago(minutes=5), "transferred": True}, Known.AGAIN),
            ({}, Known.AGAIN),
            ({"began_at": ago(days=6, hours=23, minutes=59)}, Known.AGAIN),
            ({"began_at": ago(days=7)}, Known.KNOWN),
            ({"began_at": ago(days=8), "ended_at": ago(minutes=5)}, Known.CUT_OFF),
        ],
    )
    def test_by_the_last_call(self, last: dict[str, object], known: Known) -> None:
        one = earlier(**{"began_at": ago(minutes=30), **last})  # type: ignore[arg-type] # by name
        assert Memory(NOW, (one, earlier(ago(minutes=20), ended_at=ago(minutes=1)))).known is known

    @pytest.mark.parametrize(
        "also",
        [{"notes": (NOTE,)}, {"promises": (promise(),)}, {"endings": (ENDING,)}],
        ids=("notes", "promises", "endings"),
    )
    def test_by_whatever_is_kept_of_it(self, also: dict[str, object]) -> None:
        assert replace(Memory(NOW), **also).known is Known.KNOWN  # type: ignore[arg-type] # by name

    def test_of_a_new_number_there_is_nothing_to_say(self) -> None:
        assert Memory(NOW).known is None


class TestTimes:
    def test_in_a_week_in_which_it_called_those_calls_count_and_this_one(self) -> None:
        calls = (earlier(ago(hours=1)), earlier(ago(days=2)), earlier(ago(days=7)))
        assert Memory(NOW, calls).times("Europe/Riga") == (3, 3)

    def test_else_all_that_are_remembered_do(self) -> None:
        calls = (earlier(ago(days=7)), earlier(ago(days=20)))
        times = Memory(NOW, calls).times("Europe/Riga")
        assert repr(times) == "(3, 21)", "people read them: days are whole"

    def test_the_days_are_those_of_whoever_reads(self) -> None:
        late = Memory(NOW, (earlier(datetime(2026, 3, 3, 22, 30, tzinfo=UTC)),))
        assert late.times("Europe/Riga") == (2, 1)
        assert late.times("UTC") == (2, 2)

    def test_a_first_call_is_the_first_today(self) -> None:
        assert Memory(NOW).times("Europe/Riga") == (1, 1)


def test_what_it_was_about_last_is_what_somebody_said_of_it() -> None:
    untold = replace(NOTE, topic=None)
    calls = (earlier(ago(hours=1)), earlier(ago(hours=2), topic="meters"))
    assert Memory(NOW, calls, (untold, NOTE)).topic == "bills"
    assert Memory(NOW, calls, (untold,)).topic == "meters"
    assert Memory(NOW).topic is None


# --- promises ---------------------------------------------------------------------------------


def riga(day: int, hour: int, minute: int = 0) -> datetime:
    """Of March, by Riga's clocks in winter."""
    return datetime(2026, 3, day, hour - 2, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "next_at"),
    [
        (riga(2, 12), riga(4, 9)),
        (riga(4, 8, 59), riga(4, 9)),
        # at nine itself, and after it, that morning is over
        (riga(4, 9), riga(5, 9)),
        (riga(5, 9), riga(6, 9)),
        (riga(6, 8, 59), riga(6, 9)),
        (riga(6, 9), None),
    ],
)
def test_a_promise_is_told_of_on_the_day_before_or_on_its_day_or_on_the_day_after(
    now: datetime, next_at: datetime | None
) -> None:
    assert awaited(promise(), "Europe/Riga", now) == promise(next_at=next_at)


def test_its_mornings_are_those_where_its_promiser_is_whatever_the_clocks_do() -> None:
    monday = promise(date(2026, 3, 30))  # on the 29th Riga's clocks go forward
    assert awaited(monday, "Europe/Riga", NOW).next_at == datetime(2026, 3, 29, 6, tzinfo=UTC)
    assert awaited(monday, "America/New_York", NOW).next_at == datetime(2026, 3, 29, 13, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "next_at"),
    [
        (riga(4, 9), riga(6, 9)),
        (riga(5, 9), riga(6, 9)),
        (riga(6, 8, 59), riga(6, 9)),
        (riga(6, 9), None),
    ],
)
def test_who_was_told_is_told_once_more_on_the_day_after(
    now: datetime, next_at: datetime | None
) -> None:
    one = promise(next_at=riga(4, 9))
    assert told(one, "Europe/Riga", now) == promise(next_at=next_at)


def test_of_a_settled_one_nobody_is_told_any_more() -> None:
    one = promise(next_at=riga(6, 9))
    assert settled(one, PromiseState.NOT_POSSIBLE, NOW) == promise(
        state=PromiseState.NOT_POSSIBLE, settled_at=NOW
    )


def test_a_colleague_gets_the_same_promise_as_theirs_with_their_own_mornings() -> None:
    given = promise(FRIDAY, state=PromiseState.HANDED_OVER, settled_at=NOW)
    colleague = Person("ivo", "w", "Ivo", (), zone="UTC")
    assert handed_to(given, colleague, "q", NOW) == promise(
        FRIDAY, id="q", promiser="ivo", next_at=datetime(2026, 3, 5, 9, tzinfo=UTC)
    )


def test_it_is_due_from_the_day_before_for_as_long_as_it_is_open() -> None:
    def due(**also: object) -> bool:
        return is_due(promise(FRIDAY, **also), THURSDAY)

    assert due()
    assert is_due(promise(FRIDAY), date(2026, 3, 20))
    assert not is_due(promise(FRIDAY), WEDNESDAY)
    assert not due(state=PromiseState.KEPT)
    assert not due(state=PromiseState.HANDED_OVER)
    assert not due(state=PromiseState.NOT_POSSIBLE)


def test_a_day_s_message_is_one_a_person() -> None:
    assert due_key("anna", THURSDAY) == "anna.2026-03-05"
