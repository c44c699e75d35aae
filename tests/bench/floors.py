"""The servers Plecs is measured against: `python -m tests.bench.floors bare|naive|peer PORT`.

`bare` is a Bolt app with Bolt's own settings that only acknowledges. `naive` also makes one
durable commit first, the way one would begin: aiosqlite, one INSERT. `peer` does what a raised hand
asks for, as one would write it (tests/bench/peer.py).
"""

import asyncio
import os
import signal
import sys
from pathlib import Path

import aiosqlite
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.bench.peer import Peer, peer


def bare(app: AsyncApp) -> None:
    @app.command("/hand")
    async def hand(ack: AsyncAck) -> None:
        await ack("Your hand is up")


async def naive(app: AsyncApp, file: Path) -> aiosqlite.Connection:
    database = await aiosqlite.connect(file)
    await database.execute("PRAGMA journal_mode=WAL")
    await database.execute("PRAGMA synchronous=FULL")
    await database.execute("CREATE TABLE hands (id INTEGER PRIMARY KEY, agent TEXT, line TEXT)")
    # The connection is one for all, so each transaction has it for itself.
    alone = asyncio.Lock()

    @app.command("/hand")
    async def hand(ack: AsyncAck, body: dict[str, str]) -> None:
        async with alone:
            await database.execute(
                "INSERT INTO hands (agent, line) VALUES (?, ?)", (body["user_id"], body["text"])
            )
            await database.commit()
        await ack("Your hand is up")

    return database


async def serve(kind: str, port: int) -> None:
    client = AsyncWebClient(
        token=os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["SLACK_API_URL"]
    )
    app = AsyncApp(
        client=client,
        signing_secret=os.environ["SLACK_SIGNING_SECRET"],
        # Bolt answers when the handler is through, and does not give up on it after three seconds.
        process_before_response=kind == "peer",
    )
    database: aiosqlite.Connection | Peer | None = None
    file = Path(os.environ["BENCH_DATABASE"])
    if kind == "naive":
        database = await naive(app, file)
    elif kind == "peer":
        database = await peer(app, file)
    else:
        bare(app)

    async def events(request: web.Request) -> web.Response:
        answer = await app.async_dispatch(await to_bolt_request(request))
        return await to_aiohttp_response(answer)

    server = web.Application()
    server.add_routes([web.post("/slack/events", events), web.get("/readyz", _ready)])
    runner = web.AppRunner(server, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await stop.wait()
    await runner.cleanup()
    if database is not None:
        await database.close()


async def _ready(_request: web.Request) -> web.Response:
    return web.Response(text="ready")


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], int(sys.argv[2])))
