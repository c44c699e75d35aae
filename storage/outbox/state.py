"""How the outbox is at a moment, for the metrics."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from handlers.kit.notices import Lane, Priority
from storage.outbox.table import outbox
from storage.pace import SqlPaces


@dataclass(frozen=True, slots=True)
class OutboxState:
    """`depth`: what is due and not sent, by priority, and `oldest_urgent` for how long. `stale`:
    messages that are there and are due to be changed. `held`: how long a platform asked to be left
    alone by a lane, at the longest; `refused`: in how many of its workspaces it refuses one."""

    depth: Mapping[Priority, int]
    oldest_urgent: timedelta
    stale: int
    held: Mapping[tuple[str, Lane], timedelta]
    refused: Mapping[tuple[str, Lane], int]


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
                func.min(outbox.c.first_due, type_=outbox.c.first_due.type)
                .filter(outbox.c.ref.is_(None))
                .label("first"),
            )
            .where(outbox.c.due <= now)
            .group_by(outbox.c.priority)
        ).all()
        paces = SqlPaces(self._connection)
        first = next((row.first for row in rows if row.priority == Priority.URGENT), None)
        refusals = paces.refusals()
        return OutboxState(
            dict.fromkeys(Priority, 0) | {Priority(row.priority): row.due for row in rows},
            max(now - first, timedelta()) if first is not None else timedelta(),
            sum(row.there for row in rows),
            paces.holds(now),
            Counter((one.place[0], one.lane) for one in refusals),
        )
