"""Hours of the coming week in which a hand would find nobody: which they are, and who is told."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, cast

import pytest

from bot.texts import texts
from handlers.availability.shifts import SHIFT_USE, ShiftUse
from handlers.common.topics import TOPICS, TopicList
from handlers.escalation import coverage
from handlers.escalation.coverage import Coverage, CoverageNews, CoverageWeek, Pattern, Stretch
from handlers.kit.cards import Button, Buttons, Card, Facts, Paragraph, Tone, ToType
from handlers.kit.commands import Command, RefusedError
from handlers.kit.facts import Fact, SettingChanged
from handlers.kit.hours import parse_hours
from handlers.kit.notices import Notice
from handlers.kit.people import Address, Person, Role
from handlers.kit.rota import Planned, Rota, ShiftKind
from handlers.work import Context, Hearer, Occasion, Services, Work
from tests.fakes.settings import SettingsInMemory

MONDAY = date(2026, 3, 9)
RIGA = "Europe/Riga"


def works(hours: str, *topics: str, **also: object) -> Pattern:
    """Somebody who helps, and when."""
    plain = Pattern(RIGA, parse_hours(hours), topics, supervisor=False, helps=True)
    return replace(plain, **also)  # type: ignore[arg-type] # by name


def of_week(
    *patterns: Pattern, monday: date = MONDAY, zone: str = RIGA, free: Sequence[date] = ()
) -> CoverageWeek:
    return CoverageWeek(patterns, monday, zone, lambda day: day in free)


def march(day: int, hour: int, minute: int = 0) -> datetime:
    """A wall time."""
    return datetime(2026, 3, day, hour, minute)  # noqa: DTZ001 - as a clock on the wall shows it


def at(day: int, hour: int) -> datetime:
    """By Riga's clocks in winter."""
    return datetime(2026, 3, day, hour, tzinfo=UTC) - timedelta(hours=2)


def stretch(day: int, start: tuple[int, int], end: tuple[int, int]) -> Stretch:
    """Within a day of March."""
    return Stretch(march(day, *start), march(day, *end))


class TestWeek:
    def test_who_works_alone_would_find_nobody_until_somebody_with_the_topic_comes(self) -> None:
        week = of_week(
            works("Mon 08:00-18:30", helps=False),
            works("Mon 10:00-12:00", "bills"),
            works("Mon 14:00-17:30", "bills", "meters"),
        )
        assert week.without(topic="bills") == [
            *(stretch(9, (8, 0), (10, 0)), stretch(9, (12, 0), (14, 0))),
            stretch(9, (17, 30), (18, 30)),
        ]
        assert week.without(topic="meters") == [
            *(stretch(9, (8, 0), (14, 0)), stretch(9, (17, 30), (18, 30))),
        ]

    def test_supervisors_are_asked_for_as_such(self) -> None:
        week = of_week(works("Mon 08:00-12:00", "bills"), works("Mon 08:00-10:00", supervisor=True))
        assert week.without(supervisor=True) == [stretch(9, (10, 0), (12, 0))]
        assert week.without(topic="bills") == []

    def test_who_does_not_help_covers_nothing(self) -> None:
        week = of_week(works("Mon 08:00-09:00", "bills", supervisor=True, helps=False))
        assert week.without(topic="bills") == [stretch(9, (8, 0), (9, 0))]
        assert week.without(supervisor=True) == [stretch(9, (8, 0), (9, 0))]

    def test_who_has_no_hours_is_there_whenever_somebody_works_and_opens_nothing(self) -> None:
        always = works("", "bills")
        week = of_week(works("Mon 08:00-09:00"), works("Tue 08:00-09:00", "bills"), always)
        assert week.without(topic="bills") == []
        alone = of_week(always)
        assert alone.open == 0
        assert alone.without(topic="meters") == []

    def test_what_lasts_over_midnight_is_told_day_by_day_from_monday_on(self) -> None:
        week = of_week(works("Sat 22:00-02:00; Sun 23:30-01:00"))
        assert week.without(topic="bills") == [
            stretch(9, (0, 0), (1, 0)),  # what began on the Sunday before
            Stretch(march(14, 22), march(15, 0)),
            stretch(15, (0, 0), (2, 0)),
            Stretch(march(15, 23, 30), march(16, 0)),
        ]

    def test_on_a_free_day_nobody_works(self) -> None:
        everyday = works("Mon-Tue 08:00-09:00")
        week = of_week(everyday, free=[MONDAY])
        assert week.without(topic="bills") == [stretch(10, (8, 0), (9, 0))]

    def test_shifts_on_dates_go_before_the_ordinary_week(self) -> None:
        planned = Rota(
            (
                Planned(at(8, 22), at(9, 2), date(2026, 3, 8), ShiftKind.WORK),
                Planned(at(10, 8), at(10, 10), date(2026, 3, 10), ShiftKind.WORK),
                Planned(at(15, 23), at(16, 3), date(2026, 3, 15), ShiftKind.WORK),
            )
        )
        office = works("Mon-Tue 12:00-13:00")
        on_dates = replace(office, hours=replace(office.hours, planned=planned))
        week = of_week(on_dates)
        assert week.without(topic="bills") == [
            *(stretch(9, (0, 0), (2, 0)), stretch(9, (12, 0), (13, 0))),
            *(stretch(10, (8, 0), (10, 0)), Stretch(march(15, 23), march(16, 0))),
        ]
        helping = replace(on_dates, topics=("bills",))
        week = of_week(works("Mon-Tue 08:00-13:00"), helping)
        assert week.without(topic="bills") == [
            stretch(9, (8, 0), (12, 0)),
            stretch(10, (10, 0), (13, 0)),
        ]

    def test_each_works_by_the_clocks_of_their_own_zone(self) -> None:
        week = of_week(
            works("Mon 08:00-10:00"),
            works("Mon 08:00-10:00", "bills", zone="UTC"),  # two hours later in Riga
        )
        assert week.without(topic="bills") == [stretch(9, (8, 0), (10, 0))]
        theirs = [stretch(9, (8, 0), (12, 0))]
        assert week.without(topic="meters") == theirs

    def test_in_the_night_in_which_the_clocks_go_forward_there_is_an_hour_less(self) -> None:
        week = of_week(works("Sun 02:00-05:00"), monday=date(2026, 3, 23))
        assert week.without(topic="bills") == [stretch(29, (2, 0), (5, 0))]


