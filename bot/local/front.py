"""The local workspace's door, for the wiring."""

from collections.abc import Mapping, Sequence

from aiohttp import web

from bot.desk import Desk
from bot.front import Job, Woken
from bot.local.clock import MovableClock
from bot.local.kept import LocalStore
from bot.local.listen import Workspace
from bot.local.listen import routes as local_routes
from bot.local.send import Bell, LocalPlatform
from bot.settings import Settings
from handlers import routes
from handlers.kit.delivery import Platform
from handlers.kit.ports import Statuses
from scheduling.clock import Clock
from storage.database import Database


class LocalFront:
    """The workspace in the browser, with its demo team and a clock that can be moved."""

    def __init__(self, settings: Settings, database: Database, clock: Clock) -> None:
        self._kept = LocalStore(database)
        self._bell = Bell()
        self.clock = MovableClock(clock)
        self.platforms: Mapping[str, Platform] = {
            "local": LocalPlatform(self._kept, self._bell, self.clock)
        }
        self.statuses: Mapping[str, Statuses] = {}
        self.greeting: Sequence[str] = (
            f"Plecs is at {settings.own_url}",
            "Try it: as Anna, type /hand contracts he threatens me; then move the clock.",
        )

    async def prepare(self) -> None:
        """Introduces the demo team, and sets the clock to where it was."""
        self.clock.offset = await self._kept.begin(self.clock())

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
                routes.ROUTES,
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
