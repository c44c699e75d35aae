"""Which workspace a command is about."""

import asyncio

from bot.cli.run import refuse
from bot.local.team import WORKSPACE as LOCAL_WORKSPACE
from bot.settings import Settings, SettingsError
from bot.slack.check import SlackRefusedError, team_of
from handlers.kit.people import Address


def workspace_or_exit(found: Settings, given: str) -> Address:
    """The workspace that was given, or else the one of the settings, as an address without a
    user. Slack is asked for its own; exit status 1 where it doesn't say."""
    if not found.slack:
        return Address("local", given or LOCAL_WORKSPACE, "")
    return Address("slack", given or _team_or_exit(found), "")


def _team_or_exit(found: Settings) -> str:
    if found.slack_bot_token is None:
        refuse(SettingsError(("Say which workspace it is for: --workspace T...",)))
    token = found.slack_bot_token.get_secret_value()
    try:
        return asyncio.run(team_of(token, found.slack_api_url))
    except SlackRefusedError as refused:
        refuse(SettingsError((str(refused),)))
