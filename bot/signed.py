"""Values that travel in an address, signed: whoever reads them knows that Plecs wrote them, and
replicas need not share anything."""

from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from itsdangerous import BadData, URLSafeSerializer


class Signed:
    """Signs for one purpose: what was signed for another is not read, with the same secret either.

    `secrets` are newest first. The first one signs; what the others signed is read as well, so
    that an address that was given out before the key was changed opens until its time is over.
    """

    def __init__(self, purpose: str, *secrets: str) -> None:
        self._serializer = URLSafeSerializer(
            list(reversed(secrets)),
            salt=purpose,
            signer_kwargs={"key_derivation": "hmac", "digest_method": sha256},
        )

    def token(self, values: object) -> str:
        """The values, which JSON can write, as text that may stand in an address."""
        return str(self._serializer.dumps(values))

    def values(self, token: str) -> Any:
        """What the token was made of; None for one that was not made here."""
        try:
            return self._serializer.loads(token)
        except BadData:
            return None

    def token_until(self, values: object, until: datetime) -> str:
        """The same for values that are good until then, in whole seconds."""
        return self.token([values, int(until.timestamp())])

    def values_until(self, token: str) -> tuple[Any, datetime] | None:
        """What such a token was made of, and until when it is good: what follows once that is over
        is for whoever asks to say."""
        match self.values(token):
            case [values, int(until)]:
                return values, datetime.fromtimestamp(until, UTC)
            case _:
                return None
