"""What a break becomes, step by step, told whole; and how a team feels it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.texts import texts
from handlers.availability.coverage import (
    RULE,
    Absence,
    CountedBy,
    CoverageRule,
    Crew,
    StandIn,
    Team,
    Whose,
    fits,
    joined,
    team_of,
)
from handlers.breaks import model
from handlers.breaks.model import Break, BreakOffer, BreakState, Fault, Habits, MinutesError, Return
from handlers.breaks.rules import Go, MustWait, decide, next_start
from handlers.breaks.suggestions import next_tip, tip
from handlers.kit.cards import ToType
from handlers.kit.hours import ALWAYS, parse_hours
from handlers.kit.people import Duty, Person
from tests.fakes.settings import SettingsInMemory

TEN = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
"""A Monday, ten in the morning in Riga."""

ON = Duty("Europe/Riga", ALWAYS, None, None, None)
ANNA = Person("anna", "w", "Anna", ())
ASKED = Break("b", "w", "anna", 10, BreakState.HELD, TEN, tip=3)


def at(minutes: float) -> datetime:
    return TEN + timedelta(minutes=minutes)


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def away(start: float, end: float, duty: Duty = ON) -> Absence:
    return Absence(duty, at(start), at(end))


def works(hours: str) -> Duty:
    return Duty("Europe/Riga", parse_hours(hours), None, None, None)


class TestBreakSteps:
    def test_after_this_call_waits_two_hours_for_its_end(self) -> None:
        assert model.wished(ASKED, at(1)) == replace(
            ASKED, state=BreakState.WISHED, step_at=at(121)
        )

    def test_what_would_leave_too_few_stands_half_an_hour_with_the_start_that_fits(self) -> None:
        asked = replace(ASKED, state=BreakState.WISHED)
        assert model.held(asked, at(20), at(1)) == replace(
            ASKED, state=BreakState.HELD, starts_at=at(20), step_at=at(31)
        )

    def test_colleagues_are_asked_for_five_minutes(self) -> None:
        assert model.asking(ASKED, at(1)) == replace(ASKED, state=BreakState.ASKING, step_at=at(6))

    def test_a_booked_one_begins_at_its_start_and_ends_by_its_length(self) -> None:
        assert model.booked(ASKED, at(20)) == replace(
            ASKED, state=BreakState.BOOKED, starts_at=at(20), ends_at=at(30), step_at=at(20)
        )

    def test_it_counts_from_when_it_really_began(self) -> None:
        booked = model.booked(ASKED, at(20))
        assert model.begun(booked, 5, at(21)) == replace(
            booked,
            state=BreakState.RUNNING,
            tip=5,
            started_at=at(21),
            ends_at=at(31),
            step_at=at(31),
        )

    def test_until_i_am_back_ends_after_four_hours_and_nobody_is_told_when(self) -> None:
        begun = model.begun(replace(ASKED, minutes=None), None, at(0))
        assert (begun.ends_at, begun.step_at, begun.until) == (at(240), at(240), None)
        assert model.begun(ASKED, None, at(0)).until == at(10)

    def test_when_its_time_is_up_it_waits_for_how_they_come_back(self) -> None:
        begun = model.begun(ASKED, None, at(0))
        assert model.over(begun, at(10)) == replace(
            begun, state=BreakState.OVER, step_at=None, closed_at=at(10)
        )

    @pytest.mark.parametrize("how", [Return.AVAILABLE, Return.MORE])
    def test_back_is_back(self, how: Return) -> None:
        begun = model.begun(ASKED, None, at(0))
        assert model.back(begun, how, at(7)) == replace(
            begun, state=BreakState.CLOSED, step_at=None, closed_at=at(7), back_as=how
        )

    def test_desk_work_is_an_hour_from_now_also_after_the_end(self) -> None:
        ended = model.over(model.begun(ASKED, None, at(0)), at(10))
        assert model.back(ended, Return.DESK, at(12)) == replace(
            ended,
            state=BreakState.DESK,
            back_as=Return.DESK,
            started_at=at(12),
            ends_at=at(72),
            step_at=at(72),
            closed_at=None,
        )

    def test_a_closed_one_has_no_next_step(self) -> None:
        held = model.held(ASKED, at(20), at(1))
        assert model.closed(held, at(2)) == replace(
            held, state=BreakState.CLOSED, step_at=None, closed_at=at(2)
        )


def test_a_break_is_on_from_its_first_instant_until_before_its_end() -> None:
    begun = model.begun(ASKED, None, at(0))
    assert [begun.is_on(at(when)) for when in (-0.1, 0, 9.9, 10)] == [False, True, True, False]
    for other in (
        replace(begun, state=BreakState.DESK),
        replace(begun, started_at=None),
        replace(begun, ends_at=None),
    ):
        assert not other.is_on(at(5))


def test_how_long_a_break_was_or_has_been() -> None:
    begun = model.begun(ASKED, None, at(0))
    assert [begun.lasted(at(when)) for when in (-1, 0, 4, 10, 30)] == [
        minutes(whole) for whole in (0, 0, 4, 10, 10)
    ]
    assert model.over(begun, at(12)).lasted(at(30)) == minutes(10), "however late it was noticed"
    assert ASKED.lasted(at(5)) == minutes(0)
    assert replace(begun, started_at=None).lasted(at(5)) == minutes(0)
    assert replace(begun, ends_at=None).lasted(at(5)) == minutes(0)


def test_who_asks_again_within_half_an_hour_waits_for_the_same_one() -> None:
    assert [model.has_waited(ASKED, at(when)) for when in (0, 29.9, 30)] == [True, True, False]
    assert not model.has_waited(None, at(0))
    assert not model.has_waited(model.begun(ASKED, None, at(1)), at(2))


class TestHadOne:
    """Whether a break is offered after a call that began an hour after ten."""

    BEGAN = at(60)

    def had(self, last: Break | None, now: float = 70, *, hard: bool = False) -> bool:
        return model.had_one(last, self.BEGAN, at(now), hard=hard)

    def was_on(self, start: float, end: float, closed: float | None = None) -> Break:
        """A break that ended by itself, or was noticed to have ended later."""
        begun = replace(ASKED, started_at=at(start), ends_at=at(end))
        return model.closed(begun, at(end if closed is None else closed))

    def test_one_that_began_in_the_call_counts_from_its_first_instant(self) -> None:
        assert self.had(self.was_on(60, 65), now=200)
        assert self.had(self.was_on(60, 65), now=200, hard=True)
        assert not self.had(self.was_on(59.9, 65), now=200)

    def test_one_before_counts_for_a_quarter_of_an_hour_and_not_after_a_hard_call(self) -> None:
        before = self.was_on(45, 55)
        assert [self.had(before, now) for now in (69.9, 70)] == [True, False]
        assert not self.had(before, 60, hard=True)

    def test_it_counts_from_when_it_was_over_and_not_from_when_that_was_noticed(self) -> None:
        assert not self.had(self.was_on(45, 55, closed=68), 70)
        came_back_early = self.was_on(40, 58, closed=50)
        assert [self.had(came_back_early, now) for now in (64.9, 65)] == [True, False]
        open_end = replace(came_back_early, ends_at=None)
        assert [self.had(open_end, now) for now in (64.9, 65)] == [True, False]

    def test_what_never_began_or_still_goes_on_is_none(self) -> None:
        assert not self.had(None)
        assert not self.had(replace(self.was_on(61, 65), started_at=None))
        assert not self.had(replace(self.was_on(61, 65), closed_at=None))


def test_an_offer_stands_for_less_than_five_minutes_and_until_it_is_answered() -> None:
    offer = BreakOffer("call", "w", "anna", hard=False, offered_at=at(0), step_at=at(5))
    assert [offer.is_open(at(when)) for when in (0, 4.9, 5)] == [True, True, False]
    assert not replace(offer, step_at=None).is_open(at(1))


def test_how_a_team_feels_a_break() -> None:
    booked = model.booked(ASKED, at(20))
    begun = model.begun(booked, None, at(21))
    desk = model.back(begun, Return.DESK, at(30))
    assert model.absence_of(booked, ON) == away(20, 30)
    assert model.absence_of(begun, ON) == away(21, 31)
    assert model.absence_of(desk, ON) == away(30, 90)
    for nobody_misses in (
        ASKED,
        model.over(begun, at(31)),
        model.closed(begun, at(31)),
        replace(begun, ends_at=None),
        replace(begun, started_at=None),
        replace(booked, starts_at=None),
    ):
        assert model.absence_of(nobody_misses, ON) is None


class TestTeam:
    def test_who_counts_at_an_instant(self) -> None:
        """An absence and a stand-in last until before their end, and only while on duty."""
        early = works("Mon 08:00-11:00")
        team = Team(
            (Crew(ON, 3), Crew(early, 2)),
            (away(0, 10), away(50, 70, early)),
            (StandIn(ON, at(10)), StandIn(early, at(90))),
        )
        seen = {when: (team.on_duty(at(when)), team.available(at(when))) for when in (0, 9.9, 10)}
        assert seen == {0: (5, 6), 9.9: (5, 6), 10: (5, 6)}
        seen = {when: (team.on_duty(at(when)), team.available(at(when))) for when in (50, 60, 70)}
        assert seen == {50: (5, 5), 60: (3, 3), 70: (3, 3)}

    def test_one_stand_in_is_one(self) -> None:
        team = Team((Crew(ON, 2),), (away(0, 10),), (StandIn(ON, at(10)),))
        assert [team.available(at(when)) for when in (-1, 0, 9.9, 10)] == [3, 2, 2, 2]

    def test_absences_that_touch_are_one(self) -> None:
        assert joined([away(10, 20), away(0, 10)]) == (away(0, 20),)
        assert joined([away(0, 10), away(10.1, 20)]) == (away(0, 10), away(10.1, 20))

    @pytest.mark.parametrize(
        ("share", "on_duty", "needed"), [(50, 4, 2), (50, 5, 3), (34, 3, 2), (100, 101, 101)]
    )
    def test_a_share_is_rounded_up(self, share: int, on_duty: int, needed: int) -> None:
        assert CoverageRule(0, share).needed(on_duty) == needed


class TestWhose:
    """Which team somebody is counted in."""

    ANNA = replace(ANNA, topics=("bills", "meters"), position="Agent", manager="Dāce Ozola")
    BY_TOPIC, BY_POSITION = CoverageRule(), CoverageRule(others=CountedBy.POSITION)

    def test_those_of_one_manager_are_one_however_the_name_is_written(self) -> None:
        theirs = Whose("w", CountedBy.MANAGER, "dace ozola")
        assert team_of(self.ANNA, self.BY_TOPIC) == theirs
        assert team_of(self.ANNA, self.BY_POSITION) == theirs
        assert team_of(replace(self.ANNA, manager="DACE  OZOLA"), self.BY_TOPIC) == theirs

    def test_who_has_none_is_counted_with_those_of_the_first_topic_or_of_the_position(self) -> None:
        anna = replace(self.ANNA, manager=" ")
        assert team_of(anna, self.BY_TOPIC) == Whose("w", CountedBy.TOPIC, "bills")
        assert team_of(anna, self.BY_POSITION) == Whose("w", CountedBy.POSITION, "Agent")

    def test_who_has_none_of_that_either_is_counted_alone(self) -> None:
        assert team_of(ANNA, self.BY_TOPIC) is None
        assert team_of(ANNA, self.BY_POSITION) is None


class TestFits:
    def test_who_is_off_duty_leaves_nobody_alone(self) -> None:
        """Anna's shift ends at eleven: what is after it is not hers to hold."""
        anna = replace(ANNA, hours=parse_hours("Mon 08:00-11:00"))
        team = Team((Crew(anna.duty), Crew(ON, 1)), (away(60, 90),))
        assert fits(team, CoverageRule(), anna, at(55), at(70))
        assert not fits(team, CoverageRule(), ANNA, at(55), at(70))

    def test_a_break_may_begin_when_another_ends_and_end_when_another_begins(self) -> None:
        team = Team((Crew(ON, 2),), (away(-10, 0), away(10, 20)))
        assert fits(team, CoverageRule(), ANNA, at(0), at(10))
        assert not fits(team, CoverageRule(), ANNA, at(-0.1), at(10))
        assert not fits(team, CoverageRule(), ANNA, at(0), at(10.1))

    def test_a_stand_in_who_goes_before_the_end_is_missed(self) -> None:
        team = Team((Crew(ON, 2),), (away(-10, 30),), (StandIn(ON, at(9.5)),))
        assert fits(team, CoverageRule(), ANNA, at(0), at(9.5))
        assert not fits(team, CoverageRule(), ANNA, at(0), at(9.6))

    def test_of_an_open_break_an_hour_is_foreseen(self) -> None:
        team = Team((Crew(ON, 2),), (away(60, 90),))
        assert fits(team, CoverageRule(), ANNA, at(0), at(240))
        assert not fits(
            replace(team, absences=(away(59.9, 90),)), CoverageRule(), ANNA, at(0), at(240)
        )

    def test_a_shift_that_ends_on_a_whole_minute_is_seen_from_any_second(self) -> None:
        team = Team((Crew(ON, 2), Crew(works("Mon 08:00-11:00"))), (away(0, 90),))
        assert fits(team, CoverageRule(), ANNA, at(55.5), at(60))
        assert not fits(team, CoverageRule(), ANNA, at(55.5), at(60.1))
        assert not fits(team, CoverageRule(), ANNA, at(59.99), at(60.01))
        just_after = at(60) + timedelta(microseconds=1)
        assert not fits(
            team, CoverageRule(), ANNA, at(55.5) + timedelta(microseconds=7), just_after
        )


