"""Connections that say nothing are in nobody's way."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest
from aiohttp import web

from bot.connections import Connections, most_connections
from bot.server import application

Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]
HELLO = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
WORK = b"GET /work HTTP/1.1\r\nHost: x\r\n\r\n"


class BoundedServer:
    """A server within bounds, and a page that takes as long as it is told to."""

    def __init__(self) -> None:
        self.port = 0
        self.working = asyncio.Event()
        self.done = asyncio.Event()
        self.writers: list[asyncio.StreamWriter] = []

    async def work(self, _request: web.Request) -> web.Response:
        self.working.set()
        await self.done.wait()
        return web.Response(text="worked")

    async def connect(self, say: bytes = b"") -> Stream:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        self.writers.append(writer)
        writer.write(say)
        return reader, writer

    async def freed(self) -> bool:
        """Whether there is a place, now or in a moment."""
        for _ in range(1000):
            if await self.status(await self.connect()) == "HTTP/1.1 200 OK":
                return True
        return False

    async def status(self, stream: Stream, say: bytes = HELLO) -> str:
        """What the server answers; empty when it has closed the connection."""
        reader, writer = stream
        try:
            writer.write(say)
            line = (await reader.readline()).decode().strip()
            while await reader.readline() not in (b"\r\n", b""):
                pass
            await reader.readexactly(2 if line.endswith("200 OK") else 0)
        except (ConnectionError, asyncio.IncompleteReadError):
            return ""
        return line


@asynccontextmanager
async def house(most: int, **bounds: float) -> AsyncIterator[BoundedServer]:
    made = BoundedServer()

    async def figures() -> bytes:
        return b""

    async def ready() -> bool:
        return True

    app = application([web.get("/work", made.work)], ready, figures)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    assert runner.server is not None
    listening = await asyncio.get_running_loop().create_server(
        Connections(runner.server, most, **bounds),  # type: ignore[arg-type] # bounds by name
        "127.0.0.1",
        0,
    )
    made.port = listening.sockets[0].getsockname()[1]
    try:
        yield made
    finally:
        made.done.set()
        for writer in made.writers:
            writer.transport.abort()
        listening.close()
        await runner.cleanup()


async def test_hundreds_of_silent_connections_leave_place_for_who_asks() -> None:
    async with house(20) as served:
        working = await served.connect(WORK)
        await served.working.wait()
        silent = [await served.connect() for _ in range(300)]
        for _ in range(30):
            assert await served.status(await served.connect()) == "HTTP/1.1 200 OK"
        served.done.set()
        reader, _ = working
        assert await reader.readline() == b"HTTP/1.1 200 OK\r\n", "what is being done is finished"
        assert await silent[0][0].read() == b""


async def test_who_asked_before_stays_when_others_who_never_did_can_go() -> None:
    async with house(5) as served:
        kept = await served.connect()
        assert await served.status(kept) == "HTTP/1.1 200 OK"
        for _ in range(50):
            await served.connect(b"GET /healthz HTTP/1.1\r\nHo")
        assert await served.status(kept) == "HTTP/1.1 200 OK"


async def test_where_everybody_is_being_answered_there_is_no_place_until_one_is_done() -> None:
    async with house(3) as served:
        for _ in range(3):
            await served.connect(WORK)
            await served.working.wait()
            served.working.clear()
        assert await served.status(await served.connect()) == ""
        served.done.set()
        assert await served.freed()


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ",
        b"POST /work HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n1",
    ],
)
async def test_who_does_not_say_what_they_want_is_not_waited_for(said: bytes) -> None:
    async with house(5, asks_within=0.05) as served:
        reader, _ = await served.connect(said)
        with suppress(ConnectionResetError):
            assert await reader.read() == b""


async def test_who_goes_in_the_middle_of_a_request_is_no_failure_of_ours(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with house(5, asks_within=0.05) as served:
        for said in (b"Content-Length: 9\r\n\r\n1", b"Transfer-Encoding: chunked\r\n\r\n5\r\na"):
            reader, _ = await served.connect(b"POST /work HTTP/1.1\r\nHost: x\r\n" + said)
            with suppress(ConnectionResetError):
                await reader.read()
            _, gone = await served.connect(b"POST /work HTTP/1.1\r\nHost: x\r\n" + said)
            await gone.drain()
            gone.transport.abort()
        assert await served.freed()
    assert caplog.messages == []


async def test_who_has_asked_in_time_may_wait_for_the_answer() -> None:
    async with house(5, asks_within=1) as served:
        reader, _ = await served.connect(WORK)
        await served.working.wait()
        loop = asyncio.get_running_loop()
        passed = loop.create_future()
        loop.call_later(1.1, passed.set_result, None)
        await passed
        served.done.set()
        assert await reader.readline() == b"HTTP/1.1 200 OK\r\n"


async def test_one_address_of_the_public_network_takes_its_share_alone() -> None:
    runner = web.AppRunner(web.Application())
    await runner.setup()
    assert runner.server is not None
    loop = asyncio.get_running_loop()
    everybody = Connections(runner.server, 100, most_of_one=3)

    def connects(peer: str) -> bool:
        transport = Paper(peer)
        connection = everybody()
        connection.connection_made(transport)
        loop.call_soon(connection.connection_lost, None)
        return not transport.aborted

    assert [connects("203.0.114.7") for _ in range(5)] == [True] * 3 + [False] * 2
    assert [connects("203.0.114.8"), connects("2a00::1")] == [True, True]
    assert all(connects(proxy) for proxy in ("10.0.0.1", "127.0.0.1") for _ in range(10))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert connects("203.0.114.7"), "who went has freed their place"
    await asyncio.sleep(0)
    await runner.cleanup()


class Paper(asyncio.Transport):
    """A connection from anywhere."""

    def __init__(self, peer: str) -> None:
        super().__init__({"peername": (peer, 50_000)})
        self.aborted = False

    def abort(self) -> None:
        self.aborted = True

    def close(self) -> None: ...


def test_there_are_files_left_for_the_database_and_the_platforms() -> None:
    assert 1 <= most_connections() <= 1000
