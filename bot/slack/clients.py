"""With which token Plecs speaks to Slack, workspace by workspace."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from time import monotonic
from typing import Protocol

import aiohttp
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.slack.api import slack_client

_REMEMBERED = 1000
"""Workspaces whose tokens a process knows without asking the database."""

_FOR = 60.0
"""Seconds that it believes in a token: another replica may have got a new one, or been told that
the app is gone."""


class NotInstalledError(SlackClientError):
    """Plecs is not installed in the workspace."""


class SlackClients(Protocol):
    """Gives the client for a workspace."""

    @property
    def any(self) -> AsyncWebClient:
        """One for what needs no token of a workspace's."""
        ...

    async def of(self, workspace: str, *, urgent: bool = False) -> AsyncWebClient:
        """The workspace's; `urgent`: with connections of its own, for what may wait for no others'.
        Raises NotInstalledError."""
        ...

    async def own(self, workspace: str) -> str:
        """The workspace that the client of `workspace` is for. Raises what calling Slack does."""
        ...

    def forget(self, workspace: str) -> None:
        """What is known of the workspace's token is out of date."""
        ...


def workspace_in(told: AsyncSlackResponse) -> str:
    """The workspace that a token is for, by what auth.test told of it; or the organisation, where
    the app is installed in the whole of one."""
    whole = told.get("is_enterprise_install") and told.get("enterprise_id")
    return str(whole or told["team_id"])


class OneWorkspace:
    """A token that the settings name: every workspace's client is the same."""

    def __init__(self, client: AsyncWebClient, urgent: AsyncWebClient | None = None) -> None:
        self.any = client
        self._urgent = urgent or client
        self._workspace = ""

    async def of(self, _workspace: str, *, urgent: bool = False) -> AsyncWebClient:
        return self._urgent if urgent else self.any

    async def own(self, _workspace: str) -> str:
        if not self._workspace:
            self._workspace = workspace_in(await self.any.auth_test())
        return self._workspace

    def forget(self, workspace: str) -> None:
        """The settings don't change."""


@dataclass(frozen=True, slots=True)
class _Known:
    usual: AsyncWebClient
    urgent: AsyncWebClient
    until: float


class ManyWorkspaces:
    """Tokens that are kept: `token` answers a workspace's, or None."""

    def __init__(
        self,
        token: Callable[[str], Awaitable[str | None]],
        session: aiohttp.ClientSession,
        urgent: aiohttp.ClientSession,
        api_url: str,
    ) -> None:
        self.any = slack_client("", session, api_url)
        self._token = token
        self._sessions = session, urgent
        self._api_url = api_url
        self._known: OrderedDict[str, _Known] = OrderedDict()

    async def of(self, workspace: str, *, urgent: bool = False) -> AsyncWebClient:
        known = self._known.get(workspace)
        if known is None or known.until < monotonic():
            known = await self._ask(workspace)
        return known.urgent if urgent else known.usual

    async def own(self, workspace: str) -> str:
        await self.of(workspace)
        return workspace

    def forget(self, workspace: str) -> None:
        self._known.pop(workspace, None)

    async def _ask(self, workspace: str) -> _Known:
        token = await self._token(workspace)
        self.forget(workspace)
        if token is None:
            raise NotInstalledError(workspace)
        usual, urgent = (slack_client(token, one, self._api_url) for one in self._sessions)
        known = self._known[workspace] = _Known(usual, urgent, monotonic() + _FOR)
        if len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)
        return known
