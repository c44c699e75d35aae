"""The secret addresses of people's calendars: found by their hash, shown again from a seal."""

import secrets
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Column, Connection, ForeignKey, String, Table, Text, delete, select

from handlers.supervision.calendar.model import CalendarAddresses
from storage.people.tables import people
from storage.schema import (
    HAPPENED,
    ID,
    Instant,
    Retention,
    metadata,
    person_column,
    put_all,
)
from storage.sealed import SEALED, Seal
from storage.work import SqlWork, repository

SECRET_BYTES = 32
"""Written in hex: people copy it out of chats, where other signs might mean markup or a line's end.
"""

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
    """`handlers.supervision.calendar.model.CalendarAddresses` over a connection."""

    def __init__(self, connection: Connection, seal: Seal) -> None:
        self._connection = connection
        self._seal = seal

    def secret(self, person: str) -> str | None:
        sealed = self._connection.execute(
            select(calendar_addresses.c.sealed).where(calendar_addresses.c.person == person)
        ).scalar_one_or_none()
        return None if sealed is None else self._seal.open(sealed, person)

    def renew(self, person: str, now: datetime) -> str:
        secret = secrets.token_hex(SECRET_BYTES)
        row = {
            "person": person,
            "mark": _mark(secret),
            "sealed": self._seal.seal(secret),
            "made_at": now,
        }
        put_all(self._connection, calendar_addresses, [row])
        return secret

    def stop(self, person: str) -> None:
        self._connection.execute(
            delete(calendar_addresses).where(calendar_addresses.c.person == person)
        )

    def owner(self, secret: str) -> str | None:
        # How long a look at an index takes says something about the hash, and so nothing about
        # the secret.
        found: str | None = self._connection.execute(
            select(calendar_addresses.c.person)
            .join(people, people.c.id == calendar_addresses.c.person)
            .where(calendar_addresses.c.mark == _mark(secret), people.c.active)
        ).scalar_one_or_none()
        return found


def short_mark(secret: str) -> bytes:
    """What tells a secret that opens something from a guess, without a look into the database."""
    return bytes.fromhex(_mark(secret))[:8]


def short_marks(work: SqlWork) -> set[bytes]:
    """Those of all secrets that open something."""
    marks = work.connection.scalars(select(calendar_addresses.c.mark))
    return {bytes.fromhex(mark)[:8] for mark in marks}


def _mark(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


@repository(CalendarAddresses)
def calendars_of(work: SqlWork) -> SqlCalendarAddresses:
    return SqlCalendarAddresses(work.connection, work.seal)
