"""How fast `/api/contacts` is beside a bare aiohttp handler that reads JSON and answers: the last
part of `make bench`. Each server runs in a process of its own, and they are asked by turns, so that
what else the machine does slows both."""

import asyncio
import json
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles
from time import perf_counter

import aiohttp
from aiohttp import web
from pydantic import SecretStr

from bot.app import running
from bot.local.team import PLATFORM, WORKSPACE
from bot.settings import Settings
from handlers.kit.people import Address, Profile
from storage.database import Database
from storage.migrate import migrate
from storage.work import SqlWork
from tests.ports import free_port, listening
from tests.webhooks import SECRET, signed

EVENTS, CLIENTS, TURNS = 4000, 16, 8
AGENTS = tuple(f"2{number:02}" for number in range(100))
"""The extensions of those who answer. All are people of the workspace."""

AIM = 300.0
"""Milliseconds within which 99 of 100 are answered."""


async def main() -> None:
    """Measures both, and says what came of it."""
    taken: dict[str, float] = {"bare": 0.0, "plecs": 0.0}
    latencies: dict[str, list[float]] = {name: [] for name in taken}
    with tempfile.TemporaryDirectory(prefix="plecs-bench-") as folder:
        _people(_url(folder))
        async with AsyncExitStack() as stack:
            ports = {}
            for name in taken:
                ports[name] = free_port()
                await stack.enter_async_context(_process(name, ports[name], folder))
            each = EVENTS // TURNS
            for turn in range(TURNS):
                for name, port in ports.items():
                    taken[name] += await _load(
                        port, range(turn * each, (turn + 1) * each), latencies[name]
                    )
    bare, plecs = (EVENTS / taken[name] for name in ("bare", "plecs"))
    bare_p99, p99 = (quantiles(latencies[name], n=100)[98] * 1000 for name in ("bare", "plecs"))
    print(f"/api/contacts: {plecs:,.0f}/s, {plecs / bare:.2f} of a bare handler ({bare:,.0f}/s)")
    print(
        f"/api/contacts p99: {p99:.0f} ms, {p99 / bare_p99:.1f} times a bare handler's "
        f"{bare_p99:.0f} ms (aim: {AIM:.0f} ms)"
    )


async def _load(port: int, events: Iterable[int], latencies: list[float]) -> float:
    """Posts them, adds how long each took, and answers how long all did, in seconds."""
    numbers = iter(events)
    url = f"http://127.0.0.1:{port}/api/contacts"

    async def client(session: aiohttp.ClientSession) -> None:
        for number in numbers:
            body, headers = _event(number)
            begun = perf_counter()
            async with session.post(url, data=body, headers=headers) as response:
                await response.read()
                assert response.status == 202, await response.text()
            latencies.append(perf_counter() - begun)

    async with aiohttp.ClientSession() as session:
        begun = perf_counter()
        await asyncio.gather(*(client(session) for _ in range(CLIENTS)))
        return perf_counter() - begun


def _people(url: str) -> None:
    """Who answers the calls, in the local workspace."""
    migrate(url)
    database = Database(url)

    def write(work: SqlWork) -> None:
        for number, extension in enumerate(AGENTS):
            address = Address(PLATFORM, WORKSPACE, f"agent-{number}")
            profile = Profile(address, f"Agent {number}", "en", "Europe/Riga")
            person = work.people.add(work.workspaces.of(address), profile, frozenset())
            work.people.save(replace(person, extension=extension))

    database.run_now(write)
    database.close()


def _url(folder: str) -> str:
    return f"sqlite:///{Path(folder) / 'plecs.db'}"


def _event(number: int) -> tuple[bytes, dict[str, str]]:
    """Calls of three events each: it rings, is answered and ends."""
    call, step = divmod(number, 3)
    kind = ("started", "answered", "ended")[step]
    body = json.dumps(
        {
            "type": f"call.{kind}",
            "call": f"c{call}",
            "from": f"+3712{call % 10_000_000:07}",
            "agent": AGENTS[call % len(AGENTS)],
            "at": datetime.now(UTC).isoformat(),
        }
    ).encode()
    return body, signed(body, delivery=f"m{number}")


@asynccontextmanager
async def _process(name: str, port: int, folder: str) -> AsyncIterator[None]:
    server = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.contacts", name, str(port), folder
    )
    try:
        await listening(port, server)
        yield
    finally:
        server.send_signal(signal.SIGTERM)
        await server.wait()


async def _serve(name: str, port: int, folder: str) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    if name == "bare":
        await _bare(port, stop)
        return
    settings = Settings(
        _env_file=None,
        database_url=_url(folder),
        port=port,
        contact_secrets=SecretStr(SECRET),
    )
    async with running(settings):
        await stop.wait()


async def _bare(port: int, stop: asyncio.Event) -> None:
    async def contact(request: web.Request) -> web.Response:
        await request.json()
        return web.json_response({}, status=202)

    app = web.Application()
    app.add_routes([web.post("/api/contacts", contact)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await stop.wait()
    await runner.cleanup()


if __name__ == "__main__":
    arguments = sys.argv[1:]
    asyncio.run(_serve(arguments[0], int(arguments[1]), arguments[2]) if arguments else main())
