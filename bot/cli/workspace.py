"""Which workspace a command is about."""

import asyncio
from collections.abc import Sequence
from typing import Annotated

import typer

from bot.cli.run import refuse
from bot.fronts import places_of, slack_place
from bot.local.team import WORKSPACE as LOCAL_WORKSPACE
from bot.settings import Settings, SettingsError
from handlers.kit.people import Address

WorkspaceOption = Annotated[
    str, typer.Option(help="The Slack workspace's ID (T...); Slack is asked if left out.")
]


def workspace_or_exit(found: Settings, given: str) -> Address:
    """The workspace that was given, or else the one of the settings, as an address without a
    user. Slack is asked for its own; exit status 1 where it doesn't say."""
    if found.slack:
        return Address("slack", given, "") if given else _asked_or_exit(found)
    if found.teams:
        return Address("teams", given or found.teams_tenant_id, "")
    return Address("local", given or LOCAL_WORKSPACE, "")


def places_or_exit(found: Settings, given: str) -> Sequence[Address]:
    """The workspaces of all platforms that are set, as addresses without a user, or the one that
    was given. Exit status 1 where Slack doesn't say its own."""
    try:
        several = () if given else asyncio.run(places_of(found))
    except SettingsError as error:
        refuse(*error.problems, status=error.status)
    return several or (workspace_or_exit(found, given),)


def _asked_or_exit(found: Settings) -> Address:
    if found.slack_bot_token is None:
        refuse("Say which workspace it is for: --workspace T...")
    try:
        return asyncio.run(slack_place(found))
    except SettingsError as error:
        refuse(*error.problems, status=error.status)
