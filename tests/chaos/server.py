"""A PostgreSQL database that can be made to fail, by nothing but its own SQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import psycopg
from psycopg import sql

_DISK = """
CREATE OR REPLACE FUNCTION disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    {}
    RETURN NULL;
END $$
"""
_FULL = _DISK.format(
    "RAISE 'could not extend file: No space left on device' USING ERRCODE = 'disk_full';"
)
_ROOMY = _DISK.format("")

# What Plecs asks for without a schema is looked for here first.
_CLOCK = """
CREATE TABLE chaos_clock AS SELECT interval '0' AS ahead;
CREATE FUNCTION clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE AS
    'SELECT pg_catalog.clock_timestamp() + ahead FROM chaos_clock';
"""


@dataclass(frozen=True, slots=True)
class ChaosServer:
    """The database `name`, as whoever runs the server sees it at `address`; Plecs comes as a `role`
    of the same name, which limits hold."""

    address: str
    name: str

    def read_only(self) -> None:
        """What a standby is; who is connected learns of it by being cut off."""
        self.alter("ALTER DATABASE {} SET default_transaction_read_only = on")
        self.end_connections()

    def writable(self) -> None:
        self.alter("ALTER DATABASE {} RESET default_transaction_read_only")
        self.end_connections()

    def full(self) -> None:
        """Whatever is written is refused with the server's own word for a full disk."""
        with self.inside() as connection:
            connection.execute(_FULL)
            tables = connection.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            ).fetchall()
            for (table,) in tables:
                connection.execute(
                    sql.SQL(
                        "CREATE OR REPLACE TRIGGER disk BEFORE INSERT OR UPDATE OR DELETE ON {} "
                        "EXECUTE FUNCTION disk()"
                    ).format(sql.Identifier(table))
                )

    def roomy(self) -> None:
        with self.inside() as connection:
            connection.execute(_ROOMY)

    def crowded(self) -> None:
        """It takes two connections of Plecs, for all replicas."""
        self.alter("ALTER ROLE {} CONNECTION LIMIT 2")
        self.end_connections()

    def spacious(self) -> None:
        self.alter("ALTER ROLE {} CONNECTION LIMIT -1")

    def set_clock(self, ahead: float) -> None:
        """So many seconds ahead of the machine's, for whoever asks without a schema."""
        with self.inside() as connection:
            connection.execute("UPDATE chaos_clock SET ahead = make_interval(secs => %s)", (ahead,))

    def end_connections(self) -> None:
        """Ends all of Plecs', as a fail-over does."""
        with psycopg.connect(self.address, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s",
                (self.name,),
            )

    @contextmanager
    def inside(self) -> Iterator[psycopg.Connection[Any]]:
        """In the database; each statement is a transaction, which waits for nobody's for long."""
        with psycopg.connect(self.address, dbname=self.name, autocommit=True) as connection:
            yield connection

    def alter(self, statement: str) -> None:
        """The statement, with the name wherever it says {}."""
        whole = sql.SQL(statement.replace("{}", "{0}")).format(sql.Identifier(self.name))
        with psycopg.connect(self.address, autocommit=True) as connection:
            connection.execute(whole)


@contextmanager
def server(address: str) -> Iterator[ChaosServer]:
    """A database for one run, whose clock can be set. Whoever is at the address may make roles."""
    made = ChaosServer(address, f"plecs_{uuid4().hex[:12]}")
    made.alter("CREATE ROLE {} LOGIN PASSWORD 'plecs'")
    made.alter("CREATE DATABASE {} OWNER {}")
    made.alter("ALTER DATABASE {} SET search_path = public, pg_catalog")
    with made.inside() as connection:
        connection.execute(_CLOCK)
        connection.execute(
            sql.SQL("GRANT SELECT ON chaos_clock TO {}").format(sql.Identifier(made.name))
        )
    try:
        yield made
    finally:
        made.alter("DROP DATABASE {} WITH (FORCE)")
        made.alter("DROP ROLE {}")
