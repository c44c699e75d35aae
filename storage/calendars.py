"""The secret addresses of people's calendars: found by their hash, shown again from a seal."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Column, Connection, ForeignKey, String, Table, Text, delete, select

from handlers.common.calendars import CalendarAddresses
from storage.people.tables import people
from storage.schema import (
    HAPPENED,
    ID,
    Instant,
    Retention,
    metadata,
    person_column,
)
from storage.sealed import SEALED, Seal
from storage.secret_addresses import SqlSecrets, is_secret, short_marks
from storage.work import SqlWork, repository

calendar_addresses: Table = Table(
    "calendar_addresses",
    metadata,
    person_column("person", ForeignKey(people.c.id, ondelete="CASCADE"), primary_key=True),
    Column("mark", String(64), nullable=False, unique=True, info=ID),
    Column("sealed", Text, nullable=False, info=dict(SEALED)),
    Column("made_at", Instant, nullable=False, info=HAPPENED),
    info={
        "retention": Retention(
            why="Until its owner renews or stops it. Sealed, and found by its hash.",
        )
    },
)


class SqlCalendarAddresses:
    """`handlers.common.calendars.CalendarAddresses` over a connection."""

    def __init__(self, connection: Connection, seal: Callable[[], Seal]) -> None:
        self._connection = connection
        self._secrets = SqlSecrets(connection, seal, calendar_addresses)

    def secret(self, person: str) -> str | None:
        return self._secrets.of(person)

    def renew(self, person: str, now: datetime) -> str:
        return self._secrets.renew(person, now)

    def stop(self, person: str) -> None:
        self._connection.execute(
            delete(calendar_addresses).where(calendar_addresses.c.person == person)
        )

    def owner(self, secret: str) -> str | None:
        found: str | None = self._connection.execute(
            select(calendar_addresses.c.person)
            .join(people, people.c.id == calendar_addresses.c.person)
            .where(is_secret(calendar_addresses, secret), people.c.active)
        ).scalar_one_or_none()
        return found


def short_marks_of_calendars(work: SqlWork) -> set[bytes]:
    """What tells the secrets that open something from guesses."""
    return short_marks(work, calendar_addresses)


@repository(CalendarAddresses)
def calendars_of(work: SqlWork) -> SqlCalendarAddresses:
    return SqlCalendarAddresses(work.connection, lambda: work.seal)
