"""What a workspace set for itself."""

import json

from sqlalchemy import Column, Connection, String, Table, Text, bindparam, select

from storage.schema import CODE, ID, SETTING, Retention, metadata, put_all

workspace_settings = Table(
    "workspace_settings",
    metadata,
    Column("workspace", String(80), primary_key=True, info=ID),
    Column("section", String(40), primary_key=True, info=CODE),
    Column("value", Text, nullable=False, info=SETTING),
    info={"retention": Retention(why="As long as the workspace uses Plecs; names nobody.")},
)

_GET = select(workspace_settings.c.value).where(
    workspace_settings.c.workspace == bindparam("workspace"),
    workspace_settings.c.section == bindparam("section"),
)


class SqlSettings:
    """`handlers.kit.ports.WorkspaceSettings` over a connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, workspace: str, section: str) -> dict[str, object] | None:
        value = self._connection.execute(
            _GET, {"workspace": workspace, "section": section}
        ).scalar_one_or_none()
        if value is None:
            return None
        loaded: dict[str, object] = json.loads(value)
        return loaded

    def put(self, workspace: str, section: str, value: dict[str, object]) -> None:
        row = {"workspace": workspace, "section": section, "value": json.dumps(value)}
        put_all(self._connection, workspace_settings, [row])
