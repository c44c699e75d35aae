"""The async door to the database, and what is looked up in one that nobody has opened."""

import asyncio
import fcntl
from collections import Counter
from collections.abc import AsyncIterator, Callable, Hashable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, TextIO, TypeVar

import structlog
from sqlalchemy import Connection, ExceptionContext, QueuePool, event, make_url, text
from sqlalchemy.exc import DatabaseError, OperationalError

import storage.everything  # noqa: F401 - a transaction is asked for any repository there is
from handlers.kit.delivery import Refusal
from handlers.kit.language_models import ModelDispatch
from handlers.statuses.model import StatusDispatch
from storage.effects import Effects
from storage.engines import POOL, engine_for, of_one_state, opened
from storage.moves import CLOSED, see_that_it_is_open
from storage.outbox.lanes import SqlLanes
from storage.sealed import Seal, Under, count_sealed
from storage.slack import EndingToken, SqlSlackInstallations, ending_tokens
from storage.teams import without_conversation
from storage.turns import TurnTakers
from storage.work import SqlWork
from storage.writers import AWAY_FOR, PoolWriter, SqliteWriter, patiently

T = TypeVar("T")

log = structlog.get_logger()

Committed = Callable[[Effects], None]
"""Hears of each commit."""

READABLE_FOR = 50.0
"""Seconds that something deleted may stand in the log, unless it is to be forgotten at once: with
all that goes before it is gone within a minute."""

_SQLITE_READERS, _LEFT_TO_OTHERS = 3, 1
"""Threads that read a file, of either kind of database those that one workspace never has alone: it
may look at much."""

_TIME = text("SELECT clock_timestamp(), (SELECT number FROM clock_steps)")


class Database:
    """Opens `url` (`sqlite:///path` or `postgresql+psycopg://...`). The tables must be there.

    `seal` opens what is kept sealed; left out where nothing of that is touched. `on_commit` is
    called in the event loop after each commit made through `run`, and `on_error`, in any thread,
    with the code of whatever the database refused. `readable_for`: seconds that
    what was deleted may still stand in the log of SQLite.
    """

    def __init__(
        self, url: str, seal: Seal | None = None, *, readable_for: float = READABLE_FOR
    ) -> None:
        self.engine = engine_for(url)
        self._seal = seal
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        self._snapshots = of_one_state(self.engine)
        self.on_commit: list[Committed] = []
        self.on_error: list[Callable[[str], None]] = []
        event.listen(self.engine, "handle_error", self._refused)
        self._lock: TextIO | None = None
        self._under_way = 0
        self._halt: _Halt | None = None
        readers = _SQLITE_READERS if self.is_sqlite else POOL
        self._readers = TurnTakers(readers, _LEFT_TO_OTHERS, "database-read", _answer)
        self._writer: SqliteWriter | PoolWriter = (
            SqliteWriter(self.engine, seal, readable_for)
            if self.is_sqlite
            else PoolWriter(self.engine, seal)
        )

    async def run(self, fn: Callable[[SqlWork], T], whose: Hashable = "") -> T:
        """Runs `fn` in a transaction and answers when it is committed. Raises what `fn` raised,
        with nothing kept, and UncertainError when it can't be known whether anything was. `fn` may
        run more than once, when a transaction lost to another, or the server while it ran. It waits
        in a line with what is of the same `whose`, and the lines take turns."""
        while self._halt is not None:
            await self._halt.over.wait()
        self._under_way += 1
        try:
            return await self._run(fn, whose)
        finally:
            self._ended()

    @asynccontextmanager
    async def halted(self) -> AsyncIterator[None]:
        """Nothing is written meanwhile but by `run_halted`: whoever wants to waits. What is under
        way ends before, for some seconds at most."""
        assert self._halt is None, "whoever halts is one"
        halt = self._halt = _Halt()
        try:
            if self._under_way:
                with suppress(TimeoutError):
                    await asyncio.wait_for(halt.calm.wait(), AWAY_FOR)
            yield
        finally:
            self._halt = None
            halt.over.set()

    def _ended(self) -> None:
        self._under_way -= 1
        if self._halt is not None and not self._under_way:
            self._halt.calm.set()

    async def run_halted(self, fn: Callable[[SqlWork], T]) -> T:
        """`run` for whoever has halted the others."""
        return await self._run(fn, "")

    async def _run(self, fn: Callable[[SqlWork], T], whose: Hashable) -> T:
        result, effects = await self._writer.ask(fn, whose)
        for hear in self.on_commit:
            hear(effects)
        return result

    async def read(self, fn: Callable[[SqlWork], T], whose: Hashable = "") -> T:
        """Runs `fn` beside the writers, on one state from its first look to its last. It must
        not write. It waits in a line as with `run`."""
        return await self._asked(partial(patiently, partial(self._read, fn)), whose)

    async def _asked(self, do: Callable[[], T], whose: Hashable) -> T:
        """What comes of it in a reader's thread; where nobody waits any more, it is left."""
        future: Future[T] = Future()
        self._readers.put(whose, (do, future))
        return await asyncio.wrap_future(future)

    async def time(self, uptime: Callable[[], float]) -> tuple[datetime, float, float, int]:
        """What PostgreSQL's own clock says; what `uptime`, seconds of a clock that nobody sets,
        said in the middle of asking; how many of its seconds the asking took; and the number of the
        last step that was agreed on. Not for SQLite, which has no clock."""

        def ask() -> tuple[datetime, float, float, int]:
            with self.engine.connect() as connection:
                asked = uptime()
                told, steps = connection.execute(_TIME).one()
                took = uptime() - asked
            return told.astimezone(UTC), asked + took / 2, took, steps or 0

        return await self._asked(ask, "time")

    def connections(self) -> tuple[int, int]:
        """How many connections are in use, and how many there may be."""
        pool = self.engine.pool
        assert isinstance(pool, QueuePool), "both databases have a pool of this kind"
        return pool.checkedout(), pool.size()

    def run_now(self, fn: Callable[[SqlWork], T]) -> T:
        """`run` for callers without an event loop: the command line."""
        result, _ = self._writer.submit(fn).result()
        return result

    def read_now(self, fn: Callable[[SqlWork], T]) -> T:
        """`read` for callers without an event loop: whoever writes is not held up."""
        return patiently(partial(self._read, fn))

    def claim_sole_use(self) -> bool:
        """Whether this process is the only one on this SQLite file, from now until it closes; then
        what an earlier one had begun to send is free to be sent again. Always false for
        PostgreSQL, where leases run out instead."""
        file = self.engine.url.database
        if not self.is_sqlite or not file:
            return False
        lock = Path(f"{file}.lock")
        lock.touch(mode=0o600)
        self._lock = lock.open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False

        def release(work: SqlWork) -> None:
            work.claims.release_all()
            work.of(StatusDispatch).release_all()
            work.of(ModelDispatch).release_all()

        self.run_now(release)
        return True

    def close(self) -> None:
        """Finishes what was submitted and closes every connection."""
        self._writer.close()
        self._readers.close()
        self.engine.dispose()
        if self._lock is not None:
            self._lock.close()

    def _refused(self, context: ExceptionContext) -> None:
        code = code_of(context.original_exception) or type(context.original_exception).__name__
        if CLOSED in str(context.original_exception):
            log.error("database.closed: it moves elsewhere; stop Plecs, and set DATABASE_URL anew")
        for hear in self.on_error:
            hear(code)

    def _read(self, fn: Callable[[SqlWork], T]) -> T:
        with self._snapshots.connect() as connection:
            if self.is_sqlite:
                connection.exec_driver_sql("BEGIN")
            return fn(SqlWork(connection, self._seal, writes=False))


