"""What each answer to a raised hand leads to, told whole: the case then, and the notices."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from handlers.escalation import model, rules
from handlers.escalation.model import Answer, Case, Mode, Seat, State
from handlers.kit.notices import Notice, Priority

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
EVERYBODY = frozenset("bcdefg")


def case(*rings: str, delays: tuple[int, ...] = (0, 30, 60, 90)) -> Case:
    """A hand that agent `a` just raised; each ring is a word, each letter somebody in it."""
    seats = rules.seats_for(rings)
    return Case("c", "w", "a", "bills", "he shouts", Mode.JOIN, NOW, delays, seats, step_at=NOW)


def at(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def urgent(kind: str, about: str, to: str, seconds: float) -> Notice:
    """To each letter, at once."""
    return Notice(kind, about, tuple(to), at(seconds), Priority.URGENT)


def asked(up: Case, seconds: float, free: frozenset[str] = EVERYBODY) -> Case:
    """Looked at then, and every ping arrives at once."""
    up, notices = rules.step(up, free, at(seconds))
    return all_hear(up, notices, seconds)


def all_hear(up: Case, notices: tuple[Notice, ...], seconds: float) -> Case:
    for notice in notices:
        if notice.kind == model.PING:
            up, _ = rules.heard(up, notice.to[0], at(seconds))
    return up


def seats(up: Case) -> str:
    """Everybody's answer, in their order: "b asked, c declined"."""
    return ", ".join(f"{seat.person} {seat.answer}" for seat in up.seats)


def told_nobody(up: Case, seconds: float) -> bool:
    """Whether the agent hears by then that nobody is free."""
    kinds = [notice.kind for notice in rules.step(up, EVERYBODY, at(seconds))[1]]
    return model.NOBODY in kinds


def test_who_is_asked_hears_it_now_and_is_reminded_once_it_arrived() -> None:
    up, notices = rules.step(case("b", "c"), EVERYBODY, at(0))
    assert notices == (urgent(model.PING, "c.1", "b", 0),)
    heard, notices = rules.heard(up, "b", at(1))
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
    taken, notices = rules.take(up, "b", at(7))
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
    after, notices = rules.step(up, EVERYBODY, at(31))
    assert notices == (urgent(model.NOBODY, "c.1", "a", 31),)
    assert after == replace(up, unanswered_at=at(31), step_at=at(61))


def test_the_agent_is_told_of_all_who_were_asked_whatever_they_said() -> None:
    up = asked(case("bcde", "f"), 0, free=frozenset("bcd"))
    up = rules.cannot(up, "b", Answer.DECLINED, at(1))
    up = rules.cannot(up, "c", Answer.UNREACHABLE, at(2))
    assert seats(up) == "b declined, c unreachable, d asked, e waiting, f waiting"
    assert up.asked_as_told() == ("b", "c", "d")
    assert up.asked() == ("d",)

    came, _ = rules.take(up, "d", at(3))
    assert came.asked_as_told() == ("b", "c")
    left, _ = rules.somebody_else(came, frozenset(), at(200))
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
    up, _ = rules.step(case("b", "c", "d", delays=(0, 30, 60, 150)), EVERYBODY, at(0))
    up, _ = rules.step(up, EVERYBODY, at(200))
    assert seats(up) == "b asked, c asked, d asked"
    assert not told_nobody(replace(up, step_at=at(349)), 349)
    assert told_nobody(replace(up, step_at=at(350)), 350)


def test_only_those_whose_answer_is_awaited_have_time_for_it() -> None:
    up = asked(case("b", "c", delays=(0, 30, 150)), 0)
    up = asked(up, 200)
    up = rules.cannot(up, "c", Answer.DECLINED, at(201))
    assert not told_nobody(up, 229)
    assert told_nobody(replace(up, step_at=at(230)), 230), "b has ring 0's time from being asked"


def test_a_no_counts_for_the_ring_only_once_nobody_is_left_to_answer() -> None:
    up = asked(case("bc", "d"), 0)
    up = rules.cannot(up, "b", Answer.DECLINED, at(4))
    assert (seats(up), up.step_at) == ("b declined, c asked, d waiting", at(30))
    up = rules.cannot(up, "c", Answer.UNREACHABLE, at(5))
    assert (seats(up), up.step_at) == ("b declined, c unreachable, d waiting", at(5))


def test_a_no_while_somebody_is_coming_asks_nobody_else() -> None:
    up, _ = rules.take(asked(case("bc", "d"), 0), "b", at(3))
    assert rules.cannot(up, "c", Answer.DECLINED, at(4)).step_at == up.step_at


