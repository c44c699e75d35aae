"""Deletes what has lived long enough; gives a person what is kept of them, or erases it."""

from contextlib import suppress
from datetime import datetime
from typing import Any, cast

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Delete,
    RowMapping,
    Table,
    Update,
    and_,
    delete,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from handlers.kit.callers import Caller
from handlers.kit.unread import Unread
from storage.schema import Blank, Holds, columns_with, metadata, retention_of, rows_with
from storage.sealed import UNDER, Seal


def clean(connection: Connection, now: datetime, limit: int = 200) -> int:
    """Deletes, and blanks, what each table says has lived long enough, so many rows at most;
    answers how many they were. More may be left when it is the limit."""
    rows = 0
    for table in reversed(metadata.sorted_tables):
        retention = retention_of(table)
        for blank in retention.blanks:
            ended = and_(blank.ended(now), _is_there(table, blank))
            rows += _change(connection, update(table).values(blank.values), ended, limit - rows)
        if retention.ended is not None:
            rows += _change(connection, delete(table), retention.ended(now), limit - rows)
        if rows == limit:
            break
    return rows


def _is_there(table: Table, blank: Blank) -> ColumnElement[bool]:
    name, value = next(iter(blank.values.items()))
    if value is None:
        return table.c[name].is_not(None)
    if isinstance(value, ColumnElement):
        return table.c[name] != value
    # Written out, not bound: only so does a partial index over what is not blank serve.
    return table.c[name] != literal(value, literal_execute=True)


def _change(
    connection: Connection, statement: Update | Delete, which: ColumnElement[bool], limit: int
) -> int:
    """Does it to so many of the rows; what another process is at is left to that."""
    table = cast("Table", statement.table)
    keys = tuple(table.primary_key)
    some = select(*keys).where(which).limit(limit).with_for_update(skip_locked=True)
    found = connection.execute(some).all()
    if not found:
        return 0
    return connection.execute(statement.where(rows_with(table, found))).rowcount


def export(connection: Connection, person: str, seal: Seal) -> dict[str, list[dict[str, Any]]]:
    """Everything kept of the person, by table: words of theirs that are sealed are opened, and of
    all else that is sealed, tokens and the like, there is nothing, nor of columns that are untold.
    Words that another key sealed are Unread."""
    found: dict[str, list[dict[str, Any]]] = {}
    for table in metadata.sorted_tables:
        persons = columns_with(table, Holds.PERSON)
        if persons:
            theirs = {column.name for column in table.c if column.info.get("theirs")}
            hidden = {column.name for column in table.c if column.info.get("sealed")} - theirs
            hidden |= {column.name for column in table.c if column.info.get("untold")}
            rows = connection.execute(
                select(*(column for column in table.c if column.name not in hidden)).where(
                    or_(*(column == person for column in persons))
                )
            )
            found[table.name] = [
                {
                    name: _opened(connection, table.c[name], row, seal)
                    if name in theirs and value
                    else value
                    for name, value in row.items()
                }
                for row in rows.mappings()
            ]
    return found


def _opened(connection: Connection, column: Column[str], row: RowMapping, seal: Seal) -> str | None:
    words, key_of = seal.words(row[column.name], column.table.name), column.info.get(UNDER)
    if isinstance(words, Unread) or key_of is None:
        return words
    key = key_of(connection, row)
    return key.open(words, column.table.name) if key is not None else None


def hand_over(connection: Connection, old: str, new: str) -> None:
    """Makes everything that is one person's another's, who is the same; then erases the old one.
    Of what there can be one of, the new one's own stays."""
    for table in metadata.sorted_tables:
        whose = columns_with(table, Holds.PERSON, Holds.HIDDEN_PERSON)
        among = columns_with(table, Holds.PEOPLE)
        columns = (*whose, *among)
        if not columns or table.name == "people":
            continue  # nobody's, or the persons themselves
        theirs = or_(
            *(column == old for column in whose), *(column.contains(old) for column in among)
        )
        for row in connection.execute(select(table).where(theirs)).mappings().all():
            values = {
                column: str(row[column]).replace(old, new) for column in columns if row[column]
            }
            this = and_(*(column == row[column] for column in table.primary_key))
            with suppress(IntegrityError), connection.begin_nested():
                connection.execute(update(table).where(this).values(values))
    erase(connection, old)


def erase(connection: Connection, person: str) -> int:
    """Erases the person as each table says; answers how many rows were deleted or changed."""
    rows = 0
    for table in reversed(metadata.sorted_tables):
        retention = retention_of(table)
        if retention.erase is not None:
            statements = retention.erase(person)
        elif persons := columns_with(table, Holds.PERSON):
            theirs = or_(*(column == person for column in persons))
            statements = (delete(table).where(theirs),)
        else:
            continue
        rows += sum(connection.execute(statement).rowcount for statement in statements)
    return rows


def forget_caller(connection: Connection, caller: Caller) -> int:
    """Erases what each table keeps of the caller; answers how many rows were deleted or changed."""
    rows = 0
    for table in reversed(metadata.sorted_tables):
        retention = retention_of(table)
        for column in columns_with(table, Holds.CALLER):
            pseudonyms = caller.of(column.info["purpose"])
            if retention.forget_caller is not None:
                statements = retention.forget_caller(pseudonyms)
            else:
                statements = (delete(table).where(column.in_(pseudonyms)),)
            rows += sum(connection.execute(statement).rowcount for statement in statements)
    return rows


def export_caller(
    connection: Connection, caller: Caller, seal: Seal
) -> dict[str, list[dict[str, Any]]]:
    """Everything kept of the caller, by table: words that people wrote are opened, or Unread. Of
    which of us it was, and of all else that is sealed, there is nothing."""
    found: dict[str, list[dict[str, Any]]] = {}
    for table in metadata.sorted_tables:
        for column in columns_with(table, Holds.CALLER):
            theirs = {one.name for one in table.c if one.info.get("theirs")}
            named = columns_with(table, Holds.PERSON, Holds.HIDDEN_PERSON, Holds.PEOPLE)
            shown = [
                one
                for one in table.c
                if one not in named and (one.name in theirs or not one.info.get("sealed"))
            ]
            rows = connection.execute(
                select(*shown).where(column.in_(caller.of(column.info["purpose"])))
            )
            found[table.name] = [
                {
                    name: _opened(connection, table.c[name], row, seal)
                    if name in theirs and value
                    else value
                    for name, value in row.items()
                }
                for row in rows.mappings()
            ]
    return {name: rows for name, rows in found.items() if rows}
