"""The metadata all tables hang on, and what each table says about itself."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Dialect,
    Index,
    MetaData,
    Row,
    Select,
    Table,
    Text,
    UpdateBase,
    bindparam,
    literal,
    literal_column,
    select,
    text,
    tuple_,
)
from sqlalchemy.types import TypeDecorator

from handlers.kit.callers import Purpose
from handlers.kit.people import UNTIL_BACK

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Instant(TypeDecorator[datetime]):
    """An aware UTC instant, kept as whole microseconds since 1970: it compares and sorts alike
    in both databases, and UNTIL_BACK survives the round trip. What no calendar has, comes back as
    UNTIL_BACK, or as the first day."""

    impl = BigInteger
    cache_ok = True

    def bind_processor(self, _dialect: Dialect) -> Callable[[datetime | None], int | None]:
        return _written

    def result_processor(
        self, _dialect: Dialect, _column_type: object
    ) -> Callable[[int | None], datetime | None]:
        return _read


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def _written(value: datetime | None) -> int | None:
    return None if value is None else (value - _EPOCH) // _MICROSECOND


def _read(value: int | None) -> datetime | None:
    if value is None:
        return None
    if value > _LAST:
        return UNTIL_BACK
    return _EPOCH + timedelta(microseconds=max(value, _FIRST))


# Two days from where the calendar ends, so that each is an instant in every zone.
_LAST, _FIRST = (
    (end - _EPOCH) // _MICROSECOND
    for end in (datetime(9999, 12, 30, tzinfo=UTC), datetime(1, 1, 3, tzinfo=UTC))
)


class Holds(StrEnum):
    """What a column of text holds. Each says so in its `info`, or that it is sealed."""

    PERSON = "a person's id: the row is exported with the person, follows them and goes with them"
    HIDDEN_PERSON = "the same, of somebody who is not told of the row: no export of theirs has it"
    PEOPLE = "people's ids among other things: they follow who is found to be another"
    CALLER = "a caller's pseudonym: the row goes when that caller is erased"
    ID = "an id, a key or an address of a thing, or of an account"
    CODE = "a word, a rule, a time or a place that the code knows"
    NAME = "what a person or a thing is called, or what stands at their name"
    SETTING = "what a workspace set, or a copy of it"
    WORDS = "words that people wrote: they have an end"


class Clocked(StrEnum):
    """What becomes of a column's instants when a clock that was wrong is put right
    (storage/instants.py). Each column of instants says so in its `info`."""

    HAPPENED = "when something happened: never later than now"
    REMAINS = "when a while is over that began then: what remained of it remains"
    DUE = "a time of day when something is done: what was done by the wrong clock is done now"
    STATED = "a time that people or a platform stated, or that is only counted by: it stands"


HAPPENED = {"clocked": Clocked.HAPPENED}
REMAINS = {"clocked": Clocked.REMAINS}
DUE = {"clocked": Clocked.DUE}
STATED = {"clocked": Clocked.STATED}
LEASED = REMAINS | {"leased": True}
"""REMAINS for what a process holds for a while: nobody can hold on to it while all go over to
another time."""


def remains_if(condition: Callable[[datetime], ColumnElement[bool]]) -> dict[str, Any]:
    """REMAINS for the rows for which it holds, given what the wrong clock said, and else DUE."""
    return DUE | {"remains_if": condition}


ID = {"holds": Holds.ID}
CODE = {"holds": Holds.CODE}
NAME = {"holds": Holds.NAME}
SETTING = {"holds": Holds.SETTING}
WORDS = {"holds": Holds.WORDS}


def person_column(
    name: str, *args: Any, exported: bool = True, untold: bool = False, **also: Any
) -> Column[str]:
    """A column with a person's id. `exported`: whether the person is given the row when they ask
    what is kept of them; where they are not to know, the table's `Retention.erase` says how they
    are taken out. `untold`: whoever is given the row is not given this column, which tells of
    somebody else."""
    holds = Holds.PERSON if exported else Holds.HIDDEN_PERSON
    return Column(name, *args, info={"holds": holds, "untold": untold}, **also)


def people_column(name: str, *args: Any, untold: bool = False, **also: Any) -> Column[str]:
    """A column with people's ids among other things. `untold`: as with `person_column`."""
    return Column(name, *args, info={"holds": Holds.PEOPLE, "untold": untold}, **also)


def caller_column(name: str, *args: Any, purpose: Purpose, **also: Any) -> Column[str]:
    """A column with a caller's pseudonym, made for this purpose."""
    return Column(name, *args, info={"holds": Holds.CALLER, "purpose": purpose}, **also)


def columns_with(table: Table, *kinds: Holds) -> tuple[Column[Any], ...]:
    """The table's columns that hold such things."""
    return tuple(column for column in table.c if column.info.get("holds") in kinds)