class TestSomebodyElse:
    def test_the_case_begins_anew_with_who_waited_and_the_next_ring(self) -> None:
        up, _ = rules.take(asked(case("bc", "d", "e"), 0), "b", at(3))
        after, notices = rules.somebody_else(up, EVERYBODY, at(130))
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
        up, _ = rules.take(up, "b", at(40))
        up, notices = rules.somebody_else(up, EVERYBODY, at(200))
        assert [notice.to for notice in notices if notice.kind == model.PING] == [("c",)]
        up = all_hear(up, notices, 200)
        assert (up.unanswered_at, up.step_at) == (None, at(230))
        assert not told_nobody(up, 229)
        assert told_nobody(up, 230)

    def test_where_nobody_of_the_next_ring_is_there_the_one_after_is_asked_at_once(self) -> None:
        up, _ = rules.take(asked(case("b", "", "d"), 0), "b", at(3))
        up, notices = rules.somebody_else(up, EVERYBODY, at(130))
        assert notices == (urgent(model.PING, "c.2", "d", 130),)
        up = all_hear(up, notices, 130)
        assert (up.ring, up.step_at) == (2, at(160))

    def test_who_is_busy_by_then_is_not_asked_and_may_be_later(self) -> None:
        up, _ = rules.take(asked(case("bc", "d"), 0), "b", at(3))
        up, _ = rules.somebody_else(up, frozenset("d"), at(130))
        assert seats(up) == "b left, c waiting, d asked"


def test_how_a_case_ends_is_kept() -> None:
    up = asked(case("b"), 0)
    over = {
        State.SOLVED: rules.solve(up, at(5)),
        State.CANCELLED: rules.cancel(up, at(5)),
        State.LAPSED: rules.without_agent(up, at(5)),
    }
    for state, closed in over.items():
        assert closed == replace(up, state=state, closed_at=at(5), step_at=None)


def test_who_left_the_company_can_not_be_reached() -> None:
    up = asked(case("bc", "d"), 0)
    assert seats(rules.gone(up, "b", EVERYBODY, at(3))[0]) == "b unreachable, c asked, d waiting"


def test_what_a_notice_is_about_names_the_case_and_the_round() -> None:
    up = replace(case("b"), round=12)
    assert up.about == "c.12"
    assert replace(up, round=3).abouts == ("c.1", "c.2", "c.3")
    assert model.case_and_round("c.12") == ("c", 12)
    with pytest.raises(ValueError, match="3 parts instead of 2"):
        model.case_and_round("c.1.2")


def test_four_hours_to_the_second() -> None:
    up = asked(asked(case("b", delays=(0, 30)), 0), 30)
    ends = NOW + rules.LAPSES_AFTER
    last = ends - timedelta(seconds=1)
    assert rules.step(up, EVERYBODY, last) == (replace(up, step_at=ends), ())
    assert rules.step(up, EVERYBODY, ends)[0].state is State.LAPSED
    late = case("b")
    assert rules.step(late, EVERYBODY, ends - timedelta(seconds=1))[0].is_open


def test_a_taken_hand_that_nobody_closed_is_over_for_the_two_each_alone() -> None:
    up, _ = rules.take(asked(case("b"), 0), "b", at(3))
    over = at(3) + rules.TAKEN_LASTS
    assert rules.step(replace(up, round=2), EVERYBODY, over) == (
        replace(up, round=2, state=State.LAPSED, closed_at=over, step_at=None),
        (Notice(model.OVER, "c.2", ("a",), over), Notice(model.OVER, "c.2", ("b",), over)),
    )


class TestMore:
    """The helper stays, and others come as well."""

    def test_they_are_asked_at_once_and_have_a_seat_in_the_ring_that_was_asked_last(self) -> None:
        up, _ = rules.take(asked(asked(case("b", "c"), 0), 30), "c", at(33))
        assert rules.ask_more(up, ("d", "b", "e"), at(40)) == (
            replace(up, seats=(*up.seats, Seat("d", 1, Answer.ASKED), Seat("e", 1, Answer.ASKED))),
            (
                urgent(model.MORE, "c.1", "d", 40),
                urgent(model.MORE, "c.1", "b", 40),
                urgent(model.MORE, "c.1", "e", 40),
            ),
        )

    def test_before_the_first_ring_their_seats_are_in_the_first(self) -> None:
        early = replace(case(), state=State.TAKEN, taken_by="b", ring=-1)
        asked_more, _ = rules.ask_more(early, ("d",), at(1))
        assert asked_more.seats == (Seat("d", 0, Answer.ASKED),)
        come, _ = rules.join(early, "d", at(1))
        assert come.seats == (Seat("d", 0, Answer.JOINED),)

    def test_who_was_asked_comes_and_all_of_them_get_a_conversation(self) -> None:
        up, _ = rules.take(asked(case("bcd"), 0), "b", at(3))
        two, notices = rules.join(up, "d", at(50))
        assert two == replace(
            up,
            seats=(
                Seat("b", 0, Answer.CAME),
                Seat("c", 0, Answer.ASKED),
                Seat("d", 0, Answer.JOINED),
            ),
        )
        assert notices == (urgent(model.ROOM, "c.1", "abd", 50),)
        three, notices = rules.join(two, "c", at(60))
        assert three.joined() == ("c", "d")
        assert notices == (urgent(model.ROOM, "c.1", "abcd", 60),)

    def test_who_was_not_asked_may_come_too(self) -> None:
        up, _ = rules.take(asked(asked(case("b", "c"), 0), 30), "c", at(33))
        assert rules.join(up, "x", at(50)) == (
            replace(up, seats=(*up.seats, Seat("x", 1, Answer.JOINED))),
            (urgent(model.ROOM, "c.1", "acx", 50),),
        )


