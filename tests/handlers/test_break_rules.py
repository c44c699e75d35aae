"""The rule that a team stays reachable, whatever time and people do; and what people write."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from handlers.availability.coverage import (
    Absence,
    CoverageRule,
    Crew,
    StandIn,
    Team,
    fits,
    is_counted,
    joined,
)
from handlers.breaks import model
from handlers.breaks.model import (
    Break,
    BreakState,
    Fault,
    Habits,
    MinutesError,
    Return,
    absence_of,
    after_the_call,
    minutes_in,
)
from handlers.breaks.rules import Go, MustWait, decide, next_start
from handlers.breaks.suggestions import next_tip
from handlers.kit.hours import ALWAYS, parse_hours
from handlers.kit.people import Duty, Person, Role

TEN = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
"""A Monday, ten in the morning in Riga."""

ON = Duty("Europe/Riga", ALWAYS, None, None, None)


def agent(name: str = "Anna", *roles: Role) -> Person:
    return Person(name, "T1", name, (), frozenset({Role.AGENT, *roles}))


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def away(start: float, end: float) -> Absence:
    return Absence(ON, TEN + minutes(start), TEN + minutes(end))


@dataclass
class BreakingTeam:
    """A team as it lives: people ask, come back, book, cover and sit at desks, and time passes.
    It keeps what storage keeps and decides by the rules alone. They all work at the same times."""

    rule: CoverageRule
    people: list[Person]
    now: datetime = TEN
    live: dict[str, Break] = field(default_factory=dict)
    covers: dict[str, str] = field(default_factory=dict)
    vents: dict[str, datetime] = field(default_factory=dict)
    hard: set[str] = field(default_factory=set)
    starts: int = 0
    covered: int = 0
    talked_meanwhile: int = 0

    def team(self, without: str = "") -> Team:
        counted = [one for one in self.people if is_counted(one)]
        absences = [joined(self.absences_of(one)) for one in counted if one.id != without]
        return Team(
            (Crew(ON, len(counted)),),
            tuple(absence for theirs in absences for absence in theirs),
            tuple(
                StandIn(ON, until)
                for asker, until in (
                    (asker, one.ends_at)
                    for asker, one in self.live.items()
                    if one.state is BreakState.RUNNING and one.ends_at
                )
                for helper in self.people
                if self.covers.get(asker) == helper.id
                and not is_counted(helper)
                and not self.is_talking(helper.id)
            ),
        )

    def absences_of(self, who: Person) -> Iterator[Absence]:
        if who.id in self.vents:
            yield Absence(ON, TEN - timedelta(days=1), self.vents[who.id])
        one = self.live.get(who.id)
        if one is not None and (absence := absence_of(one, ON)) is not None:
            yield absence

    def is_talking(self, person: str) -> bool:
        return person in self.vents and self.now < self.vents[person]

    def vent(self, who: Person) -> None:
        """They begin to talk: nobody is asked whether that fits."""
        self.vents[who.id] = self.now + minutes(45)

    def vented(self, who: Person) -> None:
        self.vents.pop(who.id, None)

    def committed_until(self, person: str) -> datetime | None:
        for asker, helper in self.covers.items():
            if helper == person:
                return self.live[asker].ends_at
        return None

    def ask(
        self, who: Person, length: int, *, hard: bool = False, booked: Break | None = None
    ) -> None:
        live = self.live.get(who.id)
        if live is not None and live.state is BreakState.RUNNING:
            return
        one = booked or Break(f"{who.id}", "T1", who.id, length, BreakState.HELD, self.now, hard)
        found = decide(
            self.team(who.id),
            self.rule,
            who,
            one.length,
            self.now,
            hard=hard,
            committed_until=self.committed_until(who.id),
        )
        if found == Go():
            self.covers = {a: h for a, h in self.covers.items() if h != who.id}
            self.begin(who, one)
        elif isinstance(found, MustWait) and (
            live is None or live.state is not BreakState.BOOKED or booked
        ):
            self.live[who.id] = model.held(one, found.start, self.now)

    def begin(self, who: Person, one: Break) -> None:
        self.live[who.id] = model.begun(one, None, self.now)
        self.hard.discard(who.id)
        if one.hard:
            self.hard.add(who.id)
        else:
            self.starts += 1
            team = self.team()
            on_duty = team.on_duty(self.now)
            if is_counted(who):
                assert team.available(self.now) >= self.rule.needed(on_duty), (who.id, self)
            self.talked_meanwhile += bool(self.vents)
            self.check(f"{who.id} began")

    def book(self, who: Person) -> None:
        one = self.live.get(who.id)
        if one is not None and one.state is BreakState.HELD and one.starts_at is not None:
            start = one.starts_at
            if start > self.now and fits(
                self.team(who.id), self.rule, who, start, start + one.length
            ):
                self.live[who.id] = model.booked(one, start)

    def cover(self, who: Person, asker: Person) -> None:
        one = self.live.get(asker.id)
        mine = self.live.get(who.id)
        if one is None or one.state is not BreakState.HELD or who is asker:
            return
        if self.committed_until(who.id) or self.committed_until(asker.id):
            return
        if (mine is not None and mine.state is BreakState.RUNNING) or self.is_talking(who.id):
            return
        team = self.team(asker.id)
        if mine is not None and mine.state is BreakState.DESK:
            del self.live[who.id]
            team = self.team(asker.id)
        if not is_counted(who):
            stand_in = StandIn(ON, self.now + one.length)
            team = replace(team, stand_ins=(*team.stand_ins, stand_in))
        if fits(team, self.rule, asker, self.now, self.now + one.length):
            self.covers[asker.id] = who.id
            self.covered += 1
            self.begin(asker, one)

    def back(self, who: Person, how: Return) -> None:
        one = self.live.get(who.id)
        if one is None or one.state not in (BreakState.RUNNING, BreakState.DESK):
            return
        ends = self.now + model.DESK_LASTS
        helper = self.covers.pop(who.id, None)  # who stood in for the break is free again
        if how is Return.DESK and not fits(self.team(who.id), self.rule, who, self.now, ends):
            if helper is not None:
                self.covers[who.id] = helper
            return
        del self.live[who.id]
        if how is Return.DESK:
            self.live[who.id] = model.back(one, how, self.now)

    def pass_time(self, seconds: int, order: random.Random) -> None:
        """To the end, stopping wherever something is due; what is due at once comes in any
        order, as with any number of processes."""
        end = self.now + timedelta(seconds=seconds)
        while True:
            steps = [one.step_at for one in self.live.values() if one.step_at]
            soonest = min(steps, default=end)
            if soonest > end:
                break
            self.now = max(self.now, soonest)
            due = [one for one in self.live.values() if one.step_at and one.step_at <= self.now]
            if not due:
                break
            one = order.choice(due)
            who = next(person for person in self.people if person.id == one.person)
            if one.state is BreakState.BOOKED:
                self.ask(who, one.minutes or 0, booked=one)
            else:
                self.covers.pop(who.id, None)
                del self.live[who.id]
            self.check("time passed")
        self.now = end

    def check(self, when: str) -> None:
        """Nobody took a break that left too few: those aside who are on hard ones, or talk in a
        vent, and who wait for nobody."""
        team = self.team()
        on_duty = team.on_duty(self.now)
        excused = sum(
            1
            for person in self.hard
            if (one := self.live.get(person)) is not None and one.is_on(self.now)
        )
        excused += sum(self.is_talking(person) for person in self.vents)
        least = min(self.rule.needed(on_duty), on_duty)
        assert team.available(self.now) + excused >= least, (when, self)
        for asker, helper in self.covers.items():
            assert self.live[asker].is_on(self.now) or self.live[asker].ends_at == self.now
            breaks = self.live.get(helper)
            assert breaks is None or not breaks.is_on(self.now) or helper in self.hard, when


def a_day(seed: int) -> BreakingTeam:
    """One random interleaving of a dozen things that people do, and time in between."""
    chance = random.Random(seed)  # noqa: S311 - a story, no secret
    people = [agent(f"P{n}") for n in range(chance.randint(1, 6))]
    people += [agent(f"S{n}", Role.SUPERVISOR) for n in range(chance.randint(0, 2))]
    floor = BreakingTeam(CoverageRule(chance.randint(0, 4), chance.choice((0, 0, 50, 80))), people)
    for _ in range(12):
        who = chance.choice(people)
        match chance.randrange(11):
            case 0 | 1 | 2:
                floor.ask(who, chance.choice((1, 5, 10, 15)), hard=chance.random() < 0.05)
            case 3:
                floor.book(who)
            case 4 | 8:
                floor.cover(who, chance.choice(people))
            case 5:
                floor.back(who, chance.choice((Return.AVAILABLE, Return.DESK)))
            case 6:
                floor.vent(who)
            case 7:
                floor.vented(who)
            case _:
                floor.pass_time(chance.choice((0, 7, 60, 300, 601)), chance)
        floor.check("somebody did something")
    return floor


@pytest.mark.slow
def test_coverage_holds_under_ten_thousand_interleavings() -> None:
    floors = [a_day(seed) for seed in range(10_000)]
    assert sum(floor.starts for floor in floors) > 10_000, "the days must be busy to prove much"
    assert sum(floor.covered for floor in floors) > 100
    assert sum(floor.talked_meanwhile for floor in floors) > 1000
    held = (one for floor in floors for one in floor.live.values())
    assert sum(one.state in (BreakState.HELD, BreakState.BOOKED) for one in held) > 1000


@pytest.mark.parametrize(
    ("rule", "on_duty", "needed"),
    [
        (CoverageRule(), 1, 0),
        (CoverageRule(), 2, 1),
        (CoverageRule(0), 5, 0),
        (CoverageRule(3), 2, 3),
        (CoverageRule(1, 50), 5, 3),
        (CoverageRule(4, 50), 5, 4),
        (CoverageRule(0, 100), 5, 5),
    ],
)
def test_how_many_stay(rule: CoverageRule, on_duty: int, needed: int) -> None:
    assert rule.needed(on_duty) == needed


def test_the_next_start_is_the_first_whole_minute_that_fits() -> None:
    team = Team((Crew(ON, 2),), (away(-2, 8.5),))
    assert not fits(team, CoverageRule(), agent(), TEN, TEN + minutes(5))
    assert next_start(team, CoverageRule(), agent(), minutes(5), TEN) == TEN + minutes(9)
    booked = replace(team, absences=(*team.absences, away(12, 22)))
    assert next_start(booked, CoverageRule(), agent(), minutes(3), TEN) == TEN + minutes(9)
    assert next_start(booked, CoverageRule(), agent(), minutes(5), TEN) == TEN + minutes(22)


def test_who_talks_on_their_break_is_missing_once() -> None:
    assert joined([away(20, 30), away(0, 10), away(5, 15)]) == (away(0, 15), away(20, 30))
    assert joined([away(0, 45), away(10, 20)]) == (away(0, 45),)
    team = Team((Crew(ON, 3),), joined([away(-30, 15), away(0, 10)]))
    assert [team.available(TEN + minutes(at)) for at in (5, 12, 15)] == [2, 2, 3]


def test_the_next_start_waits_for_the_next_shift_and_not_for_ever() -> None:
    noon = Duty("Europe/Riga", parse_hours("Mon-Fri 12:00-20:00"), None, None, None)
    team = Team((Crew(ON, 2), Crew(noon, 1)))
    assert next_start(team, CoverageRule(2), agent(), minutes(10), TEN) == TEN + timedelta(hours=2)
    assert next_start(Team((Crew(ON, 2),)), CoverageRule(2), agent(), minutes(10), TEN) is None


def test_a_shift_that_ends_within_the_break_is_foreseen() -> None:
    until_noon = Duty("Europe/Riga", parse_hours("Mon-Fri 08:00-12:00"), None, None, None)
    team = Team((Crew(ON, 2), Crew(until_noon, 1)), (away(100, 150),))
    almost_noon = TEN + minutes(110)
    assert fits(team, CoverageRule(), agent(), almost_noon, almost_noon + minutes(10))
    assert not fits(team, CoverageRule(), agent(), almost_noon, almost_noon + minutes(11))


def test_who_is_not_counted_goes_when_they_like() -> None:
    team = Team((Crew(ON, 1),), (away(0, 10),))
    assert fits(team, CoverageRule(5), agent("Liga", Role.SUPERVISOR), TEN, TEN + minutes(10))


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("10", 10),
        ("+10", 10),
        (" 10 MIN. ", 10),
        ("10 minutes", 10),
        ("10 minūtēm", 10),
        ("1 h", 60),
        ("1 stunda", 60),
        ("until I'm back", None),
        ("Until I’m back.", None),
        ("līdz atgriezīšos", None),
        ("pusstundu", 30),
        ("uz 10 min", 10),
        ("half an hour, please", 30),
        ("½ h", 30),
        ("0,5 h", 30),
        ("10 minūti", 10),
        ("divas minūtes", 2),
        ("ceturtdaļstundu", 15),
        ("0:45 h", 45),
        ("10 мин", 10),
        ("на 10 минут, пожалуйста", 10),
        ("полчаса", 30),
    ],
)
def test_minutes_as_people_write_them(text: str, meant: int | None) -> None:
    assert minutes_in(text) == meant


def test_a_break_until_a_moment_is_so_many_minutes() -> None:
    riga = ZoneInfo("Europe/Riga")
    noon = datetime(2026, 3, 2, 12, 0, 20, tzinfo=riga)
    said = {"until 12:30": 30, "līdz 12.05": 5, "līdz plkst. 13": 60, "until 1 pm": 60}
    assert {text: minutes_in(text, noon) for text in said} == said
    for text, fault in (
        ("until 13:01", Fault.LONG),
        ("līdz 9:00", Fault.LONG),
        ("rīt 12:30", Fault.DAY),
        ("24.12.", Fault.DAY),
        ("10.5", Fault.UNREADABLE),
        ("7.5", Fault.UNREADABLE),
    ):
        with pytest.raises(MinutesError) as raised:
            minutes_in(text, noon)
        assert raised.value.fault is fault
    before_summer = datetime(2026, 3, 29, 2, 45, tzinfo=riga)  # at three it is four
    assert minutes_in("until 4:10", before_summer) == 25


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("500", Fault.LONG),
        ("61", Fault.LONG),
        ("2 h", Fault.LONG),
        ("-1", Fault.SHORT),
        ("0", Fault.SHORT),
        ("tomorrow", Fault.DAY),
        ("on Monday", Fault.DAY),
        ("rīt", Fault.DAY),
        ("pirmdien", Fault.DAY),
        ("", Fault.UNREADABLE),
        ("ten", Fault.UNREADABLE),
        ("10 years", Fault.UNREADABLE),
        ("1.5", Fault.UNREADABLE),
        ("1,5 h", Fault.LONG),
        ("2h30m", Fault.LONG),
        ("until 14:20", Fault.UNREADABLE),
        ("9999999", Fault.UNREADABLE),
        ("<!channel>", Fault.UNREADABLE),
    ],
)
def test_what_are_no_minutes_says_why(text: str, fault: Fault) -> None:
    with pytest.raises(MinutesError) as raised:
        minutes_in(text)
    assert raised.value.fault is fault


def test_suggestions_take_turns_and_fit_the_minutes() -> None:
    habits, seen = Habits(), []
    for _ in range(5):
        tip, habits = next_tip(habits, 5)
        seen.append(tip)
    assert len(set(seen)) == 5
    assert next_tip(Habits(suggests=False, next=3), 5) == (None, Habits(suggests=False, next=3))
    for length in (*range(1, 61), None):
        assert next_tip(Habits(), length)[0] is not None


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("after", ""),
        ("After this call!", ""),
        ("pēc šī zvana", ""),
        ("после звонка", ""),
        ("10 pēc", "10"),
        ("after my call until I'm back", "until im back"),
        ("pēc sarunas 15 min", "15 min"),
        ("10", None),
        ("after lunch", None),
        ("until afternoon", None),
    ],
)
def test_after_the_call_is_told_from_the_minutes(text: str, rest: str | None) -> None:
    assert after_the_call(text) == rest
