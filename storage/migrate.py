"""Brings a database to the present tables, from nothing or from any earlier version."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from storage.database import engine_for, reach
from storage.schema import metadata

_LOCK = 7_563_277
"""PostgreSQL's advisory lock that migrating replicas queue for: any number, the same for all."""


def migrate(url: str, *, whole: bool = True) -> tuple[str | None, str | None]:
    """Applies what is missing, one process at a time; answers the versions before and after. Raises
    LookupError where the code knows more than the migrations make, unless that is not `whole`,
    and UnreachableError where no database answers."""
    reach(url)
    engine = engine_for(url, patient=True)
    try:
        with engine.connect() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": _LOCK})
                connection.commit()
            before = _version(connection)
            if before != _newest():
                command.upgrade(config_for(connection), "head")
                connection.commit()
            if whole:
                _see_that_all_is_there(connection)
            return before, _version(connection)
    finally:
        engine.dispose()


def config_for(connection: Connection | None = None) -> Config:
    """Alembic's settings for our migrations, to be run on the connection."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    config.attributes["connection"] = connection
    return config


def _see_that_all_is_there(connection: Connection) -> None:
    there = {
        (table, column["name"])
        for (_, table), columns in inspect(connection).get_multi_columns().items()
        for column in columns
    }
    known = {(table.name, column.name) for table in metadata.sorted_tables for column in table.c}
    connection.commit()
    if absent := sorted(known - there):
        names = ", ".join(f"{table}.{column}" for table, column in absent)
        raise LookupError(
            f'No migration makes {names}: write it with python -m storage.migrations "what changed"'
        )


def _newest() -> str | None:
    return ScriptDirectory.from_config(config_for()).get_current_head()


def _version(connection: Connection) -> str | None:
    version = MigrationContext.configure(connection).get_current_revision()
    connection.commit()
    return version
