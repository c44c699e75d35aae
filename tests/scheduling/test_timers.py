"""What is due is done, after a stop as well, whatever happens to other timers."""

import asyncio
import logging
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
import structlog

from bot.services import services
from handlers import router
from handlers.escalation.model import Answer, Cases, Seat, State
from handlers.work import Work
from scheduling.clock import system_clock
from scheduling.timers import AT_ONCE, CLEANED_AT_ONCE, Timers
from storage.cleaning import clean
from storage.database import Database
from storage.sealed import Seal
from storage.work import SqlWork
from tests.patience import LIMIT
from tests.storage.made import NOW, raised, reachable, second, somebody


@pytest.fixture
def database(empty_sqlite: Path, tmp_path: Path) -> Iterator[Database]:
    shutil.copy(empty_sqlite, tmp_path / "timers.db")
    opened = Database(f"sqlite:///{tmp_path / 'timers.db'}", Seal("the secret of these tests"))
    yield opened
    opened.close()


def timers(database: Database, at: datetime, *more: router.Due) -> Timers[SqlWork]:
    return Timers(
        database,
        lambda: at,
        (*more, *router.timers(services())),
        lambda work, now, limit: clean(work.connection, now, limit),
    )


async def test_everything_missed_is_caught_up_in_one_go(database: Database) -> None:
    """More than fit one transaction, and each by more than one step."""
    many = 2 * AT_ONCE + 7
    helper = somebody(database, "Jānis")

    def raise_all(work: SqlWork) -> None:
        reachable(work, *(f"agent{number}" for number in range(many)))
        for number in range(many):
            work.of(Cases).add(raised(f"agent{number}", (helper.id,), (), ()))

    database.run_now(raise_all)
    await timers(database, second(600)).tick()
    due = await database.read(lambda work: work.of(Cases).due(second(600), 999))
    assert due == ()
    waiting = database.run_now(lambda work: work.of(Cases).open_with(helper.id))
    assert len(waiting) == many
    assert {case.ring for case in waiting} == {2}
    assert {case.asked() for case in waiting} == {(helper.id,)}


async def test_a_timer_that_fails_stops_no_other(database: Database) -> None:
    def failing(work: Work, now: datetime, limit: int) -> int:
        work.settings.put("w", "s", {"half": "done"})
        raise LookupError("he threatens me")

    def raise_hand(work: SqlWork) -> None:
        reachable(work, "anna")
        work.of(Cases).add(raised("anna"))

    database.run_now(raise_hand)
    with structlog.testing.capture_logs() as logs:
        await timers(database, NOW, failing).tick()
    case = database.run_now(lambda work: work.of(Cases).open_of("anna"))
    assert case is not None
    assert case.unanswered_at == NOW
    assert database.run_now(lambda work: work.settings.get("w", "s")) is None
    assert [(entry["event"], entry["timer"]) for entry in logs] == [("timer_failed", "failing")]


async def test_those_that_find_nothing_share_one_transaction(database: Database) -> None:
    """Whoever did something ends it, and goes on alone while there is more."""
    looked: list[tuple[str, Work]] = []

    def timer(name: str, *finds: int) -> router.Due:
        found = iter(finds)

        def look(work: Work, now: datetime, limit: int) -> int:
            looked.append((name, work))
            return next(found, 0)

        return look

    finds = {"none": (), "one": (1,), "many": (AT_ONCE, 1), "none more": (), "nor here": ()}
    all_of_them = [timer(name, *found) for name, found in finds.items()]
    await Timers(database, lambda: NOW, all_of_them, lambda work, now, limit: 0).tick()
    assert [name for name, _ in looked] == ["none", "one", "many", "many", "none more", "nor here"]
    shared = [work is before for (_, before), (_, work) in pairwise(looked)]
    assert shared == [True, False, False, False, True]


async def test_what_was_written_beside_one_that_fails_stays(database: Database) -> None:
    def writing(work: Work, now: datetime, limit: int) -> int:
        work.settings.put("w", "s", {"kept": "yes"})
        return 0

    def failing(work: Work, now: datetime, limit: int) -> int:
        raise LookupError("he threatens me")

    with structlog.testing.capture_logs() as logs:
        await timers(database, NOW, writing, failing).tick()
    assert database.run_now(lambda work: work.settings.get("w", "s")) == {"kept": "yes"}
    assert [(entry["event"], entry["timer"]) for entry in logs] == [("timer_failed", "failing")]


async def test_it_ticks_by_itself_and_when_it_is_woken(database: Database) -> None:
    done = asyncio.Event()
    loop = asyncio.get_running_loop()

    def noting(work: Work, now: datetime, limit: int) -> int:
        loop.call_soon_threadsafe(done.set)
        return 0

    running = timers(database, NOW, noting)
    running.start()
    try:
        async with asyncio.timeout(LIMIT):
            await done.wait()
            done.clear()
            await done.wait()
            done.clear()
            running.wake(NOW)
            await done.wait()
    finally:
        running.stop()