@dataclass(frozen=True, slots=True)
class Blank:
    """What leaves a row while the row stays: `values` by column, from when `ended` says so; a value
    may be made of the row's own columns. The first column has another value until then, so that
    rows which were blanked are passed over."""

    values: dict[str, Any]
    ended: Callable[[datetime], ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Retention:
    """How long a table's rows live. Stands in `Table.info["retention"]`; whose they are, the
    columns say (`person_column`).

    `why` says it in words. `ended`: given the time, the rows that have lived long enough; None
    where rows live as long as what they belong to. `erase`: given a person's id, what takes every
    trace of them out of the table; where it is not stated, rows that are theirs are deleted.
    `forget_caller`: the same for a caller, given their pseudonyms of the column's purpose.
    `blanks`: what leaves a row before the row goes.
    """

    why: str
    ended: Callable[[datetime], ColumnElement[bool]] | None = None
    erase: Callable[[str], Sequence[UpdateBase]] | None = None
    forget_caller: Callable[[Sequence[str]], Sequence[UpdateBase]] | None = None
    blanks: tuple[Blank, ...] = ()


SORT_KEY = Text().with_variant(Text(collation="C"), "postgresql")
"""A `handlers.kit.text.sort_key`: both databases compare its bytes, whatever language the server
speaks."""


def partial_index(
    name: str, *columns: str, where: str, on_postgresql: str | None = None, unique: bool = False
) -> Index:
    """An index over the rows for which the SQL `where` holds. `on_postgresql` says the same where
    that has other words for it."""
    return Index(
        name,
        *columns,
        unique=unique,
        sqlite_where=text(where),
        postgresql_where=text(on_postgresql or where),
    )


def unindexed(column: ColumnElement[str]) -> ColumnElement[str]:
    """The column, in a condition by which rows are not to be looked for: something else finds
    fewer, and of what is worked out no index knows anything."""
    return column + literal_column("''")


def retention_of(table: Table) -> Retention:
    """The table's own statement. Raises LookupError, with what to write, where it makes none."""
    retention: Retention | None = table.info.get("retention")
    if retention is None:
        raise LookupError(
            f'{table.name} does not say how long its rows live: give it info={{"retention": '
            "Retention(why=..., ended=...)} (storage/schema.py), then run `plecs privacy`"
        )
    return retention


def clocked_of(column: Column[Any]) -> Clocked | None:
    """What becomes of the column's instants; None where it has none. Raises LookupError, with what
    to write, for a column of instants that does not say so."""
    if not isinstance(column.type, Instant):
        return None
    clocked: Clocked | None = column.info.get("clocked")
    if clocked is None:
        raise LookupError(
            f"{column} does not say what becomes of it when a clock that was hours fast is put "
            "right: give it info=HAPPENED, REMAINS, DUE or STATED (storage/schema.py, Clocked)"
        )
    return clocked


def rows_due(
    connection: Connection, at: Column[Any], now: datetime, limit: int
) -> Sequence[Row[Any]]:
    """The rows of the column's table for which the time that it says has come, the oldest first and
    so many at most. They are held from here on; what another process holds is left to that."""
    return connection.execute(_due(at), {"now": now, "limit": limit}).all()


@cache
def _due(at: Column[Any]) -> Select[Any]:
    return (
        select(at.table)
        .where(at <= bindparam("now", type_=Instant))
        .order_by(at)
        .limit(bindparam("limit"))
        .with_for_update(skip_locked=True)
    )


def rows_with(table: Table, found: Sequence[Sequence[Any]]) -> ColumnElement[bool]:
    """Which rows are those whose keys were found."""
    keys = tuple(table.primary_key)
    if len(keys) == 1:
        return keys[0].in_([key for (key,) in found])
    return tuple_(*keys).in_(found)


def rows_after(table: Table, reached: Sequence[Any]) -> ColumnElement[bool]:
    """Which rows come after that key, in the order of their keys."""
    keys = tuple(table.primary_key)
    values = [literal(value, key.type) for key, value in zip(keys, reached, strict=True)]
    return tuple_(*keys) > tuple_(*values)


def insert_rows(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Inserts the rows, which all have the same columns."""
    if rows:
        _insert(connection, table, rows, "")


def insert_new(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> int:
    """Inserts the rows whose keys are not there yet; answers how many were."""
    return _insert(connection, table, rows, " ON CONFLICT DO NOTHING") if rows else 0


def put_all(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Inserts each row, or replaces what stands under its primary key. All have the same keys."""
    if rows:
        _insert(connection, table, rows, _or_replaced(table, connection.dialect, tuple(rows[0])))


@cache
def _or_replaced(table: Table, dialect: Dialect, names: tuple[str, ...]) -> str:
    quote = dialect.identifier_preparer.quote
    keys = [column.name for column in table.primary_key]
    rest = [quote(name) for name in names if name not in keys]
    changes = ", ".join(f"{name} = excluded.{name}" for name in rest)
    there = ", ".join(map(quote, keys))
    return f" ON CONFLICT ({there}) DO {f'UPDATE SET {changes}' if rest else 'NOTHING'}"


def _insert(
    connection: Connection, table: Table, rows: Sequence[dict[str, Any]], ending: str
) -> int:
    """Goes straight to the driver: SQLAlchemy's own way costs several times what the database
    does with a short row, and a raised hand writes fifty of them."""
    statement, writes = _inserting(table, connection.dialect, tuple(rows[0]))
    values = [row | {name: write(row[name]) for name, write in writes} for row in rows]
    # Without the option PostgreSQL's count is forgotten, and reads -1.
    counted = {"preserve_rowcount": True}
    return connection.exec_driver_sql(
        statement + ending, values, execution_options=counted
    ).rowcount


@cache
def _inserting(
    table: Table, dialect: Dialect, names: tuple[str, ...]
) -> tuple[str, tuple[tuple[str, Callable[[Any], Any]], ...]]:
    """The statement, and how those columns are written that are not written as they are."""
    quoted = dialect.identifier_preparer
    columns = ", ".join(quoted.quote(name) for name in names)
    place = ":{}" if dialect.name == "sqlite" else "%({})s"
    places = ", ".join(place.format(name) for name in names)
    processors = (
        (name, table.c[name].type.dialect_impl(dialect).bind_processor(dialect)) for name in names
    )
    writes = tuple((name, write) for name, write in processors if write is not None)
    return f"INSERT INTO {quoted.format_table(table)} ({columns}) VALUES ({places})", writes  # noqa: S608 - names are ours, values are bound
