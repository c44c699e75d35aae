"""What other systems post, signed by Standard Webhooks."""

from collections.abc import Mapping, Sequence

from aiohttp import web
from standardwebhooks import Webhook, WebhookVerificationError

LARGEST = 64 * 1024
"""Bytes of one post."""

LONGEST_ID = 200
"""Characters of `webhook-id`."""


def refused(status: int, field: str, reason: str) -> web.Response:
    """What is wrong with a post, at which of its fields."""
    return web.json_response({"field": field, "reason": reason}, status=status)


def busy(seconds: int) -> web.Response:
    """It may come again after so many seconds."""
    answer = refused(429, "", "too many at once: come again")
    answer.headers["Retry-After"] = str(seconds)
    return answer


class WebhookSignatures:
    """Knows what is signed with one of the secrets, as `whsec_...`, and not too old."""

    def __init__(self, secrets: Sequence[str]) -> None:
        self._signers = [Webhook(secret) for secret in secrets]

    def hold(self, body: bytes, headers: Mapping[str, str]) -> bool:
        """Whether one of them signed this body with these headers lately."""
        for signer in self._signers:
            try:
                signer.verify(body, dict(headers), json_parse=False)
            except (WebhookVerificationError, ValueError, OverflowError):
                continue
            return True
        return False
