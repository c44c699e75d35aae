"""Rests that a plan leaves too short."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Column, Connection, Index, Integer, String, Table, bindparam, delete, select

from handlers.shifts.resting import ShortRest, ShortRests
from storage.mapping import DAY, Record
from storage.schema import (
    CODE,
    ID,
    STATED,
    Instant,
    Retention,
    insert_rows,
    metadata,
    person_column,
)
from storage.work import SqlWork, repository

short_rests: Table = Table(
    "short_rests",
    metadata,
    person_column("person", String(32), primary_key=True),
    Column("day", String(10), primary_key=True, info=CODE),
    Column("kind", String(8), primary_key=True, info=CODE),
    Column("until", Instant, primary_key=True, index=True, info=STATED),
    Column("workspace", String(80), nullable=False, info=ID),
    Column("minutes", Integer, nullable=False),
    Index("ix_short_rests_workspace", "workspace", "until"),
    info={
        "retention": Retention(
            why="Until it is over: so that whoever plans can still change it.",
            ended=lambda now: short_rests.c.until < now,
        )
    },
)
_REST = Record(ShortRest, short_rests, as_={"day": DAY})
_OF_DAYS = delete(short_rests).where(
    short_rests.c.person.in_(bindparam("people", expanding=True)),
    short_rests.c.day.between(bindparam("first"), bindparam("last")),
)
_COMING = (
    select(short_rests)
    .where(
        short_rests.c.workspace == bindparam("of"),
        short_rests.c.until > bindparam("now", type_=Instant),
        short_rests.c.until <= bindparam("end", type_=Instant),
    )
    .order_by(short_rests.c.until, short_rests.c.person)
    .limit(bindparam("limit"))
)


class SqlShortRests:
    """`handlers.shifts.resting.ShortRests` over a connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def replace(
        self, people: Sequence[str], first: date, last: date, found: Sequence[ShortRest]
    ) -> None:
        days = {"first": first.isoformat(), "last": last.isoformat()}
        self._connection.execute(_OF_DAYS, {"people": list(people), **days})
        insert_rows(self._connection, short_rests, [_REST.row(one) for one in found])

    def coming(
        self, workspace: str, now: datetime, until: datetime, limit: int
    ) -> Sequence[ShortRest]:
        asked = {"of": workspace, "now": now, "end": until, "limit": limit}
        return tuple(map(_REST.value, self._connection.execute(_COMING, asked)))


@repository(ShortRests)
def short_rests_of(work: SqlWork) -> SqlShortRests:
    return SqlShortRests(work.connection)
