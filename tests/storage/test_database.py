"""The door to the database: what is kept together, who hears of what, what a reader sees."""

import asyncio
import stat
import threading
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy.exc import DatabaseError, IntegrityError

from handlers.escalation.model import Cases
from storage.database import Database
from storage.effects import Effects
from storage.migrate import migrate
from storage.work import SqlWork
from tests.storage.made import NOW, notice, raised


def put(work: SqlWork, value: int, section: str = "s") -> int:
    work.settings.put("w", section, {"value": value})
    return value


def value(work: SqlWork, section: str = "s") -> object:
    return (work.settings.get("w", section) or {}).get("value")


async def test_what_raises_keeps_nothing_and_is_heard(database: Database) -> None:
    def fails(work: SqlWork) -> None:
        put(work, 1)
        raise LookupError("mine")

    with pytest.raises(LookupError, match="mine"):
        await database.run(fails)
    assert await database.read(value) is None


async def test_each_commit_is_told_once_it_is_kept(database: Database) -> None:
    heard: list[Effects] = []
    database.on_commit.append(heard.append)
    await database.run(lambda work: work.outbox.add("paper-T1", notice()))
    assert [(one.sends, one.steps) for one in heard] == [({NOW}, set())]

    def fails(work: SqlWork) -> None:
        work.outbox.add("paper-T1", notice("c.2"))
        raise LookupError

    with pytest.raises(LookupError):
        await database.run(fails)
    assert len(heard) == 1


async def test_of_those_written_together_the_one_that_fails_fails_alone(
    sqlite_url: str,
) -> None:
    database = Database(sqlite_url)
    try:
        gate = threading.Event()
        first = asyncio.create_task(database.run(lambda work: gate.wait(10)))
        await asyncio.sleep(0)  # it is submitted; the rest queue up behind it

        def fails(work: SqlWork) -> int:
            work.of(Cases).add(raised("anna"))
            work.of(Cases).add(raised("anna"))
            return put(work, 99, "failed")

        others = [
            asyncio.create_task(database.run(partial(put, value=n, section=f"s{n}")))
            for n in range(6)
        ]
        others.insert(3, asyncio.create_task(database.run(fails)))
        await asyncio.sleep(0)
        gate.set()
        assert await first
        outcomes = await asyncio.gather(*others, return_exceptions=True)
        assert isinstance(outcomes.pop(3), IntegrityError)
        assert outcomes == list(range(6))
        kept = [
            await database.read(partial(value, section=section))
            for section in [*(f"s{n}" for n in range(6)), "failed"]
        ]
        assert kept == [0, 1, 2, 3, 4, 5, None]
        assert await database.read(lambda work: work.of(Cases).open_of("anna")) is None
    finally:
        database.close()


async def test_when_the_disk_is_full_everybody_hears_and_later_all_goes_on(
    sqlite_url: str,
) -> None:
    database = Database(sqlite_url)
    try:
        # SQLite's own limit stands in for the disk's.
        pages = await database.run(
            lambda work: work.connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        )
        await database.run(
            lambda work: work.connection.exec_driver_sql(f"PRAGMA max_page_count={pages}").all()
        )
        gate = threading.Event()
        first = asyncio.create_task(database.run(lambda work: gate.wait(10)))
        await asyncio.sleep(0)

        def large(work: SqlWork) -> None:
            work.settings.put("w", "large", {"value": "x" * 1_000_000})

        together = [
            asyncio.create_task(database.run(job))
            for job in (partial(put, value=1), large, partial(put, value=2, section="t"))
        ]
        await asyncio.sleep(0)
        gate.set()
        _, *outcomes = await asyncio.gather(first, *together, return_exceptions=True)
        assert isinstance(outcomes[1], DatabaseError)
        assert "full" in str(outcomes[1])
        for outcome, section in ((outcomes[0], "s"), (outcomes[2], "t")):
            told_kept = not isinstance(outcome, BaseException)
            is_kept = await database.read(partial(value, section=section)) is not None
            assert told_kept == is_kept
        await database.run(
            lambda work: work.connection.exec_driver_sql("PRAGMA max_page_count=1000000").all()
        )
        await database.run(large)
        assert await database.run(partial(put, value=3)) == 3
    finally:
        database.close()


