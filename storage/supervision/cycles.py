"""The cycles that a group planned."""

from collections.abc import Mapping

from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    delete,
    select,
)

from handlers.supervision.cycles.model import Cycle, Cycles
from storage.mapping import DAY, ZONE, Record
from storage.schema import CODE, ID, Retention, metadata, put_all
from storage.supervision.groups import groups, is_open
from storage.work import SqlWork, repository

cycles: Table = Table(
    "supervision_cycles",
    metadata,
    Column("id", String(32), primary_key=True, info=ID),
    Column("group", ForeignKey(groups.c.id, ondelete="CASCADE"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("weeks", Integer, nullable=False),
    Column("wall", String(5), nullable=False, info=CODE),
    Column("zone", String(64), nullable=False, info=CODE),
    Column("minutes", Integer, nullable=False),
    Column("first", String(10), nullable=False, info=CODE),
    Column("state", String(16), nullable=False, info=CODE),
    Index("uq_supervision_cycles_number", "group", "number", unique=True),
    info={"retention": Retention(why="As long as the group. Names nobody.")},
)


CYCLE = Record(Cycle, cycles, as_={"zone": ZONE, "first": DAY})


class SqlCycles:
    """`handlers.supervision.cycles.model.Cycles` over a connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, cycle: str) -> Cycle | None:
        return CYCLE.load(self._connection, cycle)

    def of(self, group: str) -> tuple[Cycle, ...]:
        rows = self._connection.execute(
            select(cycles).where(cycles.c.group == group).order_by(cycles.c.number.desc())
        )
        return tuple(CYCLE.value(row) for row in rows)

    def numbers(self, workspace: str) -> Mapping[str, int]:
        rows = self._connection.execute(
            select(cycles.c.id, cycles.c.number)
            .join(groups, groups.c.id == cycles.c.group)
            .where(groups.c.workspace == workspace, is_open)
        )
        return {row.id: row.number for row in rows}

    def put(self, cycle: Cycle) -> None:
        put_all(self._connection, cycles, [CYCLE.row(cycle)])

    def remove(self, cycle: str) -> None:
        self._connection.execute(delete(cycles).where(cycles.c.id == cycle))


@repository(Cycles)
def cycles_of(work: SqlWork) -> SqlCycles:
    return SqlCycles(work.connection)
