"""What each feature counts in a week, as a report asks for it: figures, and nobody's name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, cast

from bot.texts import texts
from handlers.breaks import numbers as of_breaks
from handlers.breaks.model import Breaks
from handlers.escalation import numbers as of_hands
from handlers.escalation.numbers import HandDays, Raised
from handlers.kit.weeks import ByDay, CalendarDay, Figure, InWeek, Unit, week_around
from handlers.supervision.sessions import numbers as of_sessions
from handlers.supervision.sessions.model import Sessions
from handlers.work import Occasion, Services, Work

NOW = datetime(2026, 3, 4, 10, tzinfo=UTC)
WEEK, LAST_WEEK = (week_around(NOW, "Europe/Riga", back) for back in (0, 1))


@dataclass(frozen=True)
class FakeWeek:
    """What is kept of one week in one workspace, in memory."""

    end: datetime = WEEK.end
    start: datetime = WEEK.start
    moved: int = 0
    held: int = 0
    raised: Sequence[Raised] = ()

    def of(self, kind: object) -> "FakeWeek":
        assert kind in (Breaks, HandDays, Sessions)
        return self

    def moves(self, workspace: str, first: date, last: date) -> int:
        assert (workspace, first, last) == ("w", date(2026, 3, 2), date(2026, 3, 8))
        return self.moved

    def planned_between(self, workspace: str, start: datetime, end: datetime) -> int:
        assert (workspace, start, end) == ("w", self.start, self.end)
        return self.held

    def counted(
        self, workspace: str, days: Sequence[CalendarDay], now: datetime
    ) -> Sequence[Raised]:
        assert (workspace, days[0].start, days[-1].end, now) == ("w", self.start, self.end, NOW)
        return self.raised


def on(week: FakeWeek) -> Occasion:
    nothing: Any = None  # it asks for no words, ids or links
    services = Services(texts, nothing, nothing, nothing, nothing, nothing, hearers={})
    return Occasion(cast("Work", week), NOW, services)


def test_breaks_that_had_to_wait_from_monday_to_sunday() -> None:
    assert of_breaks.in_week(on(FakeWeek(moved=3)), "w", WEEK) == InWeek(
        (Figure("Breaks that had to wait", 3),)
    )


def test_sessions_that_were_held_up_to_now() -> None:
    """What is still ahead in this week was not held."""
    held = InWeek((Figure("Supervision sessions held", 2),))
    assert of_sessions.in_week(on(FakeWeek(held=2, end=NOW)), "w", WEEK) == held
    whole = FakeWeek(held=2, start=LAST_WEEK.start, end=LAST_WEEK.end)
    assert of_sessions.in_week(on(whole), "w", LAST_WEEK) == held


def test_hands_by_day_and_how_long_a_human_took() -> None:
    none = Raised()
    raised = (Raised(1, {10: 1}), none, Raised(3, {30: 2}, 1), none, none, none, none)
    assert of_hands.in_week(on(FakeWeek(raised=raised)), "w", WEEK) == InWeek(
        (
            Figure("Hands raised", 4),
            Figure("To a human, half of them within", 30, Unit.SECONDS),
            Figure("To a human, 95 of 100 within", 30, Unit.SECONDS),
            Figure("Nobody came", 1),
        ),
        ByDay("Hands raised, by day", (1, 0, 3, 0, 0, 0, 0)),
    )
