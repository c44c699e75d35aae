"""The thread that writes outlives whoever waits for it."""

import asyncio
import shutil
import threading
from pathlib import Path

import pytest

from storage.database import Database
from storage.engines import opened
from storage.work import SqlWork
from storage.writers import SqliteWriter


async def test_a_caller_that_stops_waiting_does_not_stop_the_writer(
    empty_sqlite: Path, tmp_path: Path
) -> None:
    shutil.copy(empty_sqlite, tmp_path / "kept.db")
    database = Database(f"sqlite:///{tmp_path / 'kept.db'}")
    may_end = threading.Event()

    def slow(work: SqlWork) -> None:
        may_end.wait(10)
        work.settings.put("w", "section", {"kept": True})

    try:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(database.run(slow), 0.01)
        may_end.set()
        assert await database.run(lambda work: work.settings.get("w", "section")) == {"kept": True}
    finally:
        may_end.set()
        database.close()


@pytest.mark.parametrize("seconds", [0.0, 0.5])
def test_who_waits_is_written_together_for_a_moment_only(
    empty_sqlite: Path, tmp_path: Path, seconds: float
) -> None:
    """Else what was sent would be kept when the last of sixty is: a process that dies meanwhile
    had all of it sent again."""
    shutil.copy(empty_sqlite, tmp_path / "kept.db")
    now, may_begin = [0.0], threading.Event()

    def first(_work: SqlWork) -> None:
        may_begin.wait(10)

    def long(work: SqlWork) -> None:
        work.settings.put("w", "section", {"kept": True})
        now[0] += seconds

    def others_see(_work: SqlWork) -> object:
        with reader.connect() as connection:
            return SqlWork(connection, None).settings.get("w", "section")

    with opened(f"sqlite:///{tmp_path / 'kept.db'}") as engine, opened(str(engine.url)) as reader:
        writer = SqliteWriter(engine, None, 0.0, lambda: now[0])
        writer.submit(first)
        _, seen = [writer.submit(one) for one in (long, others_see)]
        may_begin.set()
        assert seen.result(10)[0] == ({"kept": True} if seconds else None)
        writer.close()