async def test_what_lost_to_another_transaction_is_done_anew(migrated_postgres: str) -> None:
    database = Database(migrated_postgres)
    try:
        await database.run(partial(put, value=0, section="one"))
        await database.run(partial(put, value=0, section="two"))
        both_hold = threading.Barrier(2)
        tries: list[str] = []

        def crossing(work: SqlWork, first: str, then: str) -> None:
            tries.append(first)
            put(work, 1, first)
            if len(tries) <= 2:
                both_hold.wait(10)
            put(work, 1, then)

        await asyncio.gather(
            database.run(partial(crossing, first="one", then="two")),
            database.run(partial(crossing, first="two", then="one")),
        )
        assert len(tries) > 2, "PostgreSQL ended one of the two, and it was done again"
    finally:
        database.close()


async def test_a_unique_key_lost_for_good_is_heard_after_a_few_tries(
    migrated_postgres: str,
) -> None:
    database = Database(migrated_postgres)
    try:
        await database.run(lambda work: work.of(Cases).add(raised("stubborn")))
        tries = 0

        def again(work: SqlWork) -> None:
            nonlocal tries
            tries += 1
            work.of(Cases).add(raised("stubborn"))

        with pytest.raises(IntegrityError):
            await database.run(again)
        assert tries == 4
    finally:
        database.close()


async def test_a_reader_sees_one_state_from_start_to_end(database: Database) -> None:
    await database.run(partial(put, value=1))
    looked, changed = threading.Event(), threading.Event()

    def look_twice(work: SqlWork) -> tuple[object, object]:
        before = value(work)
        looked.set()
        assert changed.wait(10)
        return before, value(work)

    reading = asyncio.create_task(database.read(look_twice))
    assert await asyncio.to_thread(looked.wait, 10)
    await database.run(partial(put, value=2))
    changed.set()
    assert await reading == (1, 1)
    assert await database.read(value) == 2


async def test_a_reader_waits_for_no_writer(database: Database) -> None:
    await database.run(partial(put, value=1))
    writing, may_end = threading.Event(), threading.Event()

    def slow(work: SqlWork) -> None:
        put(work, 2)
        writing.set()
        may_end.wait(10)

    slowly = asyncio.create_task(database.run(slow))
    assert await asyncio.to_thread(writing.wait, 10)
    assert await database.read(value) == 1
    may_end.set()
    await slowly


async def test_close_finishes_what_was_submitted(url: str) -> None:
    database = Database(url)
    jobs = [
        asyncio.create_task(database.run(partial(put, value=n, section=f"s{n}"))) for n in range(99)
    ]
    await asyncio.sleep(0)
    await asyncio.to_thread(database.close)
    assert await asyncio.gather(*jobs) == list(range(99))
    again = Database(url)
    try:
        assert await again.read(partial(value, section="s98")) == 98
    finally:
        again.close()


def test_one_process_a_sqlite_file(sqlite_url: str) -> None:
    first, second, third = (Database(sqlite_url) for _ in range(3))
    assert first.claim_sole_use()
    assert not second.claim_sole_use()
    first.close()
    assert third.claim_sole_use()
    second.close()
    third.close()


def test_the_file_and_its_folder_are_for_their_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "new" / "plecs.db"
    migrate(f"sqlite:///{file}")
    database = Database(f"sqlite:///{file}")
    database.run_now(lambda work: work.deliveries.is_new("paper", "1", NOW))
    rights = {one.name: stat.S_IMODE(one.stat().st_mode) for one in file.parent.iterdir()}
    database.close()
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert {"plecs.db", "plecs.db-wal", "plecs.db-shm"} <= set(rights)
    assert set(rights.values()) == {0o600}


def test_a_file_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    file = tmp_path / "plecs.db"
    file.touch(mode=0o644)
    migrate(f"sqlite:///{file}")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
