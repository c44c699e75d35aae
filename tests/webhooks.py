"""What a telephone system posts, signed by Standard Webhooks."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from standardwebhooks import Webhook

SECRET, FORMER, OTHER = ("whsec_" + one * 8 for one in ("c2Vj", "b2xk", "b3Ro"))


def signed(
    body: bytes, *, secret: str = SECRET, ago: timedelta = timedelta(), delivery: str = ""
) -> dict[str, str]:
    """The headers, as of the machine's own clock."""
    at, delivery = datetime.now(UTC) - ago, delivery or f"msg_{uuid4().hex}"
    return {
        "webhook-id": delivery,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign(delivery, at, body.decode()),
        "Content-Type": "application/json",
    }
