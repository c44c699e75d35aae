"""A database that moves to another place: the old one is closed for writing, and the new one is not
used before everything is there."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Boolean, Column, Connection, String, Table, Text, delete, inspect, select
from sqlalchemy.exc import OperationalError

from storage.revisions import revisions
from storage.schema import HAPPENED, ID, Instant, Retention, metadata, put_all

moves = Table(
    "moves",
    metadata,
    Column("way", String(8), primary_key=True, info=ID),
    Column("other", Text, nullable=False, info=ID),
    Column("at", Instant, nullable=False, info=HAPPENED),
    Column("done", Boolean, nullable=False),
    info={
        "retention": Retention(why="As long as the database: from where, and to where. Two rows.")
    },
)
"""From where everything was copied into this database ("from"), and to where from it ("to")."""

CLOSED = "plecs: closed"
"""What a closed database says to whoever writes."""

_CHANGES = ("INSERT", "UPDATE", "DELETE")

_TRIES = 5
"""How often closing is begun anew when it lost to those who write."""

_ON_POSTGRESQL = f"""\
CREATE OR REPLACE FUNCTION plecs_closed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{CLOSED}' USING ERRCODE = '25006'; END $$"""
# 25006: "another server writes by now", which is what Plecs makes of it.


@dataclass(frozen=True, slots=True)
class Move:
    """`other`: the other database's address, without its password. `done`: everything is there."""

    other: str
    at: datetime
    done: bool


class WrittenToError(Exception):
    """Others wrote all the time: the database could not be closed, and is as it was."""


class MovedError(Exception):
    """The database is not to be used: it has moved, or not everything has come. The message says
    what to do."""


def see_that_it_is_open(connection: Connection) -> None:
    """Raises MovedError for a database that has moved elsewhere, or is not whole yet."""
    to, come = move_to(connection), move_from(connection)
    if to is not None:
        told = f"This database {'has moved' if to.done else 'is being moved'} to {to.other}"
        raise MovedError(
            f"{told} ({to.at:%Y-%m-%d %H:%M} UTC): "
            + (
                "set DATABASE_URL to that. To go back to this one, without what came since: "
                if to.done
                else "finish it with the same plecs db copy. To leave it: "
            )
            + "plecs db reopen"
        )
    if come is not None and not come.done:
        raise MovedError(
            f"Not everything has come from {come.other} yet: finish it with the same command, or "
            "begin with an empty database."
        )


def move_to(connection: Connection) -> Move | None:
    """Where the database moves to, or has moved to."""
    return _move(connection, "to")


def move_from(connection: Connection) -> Move | None:
    """Where everything in it comes from."""
    return _move(connection, "from")


def note_to(connection: Connection, other: str, at: datetime, *, done: bool) -> None:
    """Writes where the database moves to."""
    put_all(connection, moves, [{"way": "to", "other": other, "at": at, "done": done}])


def note_from(connection: Connection, other: str, at: datetime, *, done: bool) -> None:
    """Writes where everything comes from."""
    put_all(connection, moves, [{"way": "from", "other": other, "at": at, "done": done}])


def close(connection: Connection, other: str, at: datetime) -> None:
    """From here on the database moves to `other`, and refuses every change, whoever asks for it,
    until it is opened again. Waits for those who write; commits. To be asked for once more is no
    harm. Raises WrittenToError."""
    for left in reversed(range(_TRIES)):
        try:
            with _together(connection):
                _do(connection, _closing(connection))
                note_to(connection, other, at, done=False)
        except OperationalError as error:
            connection.rollback()
            if left == 0:
                raise WrittenToError from error
        else:
            return


def reopen(connection: Connection) -> bool:
    """The database takes changes again, and has moved nowhere; whether it was closed. Commits."""
    was_closed = move_to(connection) is not None
    with _together(connection):
        _do(connection, _opening(connection))
        connection.execute(delete(moves).where(moves.c.way == "to"))
    return was_closed


def _closing(connection: Connection) -> Iterator[str]:
    if connection.dialect.name == "sqlite":
        for table in _tables():
            for change in _CHANGES:
                yield (
                    f'CREATE TRIGGER IF NOT EXISTS "plecs_closed_{table}_{change}" '
                    f"BEFORE {change} ON \"{table}\" BEGIN SELECT RAISE(ABORT, '{CLOSED}'); END"
                )
        return
    yield _ON_POSTGRESQL
    for table in _tables():
        yield (
            "CREATE OR REPLACE TRIGGER plecs_closed BEFORE INSERT OR UPDATE OR DELETE ON "
            f'"{table}" FOR EACH STATEMENT EXECUTE FUNCTION plecs_closed()'
        )


def _opening(connection: Connection) -> Iterator[str]:
    for table in _tables():
        if connection.dialect.name == "sqlite":
            for change in _CHANGES:
                yield f'DROP TRIGGER IF EXISTS "plecs_closed_{table}_{change}"'
        else:
            yield f'DROP TRIGGER IF EXISTS plecs_closed ON "{table}"'


def _do(connection: Connection, statements: Iterable[str]) -> None:
    for statement in statements:
        connection.exec_driver_sql(statement)


@contextmanager
def _together(connection: Connection) -> Iterator[None]:
    """All that is done in it, or nothing."""
    connection.rollback()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    yield
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("COMMIT")
    connection.commit()


def _tables() -> list[str]:
    """Those that are closed, in an order in which parents come first."""
    own = (moves, revisions)
    return [table.name for table in metadata.sorted_tables if table not in own]


def _move(connection: Connection, way: str) -> Move | None:
    if not inspect(connection).has_table(moves.name):
        return None  # of an older Plecs
    row = connection.execute(select(moves).where(moves.c.way == way)).one_or_none()
    return None if row is None else Move(row.other, row.at, row.done)
