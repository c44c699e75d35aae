"""Supervision groups as both databases keep them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from itertools import pairwise

import pytest
from sqlalchemy import select

from handlers.availability.diaries import Booked, BookingKind, Diaries
from handlers.availability.rest import instant
from handlers.kit.cards import Card, Form, Reply
from handlers.kit.commands import Command, Handler, Instead, Living, RefusedError
from handlers.kit.people import Address, Role
from handlers.supervision.cycles.commands import cycle_plan, cycle_preview
from handlers.supervision.cycles.model import Cycle, Cycles, CycleState
from handlers.supervision.dates.model import ChangeKind, Changes, DateChange, Snapshot
from handlers.supervision.groups.model import Group, Groups, Summaries, Summary
from handlers.supervision.members.model import GroupMember, Members, Standing
from handlers.supervision.sessions.model import (
    Attendance,
    Seats,
    Session,
    Sessions,
    SessionSeat,
    SessionState,
    Turn,
)
from handlers.work import Context
from storage.cleaning import clean, erase
from storage.database import Database
from storage.outbox.table import outbox
from storage.work import SqlWork
from tests.storage.made import NOW, at_once, somebody
from tests.storage.test_plans import SERVICES
from tests.world import buttons

DAY, WEEK = timedelta(days=1), timedelta(days=7)


def a_group(group: str = "g1", **also: object) -> Group:
    values: dict[str, object] = {
        "id": group,
        "workspace": "paper-T1",
        "name": f"Šņorēm {group}",
        "position": "",
        "seats": 4,
        "locale": "lv",
        "place": "",
        "facilitator": "",
        "owner": "",
        "created_at": NOW,
    }
    return Group(**(values | also))  # type: ignore[arg-type] # a factory takes any of its fields


def a_cycle(cycle: str = "c1", group: str = "g1", number: int = 1) -> Cycle:
    return Cycle(cycle, group, number, 2, "16:00", "Europe/Riga", 90, date(2026, 3, 3))


def a_session(number: int, wall: datetime, cycle: str = "c1", group: str = "g1") -> Session:
    begins = instant(wall, "Europe/Riga")
    return Session(
        id=f"{cycle}s{number}",
        cycle=cycle,
        group=group,
        workspace="paper-T1",
        number=number,
        wall=wall,
        zone="Europe/Riga",
        starts_at=begins,
        ends_at=begins + timedelta(minutes=90),
        changed_at=NOW,
    )


TUESDAY = datetime(2026, 3, 3, 16, 0)  # noqa: DTZ001 - a wall time has no zone


def planned(work: SqlWork, *people: str) -> tuple[Session, ...]:
    """A group with a cycle of three, in which these people have seats."""
    found = tuple(a_session(number, TUESDAY + (number - 1) * WEEK) for number in (1, 2, 3))
    work.of(Groups).put(a_group())
    work.of(Cycles).put(a_cycle())
    work.of(Sessions).put(found)
    work.of(Seats).put([SessionSeat(one.id, person) for one in found for person in people])
    return found


def test_all_is_read_as_it_was_kept(database: Database) -> None:
    anna, janis = somebody(database, "Anna"), somebody(database, "Jānis")
    first = a_group(
        facilitator=janis.id,
        owner=anna.id,
        open_for_asking=True,
        agreement="Kas šeit runāts, paliek šeit.",
        agreement_version=2,
        place="https://meet.example/x?a=1&b=2",
    )
    second = a_group("g2", closed_at=NOW)
    there = GroupMember("g1", anna.id, Standing.JOINED, NOW)
    invited = GroupMember("g1", janis.id, Standing.INVITED, NOW + DAY, NOW + WEEK)

    def keep(work: SqlWork) -> None:
        planned(work, anna.id)
        work.of(Groups).put(first)
        work.of(Groups).put(second)
        work.of(Members).put(there)
        work.of(Members).put(invited)

    def check(work: SqlWork) -> None:
        sessions = work.of(Sessions).of_cycle("c1")
        assert work.of(Groups).get("g1") == first == work.of(Groups).hold("g1")
        assert work.of(Groups).named("paper-T1", "snorem G1") == first
        assert work.of(Groups).named("paper-T1", second.name) is None, (
            "a closed group gives its name back"
        )
        assert work.of(Groups).page("paper-T1", 0, 10) == ((first,), 1)
        assert work.of(Groups).page("paper-T2", 0, 10) == ((), 0)
        assert (
            work.of(Groups).page("paper-T1", 0, 10, "%")
            == work.of(Groups).page("paper-T1", 0, 10, "g2")
            == ((), 0)
        )
        assert work.of(Groups).page("paper-T1", 0, 10, "Ģ1 snor") == ((first,), 1)
        assert work.of(Groups).joined_by(anna.id) == work.of(Groups).kept_by(janis.id) == (first,)
        assert work.of(Groups).open_for_asking("paper-T1", 5) == (first,)
        assert work.of(Members).of("g1") == (there, invited)
        assert work.of(Members).places_of(janis.id) == (invited,)
        assert work.of(Members).get("g1", anna.id) == there
        assert work.of(Cycles).get("c1") == a_cycle()
        assert work.of(Cycles).of("g1") == (a_cycle(),)
        assert [one.number for one in sessions] == [1, 2, 3]
        assert sessions[0] == a_session(1, TUESDAY) == work.of(Sessions).get("c1s1")
        assert work.of(Seats).of(["c1s1"]) == (SessionSeat("c1s1", anna.id),)
        assert work.of(Members).lapsed(NOW, 10) == ()
        assert work.of(Members).lapsed(NOW + WEEK, 10) == (invited,)

    database.run_now(keep)
    database.run_now(check)


def test_a_name_is_taken_once_while_the_group_is_open(url: str) -> None:
    database = Database(url)
    try:
        database.run_now(lambda work: work.of(Groups).put(a_group(name="Ābele")))
        with pytest.raises(Exception, match=r"(?i)unique"):
            database.run_now(lambda work: work.of(Groups).put(a_group("g2", name="abele")))
    finally:
        database.close()


def sits(person: str, session: Session) -> Booked:
    begins, ends = session.starts_at, session.ends_at
    return Booked(person, BookingKind.SESSION, session.id, session.group, begins, ends)


def test_who_is_booked_when(database: Database) -> None:
    anna, janis = somebody(database, "Anna"), somebody(database, "Jānis")

    def check(work: SqlWork) -> None:
        first, second, third = planned(work, anna.id, janis.id)
        work.of(Seats).remove(janis.id, [second.id, third.id])
        work.of(Sessions).put([replace(third, state=SessionState.CANCELLED, sequence=1)])
        booked = work.of(Diaries).booked
        both = booked([anna.id, janis.id], first.starts_at, third.ends_at)
        assert both == (
            *(sits(one, first) for one in sorted([anna.id, janis.id])),
            sits(anna.id, second),
        )
        assert booked([anna.id], first.ends_at, second.starts_at) == ()
        almost = first.ends_at - timedelta(minutes=1)
        assert booked([anna.id], almost, second.starts_at) == (sits(anna.id, first),)
        assert work.of(Sessions).of_person(janis.id, NOW, NOW + 8 * WEEK) == (first,)
        assert work.of(Sessions).coming(["g1"], first.starts_at, third.starts_at) == (
            first,
            second,
        )
        work.of(Sessions).remove([first.id])
        assert work.of(Seats).of([first.id]) == ()
        work.of(Cycles).remove("c1")
        assert work.of(Sessions).of_cycle("c1") == ()

    database.run_now(check)


def test_a_summary_counts_and_names_nobody(database: Database) -> None:
    anna, janis, liga = (somebody(database, name) for name in ("Anna", "Jānis", "Līga"))

    def check(work: SqlWork) -> None:
        first, second, _ = planned(work, anna.id, janis.id)
        for person, state in (
            (anna, Standing.JOINED),
            (janis, Standing.LEFT),
            (liga, Standing.WAITING),
        ):
            work.of(Members).put(GroupMember("g1", person.id, state, NOW))
        work.of(Seats).put([SessionSeat(first.id, anna.id, Attendance.ATTENDED, Turn.NOTES)])
        after = first.ends_at
        expected = Summary(joined=1, waiting=1, next_at=second.starts_at, came=1, held=2)
        assert work.of(Summaries).of(["g1", "g2"], after) == {
            "g1": expected,
            "g2": Summary(),
        }
        work.of(Cycles).put(replace(a_cycle(), state=CycleState.ENDED))
        assert work.of(Summaries).of(["g1"], after)["g1"].held == 0

    database.run_now(check)


def test_who_is_erased_leaves_the_group_behind(database: Database) -> None:
    anna, janis = somebody(database, "Anna"), somebody(database, "Jānis")

    def check(work: SqlWork) -> None:
        (first, *_) = planned(work, anna.id, janis.id)
        work.of(Groups).put(a_group(owner=anna.id, facilitator=anna.id))
        work.of(Members).put(GroupMember("g1", anna.id, Standing.JOINED, NOW))
        work.of(Diaries).hold([anna.id, janis.id])
        erase(work.connection, anna.id)
        assert work.of(Groups).get("g1") == a_group()
        assert work.of(Members).of("g1") == ()
        assert work.of(Seats).of([first.id]) == (SessionSeat(first.id, janis.id),)

    database.run_now(check)


def test_a_closed_group_goes_after_a_year(database: Database) -> None:
    def check(work: SqlWork) -> None:
        planned(work)
        work.of(Groups).put(a_group(closed_at=NOW))
        clean(work.connection, NOW + timedelta(days=300))
        assert work.of(Groups).get("g1") is not None
        clean(work.connection, NOW + timedelta(days=370))
        assert work.of(Groups).get("g1") is None
        assert work.of(Sessions).of_cycle("c1") == ()

    database.run_now(check)


def test_a_change_is_kept_whole(database: Database) -> None:
    anna = somebody(database, "Anna")

    def check(work: SqlWork) -> None:
        first, second, _ = planned(work, anna.id)
        moved = replace(second, sequence=1, place="Zāle")
        change = DateChange(
            id="ch1",
            kind=ChangeKind.MOVED,
            workspace="paper-T1",
            group="g1",
            cycle="c1",
            by=anna.id,
            at=NOW,
            people=(anna.id,),
            before=Snapshot((a_cycle(),), (first, second), work.of(Seats).of([first.id])),
            after=Snapshot((), (moved,), ()),
        )
        work.of(Changes).add(change)
        assert work.of(Changes).get("ch1") == change
        work.of(Changes).undone("ch1", NOW + DAY)
        assert work.of(Changes).get("ch1") == replace(change, undone_at=NOW + DAY)
        assert work.of(Changes).get("ch2") is None
        erase(work.connection, anna.id)
        assert work.of(Changes).get("ch1") is None

    database.run_now(check)


def booked_in(person: str, until: datetime, work: SqlWork) -> tuple[Booked, ...]:
    return work.of(Diaries).booked([person], NOW, until)


def test_nobody_is_booked_twice_by_coordinators_who_plan_at_once(url: str) -> None:
    """Six coordinators in six processes plan cycles for groups that share two people, at times
    that overlap: of those that clash one is planned, and the others are told why not."""
    processes = [Database(url) for _ in range(6)]
    try:
        shared = [somebody(processes[0], name) for name in ("Anna", "Jānis")]
        dace = somebody(processes[0], "Dace", Role.COORDINATOR)

        def groups(work: SqlWork) -> None:
            for number in range(6):
                work.of(Groups).put(a_group(f"g{number}"))
                for person in shared:
                    there = GroupMember(f"g{number}", person.id, Standing.JOINED, NOW)
                    work.of(Members).put(there)

        processes[0].run_now(groups)
        address = Address("paper", "T1", "Dace")
        rhythm = {"first": "2026-03-10", "zone": "Europe/Riga", "weeks": "1", "minutes": "90"}
        asked = [
            rhythm | {"group": f"g{number}", "count": "8", "wall": f"14:{10 * number:02}"}
            for number in range(6)
        ]

        def ask(
            handler: Handler, process: Database, values: Mapping[str, str]
        ) -> Reply | Instead | Living:
            command = Command(handler.__name__, address, values=values)
            return process.run_now(
                lambda work: handler(command, Context(work, NOW, SERVICES, dace))
            )

        shown = [ask(cycle_preview, processes[0], one) for one in asked]
        assert all(isinstance(one, Card) for one in shown)
        plans = [buttons(one)[0].values for one in shown if isinstance(one, Card)]
        outcomes = at_once(
            [
                partial(ask, cycle_plan, process, values)
                for process, values in zip(processes, plans, strict=True)
            ]
        )
        # Whoever comes second is told at their form, or finds it out at the very end.
        assert all(isinstance(one, (Card, Form, RefusedError)) for one in outcomes), outcomes
        assert sum(isinstance(one, Card) for one in outcomes) == 1
        far = NOW + 52 * WEEK
        for person in [one.id for one in shared]:
            booked = processes[0].run_now(partial(booked_in, person, far))
            assert len(booked) == 8
            assert all(one.ends_at <= other.starts_at for one, other in pairwise(booked))
    finally:
        for process in processes:
            process.close()


def test_one_press_in_four_processes_plans_one_cycle(url: str) -> None:
    """The same button of the same preview, pressed by two coordinators twice each."""
    processes = [Database(url) for _ in range(4)]
    try:
        anna, dace = (
            somebody(processes[0], "Anna"),
            somebody(processes[0], "Dace", Role.COORDINATOR),
        )

        def group(work: SqlWork) -> None:
            work.of(Groups).put(a_group())
            work.of(Members).put(GroupMember("g1", anna.id, Standing.JOINED, NOW))

        processes[0].run_now(group)
        asked = {"group": "g1", "first": "2026-03-10", "wall": "14:00", "zone": "Europe/Riga"}
        asked |= {"weeks": "2", "minutes": "90", "count": "8"}

        def ask(
            handler: Handler, process: Database, values: Mapping[str, str]
        ) -> Reply | Instead | Living:
            command = Command(handler.__name__, Address("paper", "T1", "Dace"), values=values)
            return process.run_now(
                lambda work: handler(command, Context(work, NOW, SERVICES, dace))
            )

        preview = ask(cycle_preview, processes[0], asked)
        assert isinstance(preview, Card)
        values = buttons(preview)[0].values
        outcomes = at_once([partial(ask, cycle_plan, process, values) for process in processes])
        assert len(outcomes) == 4
        assert all(isinstance(one, Card) for one in outcomes), outcomes
        cycles = processes[0].run_now(lambda work: work.of(Cycles).of("g1"))
        assert [one.number for one in cycles] == [1]
        assert len(processes[0].run_now(partial(booked_in, anna.id, NOW + 52 * WEEK))) == 8
        told = processes[0].run_now(
            lambda work: work.connection.execute(
                select(outbox.c.id).where(outbox.c.about == cycles[0].id)
            ).all()
        )
        assert len(told) == 1
    finally:
        for process in processes:
            process.close()


def test_what_is_taken_out_is_counted_in_one_workspace_and_of_open_groups(
    database: Database,
) -> None:
    anna, janis = somebody(database, "Anna"), somebody(database, "Jānis")

    def fill(work: SqlWork) -> tuple[Session, ...]:
        found = planned(work, anna.id, janis.id)
        work.of(Seats).put([SessionSeat(found[0].id, anna.id, Attendance.COMING)])
        work.of(Groups).put(a_group("g2", closed_at=NOW))
        work.of(Cycles).put(a_cycle("c2", "g2", 7))
        work.of(Sessions).put([a_session(1, TUESDAY, "c2", "g2")])
        work.of(Groups).put(a_group("g3", workspace="paper-T2"))
        work.of(Cycles).put(a_cycle("c3", "g3", 8))
        other = replace(a_session(1, TUESDAY, "c3", "g3"), workspace="paper-T2")
        work.of(Sessions).put([other])
        return found

    first, second, third = database.run_now(fill)
    start, end = first.starts_at, third.starts_at

    def between(work: SqlWork) -> tuple[Session, ...]:
        return work.of(Sessions).between("paper-T1", start, end)

    assert database.run_now(between) == (first, second), "the end is not inside"
    assert database.run_now(
        lambda work: work.of(Sessions).between("paper-T1", first.ends_at, end)
    ) == (second,)
    said = database.run_now(lambda work: work.of(Seats).attendances("paper-T1", start, end))
    assert said == {
        first.id: {Attendance.COMING: 1, Attendance.UNKNOWN: 1},
        second.id: {Attendance.UNKNOWN: 2},
    }
    count = database.run_now(lambda work: work.of(Sessions).planned_between("paper-T1", start, end))
    assert count == 2
    numbers = database.run_now(lambda work: work.of(Cycles).numbers("paper-T1"))
    assert numbers == {"c1": 1}
