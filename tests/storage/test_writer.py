"""The thread that writes outlives whoever waits for it."""

import asyncio
import shutil
import threading
from pathlib import Path

import pytest

from storage.database import Database
from storage.work import SqlWork


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
