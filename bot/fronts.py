"""The doors to the outside. Several are open at once: each brings its platform, its routes and its
jobs, and `Fronts` is all of them as one."""

from collections.abc import Mapping, Sequence

from aiohttp import web

from bot.desk import Desk
from bot.front import Front, Job, Woken
from bot.local.files import STYLE
from bot.local.front import LocalFront
from bot.local.paint import html
from bot.rendering import ChartUrl
from bot.settings import Settings, SettingsError, missing
from handlers.kit.delivery import Platform
from handlers.kit.people import Address
from handlers.kit.ports import Statuses
from scheduling.clock import Clock
from storage.database import Database


async def front_for(
    settings: Settings, database: Database, chart_url: ChartUrl, clock: Clock
) -> Front:
    """The door of each platform that is set, each one more of `fronts`, which goes by `clock`; the
    local workspace's where none is."""
    fronts: list[Front] = []
    if settings.slack:
        from bot.slack.front import SlackFront  # noqa: PLC0415 - who has no Slack needs no Bolt

        fronts.append(SlackFront(settings, database, chart_url, clock))
    if settings.teams:
        from bot.teams.front import TeamsFront  # noqa: PLC0415 - it loads for half a second
        from bot.teams.tab import TabLook  # noqa: PLC0415 - the same

        look = TabLook(html, STYLE)

        fronts.append(TeamsFront(settings, database, chart_url, look=look, clock=clock))
    if not fronts:
        local = LocalFront(settings, database, clock)
        await local.prepare()
        fronts.append(local)
    return Fronts(*fronts)


async def places_of(settings: Settings) -> Sequence[Address]:
    """The workspaces that Plecs serves where several platforms are set, each with one, as
    addresses without a user: they are one organisation's. Raises SettingsError when Slack doesn't
    say which workspace the token is for."""
    if not settings.is_one_organisation:
        return ()
    return await slack_place(settings), Address("teams", settings.teams_tenant_id, "")


async def slack_place(settings: Settings) -> Address:
    """The workspace that the token is for, as an address without a user. Raises SettingsError
    when Slack doesn't say."""
    if settings.slack_bot_token is None:
        raise SettingsError((missing("slack_bot_token"),))
    from bot.slack.check import SlackRefusedError, team_of  # noqa: PLC0415 - the same

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
