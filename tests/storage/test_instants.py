"""What a wrong clock left in the rows is moved with it, once."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from handlers.escalation.model import Cases
from handlers.kit.delivery import ClockStep
from handlers.kit.notices import LEASE, Notice, Priority
from storage.database import Database
from storage.work import SqlWork
from tests.storage.made import ANY_PACE, NOW, raised, somebody

SECOND, SOON, HOUR = timedelta(seconds=1), timedelta(seconds=30), timedelta(hours=1)


def test_a_step_that_three_replicas_go_over_with_is_put_right_once(database: Database) -> None:
    case = replace(raised("anna"), raised_at=NOW, step_at=NOW + SOON)

    def raise_and_agree(work: SqlWork) -> None:
        work.of(Cases).add(case)
        work.instants.agree(work.instants.step(), NOW, -HOUR)

    database.run_now(raise_and_agree)
    agreed = database.run_now(lambda work: work.instants.step())
    moved = [database.run_now(lambda work: work.instants.put_right(agreed)) for _ in range(3)]
    assert moved == [replace(agreed, moved=True)] * 3
    kept = database.run_now(lambda work: work.of(Cases).get(case.id))
    assert kept is not None
    assert (kept.raised_at, kept.step_at) == (NOW - HOUR, NOW - HOUR + SOON)


def test_whoever_notices_second_agrees_with_the_first(database: Database) -> None:
    known = database.run_now(lambda work: work.instants.step())
    first = database.run_now(lambda work: work.instants.agree(known, NOW, HOUR))
    second = database.run_now(lambda work: work.instants.agree(known, NOW + SOON, HOUR))
    assert second == first
    assert (first.number, first.at, first.by) == (known.number + 1, NOW, HOUR)


def test_a_clock_that_was_set_back_before_they_went_over_moves_nothing(database: Database) -> None:
    known = database.run_now(lambda work: work.instants.step())
    first = database.run_now(lambda work: work.instants.agree(known, NOW, HOUR))
    last = database.run_now(lambda work: work.instants.agree(first, NOW + SOON, timedelta()))
    case = replace(raised("anna"), raised_at=NOW, step_at=NOW + SOON)
    database.run_now(lambda work: work.of(Cases).add(case))
    assert database.run_now(lambda work: work.instants.put_right(first)) == last
    kept = database.run_now(lambda work: work.of(Cases).get(case.id))
    assert kept is not None
    assert kept.step_at == NOW + SOON


@pytest.mark.parametrize("by", [HOUR, -HOUR], ids=["an hour on", "an hour back"])
def test_what_is_being_sent_stays_with_whoever_sends_it(database: Database, by: timedelta) -> None:
    """For some seconds nobody can write, so nobody can hold on to it: it must not come twice."""

    def claimed(process: str, now: datetime) -> int:
        return len(
            database.run_now(
                lambda work: work.claims.claim(
                    process, now, lease=LEASE, urgent=9, others=9, pace_of=lambda _: ANY_PACE
                )
            )
        )

    def ask_and_agree(work: SqlWork) -> ClockStep:
        work.outbox.add("paper-T1", Notice("ping", "case", (helper.id,), NOW, Priority.URGENT))
        return work.instants.agree(work.instants.step(), NOW + SECOND, by)

    helper = somebody(database, "Jānis")
    step = database.run_now(ask_and_agree)
    assert claimed("first", NOW) == 1
    database.run_now(lambda work: work.instants.put_right(step))
    after = NOW + by + LEASE
    assert [claimed("second", after + late) for late in (4 * SECOND, 6 * SECOND)] == [0, 1]
