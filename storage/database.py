"""The async door to the database, and what stands behind it for SQLite and for PostgreSQL.

SQLite has one writer thread. While one commit is being written others queue up; the writer takes
them together, each in its own savepoint, commits once, and only then tells each that it is kept.
PostgreSQL has a pool of threads, each with its own transaction.
"""

import asyncio
import fcntl
import queue
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Any, TextIO, TypeVar

from sqlalchemy import (
    Connection,
    Engine,
    ExceptionContext,
    QueuePool,
    create_engine,
    event,
    make_url,
    text,
)
from sqlalchemy.exc import DBAPIError, OperationalError

import storage.everything  # noqa: F401 - a transaction is asked for any repository there is
from handlers.kit.ports import Refusal
from handlers.statuses.model import StatusDispatch
from storage.effects import Effects
from storage.outbox.lanes import SqlLanes
from storage.postgresql import postgresql_engine
from storage.sealed import Seal, Under, count_sealed
from storage.teams import without_conversation
from storage.work import SqlWork

T = TypeVar("T")

_Outcome = tuple[T, Effects]

Committed = Callable[[Effects], None]
"""Hears of each commit."""

_TOGETHER = 64
"""Transactions in one commit at most: enough to hide the disk, few enough to answer soon."""

_POOL = 8
"""Connections a process holds to PostgreSQL. PostgreSQL's own default allows 100 in all."""

_BUSY_WAIT = 10_000
"""Milliseconds that one process waits for another's transaction in the same SQLite file."""

_TRUNCATE_WAIT = 10
"""Milliseconds that emptying the log waits for readers: nobody's commit should wait longer."""

_TRUNCATE_AGAIN = 0.2
"""Seconds until emptying the log is tried again."""

_TRUNCATE_LATE = 5.0
"""Seconds that emptying the log waits for a moment in which nobody waits to write."""

READABLE_FOR = 50.0
"""Seconds that something deleted may stand in the log, unless it is to be forgotten at once: with
all that goes before it is gone within a minute."""

_TIME = text("SELECT clock_timestamp()")