def _answer(asked: tuple[Callable[[], Any], Future[Any]]) -> None:
    do, future = asked
    if not future.set_running_or_notify_cancel():
        return
    try:
        answer = do()
    except BaseException as error:  # noqa: BLE001 - whatever it is, its caller hears of it
        future.set_exception(error)
    else:
        future.set_result(answer)


class _Halt:
    """Nobody may begin to write until it is `over`; `calm`: nobody does."""

    def __init__(self) -> None:
        self.over, self.calm = asyncio.Event(), asyncio.Event()


def code_of(error: BaseException | None) -> str | None:
    """The database's own word for what went wrong: PostgreSQL's SQLSTATE, or SQLite's name."""
    code: str | None = getattr(error, "sqlstate", None) or getattr(error, "sqlite_errorname", None)
    return code


class UnreachableError(Exception):
    """The database does not answer. The message is the driver's, and may name the user."""


def reach(url: str) -> None:
    """Raises UnreachableError while the database does not answer."""
    with _looked_into(url):
        pass


def sealed_in(url: str, seal: Seal) -> Counter[Under]:
    """How many values in the database are sealed under which key of SECRET_KEY. Raises
    UnreachableError."""
    with _looked_into(url) as connection:
        return count_sealed(connection, seal)


def see_that_it_is_used(url: str) -> None:
    """Raises MovedError where the database has moved elsewhere, or is not whole yet; and
    UnreachableError."""
    with _looked_into(url) as connection:
        see_that_it_is_open(connection)


def not_in_teams(url: str, tenant: str) -> tuple[str, ...]:
    """The names of the tenant's people whom no conversation in Teams reaches. Raises
    UnreachableError."""
    with _looked_into(url) as connection:
        return without_conversation(connection, tenant)


def slack_tokens_in(url: str, seal: Seal) -> Mapping[str, str]:
    """Slack's tokens that are kept, by the workspace that each is for. Raises UnreachableError."""
    with _looked_into(url) as connection:
        kept = SqlSlackInstallations(connection, seal)
        tokens = {one.team: kept.token(one.team) for one in kept.all()}
        return {team: token.token for team, token in tokens.items() if token is not None}


def refused_in(url: str) -> tuple[Refusal, ...]:
    """What the platforms refuse. Raises UnreachableError."""
    with _looked_into(url) as connection:
        return SqlLanes(connection, Effects()).refused()


def ending_slack_tokens_in(url: str) -> tuple[EndingToken, ...]:
    """Slack's tokens that end, and for which it gives no new one. Raises UnreachableError."""
    with _looked_into(url) as connection:
        return ending_tokens(connection)


@contextmanager
def _looked_into(url: str) -> Iterator[Connection]:
    """A connection of its own. Raises UnreachableError."""
    with opened(url) as engine, answering(), engine.connect() as connection:
        yield connection


@contextmanager
def answering() -> Iterator[None]:
    """Raises UnreachableError where there is no database, or none that can be used: a file that is
    none or is damaged, and one that may not be written."""
    try:
        yield
    except DatabaseError as error:
        if type(error) not in (DatabaseError, OperationalError):
            raise
        raise UnreachableError(str(error.orig)) from None


def is_served(url: str) -> bool:
    """Whether a Plecs runs on the SQLite file."""
    lock = Path(f"{make_url(url).database}.lock")
    if not lock.exists():
        return False
    with lock.open() as opened:
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
    return False
