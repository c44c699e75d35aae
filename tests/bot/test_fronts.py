"""Several doors in one process: opened together, served by one server, closed together."""

from collections.abc import Mapping, Sequence

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.desk import Desk
from bot.front import Job, Woken
from bot.fronts import Fronts
from handlers.kit.ports import Statuses
from scheduling.clock import system_clock
from tests.world import PaperPlatform, World


class PaperFront:
    """A door with one page that says its name, and `told`, which all doors of a test share."""

    clock = staticmethod(system_clock)

    def __init__(self, name: str, told: list[str]) -> None:
        self._name, self._told = name, told
        self.platforms = {name: PaperPlatform()}
        self.statuses: Mapping[str, Statuses] = {}
        self.greeting: Sequence[str] = (f"Plecs serves {name}.",)

    def open(self, desk: Desk, *woken: Woken) -> None:
        self._told.append(f"{self._name} opens")

    def routes(self) -> Sequence[web.RouteDef]:
        async def page(_request: web.Request) -> web.Response:
            return web.Response(text=self._name)

        return [web.get(f"/{self._name}", page)]

    def jobs(self) -> Sequence[tuple[float, Job]]:
        async def job() -> None:
            self._told.append(f"{self._name} works")

        return ((60.0, job),)

    async def start(self) -> None:
        self._told.append(f"{self._name} starts")

    async def closing(self, _app: web.Application) -> None:
        self._told.append(f"{self._name} closes")

    async def stop(self) -> None:
        self._told.append(f"{self._name} stops")


async def test_two_doors_are_one_server(world: World) -> None:
    told: list[str] = []
    both = Fronts(PaperFront("slack", told), PaperFront("teams", told))
    assert both.platforms.keys() == {"slack", "teams"}
    assert both.greeting == ["Plecs serves slack.", "Plecs serves teams."]
    both.open(world.engine.desk)
    app = web.Application()
    app.add_routes(both.routes())
    app.on_shutdown.append(both.closing)
    async with TestClient(TestServer(app)) as client:
        await both.start()
        for name in ("slack", "teams"):
            answer = await client.get(f"/{name}")
            assert await answer.text() == name
        for _, job in both.jobs():
            await job()
    await both.stop()
    verbs = ("opens", "starts", "works", "closes", "stops")
    assert told == [f"{name} {verb}" for verb in verbs for name in ("slack", "teams")]
