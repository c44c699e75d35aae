"""Small pictures of counts."""

from pathlib import PurePosixPath

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.charts import Charts, draw
from handlers.kit.cards import Chart


async def test_a_picture_asked_for_in_a_loop_is_drawn_once() -> None:
    charts = Charts("https://plecs.example", "a secret")
    app = web.Application()
    app.add_routes(charts.routes())
    week = Chart(("Hands",), (("Mon", 3), ("Tue", 41)), ("Monday 3, Tuesday 41",))
    url = charts.url(week)
    assert url is not None
    name = PurePosixPath(url).name
    drawn = draw.cache_info().misses
    async with TestClient(TestServer(app)) as client:
        for _ in range(20):
            answer = await client.get(f"/charts/{name}")
            assert (answer.status, answer.content_type) == (200, "image/png")
            assert (await answer.read())[:4] == b"\x89PNG"
        assert (await client.get(f"/charts/x{name}")).status == 404
    assert draw.cache_info().misses == drawn + 1