class TestDecision:
    ALONE = Team((Crew(ON, 2),), (away(-5, 30),))

    def decided(self, **also: object) -> Go | MustWait:
        given: dict[str, object] = {"hard": False, "committed_until": None, **also}
        team = given.pop("team", self.ALONE)
        return decide(team, CoverageRule(), ANNA, minutes(10), at(0), **given)  # type: ignore[arg-type] # a test's table

    def test_it_begins_where_the_team_keeps_what_it_needs(self) -> None:
        assert self.decided(team=Team((Crew(ON, 3),))) == Go()

    def test_what_is_booked_within_its_length_is_foreseen(self) -> None:
        soon = Team((Crew(ON, 2),), (away(5, 20),))
        assert self.decided(team=soon) == MustWait(at(20))

    def test_it_waits_for_the_first_start_that_fits(self) -> None:
        assert self.decided() == MustWait(at(30))

    def test_after_a_hard_call_it_waits_for_nobody(self) -> None:
        assert self.decided(hard=True) == Go()
        assert self.decided(hard=True, committed_until=at(20)) == Go()

    def test_who_covers_waits_until_that_break_is_over(self) -> None:
        free = Team((Crew(ON, 3),))
        assert self.decided(team=free, committed_until=at(20)) == MustWait(at(25))
        assert self.decided(committed_until=at(20)) == MustWait(at(30))

    def test_within_four_hours_or_not_at_all(self) -> None:
        last = Team((Crew(ON, 2),), (away(-5, 240),))
        assert self.decided(team=last) == MustWait(at(240))
        later = Team((Crew(ON, 2),), (away(-5, 240.5),))
        assert self.decided(team=later) == MustWait(None)


