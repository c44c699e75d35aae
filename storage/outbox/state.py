"""How the outbox is at a moment, for the metrics."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, func, select

from handlers.kit.notices import Lane, Priority
from storage.outbox.table import outbox
from storage.pace import SqlPaces
from storage.schema import Instant


@dataclass(frozen=True, slots=True)
class OutboxState:
    """`depth`: what is due and not sent, by priority. `oldest_urgent`: for how long the urgent one
    that should have left first has not, whatever holds it up. `stale`:
    messages that are there and are due to be changed. `held`: how long a platform asked to be left
    alone by a lane, at the longest; `refused`: in how many of its workspaces it refuses one."""

    depth: Mapping[Priority, int]
    oldest_urgent: timedelta
    stale: int
    held: Mapping[tuple[str, Lane], timedelta]
    refused: Mapping[tuple[str, Lane], int]


# What is put off, because a platform refuses it, has not left either.
_FIRST = select(func.min(outbox.c.first_due, type_=outbox.c.first_due.type)).where(
    outbox.c.priority == int(Priority.URGENT),
    outbox.c.due.is_not(None),
    outbox.c.ref.is_(None),
    outbox.c.first_due <= bindparam("now", type_=Instant),
)


class SqlOutboxState:
    """Reads it over a connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def at(self, now: datetime) -> OutboxState:
        rows = self._connection.execute(
            select(
                outbox.c.priority,
                func.count().label("due"),
                func.count(outbox.c.ref).label("there"),
            )
            .where(outbox.c.due <= now)
            .group_by(outbox.c.priority)
        ).all()
        paces = SqlPaces(self._connection)
        first: datetime | None = self._connection.scalar(_FIRST, {"now": now})
        refusals = paces.refusals()
        return OutboxState(
            dict.fromkeys(Priority, 0) | {Priority(row.priority): row.due for row in rows},
            max(now - first, timedelta()) if first is not None else timedelta(),
            sum(row.there for row in rows),
            paces.holds(now),
            Counter((one.place[0], one.lane) for one in refusals),
        )
