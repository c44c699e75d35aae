"""Whom a ring asks: of those in it whoever may be asked at this moment."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any, cast

import pytest

from bot.texts import texts
from handlers.availability.engaged import Availability, Helper
from handlers.availability.rest import REST, RestRules
from handlers.escalation import finding
from handlers.escalation.model import Answer, Case, Member, Mode, Ring, Seat
from handlers.kit.hours import parse_hours
from handlers.kit.people import Kind, Person, Role
from handlers.work import Occasion, Services, Work
from tests.fakes.settings import SettingsInMemory

TEN = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
"""A Monday, ten in the morning in Riga."""

BY_DAY, BY_NIGHT = parse_hours("Mon-Fri 09:00-17:00"), parse_hours("Mon-Sun 22:00-06:00")


def person(id_: str, *topics: str, **also: object) -> Person:
    return replace(Person(id_, "w", id_, (), topics=topics), **also)  # type: ignore[arg-type] # by name


ANNA = person("anna", trusted=("ilze", "ivo"))
DACE, IVO, ILZE = person("dace", "bills"), person("ivo", "bills"), person("ilze")
LIGA = person("liga", roles=frozenset({Role.AGENT, Role.SUPERVISOR}))


@dataclass
class HelpersThere:
    """The people in the order in which they were asked last, as far as a ring asks: its ports."""

    everybody: tuple[Person, ...] = (ANNA, DACE, IVO, ILZE, LIGA)
    engaged_ones: tuple[str, ...] = ()
    meeting_ones: tuple[str, ...] = ()
    country: str = "LV"
    holiday: date | None = None
    looked_at: list[tuple[int, int]] = field(default_factory=list)
    settings: SettingsInMemory = field(default_factory=SettingsInMemory)

    @property
    def people(self) -> "HelpersThere":
        return self

    def of(self, kind: object) -> "HelpersThere":
        assert kind is Availability
        return self

    def many(self, people: Sequence[str]) -> dict[str, Person]:
        return {one.id: one for one in self.everybody if one.id in people}

    def engaged(self, people: Sequence[str], now: datetime) -> frozenset[str]:
        assert now == TEN
        return frozenset(people).intersection(self.engaged_ones)

    def helping(self, people: Sequence[str], now: datetime) -> list[Helper]:
        assert now == TEN
        return [
            Helper(one, one.id in self.engaged_ones)
            for one in self.everybody
            if one.id in people and one.belongs
        ]

    def helpers(
        self,
        workspace: str,
        now: datetime,
        *,
        topic: str | None = None,
        role: Role | None = None,
        skip: int = 0,
        limit: int = 50,
    ) -> Sequence[Helper]:
        assert (workspace, now) == ("w", TEN)
        self.looked_at.append((skip, limit))
        found = [
            Helper(one, one.id in self.engaged_ones, one.id in self.meeting_ones)
            for one in self.everybody
            if (topic is None or topic in one.topics) and (role is None or role in one.roles)
        ]
        return found[skip : skip + limit]

    def is_holiday(self, country: str, day: date) -> bool:
        return (country, day) == (self.country, self.holiday)


def on(floor: HelpersThere) -> Occasion:
    nothing: Any = None  # a ring asks for no words, ids or links
    services = Services(texts, nothing, nothing, floor, nothing, nothing, hearers={})
    return Occasion(cast("Work", floor), TEN, services)


def hand(*rings: Ring, **also: object) -> Case:
    delays = tuple(30 * number for number in range(len(rings) + 1))
    up = Case("c", "w", "anna", "bills", "", Mode.JOIN, TEN, delays, (), step_at=TEN)
    return replace(up, rings=rings, **also)  # type: ignore[arg-type] # by name


def asked(
    floor: HelpersThere, *members: Member, size: int = 9, **also: object
) -> tuple[tuple[str, ...], ...]:
    """Who may be asked in a hand's one ring of these members."""
    return tuple(finding.rings_now(hand(Ring(0, members, size), **also), ANNA, on(floor), 0))