class TestNextStart:
    def starts(self, team: Team, now: datetime) -> datetime | None:
        return next_start(team, CoverageRule(), ANNA, minutes(10), now)

    def test_it_is_never_the_present_moment(self) -> None:
        assert self.starts(Team((Crew(ON, 3),)), at(0)) == at(5)

    def test_it_is_a_whole_minute_and_then_each_fifth(self) -> None:
        half_past = at(0.5) + timedelta(microseconds=7)
        assert self.starts(Team((Crew(ON, 3),)), half_past) == at(1)
        assert self.starts(Team((Crew(ON, 2),), (away(-5, 3),)), half_past) == at(3)
        ends = at(3) + timedelta(microseconds=1)
        team = Team((Crew(ON, 2),), (Absence(ON, at(-5), ends),))
        assert self.starts(team, half_past) == at(4)

    def test_what_ends_this_moment_is_no_start_of_its_own(self) -> None:
        team = Team((Crew(ON, 2),), (away(-5, 0),))
        assert self.starts(team, at(0)) == at(5)


class TestBreakSettings:
    def test_until_an_admin_changes_it_one_stays_and_hard_calls_go_first(self) -> None:
        settings = SettingsInMemory()
        RULE.put(settings, "other", CoverageRule(5, 50, hard_first=False))
        assert RULE.of(settings, "w") == CoverageRule(keep=1, share=0, hard_first=True)

    @pytest.mark.parametrize("rule", [CoverageRule(100, 100), CoverageRule(0, 0, hard_first=False)])
    def test_what_an_admin_set_comes_back_as_it_was(self, rule: CoverageRule) -> None:
        settings = SettingsInMemory()
        RULE.put(settings, "w", rule)
        assert RULE.of(settings, "w") == rule

    def test_how_it_is_kept(self) -> None:
        assert RULE.kept(CoverageRule(3, 25)) == {
            "keep": 3,
            "share": 25,
            "hard_first": True,
            "others": "topic",
        }


