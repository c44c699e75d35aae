"""Whom somebody may ask for a talk: the list, and whether they can be asked now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from bot.texts import texts
from handlers.availability.engaged import Availability
from handlers.kit.hours import parse_hours
from handlers.kit.people import Address, Person
from handlers.vents import finding
from handlers.vents.finding import LIMITS
from handlers.vents.model import Limits, Listener, Listens, Tally, Vents
from handlers.work import Context, Services, Work
from tests.fakes.settings import SettingsInMemory

TEN = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
"""A Monday, ten in the morning in Riga."""

TODAY, YESTERDAY = "day 2026-03-02", "day 2026-03-01"


def person(id_: str, name: str, **also: object) -> Person:
    at = (Address("paper", "T1", id_),)
    return replace(Person(id_, "w", name, at), **also)  # type: ignore[arg-type] # by name


ME = person("me", "Anna Kalniņa", trusted=("liga", "ivo"), chosen_locale="en")
LIGA = person("liga", "Līga Ozola")
IVO = person("ivo", "Ivo Bērziņš")
ZANE = person("zane", "Zane Āboltiņa")
ELZA = person("elza", "Elza Zāle")


@dataclass
class Workplace:
    """What is known of the people, as far as finding asks: its ports, in memory."""

    everybody: tuple[Person, ...] = (ME, LIGA, IVO, ZANE, ELZA)
    glad: tuple[str, ...] = ("zane", "elza")
    known: dict[str, Listener] = field(default_factory=dict)
    counted: dict[tuple[str, str], Tally] = field(default_factory=dict)
    asked_already: tuple[str, ...] = ()
    busy: tuple[str, ...] = ()
    settings: SettingsInMemory = field(default_factory=SettingsInMemory)

    @property
    def people(self) -> "Workplace":
        return self

    def of(self, kind: object) -> "Workplace":
        assert kind in (Availability, Vents)
        return self

    def many(self, people: Sequence[str]) -> dict[str, Person]:
        return {one.id: one for one in self.everybody if one.id in people}

    def who_listen(self, workspace: str, after: str, limit: int) -> tuple[str, ...]:
        assert (workspace, after, limit) == ("w", "me", 60)
        return self.glad[:limit]

    def listeners(self, people: Sequence[str]) -> Mapping[str, Listener]:
        return {one: self.known[one] for one in people if one in self.known}

    def tallies(self, workspace: str, period: str, what: Sequence[str]) -> Mapping[str, Tally]:
        assert workspace == "w"
        return {one: self.counted[period, one] for one in what if (period, one) in self.counted}

    def taken(self, people: Sequence[str]) -> frozenset[str]:
        return frozenset(people).intersection(self.asked_already)

    def engaged(self, people: Sequence[str], now: datetime) -> frozenset[str]:
        assert now == TEN
        return frozenset(people).intersection(self.busy)


def ctx(place: Workplace, me: Person = ME) -> Context:
    nothing: Any = None  # finding asks for no words, dates, ids or links
    services = Services(texts, nothing, nothing, nothing, nothing, nothing, hearers={})
    return Context(cast("Work", place), TEN, services, me)


def names(people: Sequence[Person]) -> list[str]:
    return [one.id for one in people]


def offered(place: Workplace, *without: str) -> tuple[list[str], list[str]]:
    """Who is here now, and who is not."""
    here, later = finding.offers(ctx(place), without)
    return names(here), names(later)


class TestList:
    def test_those_one_trusts_come_first_then_who_likes_to_listen_each_by_name(self) -> None:
        assert offered(Workplace()) == (["ivo", "liga", "elza", "zane"], [])
        assert offered(Workplace(glad=("elza", "zane", "liga"))) == (
            ["ivo", "liga", "elza", "zane"], [],
        )  # fmt: skip

    def test_who_was_tried_in_this_search_is_not_offered_again(self) -> None:
        assert offered(Workplace(), "liga", "zane") == (["ivo", "elza"], [])

    def test_oneself_and_who_left_are_nobody_to_ask(self) -> None:
        gone = (ME, replace(LIGA, active=False), IVO)
        assert offered(Workplace(everybody=gone, glad=("me",))) == (["ivo"], [])

    def test_who_can_t_be_asked_this_moment_is_there_for_later(self) -> None:
        place = Workplace(busy=("liga",))
        assert offered(place) == (["ivo", "elza", "zane"], ["liga"])

    def test_who_is_off_duty_is_there_for_later(self) -> None:
        late = replace(ZANE, hours=parse_hours("Mon 12:00-20:00"))
        place = Workplace(everybody=(ME, LIGA, late), glad=("zane",))
        assert offered(place) == (["liga"], ["zane"])

    def test_who_blocked_the_asker_is_offered_all_the_same(self) -> None:
        """Or it could be told from the list."""
        place = Workplace(known={"liga": Listener("liga", "w", blocked=("me",))})
        assert offered(place)[0] == ["ivo", "liga", "elza", "zane"]

    def test_who_listened_enough_is_left_out(self) -> None:
        enough = {(TODAY, "listened liga"): Tally(2, TEN - timedelta(hours=3))}
        assert offered(Workplace(counted=enough))[0] == ["ivo", "elza", "zane"]

    def test_the_workspace_s_limit_and_one_s_own_count(self) -> None:
        once = {(TODAY, "listened liga"): Tally(1, TEN - timedelta(hours=3))}
        own = {"liga": Listener("liga", "w", most=1)}
        assert offered(Workplace(counted=once))[0] == ["ivo", "liga", "elza", "zane"]
        assert offered(Workplace(counted=once, known=own))[0] == ["ivo", "elza", "zane"]
        strict = Workplace(counted=once)
        LIMITS.put(strict.settings, "w", Limits(1, timedelta(0)))
        assert offered(strict)[0] == ["ivo", "elza", "zane"]

    def test_the_rest_between_two_talks_goes_on_over_midnight(self) -> None:
        just_now = {(YESTERDAY, "listened liga"): Tally(1, TEN - timedelta(minutes=29))}
        before = {(YESTERDAY, "listened liga"): Tally(1, TEN - timedelta(minutes=30))}
        assert offered(Workplace(counted=just_now))[0] == ["ivo", "elza", "zane"]
        assert offered(Workplace(counted=before))[0] == ["ivo", "liga", "elza", "zane"]

    def test_not_these_days_is_left_out(self) -> None:
        place = Workplace(known={"liga": Listener("liga", "w", Listens.NOT_NOW)})
        assert offered(place)[0] == ["ivo", "elza", "zane"]

    @pytest.mark.parametrize(("times", "there"), [(1, True), (2, False)])
    def test_one_colleague_is_asked_twice_a_day_at_most(self, times: int, there: bool) -> None:
        place = Workplace(counted={(TODAY, "asked me liga"): Tally(times, TEN)})
        assert ("liga" in offered(place)[0]) is there

    def test_eight_at_most_those_who_are_here_first(self) -> None:
        crowd = tuple(person(f"p{n}", f"Name {n:02}") for n in range(12))
        place = Workplace(everybody=(ME, *crowd), glad=tuple(one.id for one in crowd))
        assert offered(place) == ([f"p{n}" for n in range(8)], [])
        full = replace(place, busy=("p9", "p10", "p11"))
        assert offered(full) == ([f"p{n}" for n in range(8)], [])
        some = replace(place, busy=tuple(f"p{n}" for n in range(9)))
        assert offered(some) == (["p9", "p10", "p11"], [f"p{n}" for n in range(5)])

    def test_of_namesakes_the_order_is_always_the_same(self) -> None:
        twins = (person("b", "Āra"), person("a", "ara"), person("c", "Ārā"))
        place = Workplace(everybody=(ME, *twins), glad=("c", "b", "a"))
        assert offered(place)[0] == ["a", "b", "c"]


class TestNow:
    def may(self, listener: Person = LIGA, /, **place: object) -> bool:
        return finding.may_be_asked(ctx(Workplace(**place)), listener)  # type: ignore[arg-type] # by name

    def test_a_colleague_who_is_here_may_be_asked(self) -> None:
        assert self.may()

    @pytest.mark.parametrize(
        "place",
        [
            {"known": {"liga": Listener("liga", "w", blocked=("ivo", "me"))}},
            {"known": {"liga": Listener("liga", "w", Listens.NOT_NOW)}},
            {"counted": {(TODAY, "listened liga"): Tally(2, TEN - timedelta(hours=3))}},
            {"busy": ("liga",)},
            {"asked_already": ("liga",)},
        ],
    )
    def test_each_reason_not_to_is_enough(self, place: dict[str, object]) -> None:
        assert not self.may(**place)
        assert self.may(IVO, **place)

    def test_who_is_not_here_is_not_asked(self) -> None:
        assert not self.may(replace(LIGA, hours=parse_hours("Mon 12:00-20:00")))

    def test_who_blocked_others_may_be_asked(self) -> None:
        assert self.may(known={"liga": Listener("liga", "w", blocked=("ivo",))})


def test_who_never_said_how_may_be_asked_as_everybody() -> None:
    said = Listener("ivo", "w", Listens.NOT_NOW)
    place = cast("Work", Workplace(known={"ivo": said}))
    assert finding.listener_of(place, LIGA) == Listener("liga", "w")
    assert finding.listener_of(place, IVO) == said


def test_a_day_is_the_person_s_own() -> None:
    late = datetime(2026, 3, 1, 22, 0, tzinfo=UTC)  # midnight in Riga
    assert finding.day(LIGA, late) == "day 2026-03-02"
    assert finding.day(LIGA, late - timedelta(seconds=1)) == "day 2026-03-01"
    assert finding.day(LIGA, late, 1) == "day 2026-03-01"
    assert finding.day(LIGA, late, 2) == "day 2026-02-28"
    assert finding.day(replace(LIGA, zone="America/New_York"), late) == "day 2026-03-01"
    assert finding.pair(ME, LIGA) == "asked me liga"
    assert finding.listened(LIGA) == "listened liga"