_TRIES = 4
"""How often a transaction is begun anew after losing to another one."""


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
        self._snapshots = (
            self.engine
            if self.is_sqlite
            else self.engine.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
        )
        self.on_commit: list[Committed] = []
        self.on_error: list[Callable[[str], None]] = []
        event.listen(self.engine, "handle_error", self._refused)
        self._lock: TextIO | None = None
        self._readers = ThreadPoolExecutor(
            2 if self.is_sqlite else _POOL, thread_name_prefix="database-read"
        )
        self._writer: _SqliteWriter | _PoolWriter = (
            _SqliteWriter(self.engine, seal, readable_for)
            if self.is_sqlite
            else _PoolWriter(self.engine, seal)
        )

    async def run(self, fn: Callable[[SqlWork], T]) -> T:
        """Runs `fn` in a transaction and answers when it is committed. Raises what `fn` raised,
        with nothing kept. `fn` may run more than once, when a transaction lost to another."""
        result, effects = await asyncio.wrap_future(self._writer.submit(fn))
        for hear in self.on_commit:
            hear(effects)
        return result

    async def read(self, fn: Callable[[SqlWork], T]) -> T:
        """Runs `fn` beside the writers, on one state from its first look to its last. It must
        not write."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, self._read, fn)

    async def time(self, uptime: Callable[[], float]) -> tuple[datetime, float, float]:
        """What PostgreSQL's own clock says; what `uptime`, seconds of a clock that nobody sets,
        said in the middle of asking; and how many of its seconds the asking took. Not for SQLite,
        which has no clock."""

        def ask() -> tuple[datetime, float, float]:
            with self.engine.connect() as connection:
                asked = uptime()
                told: datetime = connection.execute(_TIME).scalar_one()
                took = uptime() - asked
            return told.astimezone(UTC), asked + took / 2, took

        return await asyncio.get_running_loop().run_in_executor(self._readers, ask)

    def connections(self) -> tuple[int, int]:
        """How many connections are in use, and how many there may be."""
        pool = self.engine.pool
        assert isinstance(pool, QueuePool), "both databases have a pool of this kind"
        return pool.checkedout(), pool.size()

    def run_now(self, fn: Callable[[SqlWork], T]) -> T:
        """`run` for callers without an event loop: the command line."""
        result, _ = self._writer.submit(fn).result()
        return result

    def claim_sole_use(self) -> bool:
        """Whether this process is the only one on this SQLite file, from now until it closes; then
        what an earlier one had begun to send is free to be sent again. Always false for
        PostgreSQL, where leases run out instead."""
        file = self.engine.url.database
        if not self.is_sqlite or not file:
            return False
        self._lock = Path(f"{file}.lock").open("w")  # noqa: SIM115 - held until `close`
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False

        def release(work: SqlWork) -> None:
            work.claims.release_all()
            work.of(StatusDispatch).release_all()

        self.run_now(release)
        return True

    def close(self) -> None:
        """Finishes what was submitted and closes every connection."""
        self._writer.close()
        self._readers.shutdown()
        self.engine.dispose()
        if self._lock is not None:
            self._lock.close()

    def _refused(self, context: ExceptionContext) -> None:
        code = code_of(context.original_exception) or type(context.original_exception).__name__
        for hear in self.on_error:
            hear(code)

    def _read(self, fn: Callable[[SqlWork], T]) -> T:
        with self._snapshots.connect() as connection:
            if self.is_sqlite:
                connection.exec_driver_sql("BEGIN")
            return fn(SqlWork(connection, self._seal, writes=False))


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


def not_in_teams(url: str, tenant: str) -> tuple[str, ...]:
    """The names of the tenant's people whom no conversation in Teams reaches. Raises
    UnreachableError."""
    with _looked_into(url) as connection:
        return without_conversation(connection, tenant)


def refused_in(url: str) -> tuple[Refusal, ...]:
    """What the platforms refuse. Raises UnreachableError."""
    with _looked_into(url) as connection:
        return SqlLanes(connection).refused()


@contextmanager
def _looked_into(url: str) -> Iterator[Connection]:
    """A connection of its own. Raises UnreachableError."""
    engine = engine_for(url)
    try:
        with engine.connect() as connection:
            yield connection
    except OperationalError as error:
        raise UnreachableError(str(error.orig)) from None
    finally:
        engine.dispose()


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


def engine_for(url: str, *, patient: bool = False) -> Engine:
    """An engine with the settings that durability and speed here depend on. `patient`: for what
    takes its time, like a migration."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        if parsed.database:
            _for_its_owner_alone(Path(parsed.database))
        engine = create_engine(parsed, connect_args={"isolation_level": None})
        event.listen(engine, "connect", _prepare_sqlite)
        return engine
    return postgresql_engine(parsed, _POOL * 2, patient=patient)


