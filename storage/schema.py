"""The metadata all tables hang on, and what each table says about itself."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Dialect,
    MetaData,
    Table,
    UpdateBase,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.types import TypeDecorator

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
    in both databases, and UNTIL_BACK survives the round trip."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> int | None:
        return None if value is None else (value - _EPOCH) // _MICROSECOND

    def process_result_value(self, value: int | None, _dialect: Dialect) -> datetime | None:
        return None if value is None else _EPOCH + timedelta(microseconds=value)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Keeping:
    """How long a table's rows live, and whose they are. Stands in `Table.info["keeping"]`.

    `why` says it in words. `ended`: given the time, the rows that have lived long enough; None
    where rows live as long as what they belong to. `person`: the columns that hold a person's
    id; such rows are exported with the person. `erase`: given a person's id, what takes every
    trace of them out of the table; where it is not stated, such rows are deleted.
    `blank_ended`: rows whose `blanks` are emptied before the row goes.
    """

    why: str
    ended: Callable[[datetime], ColumnElement[bool]] | None = None
    person: tuple[str, ...] = ()
    erase: Callable[[str], Sequence[UpdateBase]] | None = None
    blanks: tuple[tuple[str, Any], ...] = ()
    blank_ended: Callable[[datetime], ColumnElement[bool]] | None = None


def keeping_of(table: Table) -> Keeping:
    """The table's own statement. Raises KeyError for a table that makes none."""
    keeping: Keeping = table.info["keeping"]
    return keeping


def insert_new(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> int:
    """Inserts the rows whose keys are not there yet; answers how many were."""
    if not rows:
        return 0
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    statement = dialect.insert(table).on_conflict_do_nothing()
    # Without the option PostgreSQL's count is forgotten, and reads -1.
    counted = {"preserve_rowcount": True}
    return connection.execute(statement, rows, execution_options=counted).rowcount


def put_all(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    """Inserts each row, or replaces what stands under its primary key. All have the same keys."""
    if not rows:
        return
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    statement = dialect.insert(table)
    keys = [column.name for column in table.primary_key]
    rest = {name: statement.excluded[name] for name in rows[0] if name not in keys}
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=rest), rows)
