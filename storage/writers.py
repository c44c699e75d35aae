"""What writes: for SQLite one thread, for PostgreSQL a pool of them.

While one commit of SQLite's is being written others queue up; the writer takes them together, each
in its own savepoint, commits once, and only then tells each that it is kept. With PostgreSQL each
thread has its own transaction. Who waits stands in a line with what is of the same workspace, and
the lines take turns: one that has very much to write holds up no other.
"""

import asyncio
import queue
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Iterable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from time import monotonic, sleep
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from storage.effects import Effects
from storage.engines import BUSY_WAIT, POOL
from storage.sealed import Seal
from storage.turns import Turns, TurnTakers
from storage.work import SqlWork

T = TypeVar("T")

WithEffects = tuple[T, Effects]

_TOGETHER = 64
"""Transactions in one commit at most: enough to hide the disk, few enough to answer soon."""

_COMMITS_WITHIN = 0.02
"""Seconds of work after which a commit takes no more: what was sent and is not kept yet, because
the process died, is sent again; and who asked waits."""

_TRUNCATE_WAIT = 10
"""Milliseconds that emptying the log waits for readers: nobody's commit should wait longer."""

_TRUNCATE_AGAIN = 0.2
"""Seconds until emptying the log is tried again."""

_TRUNCATE_LATE = 5.0
"""Seconds that emptying the log waits for a moment in which nobody waits to write."""

_LEFT_TO_OTHERS = 2
"""Of a pool's threads, those that one line never has: its transactions may all wait for one row."""

_TRIES = 4
"""How often a transaction is begun anew after losing to another one."""

AWAY_FOR = 6.0
"""Seconds in which a transaction is begun anew while the server is away: it fails over, say. Who
asked should know within ten what became of it."""

_AWAY_PAUSE = 0.25
"""Seconds between two such tries."""


class UncertainError(Exception):
    """The database went away while it was to keep something: whether it did is not known."""


@dataclass(slots=True)
class _Job:
    """`future` is of the event loop `loop`, or where that is None of whoever waits in a thread."""

    fn: Callable[[SqlWork], Any]
    future: Future[Any] | asyncio.Future[Any]
    loop: asyncio.AbstractEventLoop | None = None
    outcome: Any = None
    error: BaseException | None = None

    def tell(self) -> None:
        if self.future.done():  # who asked waits no more
            return
        if self.error is None:
            self.future.set_result(self.outcome)
        else:
            self.future.set_exception(self.error)


