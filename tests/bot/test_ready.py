"""Whether Plecs says that it is ready only while the database keeps what it is given."""

import asyncio
import resource
import socket
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import make_url, text

from bot.app import Engine, engine, reached
from bot.server import application
from handlers.kit.notices import Lane
from storage.database import Database
from storage.engines import engine_for
from tests.storage.made import ANY_PACE

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
Opener = Callable[[str], Engine]


@pytest.fixture
def opened() -> Iterator[Opener]:
    databases: list[Database] = []

    def open_at(url: str) -> Engine:
        databases.append(Database(url))
        return engine(databases[-1], {}, lambda: NOW, frozenset())

    yield open_at
    for database in databases:
        database.close()


async def test_a_database_that_may_only_be_read_is_not_ready(
    migrated_postgres: str, opened: Opener
) -> None:
    assert await opened(migrated_postgres).is_ready()
    name = make_url(migrated_postgres).database
    outside = engine_for(migrated_postgres)
    with outside.begin() as connection:
        connection.execute(text(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on'))
    outside.dispose()
    assert not await opened(migrated_postgres).is_ready()


@pytest.fixture
def file(empty_sqlite: Path, tmp_path: Path) -> Path:
    file = tmp_path / "plecs.db"
    file.write_bytes(empty_sqlite.read_bytes())
    return file


@contextmanager
def no_file_larger_than(size: int) -> Iterator[None]:
    """What a full disk says, without one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


async def test_a_full_disk_is_not_ready_and_is_again_once_there_is_room(
    file: Path, opened: Opener
) -> None:
    made = opened(f"sqlite:///{file}")
    assert await made.is_ready()
    large: dict[str, object] = {"value": "x" * 1_000_000}
    await made.database.run(lambda work: work.settings.put("w", "s", large))
    with no_file_larger_than(_size_of_log(file)):
        assert not await made.is_ready()
    assert await made.is_ready()


def _size_of_log(file: Path) -> int:
    """Larger than what this run has written of its own lines."""
    size = file.with_name(f"{file.name}-wal").stat().st_size
    assert size > 1_000_000
    return size


async def test_a_file_that_somebody_holds_is_not_ready(file: Path, opened: Opener) -> None:
    made = opened(f"sqlite:///{file}")
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert not await made.is_ready()
    other.execute("ROLLBACK")
    other.close()
    assert await made.is_ready()


async def test_what_a_platform_refuses_stands_in_the_answer_and_restarts_nobody(
    file: Path, opened: Opener
) -> None:
    made = opened(f"sqlite:///{file}")
    place = ("slack", "T1")
    await made.database.run(
        lambda work: work.lanes.refuse(place, Lane.NEW, "token_revoked", ANY_PACE, NOW)
    )
    app = application((), made.is_ready, made.figures, refused=made.refused)
    async with TestClient(TestServer(app)) as client:
        answer = await client.get("/readyz")
        assert (answer.status, await answer.text()) == (
            200,
            "ready\nSlack (T1) refuses new messages since 2026-03-02 08:00 UTC: token_revoked",
        )


async def test_a_start_without_a_database_says_so_once_and_waits(postgres_url: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    said: list[str] = []
    heard = asyncio.Event()

    def say(line: str) -> None:
        said.append(line)
        heard.set()

    url = f"postgresql://plecs@127.0.0.1:{port}/plecs"
    stop = asyncio.Event()
    waiting = asyncio.create_task(reached(url, stop, say))
    await heard.wait()
    assert not waiting.done()
    stop.set()
    assert not await waiting
    (line,) = said
    assert line.startswith("The database does not answer yet, Plecs waits for it: ")
    assert "\n" not in line
    assert await reached(postgres_url, asyncio.Event(), said.append)
    assert len(said) == 1