def _for_its_owner_alone(file: Path) -> None:
    """Makes the file, and the folder it is in, so that nobody else on this machine may read them.
    A folder that was there already may hold other things, and stays as it is; SQLite makes what
    it keeps beside the file (its log) with the file's own permissions."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not file.exists():
        file.touch(mode=0o600)
    with suppress(PermissionError):  # another's file, which they let us use
        file.chmod(0o600)


def _prepare_sqlite(connection: Any, _record: object) -> None:
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",  # a power cut must not take a raised hand back
        "foreign_keys=ON",
        f"busy_timeout={_BUSY_WAIT}",
        "secure_delete=ON",  # what is deleted is overwritten, not only forgotten
    ):
        connection.execute(f"PRAGMA {pragma}")


@dataclass(slots=True)
class _Job:
    fn: Callable[[SqlWork], Any]
    future: Future[Any] = field(default_factory=Future)
    outcome: Any = None
    error: BaseException | None = None


class _SqliteWriter:
    """The one thread that writes."""

    def __init__(self, engine: Engine, seal: Seal | None, readable_for: float) -> None:
        self._engine = engine
        self._seal = seal
        self._readable_for = readable_for
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        # When the log is emptied. Whoever wrote here before may have been stopped between deleting
        # and that.
        self._truncate_at: float | None = monotonic()
        self._thread = threading.Thread(target=self._loop, name="database-write", daemon=True)
        self._thread.start()

    def submit(self, fn: Callable[[SqlWork], T]) -> Future[_Outcome[T]]:
        job = _Job(fn)
        # A caller that stops waiting can't take its job back: setting the result of a cancelled
        # future raises, and would end the one thread that writes.
        job.future.set_running_or_notify_cancel()
        self._jobs.put(job)
        return job.future

    def close(self) -> None:
        self._jobs.put(None)
        self._thread.join()

    def _loop(self) -> None:
        with self._engine.connect() as connection:
            while True:
                try:
                    first = self._jobs.get(timeout=self._seconds_to_truncate())
                except queue.Empty:
                    self._truncate_wal(connection)
                    continue
                if first is None:
                    break
                batch, last = [first], False
                while len(batch) < _TOGETHER and not self._jobs.empty():
                    job = self._jobs.get()
                    if job is None:
                        last = True
                        break
                    batch.append(job)
                self._commit_together(connection, batch)
                if last:
                    break
                if self._is_to_truncate():
                    self._truncate_wal(connection)
            if self._truncate_at is not None:
                self._truncate_wal(connection)

    def _is_to_truncate(self) -> bool:
        """Whether it is time, and nobody waits; or high time."""
        late = -1.0 if self._truncate_at is None else monotonic() - self._truncate_at
        return late > _TRUNCATE_LATE or (late >= 0 and self._jobs.empty())

    def _seconds_to_truncate(self) -> float | None:
        return None if self._truncate_at is None else max(0.0, self._truncate_at - monotonic())

    def _truncate_wal(self, connection: Connection) -> None:
        """Writes the log into the file and empties it: what was deleted stands in the log as it
        was before. A reader may be in the way; then it is tried again soon."""
        connection.exec_driver_sql(f"PRAGMA busy_timeout={_TRUNCATE_WAIT}")
        try:
            busy, *_ = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
        except OperationalError:
            busy = True  # another process is writing
        finally:
            connection.exec_driver_sql(f"PRAGMA busy_timeout={_BUSY_WAIT}")
            connection.commit()
        self._truncate_at = monotonic() + _TRUNCATE_AGAIN if busy else None

    def _commit_together(self, connection: Connection, batch: list[_Job]) -> None:
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            for job in batch:
                self._in_savepoint(connection, job)
            connection.exec_driver_sql("COMMIT")
        except Exception as error:  # noqa: BLE001 - a full disk, say: every caller hears of it
            for job in batch:
                job.error = error
            _roll_back(connection)
        finally:
            connection.commit()  # SQLAlchemy's own bookkeeping; the driver is in autocommit
        for job in batch:
            if job.error is None:
                self._truncate_soon(0 if job.outcome[1].forgot else self._readable_for)
                job.future.set_result(job.outcome)
            else:
                job.future.set_exception(job.error)

    def _truncate_soon(self, seconds: float) -> None:
        at = monotonic() + seconds
        self._truncate_at = at if self._truncate_at is None else min(at, self._truncate_at)

    def _in_savepoint(self, connection: Connection, job: _Job) -> None:
        connection.exec_driver_sql("SAVEPOINT one")
        work = SqlWork(connection, self._seal)
        try:
            job.outcome = (job.fn(work), work.effects)
        except Exception as error:  # noqa: BLE001 - whatever it is, its caller hears of it
            job.error = error
            try:
                connection.exec_driver_sql("ROLLBACK TO one")
            except OperationalError:  # SQLite took everything back, the others' work too
                raise error from None
        connection.exec_driver_sql("RELEASE one")


def _roll_back(connection: Connection) -> None:
    try:
        connection.exec_driver_sql("ROLLBACK")
    except OperationalError:
        return  # SQLite rolled back on its own when it failed


class _PoolWriter:
    """Threads that write side by side, for PostgreSQL."""

    def __init__(self, engine: Engine, seal: Seal | None) -> None:
        self._engine = engine
        self._seal = seal
        self._pool = ThreadPoolExecutor(_POOL, thread_name_prefix="database-write")

    def submit(self, fn: Callable[[SqlWork], T]) -> Future[_Outcome[T]]:
        return self._pool.submit(self._try, fn)

    def close(self) -> None:
        self._pool.shutdown()

    def _try(self, fn: Callable[[SqlWork], T]) -> _Outcome[T]:
        for left in reversed(range(_TRIES)):
            try:
                with self._engine.begin() as connection:
                    work = SqlWork(connection, self._seal)
                    return fn(work), work.effects
            except DBAPIError as error:
                if left == 0 or not _lost_to_another(error):
                    raise
        raise AssertionError("unreachable: the last try returns or raises")


def _lost_to_another(error: DBAPIError) -> bool:
    """Whether the same work may succeed now that the other transaction is through: a unique key
    taken, a serialization failure, a deadlock; or that this process goes on after it was held up in
    the middle, and lost what it held. (PostgreSQL's SQLSTATE classes.)"""
    return getattr(error.orig, "sqlstate", None) in {"23505", "40001", "40P01", "25P03"}
