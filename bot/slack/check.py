"""Whether Slack knows Plecs, and lets it do what its manifest asks for."""

from collections.abc import Mapping
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.slack.api import UNREACHABLE, slack_client, slack_session, word_of
from bot.slack.clients import workspace_in
from bot.slack.oauth import exchanged

_REMEDIES = {
    "account_inactive": "the app was removed from the workspace: install it again",
    "invalid_auth": (
        "SLACK_BOT_TOKEN is not a token Slack knows: copy the Bot User OAuth Token (xoxb-...) "
        "from OAuth & Permissions"
    ),
    "not_authed": "SLACK_BOT_TOKEN is empty: copy it from OAuth & Permissions",
    "token_expired": "SLACK_BOT_TOKEN has expired: turn token rotation off, install again",
    "token_revoked": "SLACK_BOT_TOKEN was revoked: install the app again and copy the new one",
}


class SlackRefusedError(Exception):
    """Slack does not take the token, or can't be reached. The message is a sentence with its
    remedy."""


async def check(token: str, api_url: str, manifest: Mapping[str, Any]) -> list[str]:
    """Calls auth.test and compares the granted scopes with the manifest's. Each problem is a
    sentence with its remedy; none is an empty list."""
    try:
        answer = await _auth_test(token, api_url)
    except SlackRefusedError as refused:
        return [str(refused)]
    asked = set(manifest["oauth_config"]["scopes"]["bot"])
    granted = {scope.strip() for scope in answer.headers.get("x-oauth-scopes", "").split(",")}
    problems = []
    if not answer.get("bot_id"):
        problems.append("SLACK_BOT_TOKEN is not a bot's: it begins with xoxb-")
    if asked - granted:
        problems.append(
            f"Slack has not granted {', '.join(sorted(asked - granted))}: paste app.yaml under "
            "App Manifest and install the app again"
        )
    return problems


async def check_client(client_id: str, client_secret: str, api_url: str) -> list[str]:
    """Asks for a token with a code that nobody was given: Slack says whether it knows the app by
    its id and secret before it looks at the code. Each problem is a sentence with its remedy."""
    async with slack_session() as session:
        try:
            await exchanged(session, api_url, client_id, client_secret, code="plecs-check")
        except SlackApiError as error:
            word = word_of(error)
            return [_CLIENT_REMEDIES[word]] if word in _CLIENT_REMEDIES else []
        except UNREACHABLE:
            return []  # told with the token already
    return []


_CLIENT_REMEDIES = {
    "bad_client_secret": (
        "SLACK_CLIENT_SECRET is not that of SLACK_CLIENT_ID: copy both from Basic Information > "
        "App Credentials"
    ),
    "invalid_client_id": (
        "SLACK_CLIENT_ID is no app that Slack knows: copy it from Basic Information > App "
        "Credentials"
    ),
}


async def team_of(token: str, api_url: str) -> str:
    """The id of the workspace, or whole organisation, that the token is for. Raises
    SlackRefusedError."""
    return workspace_in(await _auth_test(token, api_url))


async def _auth_test(token: str, api_url: str) -> AsyncSlackResponse:
    async with slack_session() as session:
        try:
            return await slack_client(token, session, api_url).auth_test()
        except SlackApiError as error:
            word = word_of(error)
            raise SlackRefusedError(
                _REMEDIES.get(word, f"Slack refused SLACK_BOT_TOKEN: {word}")
            ) from None
        except UNREACHABLE as error:
            raise SlackRefusedError(
                f"Slack can't be reached at {api_url or 'its address'}: {word_of(error)}"
            ) from None