class TestRing:
    def test_whoever_has_the_topic_is_asked_in_turn_and_no_more_than_fit(self) -> None:
        assert asked(HelpersThere(), Member.TOPIC) == (("dace", "ivo"),)
        assert asked(HelpersThere((IVO, DACE)), Member.TOPIC) == (("ivo", "dace"),)
        assert asked(HelpersThere(), Member.TOPIC, size=1) == (("dace",),)
        assert asked(HelpersThere(), Member.TOPIC, topic=None) == ((),)

    def test_each_kind_of_member_comes_after_the_one_before_and_nobody_twice(self) -> None:
        assert asked(HelpersThere(), Member.SUPERVISORS) == (("liga",),)
        assert asked(HelpersThere(), Member.TRUSTED) == (("ilze", "ivo"),)
        assert asked(HelpersThere(), Member.EVERYBODY) == (("dace", "ivo", "ilze", "liga"),)
        together = asked(HelpersThere(), Member.TRUSTED, Member.TOPIC, Member.EVERYBODY)
        assert together == (("ilze", "ivo", "dace", "liga"),)
        assert asked(HelpersThere(), Member.TRUSTED, Member.TOPIC, size=3) == (
            ("ilze", "ivo", "dace"),
        )

    def test_a_ring_without_members_is_whoever_was_asked_for_by_name(self) -> None:
        assert asked(HelpersThere(), wanted="liga") == (("liga",),)
        assert asked(HelpersThere(), wanted="gone") == ((),)
        assert asked(HelpersThere()) == ((),)

    @pytest.mark.parametrize(
        "also",
        [
            {"hours": BY_NIGHT},
            {"away_until": datetime(2026, 3, 2, 9, tzinfo=UTC)},
            {
                "quiet_from": datetime(2026, 3, 2, 7, tzinfo=UTC),
                "quiet_until": datetime(2026, 3, 2, 9, tzinfo=UTC),
            },
        ],
        ids=("at rest", "away", "undisturbed"),
    )
    def test_who_is_not_on_duty_is_passed_over(self, also: dict[str, object]) -> None:
        floor = HelpersThere((ANNA, person("dace", "bills", **also), IVO))
        assert asked(floor, Member.TOPIC) == (("ivo",),)
        assert asked(floor, Member.TOPIC, size=1) == (("ivo",),)

    def test_who_is_engaged_is_passed_over_wherever_they_come_from(self) -> None:
        floor = HelpersThere(engaged_ones=("ilze", "dace"))
        assert asked(floor, Member.TRUSTED) == (("ivo",),)
        assert asked(floor, Member.TOPIC) == (("ivo",),)
        assert asked(floor, wanted="ilze") == ((),)

    def test_one_is_trusted_who_helps_and_is_of_the_house(self) -> None:
        floor = HelpersThere((person("ilze", helps=False), person("ivo", kind=Kind.OUTSIDER)))
        assert asked(floor, Member.TRUSTED) == ((),)

    def test_on_a_public_holiday_those_who_have_hours_are_off(self) -> None:
        floor = HelpersThere((person("dace", "bills", hours=BY_DAY), IVO))
        assert asked(floor, Member.TOPIC) == (("dace", "ivo"),)
        floor.holiday = date(2026, 3, 2)
        assert asked(floor, Member.TOPIC) == (("ivo",),)
        floor.holiday = date(2026, 3, 3)
        assert asked(floor, Member.TOPIC) == (("dace", "ivo"),)

    def test_the_holidays_are_those_of_the_workspace(self) -> None:
        floor = HelpersThere((person("dace", "bills", hours=BY_DAY), IVO))
        floor.country, floor.holiday = "EE", date(2026, 3, 2)
        REST.put(floor.settings, "w", RestRules(country="EE"))
        assert asked(floor, Member.TOPIC) == (("ivo",),)
        assert finding.free(("dace", "ivo"), on(floor)) == {"ivo"}

    def test_a_company_asleep_costs_no_more_than_a_small_one(self) -> None:
        asleep = tuple(person(f"p{number:04}", hours=BY_NIGHT) for number in range(600))
        floor = HelpersThere((*asleep, LIGA))
        assert asked(floor, Member.EVERYBODY, size=49) == ((),)
        assert floor.looked_at == [(skip, 50) for skip in range(0, 500, 50)]

    def test_a_page_has_some_more_than_are_asked_and_the_last_is_not_full(self) -> None:
        floor = HelpersThere()
        seats = (Seat("dace", 0, Answer.ASKED),)
        assert asked(floor, Member.EVERYBODY, size=1, seats=seats) == (("ivo",),)
        assert floor.looked_at == [(0, 3)]
        assert asked(floor, Member.EVERYBODY, size=9, seats=seats) == (("ivo", "ilze", "liga"),)
        assert floor.looked_at[1:] == [(0, 11)]


