"""Plans and what waits, as both databases keep them; planners that know of no leader."""

import cProfile
import pstats
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from functools import partial
from uuid import uuid4

from sqlalchemy import func, select, update

from bot.services import services
from handlers.availability.rest import WEEKDAYS
from handlers.kit.hours import parse_hours
from handlers.kit.notices import DIGEST, Claim, Notice, Priority, Settled, Wait
from handlers.kit.people import Person
from handlers.plans.commands import plan_reminders
from handlers.plans.model import (
    AHEAD,
    PLAN_EVERY,
    Plan,
    Plans,
    ReminderState,
    every,
)
from handlers.work import Occasion
from storage.cleaning import clean, erase, export
from storage.database import Database
from storage.outbox.table import outbox
from storage.plans import reminders
from storage.work import SqlWork
from tests.storage.made import ANY_PACE, NOW, notice, reachable, second, somebody

SERVICES = services()


def a_plan(person: Person, **also: object) -> Plan:
    values: dict[str, object] = {
        "id": uuid4().hex,
        "person": person.id,
        "workspace": person.workspace,
        "zone": person.zone,
        "days": WEEKDAYS,
        "rules": (every(30, 5), every(90, 15)),
        "quiet": ((600, 660),),
        "planned_until": NOW,
        "plan_at": NOW,
    }
    return Plan(**(values | also))  # type: ignore[arg-type] # a factory takes any of its fields


def planners(database: Database, people: int) -> list[Person]:
    """So many people in the office who all have a plan."""

    def add(person: Person) -> None:
        def write(work):  # type: ignore[no-untyped-def] # a test's own
            work.people.save(person)
            work.of(Plans).put(a_plan(person), NOW)

        database.run_now(write)

    found = [
        replace(somebody(database, f"P{number}"), hours=parse_hours("Mon-Sun 09:00-17:00"))
        for number in range(people)
    ]
    for person in found:
        add(person)
    return found


def all_at_once(*jobs: Callable[[], object]) -> None:
    """Runs the jobs in threads that wait for each other at the start; raises what one raised."""
    gate = threading.Barrier(len(jobs))

    def run(job: Callable[[], object]) -> None:
        gate.wait()
        job()

    with ThreadPoolExecutor(len(jobs)) as pool:
        for done in [pool.submit(run, job) for job in jobs]:
            done.result()


def plan_everything(database: Database, after: timedelta) -> None:
    while database.run_now(lambda work: plan_reminders(Occasion(work, NOW + after, SERVICES), 7)):
        pass


def counted(database: Database) -> tuple[int, int]:
    """How many reminders there are, and how many notices of them."""
    return database.run_now(
        lambda work: (
            work.connection.scalar(select(func.count()).select_from(reminders)) or 0,
            work.connection.scalar(select(func.count()).select_from(outbox)) or 0,
        )
    )


def test_a_plan_is_kept_as_it_is_and_replaced_whole(database: Database) -> None:
    anna = somebody(database)
    first, second_one = a_plan(anna), a_plan(anna, quiet=(), asked=True)
    database.run_now(lambda work: work.of(Plans).put(first, NOW))
    assert database.run_now(lambda work: work.of(Plans).of(anna.id)) == first
    plan_everything(database, timedelta())
    assert counted(database)[0] > 0
    database.run_now(lambda work: work.of(Plans).put(second_one, NOW))
    assert database.run_now(lambda work: work.of(Plans).of(anna.id)) == second_one
    assert counted(database)[0] == 0, "the old plan's reminders are gone"


def test_planners_at_once_write_each_reminder_once(url: str) -> None:
    """Three processes over one database look at the same moments, over and over."""
    processes = [Database(url) for _ in range(3)]
    try:
        people = planners(processes[0], 40)
        for hours in range(0, 9, 2):
            after = timedelta(hours=hours)
            all_at_once(*(partial(plan_everything, one, after) for one in processes))
        rows = processes[0].run_now(
            lambda work: work.connection.execute(select(reminders.c.person, reminders.c.at)).all()
        )
        # It is ten. Half past is quiet, so the half hours from eleven to half past four are left.
        assert Counter(row.person for row in rows) == {person.id: 12 for person in people}
        assert len(set(rows)) == len(rows)
        assert counted(processes[0]) == (480, 480)
    finally:
        for one in processes:
            one.close()


def test_a_planner_that_slept_writes_only_what_still_makes_sense(database: Database) -> None:
    (anna,) = planners(database, 1)
    plan_everything(database, timedelta(hours=6, minutes=5))  # five past four
    times = database.run_now(
        lambda work: [one.at for one in work.of(Plans).recent(anna.id, NOW, second(9 * 3600))]
    )
    assert times == [NOW + timedelta(hours=6), NOW + timedelta(hours=6, minutes=30)]
    kept = database.run_now(lambda work: work.of(Plans).of(anna.id))
    assert kept is not None
    assert kept.plan_at == NOW + timedelta(hours=6, minutes=5) + PLAN_EVERY
    assert kept.planned_until == NOW + timedelta(hours=6, minutes=5) + AHEAD


def test_a_planner_that_slept_for_years_thinks_no_longer_than_after_a_week(
    database: Database,
) -> None:
    """Else a database that is put back, or a Plecs that was stopped, holds up everybody who writes,
    for as long as each plan's months take."""
    planners(database, 1)
    profiles = {weeks: cProfile.Profile() for weeks in (1, 520)}

    def plan(work: SqlWork, weeks: int) -> int:
        on = Occasion(work, NOW + timedelta(weeks=weeks, hours=3), SERVICES)
        return profiles[weeks].runcall(plan_reminders, on, 7)

    for weeks in profiles:
        assert database.run_now(partial(plan, weeks=weeks)) == 1
    week, years = (pstats.Stats(one).total_calls for one in profiles.values())  # type: ignore[attr-defined] # typeshed leaves it out
    assert years < 1.5 * week


