"""PostgreSQL answers in time, or is left: what hangs holds nobody up for longer than a few seconds.

A process that was stopped in the middle of a transaction loses it, and with it what it held; a
statement gets so long; a server behind which the network has gone is given up, and asked anew over
another connection.
"""

from collections.abc import Mapping
from typing import Any, TypeVar

import psycopg
from psycopg.abc import PQGen
from psycopg.pq import TransactionStatus
from sqlalchemy import URL, Engine, create_engine, event

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

_NETWORK = {
    "connect_timeout": CONNECT_SECONDS,
    # Where nothing is under way: the peer is asked after 5 s, and gone after two more silences.
    "keepalives": 1,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 2,
    "tcp_user_timeout": ANSWER_SECONDS * 1000,
}


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

    @event.listens_for(engine, "do_connect")
    def connect(_dialect: object, _record: object, _given: object, asked: dict[str, Any]) -> Any:
        return kind.connect(**_NETWORK | asked | {"options": _options(limits, asked)})

    return engine


def _options(limits: Mapping[str, int], asked: Mapping[str, Any]) -> str:
    """What the operator's own address asks for comes last, and so goes before ours."""
    ours = " ".join(f"-c {name}={value}" for name, value in limits.items())
    return f"{ours} {asked.get('options', '')}".strip()
