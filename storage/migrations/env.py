"""Runs the migrations on the connection that `storage.migrate` opened."""

from collections.abc import Iterable
from typing import Any

from alembic import context
from alembic.operations import ops

import storage.everything  # noqa: F401 - importing it defines every table
from storage.migrations import is_used
from storage.schema import metadata


def _without_retention(_context: object, _revision: object, directives: list[Any]) -> None:
    """What a table says about its rows' life is for the running program, not for a migration."""

    def strip(operations: Iterable[ops.MigrateOperation]) -> None:
        for operation in operations:
            if isinstance(operation, ops.CreateTableOp):
                operation.info = {}
            elif isinstance(operation, ops.OpContainer):
                strip(operation.ops)

    for script in directives:
        strip([script.upgrade_ops, script.downgrade_ops])


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    include_object=is_used,
    process_revision_directives=_without_retention,
)
with context.begin_transaction():
    context.run_migrations()