def test_answers_are_kept_two_weeks_and_are_the_persons_own(database: Database) -> None:
    (anna,) = planners(database, 1)
    plan_everything(database, timedelta())
    first = database.run_now(lambda work: work.of(Plans).recent(anna.id, NOW, second(10_000)))[0]
    database.run_now(lambda work: work.of(Plans).answer(first.id, ReminderState.SKIPPED))
    kept = database.run_now(lambda work: work.of(Plans).reminder(first.id))
    assert kept == replace(first, state=ReminderState.SKIPPED)
    told = database.run_now(lambda work: export(work.connection, anna.id, work.seal))
    assert len(told["break_plans"]) == 1
    assert len(told["reminders"]) == counted(database)[0]
    database.run_now(lambda work: clean(work.connection, NOW + timedelta(days=15)))
    assert counted(database)[0] == 0
    database.run_now(lambda work: erase(work.connection, anna.id))
    assert database.run_now(lambda work: work.of(Plans).of(anna.id)) is None


def claims(database: Database, after: float = 0.0) -> tuple[Claim, ...]:
    return database.run_now(
        lambda work: work.claims.claim(
            "one",
            second(after),
            lease=timedelta(seconds=20),
            urgent=60,
            others=60,
            pace_of=lambda _workspace: ANY_PACE,
        )
    )


def keep_waiting(database: Database, found: Sequence[Claim], person: str, until: float) -> None:
    waits = [(claim, Wait(person, second(until))) for claim in found]
    database.run_now(lambda work: work.digests.keep_waiting("one", waits, NOW))


def test_what_waits_is_found_again_by_one_digest(database: Database) -> None:
    notices = [notice(f"n{number}", kind="plan.proposal") for number in range(3)]
    database.run_now(lambda work: reachable(work, "anna"))
    database.run_now(lambda work: work.outbox.add("paper-T1", *notices))
    keep_waiting(database, claims(database), "anna", 100)
    assert claims(database, 99) == ()
    (digest,) = claims(database, 100)
    assert (digest.notice.kind, digest.notice.to) == (DIGEST, ("anna",))
    waiting = database.run_now(lambda work: work.digests.waiting("anna", 2))
    assert [one.about for _, one in waiting] == ["n0", "n1"]

    def sent(work):  # type: ignore[no-untyped-def] # a test's own
        work.claims.settle("one", [Settled(digest, "ref", "fingerprint")], second(101))
        work.digests.gathered("anna", [number for number, _ in waiting], second(101))

    database.run_now(sent)
    (another,) = claims(database, 102)
    assert another.notice.kind == DIGEST, "the third is not forgotten"
    ((last, _),) = database.run_now(lambda work: work.digests.waiting("anna", 10))
    database.run_now(lambda work: work.digests.let_go([last], second(103)))
    assert [claim.notice.about for claim in claims(database, 104)] == ["n2"]


def test_a_wait_that_is_over_early_and_one_that_grows(database: Database) -> None:
    database.run_now(lambda work: work.outbox.add("paper-T1", notice("n", kind="plan.proposal")))
    keep_waiting(database, claims(database), "anna", 10_000)
    database.run_now(lambda work: work.outbox.look_again("anna", second(5)))
    (digest,) = claims(database, 5)
    keep_waiting(database, [digest], "anna", 20_000)
    assert claims(database, 19_999) == ()
    assert [claim.notice.kind for claim in claims(database, 20_000)] == [DIGEST]


def test_what_waits_is_not_cleaned_away_and_a_sent_digest_is(database: Database) -> None:
    database.run_now(lambda work: reachable(work, "anna"))
    database.run_now(lambda work: work.outbox.add("paper-T1", notice("n", kind="plan.proposal")))
    (found,) = claims(database)
    database.run_now(lambda work: work.claims.settle("one", [Settled(found, due=second(1))], NOW))
    keep_waiting(database, claims(database, 1), "anna", 100)
    week = NOW + timedelta(days=7)
    database.run_now(lambda work: clean(work.connection, week))
    assert len(database.run_now(lambda work: work.digests.waiting("anna", 9))) == 1
    (digest,) = claims(database, 100)
    database.run_now(
        lambda work: work.claims.settle("one", [Settled(digest, "ref", "fingerprint")], second(100))
    )
    database.run_now(
        lambda work: work.connection.execute(
            update(outbox).where(outbox.c.kind != DIGEST).values(waits_for=None, due=None)
        )
    )
    database.run_now(lambda work: clean(work.connection, week))
    assert counted(database)[1] == 0


def test_urgent_is_claimed_first_however_much_bulk_is_due(database: Database) -> None:
    bulk = [notice(f"b{n}", f"p{n}", priority=Priority.BULK) for n in range(500)]
    later = [
        notice(f"l{n}", f"q{n}", due=second(500), priority=Priority.NORMAL) for n in range(100)
    ]
    ping: Notice = notice("ping", "jānis", due=second(9), priority=Priority.URGENT)
    database.run_now(lambda work: work.outbox.add("paper-T1", *bulk, *later, ping))
    assert database.run_now(lambda work: work.claims.next_due()) == NOW
    found = claims(database, 10)
    assert [claim.notice.about for claim in found[:2]] == ["ping", "b0"]
    # Each has places of its own: sixty others beside it, and the rest waits.
    assert Counter(claim.notice.priority for claim in found) == {
        Priority.URGENT: 1,
        Priority.BULK: 60,
    }
