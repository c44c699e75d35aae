"""Who asked for a group or an extra session and waits for an answer."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Index,
    Row,
    String,
    Table,
    Text,
    delete,
    select,
)

from handlers.supervision.requests.model import Request, Requests
from storage.effects import Effects
from storage.mapping import Record
from storage.people.tables import people
from storage.schema import (
    HAPPENED,
    ID,
    Instant,
    Retention,
    metadata,
    person_column,
    put_all,
)
from storage.sealed import SEALED_WORDS, Seal
from storage.work import SqlWork, repository

_A_DAY = timedelta(days=1)

requests: Table = Table(
    "supervision_requests",
    metadata,
    Column("id", String(32), primary_key=True, info=ID),
    Column("workspace", String(80), nullable=False, index=True, info=ID),
    person_column("person", ForeignKey(people.c.id, ondelete="CASCADE"), nullable=False),
    Column("group", String(32), nullable=False, info=ID),
    Column("words", Text, nullable=False, info=dict(SEALED_WORDS)),
    Column("at", Instant, nullable=False, info=HAPPENED),
    Index("uq_supervision_requests_person", "person", "group", unique=True),
    info={
        "retention": Retention(
            why="Until a coordinator has answered it, 60 days at most.",
            ended=lambda now: requests.c.at < now - 60 * _A_DAY,
        )
    },
)


_REQUEST = Record(Request, requests, besides=("words",))


class SqlRequests:
    """`handlers.supervision.requests.model.Requests` over a connection."""

    def __init__(self, connection: Connection, effects: Effects, seal: Callable[[], Seal]) -> None:
        self._connection = connection
        self._effects = effects
        self._seal = seal

    def get(self, request: str) -> Request | None:
        row = _REQUEST.load_row(self._connection, request)
        return self._request(row) if row else None

    def waiting(self, workspace: str) -> tuple[Request, ...]:
        rows = self._connection.execute(
            select(requests)
            .where(requests.c.workspace == workspace)
            .order_by(requests.c.at, requests.c.id)
        )
        return tuple(map(self._request, rows))

    def put(self, request: Request) -> None:
        self._connection.execute(
            delete(requests).where(
                requests.c.person == request.person, requests.c.group == request.group
            )
        )
        words = self._seal().seal_words(request.words)
        put_all(self._connection, requests, [_REQUEST.row(request) | {"words": words}])

    def remove(self, request: str) -> None:
        self._connection.execute(delete(requests).where(requests.c.id == request))
        self._effects.forgot = True

    def _request(self, row: Row[Any]) -> Request:
        return _REQUEST.value(row, words=self._seal().words(row.words, "supervision_requests"))


@repository(Requests)
def requests_of(work: SqlWork) -> SqlRequests:
    return SqlRequests(work.connection, work.effects, lambda: work.seal)
