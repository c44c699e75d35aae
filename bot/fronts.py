"""The doors to the outside, made alike for the wiring: Slack's, Teams', or the local workspace's.

Several are open at once: each brings its platform, its routes and its jobs, and `Fronts` is all of
them as one.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

import aiohttp
from aiohttp import web

from bot.desk import Desk
from bot.local.clock import MovableClock
from bot.local.inbound import Workspace
from bot.local.inbound import routes as local_routes
from bot.local.kept import Kept
from bot.local.outbound import Bell, LocalPlatform
from bot.settings import Settings, SettingsError, missing
from bot.slack.check import SlackRefusedError, team_of
from bot.slack.inbound import SlackInbound
from bot.slack.outbound import SlackPlatform, slack_client, slack_session
from bot.slack.permission import PermissionPages
from bot.slack.statuses import Links, SlackStatuses
from handlers import router
from handlers.kit.cards import Chart
from handlers.kit.people import Address
from handlers.kit.ports import Platform, Statuses
from scheduling.clock import Clock, system_clock
from storage.database import Database
from storage.sealed import derived_key

_QUIET_EVERY = 600.0
"""Seconds between looks at whose do-not-disturb has ended: well before it holds again."""

Job = Callable[[], Awaitable[None]]
ChartUrl = Callable[[Chart], str | None]


class Woken(Protocol):
    """Something that waits for a time, and can be told that it may have come."""

    def wake(self, soonest: datetime | None) -> None: ...


class Front(Protocol):
    """One door. `open` comes once the engine is there, `start` once the server listens."""

    @property
    def platforms(self) -> Mapping[str, Platform]: ...

    @property
    def statuses(self) -> Mapping[str, Statuses]:
        """The platforms, by name, on which people's status can be set."""
        ...

    @property
    def clock(self) -> Clock: ...

    @property
    def greeting(self) -> Sequence[str]:
        """What to tell whoever started Plecs, a line each."""
        ...

    def open(self, desk: Desk, *woken: Woken) -> None: ...

    def routes(self) -> Sequence[web.RouteDef]: ...

    def jobs(self) -> Sequence[tuple[float, Job]]:
        """What is to be done every so many seconds."""
        ...

    async def start(self) -> None: ...

    async def closing(self, _app: web.Application) -> None:
        """The server takes no new requests: open pages are let go."""

    async def stop(self) -> None:
        """Every request has been answered."""
        ...


async def front_for(settings: Settings, database: Database, chart_url: ChartUrl) -> Front:
    """The door of each platform that is set, each one more of `fronts`; the local workspace's
    where none is."""
    fronts: list[Front] = []
    if settings.slack:
        fronts.append(SlackFront(settings, chart_url))
    if settings.teams:
        from bot.teams.front import TeamsFront  # noqa: PLC0415 - it loads for half a second

        fronts.append(TeamsFront(settings, database, chart_url))
    if not fronts:
        local = LocalFront(settings, database, chart_url)
        await local.prepare()
        fronts.append(local)
    return Fronts(*fronts)


async def places_of(settings: Settings) -> Sequence[Address]:
    """The workspaces that Plecs serves where several platforms are set, each with one, as
    addresses without a user: they are one organisation's. Raises SettingsError when Slack doesn't
    say which workspace the token is for."""
    if not (settings.slack and settings.teams_tenant_id):
        return ()
    return await slack_place(settings), Address("teams", settings.teams_tenant_id, "")


async def slack_place(settings: Settings) -> Address:
    """The workspace that the token is for, as an address without a user. Raises SettingsError
    when Slack doesn't say."""
    if settings.slack_bot_token is None:
        raise SettingsError((missing("slack_bot_token"),))
    token = settings.slack_bot_token.get_secret_value()
    try:
        return Address("slack", await team_of(token, settings.slack_api_url), "")
    except SlackRefusedError as refused:
        raise SettingsError((str(refused),)) from None


