"""Whether Slack knows Plecs, and lets it do what its manifest asks for."""

from collections.abc import Mapping
from typing import Any

from slack_sdk.errors import SlackApiError

from bot.slack.outbound import UNREACHABLE, slack_client, slack_session, word_of

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


async def check(token: str, api_url: str, manifest: Mapping[str, Any]) -> list[str]:
    """Calls auth.test and compares the granted scopes with the manifest's. Each problem is a
    sentence with its remedy; none is an empty list."""
    async with slack_session() as session:
        try:
            answer = await slack_client(token, session, api_url).auth_test()
        except SlackApiError as error:
            word = word_of(error)
            return [_REMEDIES.get(word, f"Slack refused SLACK_BOT_TOKEN: {word}")]
        except UNREACHABLE as error:
            return [f"Slack can't be reached at {api_url or 'its address'}: {word_of(error)}"]
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
