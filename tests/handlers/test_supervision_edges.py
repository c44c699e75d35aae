"""Supervision's dates, steps and groups: the instant before a rule holds, and the one after."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.texts import texts
from handlers.availability.walls import NoSuchTimeError, span
from handlers.common.reminders import Choices
from handlers.kit.hours import Hours, parse_hours
from handlers.kit.people import UNTIL_BACK, Person
from handlers.kit.rota import Planned, Rota, ShiftKind
from handlers.kit.text import plain
from handlers.supervision.agreement.model import agreement_about
from handlers.supervision.dates.model import Snapshot
from handlers.supervision.dates.rules import (
    Dates,
    Rhythm,
    Skipped,
    Slot,
    Why,
    best_slots,
    dates,
    fingerprint,
    fitting,
    is_away,
    minutes_of,
    overlap,
    restored,
    timed,
)
from handlers.supervision.groups.model import Group
from handlers.supervision.members.model import GroupMember, Roster, Standing, leads, seats_held
from handlers.supervision.members.rules import cannot_join, clash
from handlers.supervision.sessions import model as sessions
from handlers.supervision.sessions.model import (
    Attendance,
    Session,
    SessionSeat,
    SessionState,
    Step,
    Turn,
)
from handlers.supervision.sessions.rules import AgendaTopic, Point, agenda
from handlers.supervision.shared.model import Meeting
from scheduling.recurrence import RruleRecurrence

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
RIGA = "Europe/Riga"
INSTANT = timedelta(microseconds=1)
EN = texts("en")


def wall(text: str) -> datetime:
    return datetime.fromisoformat(text)


def session(number: int = 1, begins: datetime = NOW, minutes: int = 90) -> Session:
    return Session(
        id=f"s{number}",
        cycle="c",
        group="g",
        workspace="w",
        number=number,
        wall=(begins + timedelta(hours=2)).replace(tzinfo=None),
        zone=RIGA,
        starts_at=begins,
        ends_at=begins + timedelta(minutes=minutes),
        changed_at=NOW,
    )


def person(name: str, **also: object) -> Person:
    return replace(Person(name.casefold(), "w", name, ()), **also)  # type: ignore[arg-type] # by name


class TestDates:
    RHYTHM = Rhythm(date(2026, 3, 3), "16:30", RIGA, 2, 90, 3)

    def test_every_other_tuesday(self) -> None:
        assert self.RHYTHM.rule == "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"
        assert dates(self.RHYTHM, RruleRecurrence(), lambda _: None) == Dates(
            (wall("2026-03-03 16:30"), wall("2026-03-17 16:30"), wall("2026-03-31 16:30")), ()
        )

    def test_a_poor_date_gives_way_by_a_week_and_else_the_row_is_longer(self) -> None:
        poor = {wall("2026-03-03 16:30"), wall("2026-03-17 16:30"), wall("2026-03-24 16:30")}
        found = dates(self.RHYTHM, RruleRecurrence(), lambda at: Why.AWAY if at in poor else None)
        assert found == Dates(
            (wall("2026-03-10 16:30"), wall("2026-03-31 16:30"), wall("2026-04-14 16:30")),
            (
                Skipped(wall("2026-03-03 16:30"), Why.AWAY, wall("2026-03-10 16:30")),
                Skipped(wall("2026-03-17 16:30"), Why.AWAY, None),
            ),
        )

    def test_sixty_dates_are_tried(self) -> None:
        last = wall("2026-03-03 16:30") + 59 * timedelta(weeks=2)
        far = replace(self.RHYTHM, count=1)
        only = dates(far, RruleRecurrence(), lambda at: None if at == last else Why.HOLIDAY)
        assert (only.walls, len(only.skipped)) == ((last,), 59)
        later = last + timedelta(weeks=2)
        none = dates(far, RruleRecurrence(), lambda at: None if at == later else Why.HOLIDAY)
        assert (none.walls, len(none.skipped)) == ((), 60)

    def test_a_time_that_the_clock_skips_is_refused_with_the_gap(self) -> None:
        skipped = Rhythm(date(2026, 3, 22), "03:00", RIGA, 1, 90, 2)
        with pytest.raises(NoSuchTimeError) as error:
            dates(skipped, RruleRecurrence(), lambda _: None)
        assert (error.value.wall, error.value.gap_start, error.value.gap_end) == (
            wall("2026-03-29 03:00"), "03:00", "04:00",
        )  # fmt: skip
        assert str(error.value) == "2026-03-29T03:00:00"
        with pytest.raises(NoSuchTimeError):
            timed(session(), wall("2026-03-29 03:59"), 60)
        assert span(wall("2026-03-29 04:00"), RIGA, 60)[0] == datetime(2026, 3, 29, 1, tzinfo=UTC)

    def test_a_moved_session_is_the_same_but_for_its_time(self) -> None:
        assert timed(session(), wall("2026-07-01 10:00"), 45) == replace(
            session(),
            wall=wall("2026-07-01 10:00"),
            starts_at=datetime(2026, 7, 1, 7, tzinfo=UTC),
            ends_at=datetime(2026, 7, 1, 7, 45, tzinfo=UTC),
        )
        assert minutes_of(session(minutes=75)) == 75
        odd = replace(session(), ends_at=NOW + timedelta(minutes=75, seconds=59))
        assert minutes_of(odd) == 75


class TestAway:
    @pytest.mark.parametrize(
        ("people", "away", "why"), [(3, 1, None), (2, 1, Why.AWAY), (6, 2, None)]
    )
    def test_a_third_may_be_away_and_no_more(self, people: int, away: int, why: Why | None) -> None:
        far = NOW + timedelta(days=60)
        group = [person(f"P{n}", away_until=far if n < away else None) for n in range(people)]
        fits = fitting(group, RIGA, NOW, lambda day: day == date(2026, 3, 5))
        assert fits(wall("2026-03-04 14:00")) is why
        assert fits(wall("2026-03-05 14:00")) is Why.HOLIDAY

    def test_from_now_until_the_instant_they_are_back(self) -> None:
        until = NOW + timedelta(days=3)
        anna = person("Anna", away_until=until)
        assert [is_away(anna, at, NOW) for at in (NOW, until - INSTANT, until)] == [
            True,
            True,
            False,
        ]
        assert not is_away(anna, NOW, until), "that absence is over"
        assert not is_away(person("Anna"), NOW, NOW)
        open_end, week = replace(anna, away_until=UNTIL_BACK), NOW + timedelta(days=7)
        assert [is_away(open_end, at, NOW) for at in (week - INSTANT, week)] == [True, False]


class TestOverlap:
    def test_one_may_begin_when_the_other_ends(self) -> None:
        first, second = session(1), session(2, NOW + timedelta(minutes=90))
        assert overlap([second, first]) is None
        sooner = replace(second, starts_at=second.starts_at - INSTANT)
        assert overlap([sooner, first]) == (first, sooner)

    def test_what_is_cancelled_is_in_nobody_s_way(self) -> None:
        off = replace(session(2), state=SessionState.CANCELLED)
        assert overlap([session(1), off]) is None
        assert overlap([session(2), session(1)]) == (session(1), session(2))


class TestUndoing:
    def test_how_sessions_stand_is_another_word_as_soon_as_anything_is_other(self) -> None:
        one = session()
        other = [
            replace(one, id="s9"),
            replace(one, starts_at=NOW + INSTANT),
            replace(one, ends_at=NOW),
            replace(one, sequence=1),
            replace(one, state=SessionState.CANCELLED),
        ]
        looks = [fingerprint([each]) for each in (one, *other)]
        assert len({*looks, fingerprint([one, one]), fingerprint([])}) == 8
        assert fingerprint([replace(one, changed_at=NOW + INSTANT)]) == looks[0]
        assert {len(look) for look in looks} == {16}

    def test_what_was_not_there_goes_and_what_was_comes_back(self) -> None:
        one, two = session(1), session(2, NOW + timedelta(days=14))
        moved = replace(one, sequence=4, starts_at=NOW + timedelta(days=1))
        then = NOW + timedelta(minutes=3)
        seats = (
            SessionSeat("s1", "a", Attendance.COMING, Turn.NOTES),
            SessionSeat("s0", "a", Attendance.COMING, Turn.NOTES),
        )
        seated = (
            SessionSeat("s1", "a"),
            SessionSeat("s0", "a", Attendance.ABSENT),
            SessionSeat("s1", "new", Attendance.ABSENT, Turn.NOTES),
        )
        back = restored(
            Snapshot((), (one,), seats), Snapshot((), (moved, two), seated[:2]), seated, then
        )
        assert back == (
            (replace(one, sequence=5, changed_at=then),),
            ("s2",),
            (
                SessionSeat("s1", "a", Attendance.COMING, Turn.NOTES),
                # Of another session what was said since stays, and the turn comes back.
                SessionSeat("s0", "a", Attendance.ABSENT, Turn.NOTES),
            ),
        )


class TestBestTimes:
    RHYTHM = Rhythm(date(2026, 3, 2), "00:00", RIGA, 1, 60, 2)

    def test_of_equals_the_one_nearest_to_one_o_clock_and_three_weekdays_at_most(self) -> None:
        anna = person("Anna", hours=parse_hours("Mon-Fri 08:00-16:00"))
        found = best_slots([anna], {}, self.RHYTHM, lambda _: False)
        assert found == tuple(Slot(date(2026, 3, day), "13:00", 2, (), ()) for day in (2, 3, 4))

    def test_who_is_booked_then_is_elsewhere(self) -> None:
        both = [person(name, hours=parse_hours("Mon 12:00-14:00")) for name in ("Anna", "Ivo")]
        second = datetime(2026, 3, 9, 11, tzinfo=UTC)  # 13:00 in Riga, a week later
        busy = {"ivo": [(second, second + timedelta(minutes=60))]}
        (best,) = best_slots(both, busy, self.RHYTHM, lambda _: False)
        assert best == Slot(date(2026, 3, 2), "12:00", 2, (), ())
        wider = {"ivo": [(second - timedelta(minutes=59), second)]}
        (best,) = best_slots(both, wider, self.RHYTHM, lambda _: False)
        assert best == Slot(date(2026, 3, 2), "13:00", 2, (), ())
        whole = {"ivo": [(second - timedelta(hours=9), second + timedelta(hours=9))]}
        (best,) = best_slots(both, whole, self.RHYTHM, lambda _: False)
        assert (best, best.missing) == (Slot(date(2026, 3, 2), "13:00", 2, (), ("ivo",)), 1)

    def test_days_on_which_nobody_works_are_none(self) -> None:
        anna = person("Anna", hours=parse_hours("Mon 12:00-13:00"))
        assert best_slots([anna], {}, self.RHYTHM, lambda _: False) == (
            Slot(date(2026, 3, 2), "12:00", 2, (), ()),
        )
        free = {date(2026, 3, 2)}
        assert best_slots([anna], {}, self.RHYTHM, free.__contains__) == (
            Slot(date(2026, 3, 9), "12:00", 1, (), ()),
        )
        assert best_slots([anna], {}, self.RHYTHM, lambda _: True) == ()

    def test_a_minute_outside_one_s_hours_is_outside(self) -> None:
        both = [
            person("Anna", hours=parse_hours("Mon 12:00-13:00")),
            person("Ivo", hours=parse_hours("Mon 12:00-12:59")),
        ]
        assert best_slots(both, {}, self.RHYTHM, lambda _: False) == (
            Slot(date(2026, 3, 2), "12:00", 2, ("ivo",), ()),
        )

    def test_whose_shifts_differ_every_week_is_there_on_some_of_the_dates(self) -> None:
        """Ivo works early in one week and late in the next; Anna in the afternoon."""
        shifts = [
            Planned(begins, begins + timedelta(hours=8), begins.date(), ShiftKind.WORK)
            for begins in (
                datetime(2026, 3, 2, 4, tzinfo=UTC),
                datetime(2026, 3, 9, 12, tzinfo=UTC),
            )
        ]
        ivo = person("Ivo", hours=Hours(planned=Rota(tuple(shifts))))
        anna = person("Anna", hours=parse_hours("Mon 15:00-18:00"))
        best = best_slots([anna, ivo], {}, self.RHYTHM, lambda _: False)[0]
        assert best == Slot(date(2026, 3, 2), "15:00", 2, (), (), (("ivo", 1),))
        assert (best.missing, best.missed) == (0, 1)

    def test_whose_hours_nobody_set_works_in_the_usual_ones(self) -> None:
        late = replace(self.RHYTHM, minutes=8 * 60)
        found = best_slots([person("Anna")], {}, late, lambda _: False)
        assert [slot.wall for slot in found] == ["09:00"] * 3


STEPS = {
    Step.WEEK: timedelta(days=-7),
    Step.DAY: timedelta(days=-1),
    Step.SOON: timedelta(minutes=-15),
    Step.START: timedelta(0),
    Step.END: timedelta(minutes=90),
    Step.CLEAR: timedelta(days=1, minutes=90),
}
"""When each is due, counted from the start of an hour and a half."""


class TestSessionSteps:
    def test_when_each_is_due(self) -> None:
        assert {step: sessions.at_step(session(), step) - NOW for step in Step} == STEPS

    @pytest.mark.parametrize("step", list(Step))
    def test_the_next_is_the_first_that_is_still_to_come(self, step: Step) -> None:
        following = list(Step)[list(Step).index(step) + 1 :]
        due = NOW + STEPS[step]
        assert sessions.next_step(session(), due - INSTANT) is step
        assert sessions.next_step(session(), due) is next(iter(following), None)
        assert sessions.next_step(session(), NOW, after=step) is next(iter(following), None)

    def test_which_reminders_somebody_wants(self) -> None:
        for choices, wanted in (
            (Choices("a"), [True, True, True]),
            (Choices("a", week=False), [False, True, True]),
            (Choices("a", day=False), [True, False, True]),
            (Choices("a", soon=False), [True, True, False]),
        ):
            assert [choices.has(step) for step in (Step.WEEK, Step.DAY, Step.SOON)] == wanted

    def test_a_message_about_a_start_is_another_for_another_start(self) -> None:
        assert sessions.about_start(session()) == "s1.20260302T0800"


class TestAgenda:
    def test_an_hour_and_two_cases(self) -> None:
        def after(minutes: int) -> timedelta:
            return timedelta(minutes=minutes)

        assert agenda(60) == (
            Point(AgendaTopic.ARRIVE, after(0), 10),
            Point(AgendaTopic.AGREEMENT, after(10), 5),
            Point(AgendaTopic.CASE, after(15), 17, 1),
            Point(AgendaTopic.CASE, after(32), 17, 2),
            Point(AgendaTopic.TAKE, after(49), 11),
        )
        assert agenda(90, 1) == (
            Point(AgendaTopic.ARRIVE, after(0), 10),
            Point(AgendaTopic.AGREEMENT, after(10), 5),
            Point(AgendaTopic.CASE, after(15), 65, 1),
            Point(AgendaTopic.TAKE, after(80), 10),
        )


class TestGroups:
    GROUP = Group("g", "w", "Northern", "Agent", 3, "en", "room 7", "out", "marta", NOW)
    ANNA, IVO = person("Anna"), person("Ivo")
    OUT = person("Out")

    def roster(self, *members: tuple[Person, Standing], **also: object) -> Roster:
        people = {one.id: one for one, _ in members} | {"out": self.OUT}
        group = replace(self.GROUP, **also)  # type: ignore[arg-type] # by name
        return Roster(
            group, tuple(GroupMember("g", one.id, how, NOW) for one, how in members), people
        )

    def said(self, someone: Person, roster: Roster | None = None) -> str:
        line = cannot_join(roster or self.roster((self.ANNA, Standing.JOINED)), someone, EN)
        return "" if line is None else plain(line)

    def test_who_can_t_be_in_it_and_why(self) -> None:
        assert self.said(replace(self.IVO, active=False)) == "Ivo can't use Plecs now."
        assert self.said(self.ANNA) == "Anna is in the group already."
        assert self.said(self.OUT) == "Out facilitates the group from outside."
        clerk = replace(self.IVO, position="Clerk")
        assert self.said(clerk) == ("Ivo is Clerk by the people list; the group is for Agent.")

    def test_who_can(self) -> None:
        invited = self.roster((self.IVO, Standing.INVITED))
        for someone, there in (
            (self.IVO, None),
            (replace(self.IVO, position="ĀGENT"), None),
            (self.IVO, invited),
            (replace(self.IVO, position="Clerk"), self.roster(position="")),
        ):
            assert self.said(someone, there) == ""

    def test_a_line_manager_is_no_equal_wherever_they_are(self) -> None:
        led = replace(self.IVO, manager="anna")

        def clashes(others: list[Person], someone: Person) -> str:
            line = clash(others, someone, self.roster(), EN)
            return "" if line is None else plain(line)

        words = "Anna is the line manager of Ivo: they can't be in one group."
        assert clashes([self.ANNA], led) == words
        assert clashes([led], self.ANNA) == words
        assert clashes([self.OUT, self.ANNA], self.IVO) == ""
        assert clashes([replace(led, manager="Ivo")], replace(led, manager="Ivo")) == ""
        assert clashes([], replace(self.IVO, manager="OUT")) == (
            "Out is the line manager of Ivo: they can't be in one group."
        )

    def test_free_seats_are_those_nobody_has_or_is_invited_to(self) -> None:
        assert self.roster().free == 3
        here = self.roster(
            (self.ANNA, Standing.JOINED),
            (self.IVO, Standing.INVITED),
            (person("Zane"), Standing.WAITING),
            (person("Elza"), Standing.ASKED),
            (person("Uldis"), Standing.LEFT),
        )
        assert here.free == 1
        assert [one.id for one in here.who(Standing.JOINED, Standing.WAITING)] == ["anna", "zane"]
        assert seats_held(here.members) == 2
        assert replace(here, group=replace(here.group, seats=1)).free == 0

    def test_who_has_a_part_is_known_and_can_come(self) -> None:
        seats = (
            SessionSeat("s1", "anna", part=Turn.PRESENTER),
            SessionSeat("s1", "ivo", Attendance.ABSENT, Turn.PRESENTER),
            SessionSeat("s1", "gone", part=Turn.PRESENTER),
            SessionSeat("s1", "out", part=Turn.FACILITATOR),
        )
        people = {one.id: one for one in (self.ANNA, self.IVO, self.OUT)}
        meeting = Meeting(self.GROUP, session(), seats, people, self.ANNA, NOW)
        assert meeting.who(Turn.PRESENTER) == (self.ANNA,)
        assert meeting.who(Turn.FACILITATOR) == (self.OUT,)
        assert meeting.who(Turn.NOTES) == ()
        assert (meeting.coming, meeting.mine) == (2, seats[0])
        assert meeting.points == agenda(90, 1)

    def test_a_new_text_of_the_agreement_is_asked_for_anew(self) -> None:
        assert agreement_about(self.GROUP, "c") == "g.c.1"
        assert agreement_about(replace(self.GROUP, agreement_version=2), "c") == "g.c.2"

    def test_nobody_leads_those_who_have_no_manager(self) -> None:
        assert not leads(person(""), self.IVO)
        assert leads(person("Ģirts"), replace(self.IVO, manager=" girts"))