TWO_RINGS = (Ring(0, (Member.TOPIC,), 5), Ring(30, (Member.EVERYBODY,), 5))


class TestRings:
    def test_nobody_is_in_two_rings_and_a_ring_that_was_asked_is_passed(self) -> None:
        up = hand(*TWO_RINGS)
        assert finding.rings_now(up, ANNA, on(HelpersThere()), 0) == [
            ("dace", "ivo"),
            ("ilze", "liga"),
        ]
        everybody = ("dace", "ivo", "ilze", "liga")
        assert finding.rings_now(up, ANNA, on(HelpersThere()), 1) == [(), everybody]

    def test_the_first_that_has_anybody_is_enough_to_begin_with(self) -> None:
        up = hand(*TWO_RINGS)
        first = finding.rings_now(up, ANNA, on(HelpersThere()), 0, first=True)
        assert first == [("dace", "ivo")]
        nobody_knows = HelpersThere((ANNA, ILZE))
        first = finding.rings_now(up, ANNA, on(nobody_knows), 0, first=True)
        assert first == [(), ("ilze",)]

    def test_those_of_the_rings_to_come_are_seated_and_who_was_asked_stays(self) -> None:
        up = finding.seated_now(hand(*TWO_RINGS), ANNA, on(HelpersThere()), first=True)
        assert up.seats == (Seat("dace", 0), Seat("ivo", 0))
        asked_once = replace(up, ring=0, seats=(Seat("dace", 0, Answer.ASKED), Seat("ivo", 0)))
        later = finding.seated_now(asked_once, ANNA, on(HelpersThere()))
        # Ivo was not free when his ring was asked.
        assert later.seats == (
            Seat("dace", 0, Answer.ASKED),
            *(Seat("ivo", 1), Seat("ilze", 1), Seat("liga", 1)),
        )

    def test_when_nobody_was_free_all_who_have_become_so_are_seated_in_the_last_ring(self) -> None:
        alone = hand(*TWO_RINGS, ring=1, unanswered_at=TEN)
        seated = finding.seated_now(alone, ANNA, on(HelpersThere()))
        assert [(seat.person, seat.ring) for seat in seated.seats] == [
            *(("dace", 1), ("ivo", 1), ("ilze", 1), ("liga", 1)),
        ]

    def test_so_are_those_of_a_ring_that_no_later_one_has(self) -> None:
        rings = (Ring(0, (Member.TRUSTED,), 5), Ring(30, (Member.SUPERVISORS,), 5))
        alone = hand(*rings, ring=1, unanswered_at=TEN)
        seated = finding.seated_now(alone, ANNA, on(HelpersThere()))
        assert seated.seats == (Seat("ilze", 1), Seat("ivo", 1), Seat("liga", 1))

    def test_everybody_is_looked_at_again_when_the_agent_can_not_wait(self) -> None:
        up = hand(*TWO_RINGS, ring=0, seats=(Seat("dace", 0, Answer.DECLINED),))
        assert finding.everybody_seated(up, ANNA, on(HelpersThere())).seats == (
            Seat("dace", 0, Answer.DECLINED),
            *(Seat("ivo", 0), Seat("ilze", 1), Seat("liga", 1)),
        )


