"""Who gets a seat in a class: those who wait, in their order, as time goes on."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from handlers.learning import rules
from handlers.learning.model import CourseDate, CourseSeat, DateState, SeatState, about_offer
from handlers.learning.rules import Allocation

STARTS = datetime(2026, 3, 5, 8, 0, tzinfo=UTC)
CLOSES = datetime(2026, 3, 4, 20, 0, tzinfo=UTC)
"""Half a day before."""

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
CLASS = CourseDate(
    id="d",
    workspace="w",
    course="calm",
    wall=datetime(2026, 3, 5, 10, 0),  # noqa: DTZ001 - as a clock on the wall shows it
    zone="Europe/Riga",
    starts_at=STARTS,
    ends_at=STARTS + timedelta(minutes=90),
    seats=2,
    changed_at=NOW,
)
CANCELLED = replace(CLASS, state=DateState.CANCELLED)
UNDONE_UNTIL = NOW + timedelta(minutes=10)
INSTANT = timedelta(microseconds=1)


def seat(
    person: str, state: SeatState, place: int = 0, until: datetime | None = None
) -> CourseSeat:
    return CourseSeat("d", person, state, NOW, place, until)


def took(person: str) -> CourseSeat:
    return seat(person, SeatState.TAKEN)


def waits(person: str, place: int) -> CourseSeat:
    return seat(person, SeatState.WAITING, place)


def asked(person: str, place: int, until: datetime | None) -> CourseSeat:
    return seat(person, SeatState.OFFERED, place, until)


def ends(person: str, now: datetime) -> datetime:
    """Everybody has worked for so long after four hours; Zane only two days later."""
    return now + (timedelta(days=2) if person == "zane" else timedelta(hours=4))


def settled(*seats: CourseSeat, date: CourseDate = CLASS, now: datetime = NOW) -> Allocation:
    return rules.settle(date, seats, now, ends)


def test_a_class_lasts_so_many_minutes_and_closes_half_a_day_before() -> None:
    assert (CLASS.minutes, CLASS.is_cancelled, CANCELLED.is_cancelled) == (90, False, True)
    assert rules.closes_at(CLASS) == CLOSES


def test_who_waits_or_was_not_there_has_no_seat() -> None:
    everybody = [seat(state, state) for state in SeatState]
    assert rules.held(everybody) == len(everybody) - 2
    assert rules.held([seat("a", SeatState.WAITING), seat("b", SeatState.MISSED)]) == 0
    assert rules.held([asked("a", 1, NOW), took("b"), seat("c", SeatState.ATTENDED)]) == 3


def test_they_wait_in_the_order_in_which_they_came() -> None:
    seats = (waits("c", 7), asked("b", 1, NOW), waits("a", 3), took("d"))
    assert rules.waiting(seats) == (waits("a", 3), waits("c", 7))
    assert rules.last_place(seats) == 8
    assert rules.last_place(()) == 1


class TestFree:
    def free(self, *seats: CourseSeat, date: CourseDate = CLASS, now: datetime = NOW) -> bool:
        return rules.is_free(date, seats, now)

    def test_a_seat_is_there_until_the_last_is_taken_and_nobody_waits(self) -> None:
        assert self.free(took("a"))
        assert not self.free(took("a"), took("b"))
        assert not self.free(took("a"), asked("b", 1, CLOSES))
        assert not self.free(waits("a", 1)), "it is for who waits"

    def test_and_until_the_class_begins(self) -> None:
        assert self.free(now=STARTS - INSTANT)
        assert not self.free(now=STARTS)
        assert not self.free(date=CANCELLED)

    def test_one_may_wait_where_none_is_there_while_one_may_still_be_offered(self) -> None:
        full = (took("a"), took("b"))
        assert rules.may_wait(CLASS, full, NOW)
        assert rules.may_wait(CLASS, full, CLOSES - INSTANT)
        assert not rules.may_wait(CLASS, full, CLOSES)
        assert not rules.may_wait(CLASS, full[:1], NOW)
        assert not rules.may_wait(CANCELLED, full, NOW)


class TestSettle:
    def test_who_waits_longest_is_offered_what_is_free_until_they_have_worked_for_so_long(
        self,
    ) -> None:
        queue = (waits("b", 2), waits("a", 1), waits("c", 3))
        offer = asked("a", 1, NOW + timedelta(hours=4))
        assert settled(took("x"), *queue) == Allocation((offer,))
        assert settled(*queue).offers == (offer, asked("b", 2, NOW + timedelta(hours=4)))
        assert settled(took("x"), took("y"), *queue) == Allocation()

    def test_where_there_are_fewer_seats_than_were_taken_nobody_is_offered_one(self) -> None:
        assert settled(took("x"), took("y"), took("z"), waits("a", 1)) == Allocation()

    def test_no_offer_lasts_beyond_the_close(self) -> None:
        late = CLOSES - timedelta(hours=1)
        assert settled(waits("a", 1), now=late) == Allocation((asked("a", 1, CLOSES),))
        assert settled(waits("zane", 1)) == Allocation((asked("zane", 1, NOW + timedelta(days=2)),))

    def test_an_offer_lapses_with_its_last_instant_and_the_next_one_is_asked(self) -> None:
        stands, over = asked("a", 1, NOW + INSTANT), asked("a", 1, NOW)
        assert settled(took("x"), stands, waits("b", 2)) == Allocation()
        next_one = asked("b", 2, NOW + timedelta(hours=4))
        assert settled(took("x"), over, waits("b", 2)) == Allocation((next_one,), (over,))
        endless = asked("a", 1, None)
        assert settled(took("x"), endless, waits("b", 2)) == Allocation((next_one,), (endless,))

    @pytest.mark.parametrize(("date", "now"), [(CLASS, CLOSES), (CANCELLED, UNDONE_UNTIL)])
    def test_once_it_is_closed_or_cancelled_nobody_gets_one_any_more(
        self, date: CourseDate, now: datetime
    ) -> None:
        offer, queue = asked("a", 1, NOW), (waits("b", 2), waits("c", 3))
        assert settled(took("x"), *queue, offer, date=date, now=now) == Allocation(
            closed=(offer, *queue)
        )

    def test_for_ten_minutes_everybody_stays_where_they_were(self) -> None:
        there = (took("x"), waits("b", 2), asked("a", 1, NOW))
        for now in (NOW, UNDONE_UNTIL - INSTANT):
            assert settled(*there, date=CANCELLED, now=now) == Allocation()
        assert settled(waits("b", 2), now=CLOSES - INSTANT).closed == ()


class TestNextStep:
    def next_step(self, *seats: CourseSeat, after: datetime = NOW) -> datetime | None:
        return rules.next_step(CLASS, seats, after)

    def test_an_offer_s_end_comes_first_then_the_close_the_start_and_the_end(self) -> None:
        soon, later = NOW + timedelta(hours=1), NOW + timedelta(hours=2)
        seats = (took("x"), asked("a", 1, later), asked("b", 2, soon), waits("c", 3))
        steps: list[datetime | None] = [NOW]
        while steps[-1] is not None:
            steps.append(self.next_step(*seats, after=steps[-1]))
        assert steps[1:] == [soon, later, CLOSES, STARTS, CLASS.ends_at, None]

    def test_where_nobody_waits_or_is_asked_the_close_is_nothing(self) -> None:
        assert self.next_step(took("x")) == STARTS
        assert self.next_step(replace(took("x"), until=NOW + INSTANT)) == STARTS
        assert self.next_step(waits("c", 3)) == CLOSES
        assert self.next_step(asked("c", 3, CLOSES + INSTANT)) == CLOSES

    def test_what_is_cancelled_has_none_after_the_ten_minutes_for_an_undo(self) -> None:
        assert rules.next_step(CANCELLED, (waits("c", 3),), NOW) == UNDONE_UNTIL
        assert rules.next_step(CANCELLED, (waits("c", 3),), UNDONE_UNTIL) is None
        assert rules.next_step(replace(CANCELLED, is_private=True), (), NOW) is None


def test_a_message_is_of_one_offer_and_no_later_one() -> None:
    offer = asked("a", 1, datetime(2026, 3, 2, 12, 0, 0, 250_000, tzinfo=UTC))
    assert about_offer(offer) == "d.1772452800250"