def test_when_the_call_is_over_nobody_is_asked_and_the_agent_is_once() -> None:
    up, _ = rules.step(case("b", "c"), EVERYBODY, at(0))
    assert rules.hang_up(replace(up, round=2), at(9)) == (
        replace(up, round=2, state=State.HUNG_UP, closed_at=at(9), step_at=None, then_at=None),
        (Notice(model.CALL_OVER, "c", ("a",), at(9)),),
    )


@pytest.mark.parametrize(
    ("raised", "expected"), [(-61, False), (-60, True), (0, True), (360, True), (361, False)]
)
def test_a_hand_is_of_the_call_in_which_it_went_up_give_or_take_a_minute(
    raised: float, expected: bool
) -> None:
    up = replace(case("b"), raised_at=at(raised))
    assert rules.is_of_call(up, at(0), at(300)) is expected


class TestEverybodyAtOnce:
    def test_the_rings_that_are_left_are_asked_and_have_the_last_one_s_time_from_now(self) -> None:
        up = asked(case("b", "cd", "e"), 0, free=frozenset("bce"))
        after, notices = rules.ask_everybody(up, frozenset("bce"), at(12))
        assert notices == (
            urgent(model.PING, "c.1", "c", 12),
            urgent(model.PING, "c.1", "e", 12),
        )
        assert after == replace(
            up,
            ring=2,
            asked_at=at(12),
            heard_at=None,
            step_at=at(17),
            then_at=at(42),
            seats=(
                *(Seat("b", 0, Answer.ASKED), Seat("c", 1, Answer.ASKED), Seat("d", 1)),
                Seat("e", 2, Answer.ASKED),
            ),
        )

    def test_who_was_not_free_in_a_ring_before_is_not_asked_now(self) -> None:
        up = asked(case("bx", "c"), 0, free=frozenset("b"))
        up, notices = rules.ask_everybody(up, frozenset("bxc"), at(5))
        assert notices == (urgent(model.PING, "c.1", "c", 5),)

    def test_where_nobody_is_free_in_them_the_agent_hears_it_once_those_before_had_their_time(
        self,
    ) -> None:
        up = asked(case("b", "c", "d"), 0, free=frozenset("b"))
        after, notices = rules.ask_everybody(up, frozenset(), at(5))
        assert (notices, after) == ((), replace(up, ring=2, step_at=at(30)))

    def test_in_the_last_ring_and_once_somebody_comes_nobody_is_left_to_ask(self) -> None:
        last = asked(case("b", delays=(0, 30)), 0)
        assert rules.ask_everybody(last, EVERYBODY, at(5)) == (last, ())
        taken, _ = rules.take(asked(case("b", "c"), 0), "b", at(3))
        assert rules.ask_everybody(taken, EVERYBODY, at(5)) == (taken, ())


def test_who_was_asked_keeps_their_seat_and_is_not_seated_again() -> None:
    up = asked(case("bc", "d"), 0, free=frozenset("b"))
    assert rules.reseated(up, ["c", "bad"]).seats == (
        *(Seat("b", 0, Answer.ASKED), Seat("c", 0), Seat("d", 1)),
    )


