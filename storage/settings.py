"""What a workspace set for itself."""

import json

from sqlalchemy import (
    Column,
    Connection,
    String,
    Table,
    Text,
    bindparam,
    func,
    literal_column,
    select,
)

from storage.schema import CODE, ID, SETTING, Retention, metadata, put_all

workspace_settings = Table(
    "workspace_settings",
    metadata,
    Column("workspace", String(80), primary_key=True, info=ID),
    Column("section", String(40), primary_key=True, info=CODE),
    Column("value", Text, nullable=False, info=SETTING),
    info={"retention": Retention(why="As long as the workspace uses Plecs; names nobody.")},
)

_BETWEEN, _AFTER = "\x1e", "\x1f"
"""Between two sections, and after the name of one: no JSON has these signs in it."""

EVERY_SECTION = func.aggregate_strings(
    workspace_settings.c.section + _AFTER + workspace_settings.c.value,
    # Written out: a bound one is put in its place anew each time.
    literal_column(f"'{_BETWEEN}'"),  # type: ignore[arg-type] # any expression will do
)
"""All that a workspace set, as one text; NULL where it set nothing."""

_OF = select(EVERY_SECTION).where(workspace_settings.c.workspace == bindparam("workspace"))


class SqlSettings:
    """`handlers.kit.ports.WorkspaceSettings` over a connection. What a workspace set is read
    once in a transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._as_read: dict[str, dict[str, str]] = {}

    def get(self, workspace: str, section: str) -> dict[str, object] | None:
        if workspace not in self._as_read:
            self.read(workspace, self._connection.execute(_OF, {"workspace": workspace}).scalar())
        value = self._as_read[workspace].get(section)
        if value is None:
            return None
        loaded: dict[str, object] = json.loads(value)
        return loaded

    def put(self, workspace: str, section: str, value: dict[str, object]) -> None:
        row = {"workspace": workspace, "section": section, "value": json.dumps(value)}
        put_all(self._connection, workspace_settings, [row])
        self._as_read.pop(workspace, None)

    def read(self, workspace: str, sections: str | None) -> None:
        """The workspace's EVERY_SECTION was read along with something else."""
        kept = sections.split(_BETWEEN) if sections else ()
        self._as_read[workspace] = dict(section.split(_AFTER, 1) for section in kept)

    def forget(self) -> None:
        """What was written may have been taken back: it is read anew."""
        self._as_read.clear()
