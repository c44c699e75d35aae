"""What each answer to a raised hand leads to, told whole: the case then, and the notices."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from handlers.escalation import model
from handlers.escalation.model import Answer, Case, Mode, Seat, State
from handlers.kit.notices import Notice, Priority

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
EVERYBODY = frozenset("bcdefg")


def case(*rings: str, delays: tuple[int, ...] = (0, 30, 60, 90)) -> Case:
    """A hand that agent `a` just raised; each ring is a word, each letter somebody in it."""
    return model.begin(
        Case("c", "w", "a", "bills", "he shouts", Mode.JOIN, NOW, delays, model.seats_for(rings))
    )


def at(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def urgent(kind: str, about: str, to: str, seconds: float) -> Notice:
    """To each letter, at once."""
    return Notice(kind, about, tuple(to), at(seconds), Priority.URGENT)


def asked(up: Case, seconds: float, free: frozenset[str] = EVERYBODY) -> Case:
    """Looked at then, and every ping arrives at once."""
    up, notices = model.step(up, free, at(seconds))
    return all_hear(up, notices, seconds)


def all_hear(up: Case, notices: tuple[Notice, ...], seconds: float) -> Case:
    for notice in notices:
        if notice.kind == model.PING:
            up, _ = model.heard(up, notice.to[0], at(seconds))
    return up


def seats(up: Case) -> str:
    """Everybody's answer, in their order: "b asked, c declined"."""
    return ", ".join(f"{seat.person} {seat.answer}" for seat in up.seats)


def told_nobody(up: Case, seconds: float) -> bool:
    """Whether the agent hears by then that nobody is free."""
    kinds = [notice.kind for notice in model.step(up, EVERYBODY, at(seconds))[1]]
    return model.NOBODY in kinds


def test_who_is_asked_hears_it_now_and_is_reminded_once_it_arrived() -> None:
    up, notices = model.step(case("b", "c"), EVERYBODY, at(0))
    assert notices == (urgent(model.PING, "c.1", "b", 0),)
    heard, notices = model.heard(up, "b", at(1))
    assert notices == (urgent(model.REMINDER, "c.1", "b", 46),)
    assert heard == replace(up, heard_at=at(0), step_at=at(30), then_at=None)
    assert up == replace(
        case("b", "c"),
        ring=0,
        asked_at=at(0),
        step_at=at(5),
        then_at=at(30),
        seats=(Seat("b", 0, Answer.ASKED), Seat("c", 1)),
    )


def test_a_helper_comes_and_the_two_get_a_room() -> None:
    up = asked(case("bc"), 0)
    taken, notices = model.take(up, "b", at(7))
    assert notices == (
        urgent(model.COMING, "c.1", "a", 7),
        urgent(model.ROOM, "c.1", "ab", 7),
    )
    assert taken == replace(
        up,
        state=State.TAKEN,
        taken_by="b",
        taken_at=at(7),
        first_taken_at=at(7),
        step_at=at(127),
        seats=(Seat("b", 0, Answer.CAME), Seat("c", 0, Answer.ASKED)),
    )


def test_nobody_is_free_is_told_to_the_agent_alone_and_the_case_stays_open() -> None:
    up = asked(case("b", delays=(0, 30)), 0)
    after, notices = model.step(up, EVERYBODY, at(31))
    assert notices == (urgent(model.NOBODY, "c.1", "a", 31),)
    assert after == replace(up, unanswered_at=at(31), step_at=at(61))


def test_the_agent_is_told_of_all_who_were_asked_whatever_they_said() -> None:
    up = asked(case("bcde", "f"), 0, free=frozenset("bcd"))
    up = model.cannot(up, "b", Answer.DECLINED, at(1))
    up = model.cannot(up, "c", Answer.UNREACHABLE, at(2))
    assert seats(up) == "b declined, c unreachable, d asked, e waiting, f waiting"
    assert up.asked_as_told() == ("b", "c", "d")
    assert up.asked() == ("d",)

    came, _ = model.take(up, "d", at(3))
    assert came.asked_as_told() == ("b", "c")
    left, _ = model.somebody_else(came, frozenset(), at(200))
    assert left.asked_as_told() == ("b", "c")


def test_somebody_s_answer_and_none_of_who_has_no_seat() -> None:
    up = asked(case("bc", "d"), 0)
    assert [up.answer_of(person) for person in "cdx"] == [Answer.ASKED, Answer.WAITING, None]


def test_those_asked_late_have_the_last_ring_s_time_though_it_is_the_longer() -> None:
    """Nothing ran for 200 seconds: ring 1 and 2 are asked together, and ring 0 still waits."""
    up = asked(case("b", "c", "d", delays=(0, 30, 60, 150)), 0)
    up = asked(up, 200)
    assert seats(up) == "b asked, c asked, d asked"
    assert up.step_at == at(290)
    assert not told_nobody(up, 289)
    assert told_nobody(up, 290)


def test_those_asked_late_have_the_last_ring_s_time_though_it_is_the_shorter() -> None:
    up = asked(asked(case("b", "c", "d", delays=(0, 90, 180, 200)), 0), 300)
    assert up.step_at == at(320)


