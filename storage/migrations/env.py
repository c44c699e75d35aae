"""Runs the migrations on the connection that `storage.migrate` opened."""

from alembic import context

import storage.work  # noqa: F401 - importing it defines every table
from storage.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite changes a table by making it anew
)
with context.begin_transaction():
    context.run_migrations()
