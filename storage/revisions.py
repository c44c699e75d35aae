"""Which versions of the tables there were, and the oldest whose Plecs runs on each: so two of them
may run side by side, and one can go back."""

from sqlalchemy import Column, Connection, String, Table, inspect, select

from storage.schema import ID, Retention, metadata, put_all

revisions = Table(
    "revisions",
    metadata,
    Column("revision", String(32), primary_key=True, info=ID),
    Column("runs_from", String(32), nullable=False, info=ID),
    info={"retention": Retention(why="As long as the database. Names nobody.")},
)


def note_revision(connection: Connection, revision: str, runs_from: str) -> None:
    """Writes that a Plecs which knows the version `runs_from` runs on the tables of `revision`."""
    put_all(connection, revisions, [{"revision": revision, "runs_from": runs_from}])


def runs_from(connection: Connection, revision: str) -> str | None:
    """The oldest version whose Plecs runs on these tables; None where nothing says so."""
    if not inspect(connection).has_table(revisions.name):
        return None
    found = select(revisions.c.runs_from).where(revisions.c.revision == revision)
    return connection.execute(found).scalar_one_or_none()