class TestUnheard:
    """No ping has reached anybody yet."""

    def test_who_comes_has_heard(self) -> None:
        up, _ = rules.step(case("bc"), EVERYBODY, at(0))
        up, _ = rules.step(up, EVERYBODY, at(5))
        assert up.unheard_at == at(5)
        taken, _ = rules.take(up, "b", at(6))
        assert taken.unheard_at is None

    def test_once_somebody_comes_it_is_not_looked_for(self) -> None:
        up, _ = rules.step(case("bc"), EVERYBODY, at(0))
        up, _ = rules.take(up, "b", at(2))
        late, _ = rules.step(up, EVERYBODY, at(122))
        assert late == replace(up, step_at=at(2) + rules.TAKEN_LASTS)

    def test_after_an_interruption_it_is_seen_with_the_ring_that_was_missed(self) -> None:
        up, _ = rules.step(case("b", "c", "d"), EVERYBODY, at(0))
        up, notices = rules.step(up, EVERYBODY, at(40))
        assert notices == (urgent(model.PING, "c.1", "c", 40),)
        assert (up.unheard_at, up.step_at, up.then_at) == (at(40), at(60), None)

    @pytest.mark.parametrize("seconds", [3, 5])
    def test_a_ring_that_is_over_by_then_has_no_look_of_its_own(self, seconds: int) -> None:
        up, _ = rules.step(case("b", "c", delays=(0, seconds, 60)), EVERYBODY, at(0))
        assert (up.step_at, up.then_at) == (at(seconds), None)


class TestHeard:
    def test_the_first_to_hear_counts_for_the_ring(self) -> None:
        up, _ = rules.step(case("bc", "d"), EVERYBODY, at(0))
        first, _ = rules.heard(up, "b", at(1))
        second, notices = rules.heard(first, "c", at(20))
        assert (second, notices) == (first, (urgent(model.REMINDER, "c.1", "c", 65),))

    def test_when_nobody_was_free_it_puts_off_no_look(self) -> None:
        up = asked(case("b", delays=(0, 30)), 0, free=frozenset())
        assert (up.unanswered_at, up.step_at) == (at(0), at(30))
        up, notices = rules.step(up, EVERYBODY, at(30))
        assert notices == (urgent(model.PING, "c.1", "b", 30),)
        assert (up.asked_at, up.step_at, up.then_at) == (at(30), at(35), at(60))
        heard, _ = rules.heard(up, "b", at(34))
        assert heard == replace(up, heard_at=at(34), step_at=at(60), then_at=None)


def test_the_agent_hears_that_nobody_came_before_who_has_become_free_is_asked() -> None:
    up = asked(case("bc", delays=(0, 30)), 0, free=frozenset("b"))
    after, notices = rules.step(up, EVERYBODY, at(30))
    assert notices == (urgent(model.NOBODY, "c.1", "a", 30),)
    assert after == replace(up, unanswered_at=at(30), step_at=at(60))
    assert rules.step(after, EVERYBODY, at(60))[1] == (urgent(model.PING, "c.1", "c", 60),)


def test_where_nobody_is_left_to_ask_nobody_has_heard_of_the_new_round() -> None:
    up, _ = rules.take(asked(case("b", delays=(0, 30)), 0), "b", at(3))
    assert up.heard_at == at(0)
    after, _ = rules.somebody_else(up, frozenset(), at(130))
    assert (after.heard_at, after.unanswered_at) == (None, at(130))


class TestAboutSaidLater:
    """The agent says what it is about while the hand is up: `d` and `c` know it."""

    def test_those_who_know_it_are_asked_at_once_and_the_rings_go_on(self) -> None:
        up = asked(case("b", "c"), 0)
        assert rules.ask_who_knows(up, ("d", "b", "c"), at(10)) == (
            replace(
                up,
                seats=tuple(Seat(person, 0, Answer.ASKED) for person in "bdc"),
                asked_at=at(10),
                heard_at=None,
                step_at=at(15),
                then_at=at(30),
            ),
            (urgent(model.PING, "c.1", "d", 10), urgent(model.PING, "c.1", "c", 10)),
        )

    def test_their_seats_are_in_the_ring_that_was_asked_last(self) -> None:
        early, _ = rules.ask_who_knows(case("b"), ("d",), at(0))
        assert early.seats == (Seat("b", 0), Seat("d", 0, Answer.ASKED))
        late, _ = rules.ask_who_knows(asked(asked(case("b", "c"), 0), 30), ("d",), at(40))
        assert late.seats[-1] == Seat("d", 1, Answer.ASKED)

    def test_whether_they_hear_it_is_looked_at_anew(self) -> None:
        up, _ = rules.step(case("b"), EVERYBODY, at(0))
        assert (up.step_at, up.then_at) == (at(5), at(30))
        up, _ = rules.ask_who_knows(up, ("d",), at(3))
        assert (up.step_at, up.then_at) == (at(8), at(30))

    def test_nothing_changes_where_all_were_asked_or_somebody_comes_already(self) -> None:
        up = asked(case("b", "c"), 0)
        assert rules.ask_who_knows(up, ("b",), at(10)) == (up, ())
        taken, _ = rules.take(up, "b", at(3))
        assert rules.ask_who_knows(taken, ("d",), at(10)) == (taken, ())