class Fronts:
    """Several doors, opened and closed together. The clock is the first one's: only the local
    workspace, which is alone, has one of its own."""

    def __init__(self, *fronts: Front) -> None:
        self._fronts = fronts
        self.platforms: Mapping[str, Platform] = {
            name: platform for front in fronts for name, platform in front.platforms.items()
        }
        self.statuses: Mapping[str, Statuses] = {
            name: statuses for front in fronts for name, statuses in front.statuses.items()
        }
        self.clock = fronts[0].clock
        self.greeting: Sequence[str] = [line for front in fronts for line in front.greeting]

    def open(self, desk: Desk, *woken: Woken) -> None:
        for front in self._fronts:
            front.open(desk, *woken)

    def routes(self) -> Sequence[web.RouteDef]:
        return [route for front in self._fronts for route in front.routes()]

    def jobs(self) -> Sequence[tuple[float, Job]]:
        """What is to be done every so many seconds."""
        return [job for front in self._fronts for job in front.jobs()]

    async def start(self) -> None:
        for front in self._fronts:
            await front.start()

    async def closing(self, app: web.Application) -> None:
        """The server takes no new requests: open pages are let go."""
        for front in self._fronts:
            await front.closing(app)

    async def stop(self) -> None:
        """Every request has been answered."""
        for front in self._fronts:
            await front.stop()


class SlackFront:
    """One Slack workspace, over HTTP or over a socket."""

    clock: Clock = staticmethod(system_clock)

    def __init__(self, settings: Settings, chart_url: ChartUrl) -> None:
        assert settings.slack_bot_token is not None, "settings refuse Slack without a token"
        self._settings = settings
        self._chart_url = chart_url
        self._session: aiohttp.ClientSession = slack_session()
        self._client = slack_client(
            settings.slack_bot_token.get_secret_value(), self._session, settings.slack_api_url
        )
        self.platforms: Mapping[str, Platform] = {
            "slack": SlackPlatform(self._client, chart_url=chart_url)
        }
        self._links: Links | None = None
        self.statuses: Mapping[str, Statuses] = {}
        if settings.slack_client_id:
            key = derived_key(settings.secret(), "links by which people permit their status")
            self._links = Links(settings.public_url, key)
            slack_statuses = SlackStatuses(self._links, self._session, settings.slack_api_url)
            self.statuses = {"slack": slack_statuses}
        where = "over a socket" if settings.socket_mode else f"at {settings.own_url}/slack/events"
        self.greeting: Sequence[str] = (f"Plecs serves Slack {where}. Try /hand there.",)

    def open(self, desk: Desk, *_woken: Woken) -> None:
        secret, app_token = self._settings.slack_signing_secret, self._settings.slack_app_token
        self._inbound = SlackInbound(
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
        return [*self._inbound.routes(), *pages]

    def jobs(self) -> Sequence[tuple[float, Job]]:
        return ((_QUIET_EVERY, self._inbound.look_up_quiet_again),)

    async def start(self) -> None:
        await self._inbound.start()

    async def closing(self, _app: web.Application) -> None:
        """Slack keeps nothing open."""

    async def stop(self) -> None:
        await self._inbound.stop()
        await self._session.close()


class LocalFront:
    """The workspace in the browser, with its demo team and a clock that can be moved."""

    def __init__(self, settings: Settings, database: Database, chart_url: ChartUrl) -> None:
        self._kept = Kept(database)
        self._bell = Bell()
        self._chart_url = chart_url
        self.clock = MovableClock()
        self.platforms: Mapping[str, Platform] = {
            "local": LocalPlatform(self._kept, self._bell, self.clock, chart_url)
        }
        self.statuses: Mapping[str, Statuses] = {}
        self.greeting: Sequence[str] = (
            f"Plecs is at {settings.own_url}",
            "Try it: as Anna, type /hand contracts he threatens me; then move the clock.",
        )

    async def prepare(self) -> None:
        """Introduces the demo team, and sets the clock to where it was."""
        self.clock.offset = await self._kept.begin()

    def open(self, desk: Desk, *woken: Woken) -> None:
        self._desk = desk

        def wake_all() -> None:
            for one in woken:
                one.wake(self.clock())

        self.clock.moved = wake_all

    def routes(self) -> Sequence[web.RouteDef]:
        return local_routes(
            Workspace(
                self._desk,
                self._kept,
                self._kept,
                self.clock,
                self._bell,
                router.ROUTES,
                self._chart_url,
            )
        )

    def jobs(self) -> Sequence[tuple[float, Job]]:
        return ()

    async def start(self) -> None:
        """Nothing to connect: the page comes to us."""

    async def closing(self, _app: web.Application) -> None:
        self._bell.close()

    async def stop(self) -> None:
        """Nothing is connected."""
