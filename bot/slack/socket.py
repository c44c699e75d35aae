"""Socket Mode: Slack's requests over a connection that Plecs opens."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import structlog
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.api import UNREACHABLE, quiet_logger, word_of

log = structlog.get_logger()

_CONNECT_AGAIN_AFTER = 60
"""The longest pause, in seconds, between attempts to connect the socket."""

Later = Callable[[Coroutine[Any, Any, None]], None]


class Socket(AsyncSocketModeHandler):
    """Socket Mode, with each request in a task of its own: slack_sdk's client waits for one to
    be answered before it reads the next."""

    def __init__(self, app: AsyncApp, app_token: str, client: AsyncWebClient, later: Later) -> None:
        super().__init__(app, app_token, logger=quiet_logger(), web_client=client)
        self._web_client = client
        self._token = app_token
        self._later = later
        self._connecting: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Connects, and goes on trying when Slack is not there."""
        self._connecting = asyncio.create_task(self._connect())

    async def end(self) -> None:
        """Takes nothing new."""
        if self._connecting is not None:
            self._connecting.cancel()
        await self.client.close()  # type: ignore[no-untyped-call]  # slack_sdk left it so

    async def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]  # as in slack_bolt's own
        self._later(super().handle(client, req))

    async def _connect(self) -> None:
        """Asks for the socket's address itself: slack_sdk tries on in silence for ever."""
        pause = 1
        while True:
            try:
                answer = await self._web_client.apps_connections_open(app_token=self._token)
            except UNREACHABLE as error:
                log.warning(
                    "slack.not_connected: does SLACK_APP_TOKEN have the scope connections:write?",
                    error=word_of(error),
                )
                await asyncio.sleep(pause)
                pause = min(2 * pause, _CONNECT_AGAIN_AFTER)
            else:
                self.client.wss_uri = answer["url"]
                await self.client.connect()  # type: ignore[no-untyped-call]  # slack_sdk left it so
                return
