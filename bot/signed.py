"""Values that travel in an address, signed: whoever reads them knows that Plecs wrote them, and
replicas need not share anything."""

import base64
import binascii
import hmac
import json
from typing import Any

_SIGNATURE_BYTES = 32


class Signed:
    """Signs with one key and SHA-256 (HMAC); another purpose has another key."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def token(self, values: object) -> str:
        """The values, which JSON can write, as text that may stand in an address."""
        body = json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()
        return base64.urlsafe_b64encode(self._signature(body) + body).decode().rstrip("=")

    def values(self, token: str) -> Any:
        """What the token was made of; None for one that was not made here."""
        try:
            signed = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        except (binascii.Error, ValueError):
            return None
        signature, body = signed[:_SIGNATURE_BYTES], signed[_SIGNATURE_BYTES:]
        if not hmac.compare_digest(signature, self._signature(body)):
            return None
        return json.loads(body)

    def _signature(self, body: bytes) -> bytes:
        return hmac.digest(self._key, body, "sha256")
