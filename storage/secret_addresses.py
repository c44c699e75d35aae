"""Addresses with a secret in them: found by its hash, shown again from a seal."""

import secrets
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256

from sqlalchemy import ColumnElement, Connection, Table, select

from handlers.kit.unread import see_read
from storage.schema import put_all
from storage.sealed import Seal
from storage.work import SqlWork

_SECRET_BYTES = 32
"""Written in hex: people copy it out of chats, where other signs might mean markup or a line's end.
"""


class SqlSecrets:
    """The secrets in a table: a row for each owner, who is its primary key, with the `mark` of the
    secret, the secret `sealed`, and when it was `made_at`."""

    def __init__(self, connection: Connection, seal: Callable[[], Seal], table: Table) -> None:
        self._connection = connection
        self._seal = seal
        self._table = table
        (self._owner,) = table.primary_key.columns

    def of(self, owner: str) -> str | None:
        """The owner's secret, as far as one was made. Raises UnreadError where another SECRET_KEY
        sealed it: it goes on opening what it opens, and none is made beside it unasked."""
        sealed = self._connection.execute(
            select(self._table.c.sealed).where(self._owner == owner)
        ).scalar_one_or_none()
        if sealed is None:
            return None
        secret = self._seal().words(sealed, owner)
        see_read(secret)
        return secret

    def renew(self, owner: str, now: datetime) -> str:
        """Makes a new one in place of the one before."""
        secret = secrets.token_hex(_SECRET_BYTES)
        row = {
            self._owner.name: owner,
            "mark": _mark(secret),
            "sealed": self._seal().seal(secret),
            "made_at": now,
        }
        put_all(self._connection, self._table, [row])
        return secret


def is_secret(table: Table, secret: str) -> ColumnElement[bool]:
    """Whether a row is this secret's. How long a look at an index takes says something about the
    hash, and so nothing about the secret."""
    return table.c.mark == _mark(secret)


def short_mark(secret: str) -> bytes:
    """What tells a secret that opens something from a guess, without a look into the database."""
    return bytes.fromhex(_mark(secret))[:8]


def short_marks(work: SqlWork, table: Table) -> set[bytes]:
    """Those of all secrets that open something."""
    marks = work.connection.scalars(select(table.c.mark))
    return {bytes.fromhex(mark)[:8] for mark in marks}


def _mark(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
