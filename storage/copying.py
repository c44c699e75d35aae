"""Every row of one database into another, of either kind, and the proof that it is the same.

Rows go as they stand in the columns, in the order of their keys, so that what was begun goes on
where it stopped. The other database must be empty, or hold the beginning of the same copy.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    MetaData,
    RowMapping,
    Table,
    func,
    select,
    union,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeDecorator, TypeEngine

from storage.cases import cases
from storage.engines import of_one_state
from storage.heartbeats import heartbeats
from storage.moves import moves
from storage.plans import break_plans
from storage.revisions import revisions
from storage.schema import insert_new, metadata, rows_after, rows_with
from storage.supervision.sessions import seats

_TOGETHER = 1000
"""Rows in one transaction."""

_ASKED_FOR = 200
"""Rows that are compared at a time: each is asked for by its key."""

_SHOWN = 5
"""Rows of a kind that are named."""

HearsProgress = Callable[[int], None]
"""Hears how many rows more are done."""


class UnfitError(Exception):
    """Rows that the other database does not take. The message names them by their keys."""


@dataclass(frozen=True, slots=True)
class Difference:
    """`key` of a row of the table that the other database has otherwise, or one of the two has not
    at all."""

    table: str
    key: tuple[Any, ...]


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """A connection that sees the database as it is now, whatever is written meanwhile."""
    with of_one_state(engine).connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN")
        yield connection


def count_rows(connection: Connection) -> int:
    """How many rows there are to copy."""
    return sum(
        connection.scalar(select(func.count()).select_from(table)) or 0 for table in _copied()
    )


def copy_rows(source: Connection, target: Engine, told: HearsProgress) -> None:
    """Copies every row that the target does not have yet. Raises UnfitError when all others are
    there, where it does not take some."""
    unfit = [
        f"{table.name} {key}: {why}"
        for table in _copied()
        for key, why in _copy(source, target, table, told)
    ]
    if unfit:
        more = f"\n... and {len(unfit) - _SHOWN} more" if len(unfit) > _SHOWN else ""
        raise UnfitError("\n".join(unfit[:_SHOWN]) + more)
    with target.begin() as connection:
        _number_on(connection)


def differences(
    source: Connection, target: Connection, told: HearsProgress
) -> Iterator[Difference]:
    """Every row that is not the same in both."""
    for table in _copied():
        raw, found = _raw(table), 0
        keys = tuple(raw.primary_key)
        for rows in _batches(source, raw, None, _ASKED_FOR):
            found_there = target.execute(
                select(raw).where(rows_with(raw, [_key(raw, row) for row in rows]))
            ).mappings()
            theirs = {_key(raw, row): row for row in found_there}
            for row in rows:
                key = _key(raw, row)
                if key not in theirs or dict(theirs[key]) != dict(row):
                    yield Difference(table.name, key)
            found += len(theirs)
            told(len(rows))
        if found != target.scalar(select(func.count()).select_from(raw)):
            there = set(map(tuple, source.execute(select(*keys))))
            for key in map(tuple, target.execute(select(*keys))):
                if key not in there:
                    yield Difference(table.name, key)


def people_to_ask(connection: Connection, limit: int) -> Sequence[str]:
    """The ids of some people who have a hand up, a session or a plan."""
    kinds = (
        select(cases.c.agent).where(cases.c.closed_at.is_(None)),
        select(seats.c.person),
        select(break_plans.c.person),
    )
    some = (select(kind.distinct().limit(limit).subquery().c[0]) for kind in kinds)
    return sorted(connection.scalars(union(*some)))


def _copied() -> list[Table]:
    """What goes along, parents first: not what is true of the database itself."""
    own = (moves, revisions, heartbeats)
    return [table for table in metadata.sorted_tables if table not in own]


@cache
def _raw(table: Table) -> Table:
    """The table with its columns as they are kept, without what we make of them: an instant that
    no calendar has is the same in both."""
    return Table(
        table.name,
        MetaData(),
        *(
            Column(
                column.name,
                _kept(column.type),
                primary_key=column.primary_key,
            )
            for column in table.c
        ),
    )


def _kept(kind: TypeEngine[Any]) -> TypeEngine[Any]:
    return kind.impl_instance if isinstance(kind, TypeDecorator) else kind


def _copy(
    source: Connection, target: Engine, table: Table, told: HearsProgress
) -> Iterator[tuple[tuple[Any, ...], str]]:
    """Copies what is not there; answers the keys that the target does not take, and why."""
    raw = _raw(table)
    with target.connect() as connection:
        there = connection.scalar(select(func.count()).select_from(raw)) or 0
    told(there)
    # All that was kept came in this order, but for rows that were not taken: so where as many as
    # are there end, or later, it goes on.
    for rows in _batches(source, raw, _key_at(source, raw, there), _TOGETHER):
        try:
            _put(target, raw, rows)
        except DBAPIError:
            for row in rows:
                try:
                    _put(target, raw, [row])
                except DBAPIError as error:
                    yield _key(raw, row), str(error.orig).splitlines()[0]
        told(len(rows))


def _put(target: Engine, raw: Table, rows: Sequence[RowMapping]) -> None:
    with target.begin() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        insert_new(connection, raw, [dict(row) for row in rows])
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("COMMIT")


def _batches(
    source: Connection, raw: Table, after: Sequence[Any] | None, size: int
) -> Iterator[Sequence[RowMapping]]:
    """The table's rows after that key, in the order of their keys."""
    keys = tuple(raw.primary_key)
    while True:
        asked = select(raw).order_by(*keys).limit(size)
        if after is not None:
            asked = asked.where(rows_after(raw, after))
        rows = source.execute(asked).mappings().all()
        if rows:
            yield rows
        if len(rows) < size:
            return
        after = _key(raw, rows[-1])


def _key_at(source: Connection, raw: Table, place: int) -> Sequence[Any] | None:
    if place == 0:
        return None
    keys = tuple(raw.primary_key)
    last = select(*keys).order_by(*keys).offset(place - 1).limit(1)
    return source.execute(last).one_or_none()


def _key(raw: Table, row: RowMapping) -> tuple[Any, ...]:
    return tuple(row[key] for key in raw.primary_key)


def _number_on(connection: Connection) -> None:
    """PostgreSQL numbers rows by a sequence, which knows nothing of those that came with theirs."""
    if connection.dialect.name != "postgresql":
        return
    for table in _copied():
        column = table.autoincrement_column
        if column is not None:
            following = select(func.coalesce(func.max(column), 0) + 1).scalar_subquery()
            sequence = func.pg_get_serial_sequence(table.name, column.name)
            connection.execute(select(func.setval(sequence, following, False)))  # noqa: FBT003 - SQL
