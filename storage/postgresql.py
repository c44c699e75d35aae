"""PostgreSQL answers in time, or is left: what hangs holds nobody up for longer than a few seconds.

A process that was stopped in the middle of a transaction loses it, and with it what it held; a
statement gets so long; a server behind which the network has gone is given up, and asked anew over
another connection.

Between us and the server a pooler (PgBouncer) may give each transaction another of the server's
connections: what is asked for holds for one transaction then, and is asked for in each.
"""

from collections.abc import Mapping
from typing import Any, TypeVar

import psycopg
from psycopg import errors
from psycopg.abc import PQGen
from psycopg.pq import TransactionStatus
from sqlalchemy import URL, Connection, Engine, ExceptionContext, create_engine, event
from sqlalchemy.pool import ConnectionPoolEntry

T = TypeVar("T")

IDLE_SECONDS = 4
"""How long a transaction may do nothing before the server ends it."""

LOCK_SECONDS = 5
"""How long a statement waits for what others hold: longer than a stopped one may hold it."""

STATEMENT_SECONDS = 6
"""How long a statement may take, its waiting included."""

ANSWER_SECONDS = 7
"""How long we wait for any answer: longer than a living server lets a statement take."""

CONNECT_SECONDS = 3

_LIMITS = {
    "idle_in_transaction_session_timeout": IDLE_SECONDS * 1000,
    "lock_timeout": LOCK_SECONDS * 1000,
    "statement_timeout": STATEMENT_SECONDS * 1000,
}
_NO_LIMITS = dict.fromkeys(_LIMITS, 0)

_POOLED = "pooled"
"""Under which name a connection knows whether a pooler stands between."""

_UNSUPPORTED = "unsupported startup parameter"
"""What a pooler says to the limits, unless it was told to let them pass."""

_NETWORK = {
    "connect_timeout": CONNECT_SECONDS,
    # Where nothing is under way: the peer is asked after 5 s, and gone after two more silences.
    "keepalives": 1,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 2,
    "tcp_user_timeout": ANSWER_SECONDS * 1000,
}


_AWAY = frozenset(
    {
        *("57P01", "57P02", "57P03"),  # it is stopped, has crashed, starts or still recovers
        "53300",  # it takes no more connections for now
        "25006",  # another server writes by now, or will soon
    }
)
"""SQLSTATEs of a server that may take the same work in a moment, by another connection."""

_CONNECTION_TROUBLE = "08"
"""The class of SQLSTATEs in which it is the connection that failed."""


def is_away(error: BaseException | None) -> bool:
    """Whether the server could not be asked, or will not be asked by this connection any more: it
    fails over, restarts, or is full of connections."""
    if not isinstance(error, psycopg.OperationalError | errors.ReadOnlySqlTransaction):
        return False
    code = error.sqlstate or _CONNECTION_TROUBLE  # without one no server has answered
    return code in _AWAY or code.startswith(_CONNECTION_TROUBLE)


class _Connection(psycopg.Connection[Any]):
    """A connection that is closed when the server has not answered in time."""

    def wait(self, gen: PQGen[T], interval: float = 0.1, timeout: float | None = None) -> T:
        try:
            return super().wait(gen, interval, ANSWER_SECONDS if timeout is None else timeout)
        except psycopg.OperationalError:
            if self.pgconn.transaction_status == TransactionStatus.ACTIVE:
                self.pgconn.finish()  # what it would still say is an answer to nothing
            raise


def postgresql_engine(url: URL, connections: int, *, patient: bool = False) -> Engine:
    """An engine whose statements, locks, transactions and connections have limits; `patient`:
    only the connecting has, as a migration takes what it takes."""
    limits, kind = (_NO_LIMITS, psycopg.Connection) if patient else (_LIMITS, _Connection)
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_size=connections,
        pool_pre_ping=True,
        isolation_level="READ COMMITTED",
    )

    in_each = "SELECT " + ", ".join(
        f"set_config('{name}', '{value}', true)" for name, value in limits.items()
    )

    @event.listens_for(engine, "do_connect")
    def connect(_dialect: object, _record: object, _given: object, asked: dict[str, Any]) -> Any:
        whole = _NETWORK | asked
        try:
            return kind.connect(**whole | {"options": _options(limits, asked)})
        except psycopg.OperationalError as error:
            if _UNSUPPORTED not in str(error):
                raise
            return kind.connect(**whole)

    @event.listens_for(engine, "connect")
    def connected(connection: psycopg.Connection[Any], record: ConnectionPoolEntry) -> None:
        (process,) = connection.execute("SELECT pg_backend_pid()").fetchone() or (0,)
        connection.rollback()
        record.info[_POOLED] = process != connection.info.backend_pid
        if record.info[_POOLED]:
            connection.prepare_threshold = None  # it would be prepared on another of the server's

    @event.listens_for(engine, "begin")
    def begun(connection: Connection) -> None:
        if connection.info[_POOLED]:
            connection.exec_driver_sql(in_each)

    @event.listens_for(engine, "handle_error")
    def refused(context: ExceptionContext) -> None:
        if isinstance(context.original_exception, errors.ReadOnlySqlTransaction):
            context.is_disconnect = True  # what wrote before is a standby: ask who does now

    return engine


def _options(limits: Mapping[str, int], asked: Mapping[str, Any]) -> str:
    """What the operator's own address asks for comes last, and so goes before ours."""
    ours = " ".join(f"-c {name}={value}" for name, value in limits.items())
    return f"{ours} {asked.get('options', '')}".strip()
