"""Whether the database keeps what it is given: each process writes that it lives."""

from datetime import datetime, timedelta

from sqlalchemy import Column, Connection, String, Table

from storage.schema import HAPPENED, ID, Instant, Retention, metadata, put_all

heartbeats: Table = Table(
    "heartbeats",
    metadata,
    Column("process", String(32), primary_key=True, info=ID),
    Column("at", Instant, nullable=False, index=True, info=HAPPENED),
    info={
        "retention": Retention(
            why="An hour after the process last wrote it. Names nobody.",
            ended=lambda now: heartbeats.c.at < now - timedelta(hours=1),
        )
    },
)


class SqlHeartbeats:
    """The processes' heartbeats over a connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def beat(self, process: str, now: datetime) -> None:
        """Writes that the process lives. A row of its own: none waits for another one's."""
        put_all(self._connection, heartbeats, [{"process": process, "at": now}])
