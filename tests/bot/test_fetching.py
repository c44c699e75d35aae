"""What stands at an address is fetched within limits, and from nowhere inside."""

import asyncio
import socket
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.test_utils import TestServer

from bot.fetching import Fetcher, FetchError, Tags, retry_after
from handlers.shifts.feeds.model import FeedTrouble
from tests.fakes.calendar_server import FakeCalendarServer


class FeedNames(AbstractResolver):
    """Knows each name by these addresses."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = addresses

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [
            ResolveResult(
                hostname=host, host=one, port=port, family=socket.AF_INET, proto=0, flags=0
            )
            for one in self.addresses
        ]

    async def close(self) -> None: ...


@pytest.fixture
async def server() -> AsyncIterator[FakeCalendarServer]:
    fake = FakeCalendarServer()
    app = web.Application()
    app.add_routes([*fake.routes(), web.get("/never", never)])
    async with TestServer(app, host="127.0.0.1") as running:
        fake.url = str(running.make_url("/")).rstrip("/")
        yield fake


async def never(_request: web.Request) -> web.Response:
    await asyncio.Event().wait()
    raise AssertionError


async def trouble(fetcher: Fetcher, url: str) -> FeedTrouble | None:
    try:
        await fetcher.fetch(url, Tags())
    except FetchError as error:
        return error.trouble
    return None


async def test_limits_hold(server: FakeCalendarServer) -> None:
    here = Fetcher({"127.0.0.1"}, most_bytes=100_000)
    assert await trouble(here, f"{server.url}/big") is FeedTrouble.BIG
    assert await trouble(here, f"{server.url}/around") is FeedTrouble.UNREACHABLE
    assert await trouble(here, f"{server.url}/nothing") is FeedTrouble.GONE
    hurried = Fetcher({"127.0.0.1"}, within=0.05)
    assert await trouble(hurried, f"{server.url}/never") is FeedTrouble.SLOW
    for status, told in (
        (401, FeedTrouble.REFUSED),
        (410, FeedTrouble.GONE),
        (500, FeedTrouble.BUSY),
    ):
        server.status = status
        assert await trouble(here, f"{server.url}/calendars/s3cret.ics") is told


async def test_a_redirect_is_looked_at_like_an_address(server: FakeCalendarServer) -> None:
    here = Fetcher({"127.0.0.1"})
    fine = f"{server.url}/to?where=/calendars/s3cret.ics"
    assert await trouble(here, fine) is None
    for inside in (
        "https://10.0.0.1/x",
        "https://[::1]/x",
        "http://example.com/x",
        "file:///etc/passwd",
        "https://me:word@example.com/",
        "https://localhost/x",
    ):
        assert await trouble(here, f"{server.url}/to?where={inside}") is FeedTrouble.PLACE, inside


@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.2.3", "168.63.129.16", "224.0.0.1"])
async def test_a_name_that_leads_inside_is_not_asked(address: str) -> None:
    fetcher = Fetcher(resolver=FeedNames("93.184.216.34", address))
    assert await trouble(fetcher, "https://planner.example/x.ics") is FeedTrouble.PLACE


async def test_it_is_connected_to_the_address_that_was_looked_at(
    server: FakeCalendarServer,
) -> None:
    """A name that is allowed leads where the looked-up address is, and nowhere else."""
    port = server.url.rpartition(":")[2]
    fetcher = Fetcher({"planner.inside"}, resolver=FeedNames("127.0.0.1"))
    url = f"http://planner.inside:{port}/calendars/s3cret.ics"
    found = await fetcher.fetch(url, Tags())
    assert found is not None
    assert found.content == server.content()
    assert await fetcher.fetch(url, found.tags) is None


@pytest.mark.parametrize(
    ("told", "waits"),
    [("120", timedelta(minutes=2)), ("99999999", None), ("soon", None), ("", None)],
)
def test_how_long_to_wait_is_read(told: str, waits: timedelta | None) -> None:
    assert retry_after(told) == waits
