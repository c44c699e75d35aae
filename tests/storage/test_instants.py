"""What a wrong clock left in the rows is moved with it, once."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from handlers.escalation.model import Case, Cases
from storage.database import Database
from storage.work import SqlWork
from tests.storage.made import NOW, raised

SOON = timedelta(seconds=30)


def put_right(wrong: datetime, now: datetime, work: SqlWork) -> None:
    work.instants.put_right(wrong, now)


def read(case: str, work: SqlWork) -> Case | None:
    return work.of(Cases).get(case)


def test_a_step_of_the_clock_that_all_share_is_put_right_once(database: Database) -> None:
    """Each of three replicas notices it, one after the other."""
    by = timedelta(hours=1)
    before, after = NOW + by, NOW
    case = raised("anna")

    def raise_by_the_wrong_clock(work: SqlWork) -> None:
        work.of(Cases).add(replace(case, raised_at=before, step_at=before + SOON))

    database.run_now(raise_by_the_wrong_clock)
    for late in range(3):
        seconds = timedelta(seconds=late)
        database.run_now(partial(put_right, before + seconds, after + seconds))
    kept = database.run_now(lambda work: work.of(Cases).get(case.id))
    assert kept is not None
    assert (kept.raised_at, kept.step_at) == (after, after + SOON)


def test_what_a_replica_wrote_before_it_noticed_is_moved_when_it_does(database: Database) -> None:
    by = timedelta(hours=1)
    wrong = NOW + by
    first, second = raised("anna"), raised("ieva")

    def of_the_first(work: SqlWork) -> None:
        work.instants.put_right(wrong, NOW)
        work.of(Cases).add(replace(first, raised_at=NOW, step_at=NOW + SOON))

    database.run_now(of_the_first)
    late = replace(second, raised_at=wrong + timedelta(seconds=1), step_at=wrong + SOON)
    database.run_now(lambda work: work.of(Cases).add(late))
    two = timedelta(seconds=2)
    database.run_now(lambda work: work.instants.put_right(wrong + two, NOW + two))
    kept = [database.run_now(partial(read, each.id)) for each in (first, second)]
    assert [(case.raised_at, case.step_at) for case in kept if case] == [
        (NOW, NOW + SOON),
        (NOW + timedelta(seconds=1), NOW + SOON),
    ]