# --- who is told ------------------------------------------------------------------------------

ON_THE_PHONE = works("Mon 08:00-18:00", helps=False)
DACE = Person(
    "dace", "w", "Dace", (), frozenset({Role.AGENT, Role.COORDINATOR}), chosen_locale="en"
)
LIGA = replace(DACE, id="liga", roles=frozenset({Role.AGENT, Role.SUPERVISOR}))
ANNA = replace(DACE, id="anna", roles=frozenset({Role.AGENT}))
WEDNESDAY = datetime(2026, 3, 4, 8, 0, tzinfo=UTC)
FRIDAY = datetime(2026, 3, 6, 7, 0, tzinfo=UTC)
"""Nine in the morning in Riga."""


@dataclass
class PatternsThere:
    """What is asked of the people list and of what is kept, in memory."""

    team: tuple[Pattern, ...] = ()
    on_dates: tuple[Pattern, ...] = ()
    leaders: tuple[Person, ...] = (DACE,)
    holiday: date | None = None
    settings: SettingsInMemory = field(default_factory=SettingsInMemory)
    told: list[SettingChanged] = field(default_factory=list)
    waiting: dict[str, tuple[str, Notice]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        topics = (("bills", "rēķini", "bills"), ("meters", "skaitītāji", "meters"))
        TOPICS.put(self.settings, "w", TopicList(topics))

    @property
    def people(self) -> "PatternsThere":
        return self

    @property
    def outbox(self) -> "PatternsThere":
        return self

    def of(self, kind: object) -> "PatternsThere":
        assert kind is Coverage
        return self

    def patterns(self, workspace: str, by: datetime) -> tuple[Pattern, ...]:
        assert (workspace, by) == ("w", datetime(2026, 3, 8, 22, 0, tzinfo=UTC))
        return self.team

    def planned(self, workspace: str, since: datetime, until: datetime) -> tuple[Pattern, ...]:
        assert (workspace, since, until) == ("w", at(9, 0), at(9, 0) + timedelta(days=7))
        return self.on_dates

    def coordinators(self) -> tuple[str, ...]:
        return tuple(one.id for one in self.leaders)

    def many(self, people: Sequence[str]) -> dict[str, Person]:
        return {one.id: one for one in self.leaders if one.id in people}

    def kept(self, key: str) -> Notice | None:
        found = self.waiting.get(key)
        return found[1] if found else None

    def add(self, workspace: str, notice: Notice) -> None:
        self.waiting[notice.key] = workspace, notice

    def is_holiday(self, country: str, day: date) -> bool:
        return (country, day) == ("LV", self.holiday)


def ctx(floor: PatternsThere, me: Person = DACE, now: datetime = WEDNESDAY) -> Context:
    nothing: Any = None  # it asks for no words, ids or links

    def hear(fact: SettingChanged, _: Occasion) -> None:
        floor.told.append(fact)

    hearers: dict[type[Fact], list[Hearer]] = {SettingChanged: [hear]}
    services = Services(texts, nothing, nothing, floor, nothing, nothing, hearers)
    return Context(cast("Work", floor), now, services, me)


def asked(name: str, **values: str) -> Command:
    return Command(name, Address("paper", "T1", "dace"), "", values)


TITLE = ("Nobody on duty in the week of 9.3.",)
GAPS = Paragraph(("Somebody works then, and would find nobody who is on duty for this:",))
NO_LONGER = Buttons((Button(("No longer every week",), "hand.coverage.weekly", {"on": "no"}),))
EVERY_WEEK = Buttons((Button(("Tell me every week",), "hand.coverage.weekly", {"on": "yes"}),))
ALL_DAY = ("Mo 08:00–18:00",)

MISSING = Card(
    TITLE,
    (
        GAPS,
        Facts(((("Supervisors",), ALL_DAY), (("bills",), ALL_DAY), (("meters",), ALL_DAY))),
        NO_LONGER,
    ),
    Tone.CAREFUL,
)


class TestCard:
    def test_the_coming_week_as_a_coordinator_asks_for_it(self) -> None:
        assert (
            coverage.coming(asked("hand.coverage"), ctx(PatternsThere((ON_THE_PHONE,)))) == MISSING
        )

    def test_a_supervisor_reads_it_and_does_not_set_it_and_nobody_else_does_either(self) -> None:
        floor = PatternsThere((ON_THE_PHONE,))
        shown = coverage.coming(asked("hand.coverage"), ctx(floor, LIGA))
        assert shown == replace(MISSING, parts=MISSING.parts[:-1])
        with pytest.raises(RefusedError):
            coverage.coming(asked("hand.coverage"), ctx(floor, ANNA))

    def test_what_is_missing_stands_by_its_topic(self) -> None:
        bills = works("Mon 08:00-18:00", "bills", supervisor=True)
        shown = coverage.coming(asked("hand.coverage"), ctx(PatternsThere((ON_THE_PHONE, bills))))
        assert shown == replace(MISSING, parts=(GAPS, Facts(((("meters",), ALL_DAY),)), NO_LONGER))

    def test_where_shifts_are_planned_the_week_is_as_planned(self) -> None:
        whole = works("Mon 08:00-18:00", "bills", "meters", supervisor=True)
        floor = PatternsThere(team=(whole,), on_dates=(ON_THE_PHONE,))
        SHIFT_USE.put(floor.settings, "w", ShiftUse(planned=True))
        assert coverage.coming(asked("hand.coverage"), ctx(floor)) == MISSING

    def test_on_friday_it_comes_where_anything_is_missing(self) -> None:
        notice = Notice(coverage.WEEK, "2026-03-09", ("dace",), FRIDAY)
        missing = ctx(PatternsThere((ON_THE_PHONE,)), now=FRIDAY)
        assert coverage.week_card(notice, missing) == MISSING
        no_supervisor = works("Mon 08:00-18:00", "bills", "meters")
        assert coverage.week_card(
            notice, ctx(PatternsThere((no_supervisor,)), now=FRIDAY)
        ) == replace(MISSING, parts=(GAPS, Facts(((("Supervisors",), ALL_DAY),)), NO_LONGER))
        no_meters = works("Mon 08:00-18:00", "bills", supervisor=True)
        assert coverage.week_card(notice, ctx(PatternsThere((no_meters,)), now=FRIDAY)) == replace(
            MISSING, parts=(GAPS, Facts(((("meters",), ALL_DAY),)), NO_LONGER)
        )

    def test_it_does_not_come_where_nothing_is_missing_or_it_is_there_or_nobody_wants_it(
        self,
    ) -> None:
        notice = Notice(coverage.WEEK, "2026-03-09", ("dace",), FRIDAY)
        whole = works("Mon 08:00-18:00", "bills", "meters", supervisor=True)
        assert coverage.week_card(notice, ctx(PatternsThere((whole,)))) is None
        assert coverage.week_card(notice, ctx(PatternsThere())) is None
        on_a_holiday = PatternsThere((ON_THE_PHONE,), holiday=MONDAY)
        assert coverage.week_card(notice, ctx(on_a_holiday)) is None
        assert (
            coverage.week_card(replace(notice, sent=True), ctx(PatternsThere((ON_THE_PHONE,))))
            is None
        )
        unwanted = PatternsThere((ON_THE_PHONE,))
        coverage.WEEKLY.put(unwanted.settings, "w", CoverageNews(on=False))
        assert coverage.week_card(notice, ctx(unwanted)) is None

    def test_who_asks_is_told_that_nothing_is_missing_too(self) -> None:
        whole = works("Mon 08:00-18:00", "bills", "meters", supervisor=True)
        covered = "Whenever somebody works, a supervisor and every topic's people do, too."
        assert coverage.coming(asked("hand.coverage"), ctx(PatternsThere((whole,)))) == Card(
            TITLE, (Paragraph((covered,)), NO_LONGER)
        )
        unknown = "Nobody has working hours set, so I can't tell."
        assert coverage.coming(asked("hand.coverage"), ctx(PatternsThere())) == Card(
            TITLE, (Paragraph((unknown,)), NO_LONGER)
        )

    def test_no_longer_every_week_and_again(self) -> None:
        floor = PatternsThere((ON_THE_PHONE,))
        off = coverage.weekly(asked("hand.coverage.weekly", on="no"), ctx(floor))
        assert off == Card(("No more messages about it. ", ToType("hand", "gaps"), " shows it."))
        shown = coverage.coming(asked("hand.coverage"), ctx(floor))
        assert shown == replace(MISSING, parts=(*MISSING.parts[:-1], EVERY_WEEK))
        on = coverage.weekly(asked("hand.coverage.weekly", on="yes"), ctx(floor))
        assert on == Card(("Coordinators hear of it on Fridays, where hours are without anybody.",))
        assert coverage.coming(asked("hand.coverage"), ctx(floor)) == MISSING
        title = "Hours without anybody"
        assert floor.told == [
            SettingChanged("w", "dace", title, {"on": True}, {"on": False}),
            SettingChanged("w", "dace", title, {"on": False}, {"on": True}),
        ]


class TestPlan:
    def test_each_coordinator_s_next_friday_is_kept_once(self) -> None:
        ivo = replace(DACE, id="ivo", workspace="other", zone="America/New_York")
        floor = PatternsThere(leaders=(DACE, ivo))
        assert coverage.tell_coverage(ctx(floor), 10) == 2
        dace_s = Notice("hand.coverage", "2026-03-09", ("dace",), FRIDAY)
        ivo_s = replace(dace_s, to=("ivo",), due=datetime(2026, 3, 6, 14, 0, tzinfo=UTC))
        planned = {dace_s.key: ("w", dace_s), ivo_s.key: ("other", ivo_s)}
        assert floor.waiting == planned
        assert coverage.tell_coverage(ctx(floor), 10) == 0
        assert floor.waiting == planned

    def test_on_friday_at_nine_it_is_the_next_one_s(self) -> None:
        floor = PatternsThere()
        assert coverage.tell_coverage(ctx(floor, now=FRIDAY), 10) == 1
        [(_, notice)] = floor.waiting.values()
        assert notice == Notice(
            "hand.coverage", "2026-03-16", ("dace",), datetime(2026, 3, 13, 7, tzinfo=UTC)
        )

    def test_no_more_at_a_time_than_are_let(self) -> None:
        floor = PatternsThere(leaders=(DACE, LIGA))
        assert coverage.tell_coverage(ctx(floor), 1) == 1
        assert [notice.to for _, notice in floor.waiting.values()] == [("dace",)]