def test_late_and_unheard_they_have_the_last_ring_s_time_and_a_minute() -> None:
    up, _ = model.step(case("b", "c", "d", delays=(0, 30, 60, 150)), EVERYBODY, at(0))
    up, _ = model.step(up, EVERYBODY, at(200))
    assert seats(up) == "b asked, c asked, d asked"
    assert not told_nobody(replace(up, step_at=at(349)), 349)
    assert told_nobody(replace(up, step_at=at(350)), 350)


def test_only_those_whose_answer_is_awaited_have_time_for_it() -> None:
    up = asked(case("b", "c", delays=(0, 30, 150)), 0)
    up = asked(up, 200)
    up = model.cannot(up, "c", Answer.DECLINED, at(201))
    assert not told_nobody(up, 229)
    assert told_nobody(replace(up, step_at=at(230)), 230), "b has ring 0's time from being asked"


def test_a_no_counts_for_the_ring_only_once_nobody_is_left_to_answer() -> None:
    up = asked(case("bc", "d"), 0)
    up = model.cannot(up, "b", Answer.DECLINED, at(4))
    assert (seats(up), up.step_at) == ("b declined, c asked, d waiting", at(30))
    up = model.cannot(up, "c", Answer.UNREACHABLE, at(5))
    assert (seats(up), up.step_at) == ("b declined, c unreachable, d waiting", at(5))


def test_a_no_while_somebody_is_coming_asks_nobody_else() -> None:
    up, _ = model.take(asked(case("bc", "d"), 0), "b", at(3))
    assert model.cannot(up, "c", Answer.DECLINED, at(4)).step_at == up.step_at


class TestSomebodyElse:
    def test_the_case_begins_anew_with_who_waited_and_the_next_ring(self) -> None:
        up, _ = model.take(asked(case("bc", "d", "e"), 0), "b", at(3))
        after, notices = model.somebody_else(up, EVERYBODY, at(130))
        assert notices == (
            urgent(model.PING, "c.2", "c", 130),
            urgent(model.PING, "c.2", "d", 130),
        )
        assert after == replace(
            case("bc", "d", "e"),
            state=State.CALLING,
            round=2,
            ring=1,
            asked_at=at(130),
            step_at=at(135),
            then_at=at(160),
            first_taken_at=at(3),
            seats=(
                Seat("b", 0, Answer.LEFT),
                Seat("c", 0, Answer.ASKED),
                Seat("d", 1, Answer.ASKED),
                Seat("e", 2),
            ),
        )

    def test_who_came_after_nobody_was_free_is_replaced_and_that_can_be_said_again(self) -> None:
        """`unanswered_at` of the first round says nothing of the second."""
        up = asked(asked(case("bc", delays=(0, 30)), 0), 30)
        assert up.unanswered_at == at(30)
        up, _ = model.take(up, "b", at(40))
        up, notices = model.somebody_else(up, EVERYBODY, at(200))
        assert [notice.to for notice in notices if notice.kind == model.PING] == [("c",)]
        up = all_hear(up, notices, 200)
        assert (up.unanswered_at, up.step_at) == (None, at(230))
        assert not told_nobody(up, 229)
        assert told_nobody(up, 230)

    def test_where_nobody_of_the_next_ring_is_there_the_one_after_is_asked_at_once(self) -> None:
        up, _ = model.take(asked(case("b", "", "d"), 0), "b", at(3))
        up, notices = model.somebody_else(up, EVERYBODY, at(130))
        assert notices == (urgent(model.PING, "c.2", "d", 130),)
        up = all_hear(up, notices, 130)
        assert (up.ring, up.step_at) == (2, at(160))

    def test_who_is_busy_by_then_is_not_asked_and_may_be_later(self) -> None:
        up, _ = model.take(asked(case("bc", "d"), 0), "b", at(3))
        up, _ = model.somebody_else(up, frozenset("d"), at(130))
        assert seats(up) == "b left, c waiting, d asked"


def test_how_a_case_ends_is_kept() -> None:
    up = asked(case("b"), 0)
    over = {
        State.SOLVED: model.solve(up, at(5)),
        State.CANCELLED: model.cancel(up, at(5)),
        State.LAPSED: model.without_agent(up, at(5)),
    }
    for state, closed in over.items():
        assert closed == replace(up, state=state, closed_at=at(5), step_at=None)


def test_who_left_the_company_can_not_be_reached() -> None:
    up = asked(case("bc", "d"), 0)
    assert seats(model.gone(up, "b", EVERYBODY, at(3))[0]) == "b unreachable, c asked, d waiting"


def test_what_a_notice_is_about_names_the_case_and_the_round() -> None:
    up = replace(case("b"), round=12)
    assert up.about == "c.12"
    assert model.case_and_round("c.12") == ("c", 12)
    with pytest.raises(ValueError, match="3 parts instead of 2"):
        model.case_and_round("c.1.2")


def test_four_hours_to_the_second() -> None:
    up = asked(asked(case("b", delays=(0, 30)), 0), 30)
    ends = NOW + model.LAPSES_AFTER
    last = ends - timedelta(seconds=1)
    assert model.step(up, EVERYBODY, last) == (replace(up, step_at=ends), ())
    assert model.step(up, EVERYBODY, ends)[0].state is State.LAPSED
    late = case("b")
    assert model.step(late, EVERYBODY, ends - timedelta(seconds=1))[0].is_open
