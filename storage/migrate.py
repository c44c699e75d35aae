"""Brings a database to the present tables, from nothing or from any earlier version."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from storage.database import answering, reach
from storage.engines import opened
from storage.moves import see_that_it_is_open
from storage.revisions import note_revision, runs_from
from storage.schema import metadata

if TYPE_CHECKING:
    from alembic.config import Config

_MIGRATIONS = Path(__file__).with_name("migrations")
_STATED = re.compile(r'^(revision|runs_from) = "(\w+)"$', re.MULTILINE)
"""What a migration's file says of itself."""

_LOCK = 7_563_277
"""PostgreSQL's advisory lock that migrating replicas queue for: any number, the same for all."""


class NewerError(Exception):
    """The tables are of a newer Plecs than this one."""

    def __init__(self, version: str, known: str) -> None:
        super().__init__(
            f"The database is at version {version}, and this Plecs knows it up to {known}: start "
            "the newer Plecs, or put the backup from before it back."
        )


def migrate(url: str, *, whole: bool = True, moving: bool = False) -> tuple[str | None, str | None]:
    """Applies what is missing, one process at a time; answers the versions before and after. Tables
    of a newer Plecs stay as they are, if this one runs on them.

    Raises LookupError where the code knows more than the migrations make, unless that is not
    `whole`; NewerError where this Plecs does not run on the tables; UnreachableError where no
    database answers; and MovedError where the database is not to be used, unless it is for
    `moving`.
    """
    reach(url)
    with opened(url, patient=True) as engine, answering(), engine.connect() as connection:
        before, ours = _version(connection), _our_versions()
        if before != ours.newest and connection.dialect.name == "postgresql":
            # Not before that is known: it is the session's, of which a pooler has others.
            connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": _LOCK})
            connection.commit()
            before = _version(connection)
        _see_that_it_is_known(connection, before, ours)
        if before is None or before in ours.known - {ours.newest}:
            from alembic import command  # noqa: PLC0415 - most who start have nothing to bring up

            command.upgrade(config_for(connection), "head")
            note_revision(connection, ours.newest, ours.runs_from)
            connection.commit()
        if whole:
            _see_that_all_is_there(connection)
        if not moving:
            see_that_it_is_open(connection)
        return before, _version(connection)


@dataclass(frozen=True, slots=True)
class TablesVersion:
    """The version of a database's tables, None where there are none; the newest that this Plecs
    knows; and the oldest whose Plecs runs beside this one once the tables are brought up."""

    version: str | None
    newest: str
    runs_from: str

    @property
    def is_behind(self) -> bool:
        """Whether this Plecs would bring the tables up."""
        return self.version is None or self.version < self.newest


def tables_version(url: str) -> TablesVersion:
    """How the database stands; nothing is changed. Raises NewerError where this Plecs does not run
    on its tables, and UnreachableError."""
    reach(url)
    with opened(url, patient=True) as engine, engine.connect() as connection:
        version, ours = _version(connection), _our_versions()
        _see_that_it_is_known(connection, version, ours)
        return TablesVersion(version, ours.newest, ours.runs_from)


def config_for(connection: Connection) -> "Config":
    """Alembic's settings for our migrations, to be run on the connection."""
    from alembic.config import Config  # noqa: PLC0415 - the same

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    return config


@dataclass(frozen=True, slots=True)
class _OurVersions:
    """Every version of the tables that this Plecs knows; the newest; and the oldest whose Plecs
    runs on that, as the migration says."""

    known: frozenset[str]
    newest: str
    runs_from: str


def _our_versions() -> _OurVersions:
    """Read anew from the migrations' files, which are numbered."""
    files = sorted((_MIGRATIONS / "versions").glob("0*.py"))
    stated = [dict(_STATED.findall(file.read_text("utf-8"))) for file in files]
    newest = stated[-1]
    known = frozenset(one["revision"] for one in stated)
    return _OurVersions(known, newest["revision"], newest["runs_from"])


def _see_that_it_is_known(connection: Connection, version: str | None, ours: _OurVersions) -> None:
    """Raises NewerError for tables on which this Plecs does not run."""
    if version is not None and version not in ours.known:
        if runs_from(connection, version) not in ours.known:
            raise NewerError(version, ours.newest)
        connection.commit()


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


def _version(connection: Connection) -> str | None:
    """The one that Alembic noted, in a table of its own."""
    version: str | None = None
    if inspect(connection).has_table("alembic_version"):
        version = connection.scalar(text("SELECT version_num FROM alembic_version"))
    connection.commit()
    return version
