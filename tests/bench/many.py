"""Makes of a small world a large one: every row of every table many times over, in SQL.

A copy is somebody else, or of somebody else, in the same workspace: its ids, and those it refers
to, end alike, so that what belongs together still does. What happened to it lies further back, what
is to come for it further ahead. So that the large world is as a year leaves it, hands are down,
messages are settled and breaks are over.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import Column, Connection, Integer, Table, text

import storage.everything  # noqa: F401 - so that every table is known
from storage.schema import Clocked, Holds, Instant, clocked_of, metadata

_SHARED = {"workspace", "platform", "topic", "topic_1", "topic_2", "external", "tenant", "process"}
"""Columns of ids that a workspace has few of."""

_CUSTOMERS = {"caller", "customer", "subject"}
"""Columns that say whom of a company's many customers a row is about."""

_OWN_NAMES = {"name", "folded_name", "sort_key", "word", "manager", "led_by"}
"""A company has as many names as it has people."""

_IDS = {Holds.PERSON, Holds.HIDDEN_PERSON, Holds.PEOPLE, Holds.ID}
_ROOM = 8
"""Letters that the end of a copy's id takes."""

_SPREAD = {"cases": timedelta(hours=9), "supervision_sessions": timedelta(days=300)}
"""Over how long the copies of what happened lie; elsewhere half an hour: what is older, most tables
drop."""

_OVER: dict[str, dict[str, str]] = {
    "cases": {
        "state": "'solved'",
        **dict.fromkeys(("agent", "line"), "''"),
        **dict.fromkeys(("topic", "wanted", "taken_by", "step_at", "then_at"), "NULL"),
    },
    "case_seats": {"closed_at": "1000000 * 4000000000"},  # no clean-up takes it away
    "outbox": dict.fromkeys(("due", "claimed_by", "lease_until", "waits_for"), "NULL"),
    "breaks": {"state": "'over'", "step_at": "NULL"},
    "break_offers": {"step_at": "NULL"},
    "people": {
        **{name: name for name in ("asked_at", "freed_at")},
        **dict.fromkeys(("coordinator", "admin"), "false"),
        **dict.fromkeys(("away_until", "quiet_from", "quiet_until"), "NULL"),
    },
    "addresses": {"refused_at": "NULL"},
    "pace_budgets": dict.fromkeys(("refusal", "refusals", "refused_since", "tried_at"), "NULL"),
}


def multiply(connection: Connection, times: int) -> None:
    """Makes of each row so many, itself included."""
    for table in metadata.sorted_tables:
        _copy(connection, table, times - 1)


def _copy(connection: Connection, table: Table, copies: int) -> None:
    columns = list(_copied(table, copies))
    quote = connection.dialect.identifier_preparer.quote
    names = ", ".join(quote(name) for name, _ in columns)
    values = ", ".join(value.replace("{}", quote(name)) for name, value in columns)
    connection.execute(
        text(
            "WITH RECURSIVE copies(n) AS (SELECT CAST(1 AS BIGINT) "  # noqa: S608 - our own names
            f"UNION ALL SELECT n + 1 FROM copies WHERE n < {copies}) "
            f"INSERT INTO {table.name} ({names}) "
            f"SELECT {values} FROM {table.name}, copies WHERE true ON CONFLICT DO NOTHING"
        )
    )


def _copied(table: Table, copies: int) -> Iterator[tuple[str, str]]:
    over = _OVER.get(table.name, {})
    for column in table.c:
        if column is table.autoincrement_column:
            continue  # the database counts these
        yield column.name, over.get(column.name) or _value(table, column, copies)


def _value(table: Table, column: Column[Any], copies: int) -> str:
    if isinstance(column.type, Instant):
        back = _SPREAD.get(table.name, timedelta(minutes=30)) // timedelta(microseconds=copies)
        ahead = clocked_of(column) in (Clocked.DUE, Clocked.REMAINS)
        return f"{{}} + n * {60_000_000}" if ahead else f"{{}} - n * {back}"
    if column.name in _OWN_NAMES:
        letters = "'abcdefghijklmnopqrstuvwxyz'"
        picked = [
            f"substr({letters}, CAST(n / {26**place} % 26 + 1 AS INTEGER), 1)" for place in range(3)
        ]
        return f"CASE {{}} WHEN '' THEN '' ELSE {' || '.join(picked)} || {{}} END"
    of = _first(column)
    if of.primary_key and isinstance(of.type, Integer):
        return "{} + n * 10"
    is_id = of.info.get("holds") in _IDS or of.name in _CUSTOMERS
    if is_id and of.name not in _SHARED:
        length = getattr(of.type, "length", None) or 400
        own = f"substr({{}}, 1, {length - _ROOM}) || '~' || CAST(n AS TEXT)"
        return f"CASE {{}} WHEN '' THEN '' ELSE {own} END"
    return "{}"


def _first(column: Column[Any]) -> Column[Any]:
    """The column that this one refers to, if it does: both change alike."""
    for key in column.foreign_keys:
        return _first(key.column)
    return column
