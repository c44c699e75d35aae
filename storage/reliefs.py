"""Who looks after whose topics for a while."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    bindparam,
    delete,
    or_,
    select,
)

from handlers.availability.reliefs import Relief, Reliefs, ReliefState
from storage.effects import Effects
from storage.mapping import Record
from storage.people.tables import people
from storage.schema import (
    CODE,
    HAPPENED,
    ID,
    REMAINS,
    Instant,
    Retention,
    metadata,
    person_column,
    put_all,
    rows_due,
)
from storage.work import SqlWork, repository

_KEPT = timedelta(hours=1)

reliefs: Table = Table(
    "reliefs",
    metadata,
    Column("id", String(32), primary_key=True, info=ID),
    Column("workspace", String(80), nullable=False, info=ID),
    person_column("person", ForeignKey(people.c.id, ondelete="CASCADE"), nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("asked_at", Instant, nullable=False, info=HAPPENED),
    Column("ends_at", Instant, nullable=False, index=True, info=REMAINS),
    Column("step_at", Instant, index=True, info=REMAINS),
    Column("state", String(8), nullable=False, info=CODE),
    person_column("helper", ForeignKey(people.c.id, ondelete="CASCADE")),
    Index("ix_reliefs_person", "person", "ends_at"),
    Index("ix_reliefs_helper", "helper", "ends_at"),
    info={
        "retention": Retention(
            why="An hour after it is over; with whoever of the two is erased.",
            ended=lambda now: reliefs.c.ends_at < now - _KEPT,
            erase=lambda person: (
                delete(reliefs).where(or_(reliefs.c.person == person, reliefs.c.helper == person)),
            ),
        )
    },
)
_C = reliefs.c
_RELIEF = Record(Relief, reliefs)
_NOW = bindparam("now", type_=Instant)
_IS_ON = _C.state == ReliefState.ON, _C.ends_at > _NOW
_LIVE_OF = (
    select(reliefs)
    .where(_C.person == bindparam("of"), _C.ends_at > _NOW, _C.state != ReliefState.OVER)
    .order_by(_C.asked_at.desc())
    .limit(1)
)
_GIVEN = select(reliefs).where(_C.helper == bindparam("of"), *_IS_ON).order_by(_C.ends_at, _C.id)


def relieved_by(person: ColumnElement[Any]) -> ColumnElement[Any]:
    """Who looks after the person at `now`; NULL where nobody does."""
    return (
        select(_C.helper)
        .where(_C.person == person, *_IS_ON)
        .order_by(_C.asked_at.desc())
        .limit(1)
        .scalar_subquery()
    )


class SqlReliefs:
    """`handlers.availability.reliefs.Reliefs` over a connection."""

    def __init__(self, connection: Connection, effects: Effects, *, writes: bool) -> None:
        self._connection = connection
        self._effects = effects
        self._writes = writes

    def get(self, relief: str) -> Relief | None:
        return _RELIEF.load(self._connection, relief, hold=self._writes)

    def put(self, relief: Relief) -> None:
        put_all(self._connection, reliefs, [_RELIEF.row(relief)])
        self._effects.step_at(relief.step_at)

    def live_of(self, person: str, now: datetime) -> Relief | None:
        row = self._connection.execute(_LIVE_OF, {"of": person, "now": now}).one_or_none()
        return None if row is None else _RELIEF.value(row)

    def given_by(self, helper: str, now: datetime) -> Sequence[Relief]:
        rows = self._connection.execute(_GIVEN, {"of": helper, "now": now})
        return tuple(map(_RELIEF.value, rows))

    def due(self, now: datetime, limit: int) -> Sequence[Relief]:
        return tuple(map(_RELIEF.value, rows_due(self._connection, _C.step_at, now, limit)))


@repository(Reliefs)
def reliefs_of(work: SqlWork) -> SqlReliefs:
    return SqlReliefs(work.connection, work.effects, writes=work.writes)