class _DatabaseWriter(ABC):
    """How it is asked, from a thread and from an event loop."""

    def submit(self, fn: Callable[[SqlWork], T], whose: Hashable = "") -> Future[WithEffects[T]]:
        future: Future[WithEffects[T]] = Future()
        # A caller that stops waiting can't take its job back: setting the result of a cancelled
        # future raises, and would end the one thread that writes.
        future.set_running_or_notify_cancel()
        self._put(whose, _Job(fn, future))
        return future

    def ask(self, fn: Callable[[SqlWork], T], whose: Hashable) -> asyncio.Future[WithEffects[T]]:
        """The same for who waits in the running event loop."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[WithEffects[T]] = loop.create_future()
        self._put(whose, _Job(fn, future, loop))
        return future

    @abstractmethod
    def _put(self, whose: Hashable, job: _Job) -> None: ...


class SqliteWriter(_DatabaseWriter):
    """The one thread that writes."""

    def __init__(
        self,
        engine: Engine,
        seal: Seal | None,
        readable_for: float,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._engine = engine
        self._seal = seal
        self._readable_for = readable_for
        self._clock = clock
        self._jobs: Turns[_Job] = Turns()
        # When the log is emptied. Whoever wrote here before may have been stopped between deleting
        # and that.
        self._truncate_at: float | None = monotonic()
        self._thread = threading.Thread(target=self._loop, name="database-write", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._jobs.close()
        self._thread.join()

    def _put(self, whose: Hashable, job: _Job) -> None:
        self._jobs.put(whose, job)

    def _loop(self) -> None:
        with self._engine.connect() as connection:
            while True:
                try:
                    first = self._jobs.wait(self._seconds_to_truncate())
                except queue.Empty:
                    self._truncate_wal(connection)
                    continue
                if first is None:
                    break
                self._commit_together(connection, *first)
                if self._is_to_truncate():
                    self._truncate_wal(connection)
            if self._truncate_at is not None:
                self._truncate_wal(connection)

    def _is_to_truncate(self) -> bool:
        """Whether it is time, and nobody waits; or high time."""
        late = -1.0 if self._truncate_at is None else monotonic() - self._truncate_at
        return late > _TRUNCATE_LATE or (late >= 0 and self._jobs.is_empty())

    def _seconds_to_truncate(self) -> float | None:
        return None if self._truncate_at is None else max(0.0, self._truncate_at - monotonic())

    def _truncate_wal(self, connection: Connection) -> None:
        """Writes the log into the file and empties it: what was deleted stands in the log as it
        was before. A reader may be in the way; then it is tried again soon."""
        connection.exec_driver_sql(f"PRAGMA busy_timeout={_TRUNCATE_WAIT}")
        try:
            busy, *_ = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
        except DBAPIError:
            busy = True  # another process is writing, or there is no room
        finally:
            connection.exec_driver_sql(f"PRAGMA busy_timeout={BUSY_WAIT}")
            connection.commit()
        self._truncate_at = monotonic() + _TRUNCATE_AGAIN if busy else None

    def _commit_together(self, connection: Connection, whose: Hashable, first: _Job) -> None:
        """Writes it, and with it of those who wait what can be written soon."""
        batch = [(whose, first)]
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            until = self._clock() + _COMMITS_WITHIN
            self._in_savepoint(connection, first)
            while len(batch) < _TOGETHER and self._clock() < until:
                if (following := self._jobs.take()) is None:
                    break
                batch.append(following)
                self._in_savepoint(connection, following[1])
            connection.exec_driver_sql("COMMIT")
        except Exception as error:  # noqa: BLE001 - a full disk, say: every caller hears of it
            for _, job in batch:
                job.error = error
            _roll_back(connection)
        finally:
            connection.commit()  # SQLAlchemy's own bookkeeping; the driver is in autocommit
        for each, job in batch:
            self._jobs.done(each)
            if job.error is None:
                self._truncate_soon(0 if job.outcome[1].forgot else self._readable_for)
        _tell([job for _, job in batch])

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
            except DBAPIError:  # SQLite took everything back, the others' work too
                raise error from None
        connection.exec_driver_sql("RELEASE one")


def _roll_back(connection: Connection) -> None:
    try:
        connection.exec_driver_sql("ROLLBACK")
    except DBAPIError:
        return  # SQLite rolled back on its own when it failed


class PoolWriter(_DatabaseWriter):
    """Threads that write side by side, for PostgreSQL."""

    def __init__(self, engine: Engine, seal: Seal | None) -> None:
        self._engine = engine
        self._seal = seal
        self._jobs = TurnTakers(POOL, _LEFT_TO_OTHERS, "database-write", self._work)

    def close(self) -> None:
        self._jobs.close()

    def _put(self, whose: Hashable, job: _Job) -> None:
        self._jobs.put(whose, job)

    def _work(self, job: _Job) -> None:
        try:
            job.outcome = patiently(partial(self._try, job.fn))
        except BaseException as error:  # noqa: BLE001 - whatever it is, its caller hears of it
            job.error = error
        _tell([job])

    def _try(self, fn: Callable[[SqlWork], T]) -> WithEffects[T]:
        until = monotonic() + AWAY_FOR
        for left in reversed(range(_TRIES)):
            try:
                return self._once(fn)
            except DBAPIError as error:
                if left == 0 or monotonic() > until or not _lost_to_another(error):
                    raise
        raise AssertionError("unreachable: the last try returns or raises")

    def _once(self, fn: Callable[[SqlWork], T]) -> WithEffects[T]:
        with self._engine.connect() as connection:
            work = SqlWork(connection, self._seal)
            result = fn(work)
            try:
                connection.commit()
            except DBAPIError as error:
                if _is_away(error.orig):
                    raise UncertainError from error
                raise
            return result, work.effects


def _tell(jobs: Iterable[_Job]) -> None:
    """Tells whoever asked what became of it. An event loop is woken once for all of its own."""
    of_loops: dict[asyncio.AbstractEventLoop, list[_Job]] = {}
    for job in jobs:
        if job.loop is None:
            job.tell()
        else:
            of_loops.setdefault(job.loop, []).append(job)
    for loop, of_loop in of_loops.items():
        with suppress(RuntimeError):  # it is closed: nobody waits there any more
            loop.call_soon_threadsafe(_tell_there, loop, of_loop)


def _tell_there(loop: asyncio.AbstractEventLoop, jobs: Iterable[_Job]) -> None:
    for job in jobs:
        loop.call_soon(job.tell)  # each by itself: what one can't be told holds up no other


def patiently(do: Callable[[], T]) -> T:
    """Does it, anew while the server is away, for a few seconds: nothing of it was kept."""
    until = monotonic() + AWAY_FOR
    while True:
        try:
            return do()
        except DBAPIError as error:
            if not _is_away(error.orig) or monotonic() >= until:
                raise
        sleep(_AWAY_PAUSE)


def _is_away(error: BaseException | None) -> bool:
    """Whether it says that the server of PostgreSQL is away."""
    if not type(error).__module__.startswith("psycopg"):
        return False
    from storage.postgresql import is_away  # noqa: PLC0415 - its driver is large

    return is_away(error)


def _lost_to_another(error: DBAPIError) -> bool:
    """Whether the same work may succeed now that the other transaction is through: a unique key
    taken, a serialization failure, a deadlock, what it needed held for long; or that this process
    goes on after it was held up in the middle, and lost what it held. (PostgreSQL's SQLSTATEs.)"""
    lost = {"23505", "40001", "40P01", "55P03", "25P03"}
    return getattr(error.orig, "sqlstate", None) in lost
