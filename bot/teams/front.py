"""Teams' door, for the wiring. Importing it loads botbuilder, which takes half a second: so it is
imported only where Teams is set."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import aiohttp
from aiohttp import web

from bot.desk import Desk
from bot.front import Job, Woken
from bot.rendering import ChartUrl
from bot.settings import Settings
from bot.teams import about
from bot.teams.connector import SERVICE_URL, Connector
from bot.teams.door import OPEN_ID_URL, Door
from bot.teams.graph import GRAPH_URL, Graph
from bot.teams.kept import TeamsStore
from bot.teams.listen import ANSWERED_IN, PATH, TeamsListener
from bot.teams.send import TeamsPlatform
from bot.teams.tab import Tab, TabKeys, TabLook
from bot.teams.tokens import LOGIN_URL, Tokens
from handlers import routes
from handlers.kit.delivery import Platform
from handlers.kit.ports import Statuses
from scheduling.clock import Clock, system_clock
from storage.database import Database


@dataclass(frozen=True, slots=True)
class Microsoft:
    """Where Microsoft's services are."""

    login_url: str = LOGIN_URL
    open_id_url: str = OPEN_ID_URL
    service_url: str = SERVICE_URL
    graph_url: str = GRAPH_URL


_SEVERAL = "botframework.com"
"""Where an app that is several organisations' gets its tokens."""


class TeamsFront:
    """Teams: one organisation, or several that are named."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        chart_url: ChartUrl,
        *,
        look: TabLook,
        clock: Clock = system_clock,
        microsoft: Microsoft = Microsoft(),
        answers_within: float = ANSWERED_IN,
    ) -> None:
        self.clock = clock
        self._settings = settings
        self._chart_url = chart_url
        self._look = look
        self._answers_within = answers_within
        self._insecure = settings.teams_insecure_local
        app_id, tenant = settings.teams_app_id, settings.teams_tenant_id
        self._tenants = frozenset(filter(None, (tenant, *settings.teams_tenants)))
        # An app of several organisations speaks by Microsoft's own, and to each one's Graph by that
        # one's alone: there chats are links.
        is_several = len(self._tenants) > 1
        speaks_by = _SEVERAL if is_several else tenant
        password = settings.teams_app_password
        secret = password.get_secret_value() if password else ""
        # No limit: what is under way at once is limited where it begins, and a ping never waits for
        # the connections of what is not urgent.
        self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        tokens = (
            None
            if self._insecure
            else Tokens(self._session, app_id, secret, speaks_by, login_url=microsoft.login_url)
        )
        self.kept = TeamsStore(database, clock)
        address = settings.public_url or settings.own_url
        self._keys = TabKeys(app_id, address, clock, *settings.secrets())
        self._connector = Connector(self._session, tokens, app_id)
        self._platform = TeamsPlatform(
            self._connector,
            self.kept,
            chart_url,
            graph=(
                Graph(self._session, tokens, app_id, microsoft.graph_url)
                if tokens and not is_several
                else None
            ),
            service_url="" if self._insecure else microsoft.service_url,
        )
        self.statuses: Mapping[str, Statuses] = {}  # Teams lets no app set a person's
        self.platforms: Mapping[str, Platform] = {"teams": self._platform}
        self._door = (
            Door("", "", "")
            if self._insecure
            else Door(app_id, secret, tenant, microsoft.open_id_url)
        )
        self.greeting: Sequence[str] = (
            f"Plecs serves Teams at {settings.own_url}{PATH}. Write it: help",
            *(
                ("TEAMS_INSECURE_LOCAL: whoever is on this machine can act as anybody.",)
                if self._insecure
                else ()
            ),
        )

    def open(self, desk: Desk, *_woken: Woken) -> None:
        self._listener = TeamsListener(
            desk,
            routes.ROUTES,
            self._door,
            self._connector,
            platform=self._platform,
            references=self.kept,
            tenants=self._tenants,
            insecure_local=self._insecure,
            chart_url=self._chart_url,
            keys=self._keys,
            answers_within=self._answers_within,
        )
        self._tab = Tab(desk, self._keys, self._look, self.kept.colleagues)

    def routes(self) -> Sequence[web.RouteDef]:
        return [*self._listener.routes(), *about.routes(), *self._tab.routes()]

    def jobs(self) -> Sequence[tuple[float, Job]]:
        return ()

    async def start(self) -> None:
        """Nothing to connect: Teams comes to us."""

    async def closing(self, _app: web.Application) -> None:
        """Teams keeps nothing open."""

    async def stop(self) -> None:
        await self._listener.stop()
        await self._platform.finish()
        await self._session.close()
