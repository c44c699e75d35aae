"""Everything that is kept of one workspace: counted, given out, deleted."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Table,
    delete,
    false,
    func,
    or_,
    select,
)

from storage.people.tables import people
from storage.people.workspaces import own_place, workspace_places
from storage.schema import Holds, columns_with, metadata, rows_with
from storage.slack import slack_installations
from storage.teams import PLATFORM, teams_conversations

_AT_ONCE = 1000

_A_PLACE = frozenset({"addresses", "statuses", "workspace_places"})
"""Tables whose column `workspace` is a platform's own, or says which of those one is."""


@dataclass(frozen=True, slots=True)
class WorkspaceSize:
    """A workspace by its id here, and how many people are known there."""

    id: str
    people: int


def workspaces(connection: Connection) -> tuple[WorkspaceSize, ...]:
    """Every workspace of which anybody is known."""
    counted = (
        select(people.c.workspace, func.count())
        .group_by(people.c.workspace)
        .order_by(people.c.workspace)
    )
    return tuple(WorkspaceSize(name, count) for name, count in connection.execute(counted))


def count_rows_of(connection: Connection, workspace: str) -> int:
    """How many rows are the workspace's."""
    return sum(
        connection.scalar(select(func.count()).select_from(table).where(_of(table, workspace))) or 0
        for table in metadata.sorted_tables
    )


def export_workspace(
    connection: Connection, workspace: str
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every row of the workspace, table by table, without what is sealed."""
    for table in metadata.sorted_tables:
        shown = [column for column in table.c if not column.info.get("sealed")]
        rows = connection.execute(select(*shown).where(_of(table, workspace)))
        for row in rows.mappings():
            yield table.name, {str(name): value for name, value in row.items()}


def delete_some(connection: Connection, workspace: str, limit: int) -> int:
    """Deletes so many rows of the workspace at most; answers how many they were. Nothing is left
    when it is none."""
    last = people, workspace_places  # by them the rest is found
    others = (one for one in reversed(metadata.sorted_tables) if one not in last)
    for table in (*others, *last):
        if table is not slack_installations and (
            gone := _delete(connection, table, workspace, limit)
        ):
            return gone
    return 0


def empty(connection: Connection, workspace: str) -> None:
    """Deletes everything of the workspace at once: for what is small."""
    while delete_some(connection, workspace, _AT_ONCE):
        pass


def _delete(connection: Connection, table: Table, workspace: str, limit: int) -> int:
    keys = tuple(table.primary_key)
    some = connection.execute(select(*keys).where(_of(table, workspace)).limit(limit)).all()
    if not some:
        return 0
    return connection.execute(delete(table).where(rows_with(table, some))).rowcount


def _of(table: Table, workspace: str) -> ColumnElement[bool]:
    """Which rows are the workspace's: those that say so, those of its people, and those that hang
    on one of them."""
    if table is people:
        return people.c.workspace == workspace
    parts: list[ColumnElement[bool]] = [false()]
    if table.name == "workspace_places" or ("workspace" in table.c and table.name not in _A_PLACE):
        parts.append(table.c.workspace == workspace)
    if table is teams_conversations:
        place, joined = own_place(workspace), workspace_places.c
        tenants = select(joined.external).where(
            joined.platform == PLATFORM, joined.workspace == workspace
        )
        parts.append(table.c.tenant.in_(tenants))
        if place.platform == PLATFORM:
            parts.append(table.c.tenant == place.workspace)
    theirs = select(people.c.id).where(people.c.workspace == workspace)
    parts += [
        column.in_(theirs) for column in columns_with(table, Holds.PERSON, Holds.HIDDEN_PERSON)
    ]
    for key in table.foreign_keys:
        parent: Column[Any] = key.column
        if parent.table is not table:
            parts.append(key.parent.in_(select(parent).where(_of(parent.table, workspace))))
    return or_(*parts)
