"""Slack's door, for the wiring."""

from collections.abc import Mapping, Sequence

import aiohttp
from aiohttp import web

from bot.desk import Desk
from bot.front import Job, Woken
from bot.rendering import ChartUrl
from bot.settings import Settings
from bot.slack.listen import SlackListener
from bot.slack.permission import PermissionPages
from bot.slack.send import URGENT_TIMEOUT, SlackPlatform, slack_client, slack_session
from bot.slack.statuses import PermissionLinks, SlackStatuses
from handlers import router
from handlers.kit.ports import Platform, Statuses
from scheduling.clock import Clock, system_clock

_QUIET_EVERY = 600.0
"""Seconds between looks at whose do-not-disturb has ended: well before it holds again."""


class SlackFront:
    """One Slack workspace, over HTTP or over a socket."""

    def __init__(
        self, settings: Settings, chart_url: ChartUrl, clock: Clock = system_clock
    ) -> None:
        self.clock = clock
        assert settings.slack_bot_token is not None, "settings refuse Slack without a token"
        self._settings = settings
        self._chart_url = chart_url
        self._session: aiohttp.ClientSession = slack_session()
        self._urgent_session = slack_session(URGENT_TIMEOUT)
        token, url = settings.slack_bot_token.get_secret_value(), settings.slack_api_url
        self._client = slack_client(token, self._session, url)
        urgent = slack_client(token, self._urgent_session, url)
        self.platforms: Mapping[str, Platform] = {
            "slack": SlackPlatform(self._client, chart_url=chart_url, urgent=urgent)
        }
        self._links: PermissionLinks | None = None
        self.statuses: Mapping[str, Statuses] = {}
        if settings.slack_client_id:
            self._links = PermissionLinks(settings.public_url, *settings.secrets())
            slack_statuses = SlackStatuses(self._links, self._session, settings.slack_api_url)
            self.statuses = {"slack": slack_statuses}
        where = "over a socket" if settings.socket_mode else f"at {settings.own_url}/slack/events"
        self.greeting: Sequence[str] = (f"Plecs serves Slack {where}. Try /hand there.",)

    def open(self, desk: Desk, *_woken: Woken) -> None:
        secret, app_token = self._settings.slack_signing_secret, self._settings.slack_app_token
        self._listener = SlackListener(
            desk,
            router.ROUTES,
            self._client,
            signing_secret=secret.get_secret_value() if secret else "",
            app_token=app_token.get_secret_value() if app_token else "",
            chart_url=self._chart_url,
        )
        if self._links is not None:
            proof = self._settings.slack_client_secret
            assert proof is not None, "settings refuse SLACK_CLIENT_ID without its secret"
            self._pages = PermissionPages(
                desk,
                self._links,
                self._session,
                api_url=self._settings.slack_api_url,
                client_id=self._settings.slack_client_id,
                client_secret=proof.get_secret_value(),
            )

    def routes(self) -> Sequence[web.RouteDef]:
        pages = self._pages.routes() if self._links is not None else []
        return [*self._listener.routes(), *pages]

    def jobs(self) -> Sequence[tuple[float, Job]]:
        return ((_QUIET_EVERY, self._listener.look_up_quiet_again),)

    async def start(self) -> None:
        await self._listener.start()

    async def closing(self, _app: web.Application) -> None:
        """Slack keeps nothing open."""

    async def stop(self) -> None:
        await self._listener.stop()
        await self._session.close()
        await self._urgent_session.close()
