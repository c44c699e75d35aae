"""Slack's OAuth: where somebody is asked, what Slack gives for their code, and how it is given
back."""

import aiohttp
import structlog
from aiohttp import encode_basic_auth
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.slack.api import UNREACHABLE, slack_client, word_of

log = structlog.get_logger()


def authorize_url(api_url: str) -> str:
    """Where Slack asks somebody whether they allow it."""
    slack = api_url.rstrip("/").removesuffix("/api")
    return f"{slack}/oauth/v2/authorize"


async def exchanged(
    session: aiohttp.ClientSession, api_url: str, client_id: str, client_secret: str, **given: str
) -> AsyncSlackResponse:
    """What Slack gives for a code, or for a token that ends. Raises what calling it does."""
    # Not by the client's own method: that one uses a class which aiohttp is about to drop.
    return await slack_client("", session, api_url).api_call(
        "oauth.v2.access",
        data=given,
        headers={"Authorization": encode_basic_auth(client_id, client_secret)},
    )


async def give_back(token: str, session: aiohttp.ClientSession, api_url: str) -> None:
    """What was not asked for is not kept."""
    try:
        await slack_client(token, session, api_url).auth_revoke()
    except UNREACHABLE as error:
        log.warning("slack.call_failed", method="auth.revoke", error=word_of(error))