class TestMinutes:
    @pytest.mark.parametrize(
        ("text", "meant"), [("1", 1), ("1 min", 1), ("60", 60), ("1 st.", 60), ("10 !.", 10)]
    )
    def test_the_shortest_and_the_longest(self, text: str, meant: int) -> None:
        assert model.minutes_in(text) == meant

    def test_the_error_says_its_fault_in_the_log_too(self) -> None:
        assert str(MinutesError(Fault.LONG)) == "long"


class TestSuggestions:
    def test_they_take_turns_in_their_order_and_skip_what_does_not_fit(self) -> None:
        seen, habits = [], Habits(next=0)
        for _ in range(9):
            number, habits = next_tip(habits, 5)
            seen.append(number)
        assert seen == [0, 1, 2, 3, 4, 5, 7, 8, 0]
        assert habits == Habits(next=1)

    @pytest.mark.parametrize(
        ("minutes", "number"), [(1, 0), (5, 0), (6, 1), (10, 1), (11, 2), (15, 2), (16, 3), (60, 3)]
    )
    def test_the_first_that_suits_the_minutes(self, minutes: int, number: int) -> None:
        assert next_tip(Habits(), minutes) == (number, Habits(next=number + 1))

    def test_an_open_break_is_a_quarter_of_an_hour_to_them(self) -> None:
        assert next_tip(Habits(), None) == (2, Habits(next=3))

    def test_after_the_last_comes_the_first(self) -> None:
        assert next_tip(Habits(next=8), 5) == (8, Habits(next=0))

    def test_a_number_that_is_no_longer_there_is_the_first(self) -> None:
        words = [tip(number, texts("en")) for number in (0, 8, 9, 99)]
        assert words[0] == words[2] == words[3]
        assert words[0] != words[1]

    def test_one_says_what_to_type_in_the_reader_s_language(self) -> None:
        typed = {
            locale: [span for number in range(9) for span in tip(number, texts(locale))]
            for locale in ("en", "lv")
        }
        assert ToType("calm", "let go") in typed["en"]
        assert ToType("calm", "atlaist") in typed["lv"]