def test_who_is_free_belongs_here_is_on_duty_and_not_engaged() -> None:
    away = person("away", hours=BY_NIGHT)
    guest = person("guest", kind=Kind.OUTSIDER)
    floor = HelpersThere((DACE, IVO, away, guest, ILZE), engaged_ones=("ivo",))
    assert finding.free(("dace", "ivo", "away", "guest", "gone"), on(floor)) == {"dace"}


class TestMeeting:
    """A team that holds a meeting is left to it, unless there is nobody else."""

    RINGS = (Ring(0, (Member.TOPIC,), 9), Ring(30, (Member.TRUSTED, Member.SUPERVISORS), 9))

    def rings(self, *meet: str, **also: object) -> list[tuple[str, ...]]:
        floor = on(HelpersThere(meeting_ones=meet))
        return finding.rings_now(hand(*self.RINGS), ANNA, floor, 0, **also)  # type: ignore[arg-type] # by name

    def test_others_are_asked_in_their_place(self) -> None:
        assert self.rings("dace") == [("ivo",), ("ilze", "liga")]
        assert self.rings("dace", first=True) == [("ivo",)]
        assert self.rings("dace", "ivo", first=True) == [(), ("ilze", "ivo", "liga")]

    def test_where_all_meet_they_are_asked_as_ever(self) -> None:
        floor = HelpersThere((ANNA, DACE, LIGA), meeting_ones=("dace", "liga"))
        up = hand(*self.RINGS)
        assert finding.rings_now(up, ANNA, on(floor), 0) == [("dace",), ("liga",)]
        assert finding.rings_now(up, ANNA, on(floor), 0, first=True) == [("dace",)]
        assert finding.rings_now(up, ANNA, on(floor), 1) == [(), ("liga",)]
        only_the_first = replace(floor, everybody=(ANNA, DACE))
        assert finding.rings_now(up, ANNA, on(only_the_first), 0) == [("dace",), ()]

    def test_where_nobody_meets_nobody_is_asked_who_can_t_be(self) -> None:
        floor = HelpersThere((ANNA, DACE), engaged_ones=("dace",))
        assert finding.rings_now(hand(*self.RINGS), ANNA, on(floor), 0) == [(), ()]


class TestWhoKnows:
    """Those who are asked when the agent says later what it is about."""

    FLOOR = HelpersThere((person("anna", "bills"), DACE, IVO, person("eva", "bills"), LIGA))

    def known(self, up: Case, floor: HelpersThere = FLOOR) -> tuple[str, ...]:
        return finding.who_know(up, ANNA, on(floor))

    def test_they_are_as_many_as_the_largest_ring_that_asks_for_them_has(self) -> None:
        rings = (Ring(0, (Member.SUPERVISORS,), 9), Ring(30, (Member.TOPIC,), 1))
        assert self.known(hand(*rings)) == ("dace",)
        larger = Ring(60, (Member.TRUSTED, Member.TOPIC), 2)
        assert self.known(hand(*rings, larger)) == ("dace", "ivo")

    def test_where_no_ring_asks_for_them_nobody_is_asked(self) -> None:
        assert self.known(hand(Ring(0, (Member.SUPERVISORS, Member.EVERYBODY), 9))) == ()

    def test_who_was_asked_is_not_asked_again_and_who_only_may_be_is(self) -> None:
        up = hand(Ring(0, (Member.TOPIC,), 9))
        seated = (Seat("dace", 0, Answer.ASKED), Seat("ivo", 0), Seat("eva", 0, Answer.DECLINED))
        assert self.known(replace(up, seats=seated)) == ("ivo",)

    def test_a_team_is_left_to_its_meeting_unless_nobody_else_knows(self) -> None:
        up = hand(Ring(0, (Member.TOPIC,), 9))
        assert self.known(up, replace(self.FLOOR, meeting_ones=("dace",))) == ("ivo", "eva")
        all_meet = replace(self.FLOOR, meeting_ones=("dace", "ivo", "eva"))
        assert self.known(up, all_meet) == ("dace", "ivo", "eva")
