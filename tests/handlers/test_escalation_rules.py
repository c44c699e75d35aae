"""The ladder's rules, whoever is in it and whatever time does."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from handlers.escalation import model, rules
from handlers.escalation.model import Answer, Case, Ladder, Mode, Ring, State
from handlers.kit.notices import Notice

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
DELAYS = (0, 30, 60, 90)
PEOPLE = tuple("bcdefghi")
EVERYBODY = frozenset(PEOPLE)


def case(*rings: str, delays: tuple[int, ...] = DELAYS) -> Case:
    """A hand that agent `a` just raised; each ring is a word, each letter somebody in it."""
    seats = rules.seats_for([*rings])
    return Case("c", "w", "a", None, "", Mode.JOIN, NOW, delays, seats, step_at=NOW)


def at(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def pinged(notices: tuple[Notice, ...]) -> str:
    return "".join(notice.to[0] for notice in notices if notice.kind == model.PING)


def kinds(notices: tuple[Notice, ...]) -> set[str]:
    return {notice.kind for notice in notices}


def climb(up: Case, seconds: float = 0, free: frozenset[str] = EVERYBODY) -> tuple[Case, str]:
    """Who is asked when the case is looked at then."""
    up, notices = rules.step(up, free, at(seconds))
    return all_hear(up, notices, at(seconds)), pinged(notices)


def all_hear(up: Case, notices: tuple[Notice, ...], now: datetime) -> Case:
    """The pings arrive at once, as on a good day."""
    for person in pinged(notices):
        up, _ = rules.heard(up, person, now)
    return up


@dataclass
class ToldCase:
    """What a ladder did when nobody answered: seconds and who was asked, and the honest card."""

    asked: list[tuple[float, str]] = field(default_factory=list)
    nobody: list[float] = field(default_factory=list)


def left_alone(up: Case, free: frozenset[str] = EVERYBODY) -> ToldCase:
    """The ladder looked at exactly when something is due."""
    told = ToldCase()
    while up.step_at is not None:
        now = up.step_at
        up, notices = rules.step(up, free, now)
        up = all_hear(up, notices, now)
        seconds = (now - NOW).total_seconds()
        if pinged(notices):
            told.asked.append((seconds, pinged(notices)))
        told.nobody += [seconds] * sum(notice.kind == model.NOBODY for notice in notices)
    assert up.state is State.LAPSED
    assert up.closed_at == NOW + rules.LAPSES_AFTER
    return told


class TestTimeOfAHand:
    def test_each_ring_is_asked_exactly_at_its_time(self) -> None:
        assert left_alone(case("bc", "d", "ef")) == ToldCase(
            [(0, "bc"), (30, "d"), (60, "ef")], [90]
        )

    @pytest.mark.parametrize(
        ("rings", "told"),
        [
            (("", "d", "e"), ToldCase([(0, "d"), (30, "e")], [60])),
            (("b", "", "e"), ToldCase([(0, "b"), (30, "e")], [60])),
            (("b", "d", ""), ToldCase([(0, "b"), (30, "d")], [60])),
            (("", "", "e"), ToldCase([(0, "e")], [30])),
            (("", "", ""), ToldCase([], [0])),
        ],
    )
    def test_an_empty_ring_is_skipped_at_once(self, rings: tuple[str, ...], told: ToldCase) -> None:
        assert left_alone(case(*rings)) == told

    def test_whoever_is_not_free_at_the_time_is_not_asked(self) -> None:
        told = left_alone(case("bc", "d", "ef"), free=frozenset("ce"))
        assert told == ToldCase([(0, "c"), (30, "e")], [60])

    def test_in_the_first_ring_that_has_them(self) -> None:
        assert left_alone(case("bc", "bd", "cde")).asked == [(0, "bc"), (30, "d"), (60, "e")]

    def test_rings_missed_are_asked_at_once_and_have_their_time(self) -> None:
        up, asked = climb(case("b", "c", "d"))
        assert asked == "b"
        up, asked = climb(up, 200)
        assert asked == "cd"
        up, notices = rules.step(up, EVERYBODY, at(229))
        assert notices == ()
        up, notices = rules.step(up, EVERYBODY, at(230))
        assert kinds(notices) == {model.NOBODY}

    def test_those_just_asked_have_their_time_though_the_last_ring_is_empty(self) -> None:
        up, _ = climb(case("b", "c", ""))
        up, asked = climb(up, 58)
        assert asked == "c"
        up, notices = rules.step(up, EVERYBODY, at(87))
        assert notices == ()
        up, notices = rules.step(up, EVERYBODY, at(88))
        assert kinds(notices) == {model.NOBODY}

    def test_four_hours_later_nobody_is_asked_any_more(self) -> None:
        up, _ = climb(case("b", "c", "d"))
        up, notices = rules.step(up, EVERYBODY, NOW + rules.LAPSES_AFTER)
        assert (up.state, notices) == (State.LAPSED, ())

    def test_a_taken_case_gains_a_button_and_is_over_after_half_an_hour(self) -> None:
        up, _ = climb(case("b", "c"))
        up, _ = rules.take(up, "b", at(5))
        assert up.step_at == at(5) + rules.HELPER_IS_LATE_AFTER
        up, notices = rules.step(up, EVERYBODY, up.step_at)
        assert (up.state, notices) == (State.TAKEN, ())
        assert up.step_at == at(5) + rules.TAKEN_LASTS
        up, notices = rules.step(up, EVERYBODY, up.step_at)
        assert up.state is State.LAPSED
        assert [(notice.kind, notice.to) for notice in notices] == [
            (model.OVER, ("a",)),
            (model.OVER, ("b",)),
        ]


class TestAnswers:
    @pytest.mark.parametrize("answer", [Answer.DECLINED, Answer.UNREACHABLE])
    def test_when_all_said_no_the_next_ring_is_asked_at_once(self, answer: Answer) -> None:
        up, _ = climb(case("bc", "d"))
        up = rules.cannot(up, "b", answer, at(4))
        assert up.step_at == at(30)
        up = rules.cannot(up, "c", answer, at(5))
        assert climb(up, 5)[1] == "d"

    def test_when_all_said_no_in_the_last_ring_the_agent_hears_at_once(self) -> None:
        up, _ = climb(case("b", delays=(0, 30)))
        up = rules.cannot(up, "b", Answer.DECLINED, at(5))
        up, notices = rules.step(up, EVERYBODY, at(5))
        assert kinds(notices) == {model.NOBODY}
        assert up.is_open

    def test_a_no_after_the_honest_card_changes_nothing(self) -> None:
        up, _ = climb(case("b", delays=(0, 30)))
        up, _ = climb(up, 30)
        later = rules.cannot(up, "b", Answer.DECLINED, at(40))
        assert later.step_at == up.step_at

    def test_somebody_else_asks_who_waited_and_the_next_ring_never_who_left(self) -> None:
        up, _ = climb(case("bcd", "ef", "gh"))
        up = rules.cannot(up, "c", Answer.DECLINED, at(2))
        up, _ = rules.take(up, "b", at(3))
        up, notices = rules.somebody_else(up, EVERYBODY, at(130))
        assert pinged(notices) == "def"
        assert (up.state, up.round, up.taken_by, up.ring) == (State.CALLING, 2, None, 1)
        assert {notice.about for notice in notices} == {"c.2"}
        assert climb(up, 160)[1] == "gh"
        assert up.first_taken_at == at(3)

    def test_somebody_else_in_the_last_ring_with_nobody_left_says_so_at_once(self) -> None:
        up, _ = climb(case("b", delays=(0, 30)))
        up, _ = rules.take(up, "b", at(3))
        up, notices = rules.somebody_else(up, EVERYBODY, at(130))
        assert kinds(notices) == {model.NOBODY}

    def test_who_left_the_company_holds_nobody_up(self) -> None:
        up, _ = climb(case("b", "c"))
        up, notices = rules.gone(up, "b", EVERYBODY, at(3))
        assert (notices, climb(up, 3)[1]) == ((), "c")

        taken, _ = rules.take(climb(case("b", "c"))[0], "b", at(3))
        _, notices = rules.gone(taken, "b", EVERYBODY, at(4))
        assert pinged(notices) == "c"

    @pytest.mark.parametrize("close", [rules.solve, rules.cancel, rules.without_agent])
    def test_a_closed_case_stays_closed_and_still(self, close) -> None:  # type: ignore[no-untyped-def] # a table of rules
        up, _ = climb(case("b", "c"))
        over = close(up, at(5))
        assert (over.is_open, over.closed_at, over.step_at) == (False, at(5), None)
        assert rules.step(over, EVERYBODY, at(99_999)) == (over, ())
        assert rules.cannot(over, "b", Answer.DECLINED, at(6)).step_at is None


@given(st.lists(st.sets(st.sampled_from(PEOPLE), max_size=4), min_size=1, max_size=4))
def test_left_alone_every_ring_is_asked_once_in_order(rings: list[set[str]]) -> None:
    delays = tuple(range(0, 30 * len(rings) + 1, 30))
    up = case(*("".join(sorted(ring)) for ring in rings), delays=delays)
    seated = ["".join(s.person for s in up.seats if s.ring == n) for n in range(len(rings))]
    asked = [ring for ring in seated if ring]
    told = left_alone(up)
    assert told.asked == [(30.0 * number, ring) for number, ring in enumerate(asked)]
    assert told.nobody == [30.0 * len(asked)]


class AnyDay(RuleBasedStateMachine):
    """A case through any day: time jumps, people come, say no, leave, are busy for a while."""

    @initialize(
        rings=st.lists(st.text(st.sampled_from(PEOPLE), max_size=4), min_size=1, max_size=4),
        gaps=st.lists(st.integers(1, 120), min_size=5, max_size=5),
    )
    def raise_hand(self, rings: list[str], gaps: list[int]) -> None:
        delays = (0, *(sum(gaps[: number + 1]) for number in range(len(rings))))
        self.case = case(*rings, delays=delays)
        self.now = NOW
        self.free = EVERYBODY
        self.asked: dict[tuple[int, str], datetime] = {}
        self.left: set[str] = set()
        self.told_nobody: list[int] = []
        self.look()

    def look(self) -> None:
        self.case = self.note(*rules.step(self.case, self.free, self.now))

    def note(self, after: Case, notices: tuple[Notice, ...]) -> Case:
        for notice in notices:
            round_number = model.case_and_round(notice.about)[1]
            if notice.kind == model.PING:
                (person,) = notice.to
                assert person != "a"
                assert person in self.free
                assert person not in self.left
                assert (round_number, person) not in self.asked, "asked twice in a round"
                self.asked[round_number, person] = self.now
            elif notice.kind == model.NOBODY:
                assert round_number not in self.told_nobody
                self.told_nobody.append(round_number)
                self.had_their_time(after)
        return after

    def had_their_time(self, after: Case) -> None:
        for seat in after.seats:
            if seat.answer is Answer.ASKED:
                gap = after.delays[seat.ring + 1] - after.delays[seat.ring]
                since = self.now - self.asked[after.round, seat.person]
                assert since >= timedelta(seconds=gap) or self.later_ring_had(seat.ring, after)

    def later_ring_had(self, ring: int, after: Case) -> bool:
        """Those asked together with a later ring had that ring's time."""
        return any(
            seat.ring > ring
            and seat.answer is Answer.ASKED
            and self.now - self.asked[after.round, seat.person]
            >= timedelta(seconds=after.delays[seat.ring + 1] - after.delays[seat.ring])
            for seat in after.seats
        )

    @rule(seconds=st.sampled_from([0.25, 1, 7, 30, 45, 91, 600, 5_000]))
    def time_passes(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
        self.look()

    @precondition(lambda self: self.case.step_at is not None)
    @rule()
    def just_in_time(self) -> None:
        assert self.case.step_at is not None
        self.now = max(self.now, self.case.step_at)
        self.look()

    @rule(busy=st.sets(st.sampled_from(PEOPLE)))
    def some_are_busy(self, busy: set[str]) -> None:
        self.free = EVERYBODY - busy

    @precondition(lambda self: self.case.state is State.CALLING and self.case.asked())
    @rule(data=st.data(), answer=st.sampled_from([Answer.DECLINED, Answer.UNREACHABLE]))
    def somebody_cannot(self, data: st.DataObject, answer: Answer) -> None:
        person = data.draw(st.sampled_from(self.case.asked()))
        self.case = rules.cannot(self.case, person, answer, self.now)
        self.look()

    @precondition(lambda self: self.case.state is State.CALLING and self.case.asked())
    @rule(data=st.data())
    def somebody_comes(self, data: st.DataObject) -> None:
        helper = data.draw(st.sampled_from(self.case.asked()))
        self.case, notices = rules.take(self.case, helper, self.now)
        assert kinds(notices) == {model.COMING, model.ROOM}
        assert self.case.taken_by == helper

    @precondition(lambda self: self.case.state is State.TAKEN)
    @rule()
    def somebody_else_is_needed(self) -> None:
        assert self.case.taken_by is not None
        self.left.add(self.case.taken_by)
        waited = {seat.person for seat in self.case.seats if seat.answer is Answer.ASKED}
        after, notices = rules.somebody_else(self.case, self.free, self.now)
        self.case = self.note(after, notices)
        assert waited & self.free <= set(pinged(notices))

    @precondition(lambda self: self.case.is_open)
    @rule()
    def solved(self) -> None:
        self.case = rules.solve(self.case, self.now)

    @invariant()
    def goes_on_by_itself(self) -> None:
        """An open case has its next step ahead; a closed one has none."""
        if self.case.is_open:
            assert self.case.step_at is not None
            assert self.case.step_at > self.now
        else:
            assert self.case.step_at is None

    @invariant()
    def nobody_is_forgotten(self) -> None:
        """Once the agent was told, no ring is left that wasn't tried."""
        if self.case.round in self.told_nobody:
            assert self.case.ring == len(self.case.delays) - 2

    @invariant()
    def not_for_ever(self) -> None:
        ends = NOW + rules.LAPSES_AFTER + rules.TAKEN_LASTS  # somebody may come at the last moment
        if self.now >= ends:
            longest = timedelta(seconds=max(self.case.delays))
            assert not self.case.is_open or self.now < ends + longest


TestAnyDay = AnyDay.TestCase


def test_everybody_asked_gets_one_reminder_later() -> None:
    up, _ = rules.step(case("bc"), EVERYBODY, NOW)
    up, first = rules.heard(up, "b", NOW)
    up, second = rules.heard(up, "c", NOW)
    reminders = [*first, *second]
    assert [(notice.to, notice.due) for notice in reminders] == [
        (("b",), NOW + rules.REMIND_AFTER),
        (("c",), NOW + rules.REMIND_AFTER),
    ]


def test_taking_remembers_when_somebody_first_came() -> None:
    up, _ = climb(case("bc"))
    up, _ = rules.take(up, "b", at(7))
    up, _ = rules.somebody_else(up, EVERYBODY, at(200))
    up, _ = rules.take(up, "c", at(210))
    assert (up.first_taken_at, up.taken_at) == (at(7), at(210))
    assert replace(up, state=State.SOLVED).is_open is False


class TestTheMoment:
    def test_a_ring_is_who_is_free_when_it_is_due(self) -> None:
        up, asked = climb(case("b", "c", "d"))
        up = rules.reseated(up, ["", "x", "cd"])
        up, asked = climb(up, 30, free=frozenset("bcdx"))
        assert asked == "x", "c went home, x came"
        up = rules.reseated(up, ["", "", "ac"])
        assert climb(up, 60)[1] == "c", "nobody is asked for their own hand"

    def test_when_nobody_was_free_it_is_looked_every_half_minute(self) -> None:
        up, _ = climb(case("", "", ""))
        assert (up.unanswered_at, up.step_at) == (NOW, at(30))
        up, asked = climb(up, 30)
        assert (asked, up.step_at) == ("", at(60))
        up = rules.reseated(up, ["b", "", "c"])
        up, asked = climb(up, 60)
        assert (asked, up.unanswered_at) == ("bc", NOW)

    def test_the_agent_who_asks_again_is_looked_for_at_once(self) -> None:
        alone, _ = climb(case("", "", ""))
        assert rules.look_now(alone, at(7)).step_at == at(7)
        waiting, _ = climb(case("b", "c"))
        assert rules.look_now(waiting, at(7)) == waiting

    def test_everybody_at_once(self) -> None:
        up, _ = climb(case("b", "c", "d"))
        up, notices = rules.ask_everybody(up, EVERYBODY, at(5))
        up = all_hear(up, notices, at(5))
        assert (pinged(notices), up.ring, up.step_at) == ("cd", 2, at(35))
        assert rules.ask_everybody(up, EVERYBODY, at(6)) == (up, ())

    def test_time_to_answer_counts_from_the_ping_s_arrival(self) -> None:
        up, _ = rules.step(case("b", "c"), EVERYBODY, NOW)
        up, notices = rules.heard(up, "b", at(20))
        assert (up.heard_at, up.step_at) == (at(20), at(50))
        assert [notice.due for notice in notices] == [at(65)]
        on_time, _ = rules.step(case("b", "c"), EVERYBODY, NOW)
        on_time, _ = rules.heard(on_time, "b", at(2))
        assert (on_time.heard_at, on_time.step_at) == (NOW, at(30))

    def test_what_has_reached_nobody_in_five_seconds_is_seen_and_holds_up_nothing(self) -> None:
        up, _ = rules.step(case("b", "c"), EVERYBODY, NOW)
        assert (up.step_at, up.next_at) == (at(5), at(30))
        seen, notices = rules.step(up, EVERYBODY, at(5))
        assert (seen.unheard_at, seen.step_at, seen.then_at, notices) == (at(5), at(30), None, ())
        later, notices = rules.step(seen, EVERYBODY, at(30))
        assert (pinged(notices), later.unheard_at, later.step_at) == ("c", at(5), at(60))
        heard, _ = rules.heard(later, "c", at(31))
        assert (heard.unheard_at, heard.step_at) == (None, at(60))

    def test_a_ring_of_five_seconds_ends_with_that_look(self) -> None:
        up, _ = rules.step(case("b", delays=(0, 5)), EVERYBODY, NOW)
        up, notices = rules.step(up, EVERYBODY, at(5))
        assert (up.unheard_at, up.step_at, up.then_at, notices) == (at(5), at(65), None, ())

    def test_what_is_heard_within_five_seconds_needs_no_look(self) -> None:
        up, _ = rules.step(case("b", "c"), EVERYBODY, NOW)
        up, _ = rules.heard(up, "b", at(1))
        assert (up.unheard_at, up.step_at, up.then_at) == (None, at(30), None)
        for over in (
            rules.take(up, "b", at(2))[0],
            rules.take(rules.step(case("b"), EVERYBODY, NOW)[0], "b", at(2))[0],
        ):
            assert (over.step_at, over.then_at) == (at(2) + rules.HELPER_IS_LATE_AFTER, None)

    def test_nobody_is_free_is_not_said_before_anybody_heard(self) -> None:
        up, _ = rules.step(case("b", delays=(0, 30)), EVERYBODY, NOW)
        up, notices = rules.step(up, EVERYBODY, at(30))
        assert (notices, up.step_at) == ((), at(90)), "a minute more for a platform in trouble"
        up, _ = rules.heard(up, "b", at(70))
        assert up.step_at == at(100)
        up, notices = rules.step(up, EVERYBODY, at(100))
        assert kinds(notices) == {model.NOBODY}

    def test_who_said_no_or_is_not_asked_is_not_reminded(self) -> None:
        up, _ = climb(case("b", "c"))
        no = rules.cannot(up, "b", Answer.DECLINED, at(1))
        assert rules.heard(no, "b", at(2)) == (no, ())
        assert rules.heard(up, "x", at(2)) == (up, ())


@pytest.mark.parametrize(
    ("lately", "sizes"),
    [(0, (5, 10, 20)), (20, (5, 10, 20)), (21, (5, 10, 20)), (40, (3, 5, 10)), (200, (2, 2, 2))],
)
def test_many_hands_at_once_ask_fewer_each(lately: int, sizes: tuple[int, ...]) -> None:
    rings = rules.under_load(Ladder().rings, lately)
    assert tuple(ring.size for ring in rings) == sizes
    assert [ring.members for ring in rings] == [ring.members for ring in Ladder().rings]


@pytest.mark.parametrize(
    ("lately", "asked"), [(0, 10), (10, 10), (11, 10), (12, 9), (20, 5), (40, 3), (60, 2)]
)
def test_a_large_first_ring_asks_no_more_than_can_be_told_that_it_is_over(
    lately: int, asked: int
) -> None:
    assert rules.under_load((Ring(0, (), 10),), lately) == (Ring(0, (), asked),)


def test_a_ring_of_one_stays_one() -> None:
    assert rules.under_load((Ring(0, (), 1),), 500) == (Ring(0, (), 1),)
