"""Text that only Plecs can read: a copy of the database alone gives nothing away."""

import base64
import hmac
from collections import Counter
from collections.abc import Iterator, Mapping
from enum import Enum, auto

import structlog
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Column, ColumnElement, Connection, and_, inspect, select

from handlers.kit.unread import Unread
from storage.schema import metadata

SEALED: Mapping[str, bool] = {"sealed": True}
"""The `info` of a column that holds sealed text: it is counted by `plecs check` when the key is
another one, and no export has it."""

SEALED_WORDS: Mapping[str, bool] = {"sealed": True, "theirs": True}
"""The same for words that the row's person wrote: their own export has them, opened."""

UNDER = "under"
"""In a column's `info`: given a connection and a row, the Seal under which the words were sealed
before they were sealed with SECRET_KEY's; None where it is gone, and the words with it."""

_KEY_BYTES = 32
_FOR_SEALING = "sealed text"
_FOR_MARKS = "marks"
_NO_TIME = 0
"""Fernet writes readably when something was sealed, and that may tell with what else it was."""

log = structlog.get_logger()


class Under(Enum):
    """Which secret sealed a text: the one that seals now, one before it, or none that is known."""

    NEWEST = auto()
    FORMER = auto()
    OTHER = auto()


class Seal:
    """Seals with a key made from the first of the secrets, and opens what any of them sealed
    (Fernet: AES-128-CBC with HMAC-SHA256)."""

    def __init__(self, *secrets: str) -> None:
        made = [
            Fernet(base64.urlsafe_b64encode(derived_key(secret, _FOR_SEALING)))
            for secret in secrets
        ]
        self._newest = made[0]
        self._all = MultiFernet(made)
        self._marking = derived_key(secrets[0], _FOR_MARKS)

    def seal(self, text: str) -> str:
        """The text, sealed; another time it looks different. Keep it in a Text column whose
        `info` is SEALED."""
        return self._all.encrypt_at_time(text.encode(), _NO_TIME).decode()

    def open(self, sealed: str, about: str) -> str | None:
        """What was sealed. None when another key did it, and a line in the log with the id
        `about`: whoever asks goes on as if there were nothing, and puts nothing in its
        place."""
        if (text := _opened(self._all, sealed)) is None:
            log.error("sealed.with_another_key: was SECRET_KEY changed?", about=about)
        return text

    def seal_words(self, words: str) -> str:
        """Words as they are kept: none as nothing, and what could not be read as it stood."""
        if isinstance(words, Unread):
            return words.sealed
        return self.seal(words) if words else ""

    def words(self, kept: str, about: str) -> str:
        """What `seal_words` kept; Unread, with a line in the log, when another key sealed it."""
        if not kept:
            return ""
        opened = self.open(kept, about)
        return Unread(kept) if opened is None else opened

    def mark(self, text: str) -> str:
        """64 characters that stand for the text, the same each time: found again by whoever has
        the secret and the text, and by nobody who has the database alone (HMAC-SHA256)."""
        return hmac.digest(self._marking, text.encode(), "sha256").hex()

    def under(self, sealed: str) -> Under:
        """Which secret sealed it."""
        if _opened(self._newest, sealed) is not None:
            return Under.NEWEST
        return Under.OTHER if _opened(self._all, sealed) is None else Under.FORMER

    def anew(self, sealed: str) -> str:
        """The same text under the newest secret. Raises InvalidToken for what none of them
        sealed."""
        return self._all.rotate(sealed.encode()).decode()


def sealed_columns(connection: Connection) -> Iterator[Column[str]]:
    """Every column of the database that holds sealed text."""
    there = set(inspect(connection).get_table_names())
    for table in metadata.sorted_tables:
        if table.name in there:
            yield from (column for column in table.c if column.info.get("sealed"))


def has_words(column: Column[str]) -> ColumnElement[bool]:
    """Where there is anything sealed: nothing, and no words, are written as they are."""
    return and_(column.is_not(None), column != "")


def count_sealed(connection: Connection, seal: Seal) -> Counter[Under]:
    """How many sealed values there are under which secret."""
    return Counter(
        seal.under(sealed)
        for column in sealed_columns(connection)
        for sealed in connection.scalars(select(column).where(has_words(column)))
    )


def _opened(key: Fernet | MultiFernet, sealed: str) -> str | None:
    try:
        return key.decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None


def derived_key(secret: str, purpose: str) -> bytes:
    """32 bytes made from the secret for this purpose alone (HKDF, RFC 5869): two purposes' keys
    say nothing of each other, nor of the secret."""
    return HKDF(SHA256(), _KEY_BYTES, salt=None, info=f"plecs: {purpose}".encode()).derive(
        secret.encode()
    )
