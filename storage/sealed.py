"""Text that only Plecs can read: a copy of the database alone gives nothing away."""

import base64
from collections.abc import Mapping

import structlog
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Connection, inspect, select

from storage.schema import metadata

SEALED: Mapping[str, bool] = {"sealed": True}
"""The `info` of a column that holds sealed text: it is counted by `plecs check` when the key is
another one, and no export has it."""

SEALED_WORDS: Mapping[str, bool] = {"sealed": True, "theirs": True}
"""The same for words that the row's person wrote: their own export has them, opened."""

_KEY_BYTES = 32
_FOR_SEALING = "sealed text"

log = structlog.get_logger()


class Seal:
    """Seals and opens with a key made from SECRET_KEY (Fernet: AES-128-CBC with HMAC-SHA256)."""

    def __init__(self, secret: str) -> None:
        self._fernet = Fernet(base64.urlsafe_b64encode(derived_key(secret, _FOR_SEALING)))

    def seal(self, text: str) -> str:
        """The text, sealed; another time it looks different. Keep it in a Text column whose
        `info` is SEALED."""
        return self._fernet.encrypt(text.encode()).decode()

    def open(self, sealed: str, about: str) -> str | None:
        """What was sealed. None when another key did it, and a line in the log with the id
        `about`: whoever asks goes on as if there were nothing."""
        if (text := self._opened(sealed)) is None:
            log.error("sealed.with_another_key: was SECRET_KEY changed?", about=about)
        return text

    def is_own(self, sealed: str) -> bool:
        """Whether this key sealed it."""
        return self._opened(sealed) is not None

    def _opened(self, sealed: str) -> str | None:
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken:
            return None


def unopened(connection: Connection, seal: Seal) -> int:
    """How many sealed values another key sealed."""
    count = 0
    there = set(inspect(connection).get_table_names())
    for table in metadata.sorted_tables:
        for column in table.c:
            if column.info.get("sealed") and table.name in there:
                kept = connection.scalars(select(column).where(column.is_not(None), column != ""))
                count += sum(not seal.is_own(sealed) for sealed in kept)
    return count


def derived_key(secret: str, purpose: str) -> bytes:
    """32 bytes made from the secret for this purpose alone (HKDF, RFC 5869): two purposes' keys
    say nothing of each other, nor of the secret."""
    return HKDF(SHA256(), _KEY_BYTES, salt=None, info=f"plecs: {purpose}".encode()).derive(
        secret.encode()
    )
