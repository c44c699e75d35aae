"""Which deliveries have had their effect, so that a repeated one has none."""

from datetime import datetime, timedelta

from sqlalchemy import Column, Connection, String, Table

from storage.schema import HAPPENED, ID, Instant, Retention, insert_new, metadata

deliveries: Table = Table(
    "deliveries",
    metadata,
    Column("platform", String(16), primary_key=True, info=ID),
    Column("delivery", String(200), primary_key=True, info=ID),
    Column("at", Instant, nullable=False, index=True, info=HAPPENED),
    info={
        "retention": Retention(
            why="A day: platforms repeat a delivery for minutes. Holds the platform's id only.",
            ended=lambda now: deliveries.c.at < now - timedelta(days=1),
        )
    },
)


class SqlDeliveries:
    """`handlers.work.Deliveries` over a connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def is_new(self, platform: str, delivery: str, now: datetime) -> bool:
        row = {"platform": platform, "delivery": delivery, "at": now}
        return insert_new(self._connection, deliveries, [row]) == 1
