"""Slack's door, for the wiring."""

from collections.abc import Mapping, Sequence

import aiohttp
from aiohttp import web

from bot.desk import Desk
from bot.front import Job, Woken
from bot.rendering import ChartUrl
from bot.settings import Settings
from bot.signed import Signed
from bot.slack.api import URGENT_TIMEOUT, slack_client, slack_session
from bot.slack.clients import ManyWorkspaces, OneWorkspace, SlackClients
from bot.slack.install import InstallPages
from bot.slack.kept import CLEAN_EVERY, ROTATE_EVERY, KeptInstallations
from bot.slack.listen import SlackListener
from bot.slack.permission import PermissionPages
from bot.slack.send import SlackPlatform
from bot.slack.statuses import INSTALL, PermissionLinks, SlackStatuses
from bot.typed import as_command
from handlers import routes
from handlers.kit.cards import ToType
from handlers.kit.delivery import Platform
from handlers.kit.ports import Statuses
from scheduling.clock import Clock, system_clock
from storage.database import Database

_QUIET_EVERY = 600.0
"""Seconds between looks at whose do-not-disturb has ended: well before it holds again."""


class SlackFront:
    """Slack, over HTTP or over a socket: the workspace whose token is set, or those that install
    Plecs."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        chart_url: ChartUrl,
        clock: Clock = system_clock,
    ) -> None:
        self.clock = clock
        self._settings = settings
        self._chart_url = chart_url
        self._session: aiohttp.ClientSession = slack_session()
        self._urgent_session = slack_session(URGENT_TIMEOUT)
        self._kept: KeptInstallations | None = None
        self._clients = self._clients_for(settings, database)
        self.platforms: Mapping[str, Platform] = {
            "slack": SlackPlatform(
                self._clients, chart_url=chart_url, command_prefix=settings.slack_command_prefix
            )
        }
        self._links: PermissionLinks | None = None
        self.statuses: Mapping[str, Statuses] = {}
        if settings.slack_client_id:
            self._links = PermissionLinks(settings.public_url, *settings.secrets())
            slack_statuses = SlackStatuses(self._links, self._session, settings.slack_api_url)
            self.statuses = {"slack": slack_statuses}
        where = "over a socket" if settings.socket_mode else f"at {settings.own_url}/slack/events"
        then = (
            f"Workspaces install it from {settings.public_url}{INSTALL}."
            if settings.many_workspaces
            else f"Try {as_command(ToType('hand'), 'en', settings.slack_command_prefix)} there."
        )
        self.greeting: Sequence[str] = (f"Plecs serves Slack {where}. {then}",)

    def _clients_for(self, settings: Settings, database: Database) -> SlackClients:
        url = settings.slack_api_url
        if settings.slack_bot_token is not None:
            token = settings.slack_bot_token.get_secret_value()
            return OneWorkspace(
                slack_client(token, self._session, url),
                slack_client(token, self._urgent_session, url),
            )

        async def kept(workspace: str) -> str | None:
            found = await database.read(lambda work: work.slack.token(workspace))
            return None if found is None else found.token

        clients = ManyWorkspaces(kept, self._session, self._urgent_session, url)
        self._kept = KeptInstallations(
            database,
            clients,
            self._session,
            self.clock,
            api_url=url,
            client_id=settings.slack_client_id,
            client_secret=_proof(settings),
        )
        return clients

    def open(self, desk: Desk, *_woken: Woken) -> None:
        secret, app_token = self._settings.slack_signing_secret, self._settings.slack_app_token
        self._listener = SlackListener(
            desk,
            routes.ROUTES,
            self._clients,
            signing_secret=secret.get_secret_value() if secret else "",
            app_token=app_token.get_secret_value() if app_token else "",
            chart_url=self._chart_url,
            command_prefix=self._settings.slack_command_prefix,
            removed=self._kept.removed if self._kept else None,
        )
        if self._links is not None:
            self._pages = PermissionPages(
                desk,
                self._links,
                self._session,
                api_url=self._settings.slack_api_url,
                client_id=self._settings.slack_client_id,
                client_secret=_proof(self._settings),
                install=self._install_pages(desk),
            )

    def _install_pages(self, desk: Desk) -> InstallPages | None:
        if self._kept is None:
            return None
        return InstallPages(
            self._kept,
            self._clients.any,
            base=self._settings.public_url,
            client_id=self._settings.slack_client_id,
            client_secret=_proof(self._settings),
            allowed=self._settings.slack_workspaces,
            now=desk.now,
            installed=desk.make_admin,
            signed=Signed("installations in Slack that were begun", *self._settings.secrets()),
        )

    def routes(self) -> Sequence[web.RouteDef]:
        pages = self._pages.routes() if self._links is not None else []
        return [*self._listener.routes(), *pages]

    def jobs(self) -> Sequence[tuple[float, Job]]:
        quiet = (_QUIET_EVERY, self._listener.look_up_quiet_again)
        if self._kept is None:
            return (quiet,)
        return (quiet, (ROTATE_EVERY, self._kept.rotate), (CLEAN_EVERY, self._kept.forget_ended))

    async def start(self) -> None:
        await self._listener.start()

    async def closing(self, _app: web.Application) -> None:
        """Slack keeps nothing open."""

    async def stop(self) -> None:
        await self._listener.stop()
        await self._session.close()
        await self._urgent_session.close()


def _proof(settings: Settings) -> str:
    assert settings.slack_client_secret is not None, "settings refuse SLACK_CLIENT_ID without it"
    return settings.slack_client_secret.get_secret_value()