async def test_tidying_deletes_what_lived_long_enough(database: Database) -> None:
    old = replace(raised("anna"), state=State.SOLVED, closed_at=NOW)
    database.run_now(lambda work: work.of(Cases).add(old))
    await timers(database, NOW + timedelta(days=400)).tidy()
    assert database.run_now(lambda work: work.of(Cases).get(old.id)) is None


async def test_others_come_in_between_while_much_is_deleted(database: Database) -> None:
    def fill(work: SqlWork) -> None:
        for number in range(10 * CLEANED_AT_ONCE):
            work.deliveries.is_new("paper", f"d{number}", NOW)

    def left(work: SqlWork) -> int:
        count = "SELECT count(*) FROM deliveries"
        return int(work.connection.exec_driver_sql(count).scalar_one())

    database.run_now(fill)
    tidying = asyncio.create_task(timers(database, NOW + timedelta(days=2)).tidy())
    seen = [await database.run(left)]
    while not tidying.done():
        seen.append(await database.run(left))
    await tidying
    assert len(set(seen)) > 3, "a look got its turn between two batches, again and again"
    assert await database.run(left) == 0


async def test_a_case_that_fails_holds_up_no_other(database: Database, empty_sqlite: Path) -> None:
    """Not even those that are looked at in the same transaction, before it and after."""
    helper, odd = somebody(database, "Jānis"), somebody(database, "Oto")
    cases = [raised(f"agent{n}", (one.id,)) for n, one in enumerate((helper, odd, helper))]
    in_no_ring = (Seat(odd.id, 9, Answer.ASKED),)
    cases[1] = replace(cases[1], ring=2, asked_at=NOW, seats=in_no_ring)

    def raise_all(work: SqlWork) -> None:
        reachable(work, *(case.agent for case in cases))
        for case in cases:
            work.of(Cases).add(case)

    database.run_now(raise_all)
    with structlog.testing.capture_logs() as logs:
        await timers(database, second(1)).tick()
    waiting = database.run_now(lambda work: work.of(Cases).open_with(helper.id))
    assert {case.id for case in waiting} == {cases[0].id, cases[2].id}
    assert [entry["event"] for entry in logs] == ["left_out"]


async def test_a_stop_lets_what_is_under_way_end_and_is_no_failure(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    begun, may_end, ended = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def job() -> None:
        begun.set()
        await may_end.wait()
        ended.set()

    running = timers(database, NOW)
    running.every(0.01, job)
    running.start()
    async with asyncio.timeout(LIMIT):
        await begun.wait()
        finishing = asyncio.create_task(running.finish(LIMIT))
        await asyncio.sleep(0)
        may_end.set()
        await finishing
    running.stop()
    assert ended.is_set()
    failures = [one.getMessage() for one in caplog.records if one.levelno >= logging.ERROR]
    assert failures == []
    with structlog.testing.capture_logs() as written:
        running.wake(NOW)  # what was under way elsewhere may still commit
        await asyncio.sleep(0)
    assert written == []


async def test_what_a_stop_cuts_off_is_no_failure_and_nothing_is_begun_after_it(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    """As when the database takes longer than a stop may: nobody's log has a traceback of it."""
    caplog.set_level(logging.INFO)
    begun, looked = asyncio.Event(), list[str]()

    async def endless() -> None:
        begun.set()
        await asyncio.Event().wait()

    def late(work: SqlWork, now: datetime, limit: int) -> int:
        looked.append("late")
        return 0

    running = Timers(database, lambda: NOW, (), late, looks=(late,))
    running.every(0.01, endless)
    with structlog.testing.capture_logs() as written:
        running.start()
        async with asyncio.timeout(LIMIT):
            await begun.wait()
            await running.finish(0.01)
        running.stop()
        await database.run(lambda work: None)  # what was handed over before the stop is done first
        looked.clear()
        await running.look()
        await asyncio.sleep(0)
    assert looked == []
    assert {one["event"] for one in written} == {"cut_off_by_the_stop"}
    assert [one for one in caplog.records if one.levelno >= logging.WARNING] == []


async def test_what_is_written_for_later_is_looked_at_in_its_time(database: Database) -> None:
    looked: asyncio.Queue[datetime] = asyncio.Queue()
    made = Timers(
        database,
        system_clock,
        [],
        lambda _work, _now, _limit: 0,
        ticked=lambda: looked.put_nowait(system_clock()),
        every=3600,
    )
    made.start()
    try:
        await looked.get()  # what was missed is done at the start
        due = system_clock() + timedelta(milliseconds=50)
        made.wake(due, due + timedelta(days=1))
        assert await asyncio.wait_for(looked.get(), 30) >= due
    finally:
        made.stop()


async def test_what_is_due_on_the_calendar_s_last_day_wakes_nobody(database: Database) -> None:
    """Somebody is away until then: there is no instant after it at which it could be looked."""
    made = timers(database, NOW)
    made.start()
    made.wake(datetime.max.replace(tzinfo=NOW.tzinfo))
    await made.finish(LIMIT)
    made.stop()
