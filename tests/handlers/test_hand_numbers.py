"""A week's hands in numbers, in the workspace's own days."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from handlers.escalation.numbers import Numbers, Raised, count
from handlers.kit.weeks import CalendarDay, CalendarWeek, week_around


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "back", "start", "end"),
    [
        ("2026-03-04T10:30:15.250", 0, "2026-03-01T22:00", "2026-03-08T22:00"),
        ("2026-03-04T10:30", 1, "2026-02-22T22:00", "2026-03-01T22:00"),
        # Monday begins at midnight in Riga, two hours before it does by UTC.
        ("2026-03-01T21:59", 0, "2026-02-22T22:00", "2026-03-01T22:00"),
        ("2026-03-01T22:00", 0, "2026-03-01T22:00", "2026-03-08T22:00"),
        # The week in which the clocks go forward is an hour shorter.
        ("2026-03-25T10:00", 0, "2026-03-22T22:00", "2026-03-29T21:00"),
    ],
)
def test_a_week_runs_from_monday_s_midnight_to_the_next(
    now: str, back: int, start: str, end: str
) -> None:
    week = week_around(utc(now), "Europe/Riga", back)
    assert week == CalendarWeek(utc(start), utc(end), "Europe/Riga")


WEEK = week_around(utc("2026-03-04T10:00"), "Europe/Riga", 0)
DAYS = WEEK.days


@dataclass(frozen=True)
class Hand:
    """One that went up then; somebody came after so many seconds, or nobody."""

    at: str
    waited: int | None
    unanswered: bool = False


def raised(*hands: Hand) -> list[Raised]:
    return [_on([hand for hand in hands if day.start <= utc(hand.at) < day.end]) for day in DAYS]


def _on(hands: Sequence[Hand]) -> Raised:
    return Raised(
        len(hands),
        Counter(hand.waited for hand in hands if hand.waited is not None),
        sum(hand.waited is None and hand.unanswered for hand in hands),
    )


def test_a_week_has_seven_days_of_which_one_may_be_an_hour_shorter() -> None:
    days = week_around(utc("2026-03-25T10:00"), "Europe/Riga", 0).days
    assert len(days) == 7
    assert days[0] == CalendarDay(utc("2026-03-22T22:00"), utc("2026-03-23T22:00"))
    assert days[6] == CalendarDay(utc("2026-03-28T22:00"), utc("2026-03-29T21:00"))


def test_what_supervisors_see_of_a_week() -> None:
    hands = [
        Hand("2026-03-02T08:00", 40),
        Hand("2026-03-02T21:59", 10),
        Hand("2026-03-02T22:00", 20),  # Tuesday in Riga
        Hand("2026-03-06T12:00", 100, unanswered=True),  # somebody came after the honest card
        Hand("2026-03-07T12:00", None, unanswered=True),
        Hand("2026-03-08T12:00", None),  # taken down before anybody could come
    ]
    assert count(raised(*hands), WEEK) == Numbers(
        start=WEEK.start,
        end=WEEK.end,
        hands=6,
        unanswered=1,
        median=30.0,
        p95=100.0,
        by_day=(2, 1, 0, 0, 1, 1, 1),
    )


def test_the_95th_percentile_is_a_wait_that_there_was() -> None:
    def p95(waits: int) -> float | None:
        hands = [Hand("2026-03-02T08:00", wait) for wait in range(waits, 0, -1)]
        return count(raised(*hands), WEEK).p95

    assert [p95(number) for number in (1, 19, 20, 21, 40)] == [1, 19, 19, 20, 38]


def test_a_week_in_which_nobody_came_has_no_median() -> None:
    empty = Numbers(WEEK.start, WEEK.end, 0, 0, None, None, (0,) * 7)
    assert count(raised(), WEEK) == empty
    alone = [Hand("2026-03-05T12:00", None, unanswered=True)]
    assert count(raised(*alone), WEEK) == Numbers(
        WEEK.start, WEEK.end, 1, 1, None, None, (0, 0, 0, 1, 0, 0, 0)
    )
