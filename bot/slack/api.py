"""Slack's Web API: a client for a token, and what its errors say."""

import logging
from typing import Any

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

log = structlog.get_logger()

SLACK_API_URL = "https://slack.com/api/"

TIMEOUT = 8
"""Seconds for one call of Slack's API; an answer takes a tenth of that on a good day."""

URGENT_TIMEOUT = 4
"""Seconds for one that is urgent: whoever is pinged elsewhere, or told that nobody heard, must not
wait for the other to hang for longer."""

UNREACHABLE = (SlackClientError, aiohttp.ClientError, OSError)
"""What a call raises when Slack refuses or can't be reached in time. (Timeouts are OSErrors.)"""


def slack_client(token: str, session: aiohttp.ClientSession, url: str = "") -> AsyncWebClient:
    """A client of Slack's API for one workspace's token.

    It repeats nothing by itself: slack_sdk's own handler sends a POST again after a reset, and a
    message that had arrived would stand there twice.
    """
    return AsyncWebClient(
        token=token,
        base_url=url or SLACK_API_URL,
        session=session,
        retry_handlers=[],
        logger=quiet_logger(),
    )


def quiet_logger() -> logging.Logger:
    """For Bolt and slack_sdk, whose own lines quote requests, and with them people's words."""
    quiet = logging.getLogger("plecs.slack")
    quiet.setLevel(logging.CRITICAL)
    return quiet


def slack_session(seconds: float = TIMEOUT) -> aiohttp.ClientSession:
    """Connections to Slack that stay open between calls of at most so long. Needs a running event
    loop."""
    return aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=seconds))


async def respond(url: str, body: dict[str, Any], client: AsyncWebClient) -> int:
    """Says something at a response_url, with the client's connections; the HTTP status, 0 where
    Slack could not be reached."""
    hook = AsyncWebhookClient(url, timeout=TIMEOUT, session=client.session, retry_handlers=[])
    try:
        return (await hook.send_dict(body)).status_code
    except (aiohttp.ClientError, OSError) as error:
        log.warning("slack.call_failed", method="response_url", error=type(error).__name__)
        return 0


def word_of(error: Exception) -> str:
    """Slack's word for what went wrong, else the error's kind. Never what was sent."""
    data = getattr(getattr(error, "response", None), "data", None)
    word = data.get("error") if isinstance(data, dict) else None
    return word if isinstance(word, str) else type(error).__name__


def http_of(error: SlackApiError) -> tuple[int, Any]:
    """The answer's status and headers; slack_sdk gives aiohttp's own answer where it could not
    read the body."""
    response = error.response
    status = getattr(response, "status_code", None) or getattr(response, "status", None)
    return status or 0, response.headers


def seconds_of(retry_after: str | None) -> float:
    """Slack's Retry-After, whole seconds; one when it is missing or odd."""
    try:
        return max(float(retry_after or 1), 1.0)
    except ValueError:
        return 1.0
