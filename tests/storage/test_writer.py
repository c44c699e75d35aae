"""Whoever writes outlives who waits for it; and who writes or reads lets all have their turn."""

import asyncio
import shutil
import threading
from collections.abc import Callable, Coroutine
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from storage.database import Database
from storage.engines import POOL, opened
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


@pytest.mark.parametrize("does", [Database.run, Database.read])
async def test_who_has_very_much_to_ask_holds_up_no_other(
    database: Database, does: Callable[..., Coroutine[Any, Any, None]]
) -> None:
    """Ten thousand hands of one workspace wait, and somebody raises theirs in another, or looks
    something up: it is next once what is under way is done, even if all of that waits for the same
    row."""
    begun: list[str] = []
    may_end = threading.Event()

    def ask(_work: SqlWork, whose: str) -> None:
        begun.append(whose)
        if whose == "many":
            may_end.wait(10)

    lines = [*["many"] * 100, "one"]
    *many, one = [
        asyncio.create_task(does(database, partial(ask, whose=each), each)) for each in lines
    ]
    if database.is_sqlite and does is Database.run:
        await asyncio.sleep(0)  # all of them stand in their lines
    else:
        await one  # there are threads that no line has to itself
    may_end.set()
    await asyncio.gather(one, *many)
    assert begun.index("one") <= POOL
    assert begun.count("many") == len(many)
