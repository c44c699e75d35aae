"""Drills, and when each part of their way was behind them."""

from datetime import datetime, timedelta

from sqlalchemy import Column, Connection, String, Table, insert, select, update

from handlers.drill.model import Drill, Drills
from handlers.kit.notices import LEASE
from storage.effects import Effects
from storage.mapping import Record
from storage.outbox.table import outbox
from storage.schema import DUE, HAPPENED, ID, Instant, Retention, metadata, person_column, rows_due
from storage.work import SqlWork, repository

drills: Table = Table(
    "drills",
    metadata,
    Column("id", String(32), primary_key=True, info=ID),
    Column("workspace", String(80), nullable=False, info=ID),
    person_column("person", String(32), nullable=False),
    Column("asked_at", Instant, nullable=False, index=True, info=HAPPENED),
    Column("kept_at", Instant, info=HAPPENED),
    Column("claimed_at", Instant, info=HAPPENED),
    Column("delivered_at", Instant, info=HAPPENED),
    Column("next_at", Instant, index=True, info=DUE),
    info={
        "retention": Retention(
            why="Two weeks: longer than until the next one.",
            ended=lambda now: drills.c.asked_at < now - timedelta(days=14),
        )
    },
)

_DRILL = Record(Drill, drills)


class SqlDrills:
    """`handlers.drill.model.Drills` over a connection."""

    def __init__(self, connection: Connection, effects: Effects) -> None:
        self._connection = connection
        self._effects = effects

    def add(self, drill: Drill) -> None:
        self._connection.execute(insert(drills), _DRILL.row(drill))
        self._effects.drills.append(drill.id)

    def get(self, drill: str) -> Drill | None:
        return _DRILL.load(self._connection, drill)

    def save(self, drill: Drill) -> None:
        changes = _DRILL.changes(drill)
        del changes["kept_at"]  # written beside, whenever it is known
        self._connection.execute(update(drills).where(drills.c.id == drill.id).values(changes))

    def kept(self, drill: str, at: datetime) -> None:
        self._connection.execute(update(drills).where(drills.c.id == drill).values(kept_at=at))

    def claimed_at(self, key: str) -> datetime | None:
        until: datetime | None = self._connection.scalar(
            select(outbox.c.lease_until).where(outbox.c.key == key)
        )
        return None if until is None else until - LEASE

    def due(self, now: datetime, limit: int) -> tuple[Drill, ...]:
        rows = rows_due(self._connection, drills.c.next_at, now, limit)
        return tuple(map(_DRILL.value, rows))


@repository(Drills)
def drills_of(work: SqlWork) -> SqlDrills:
    return SqlDrills(work.connection, work.effects)
