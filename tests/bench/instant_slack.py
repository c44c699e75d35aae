"""A Slack that answers everything at once: `python -m tests.bench.instant_slack PORT`.

It notes when each hand's first message came, by the number in the hand's line (`nr12x`), and how
often each method was called. Unlike tests/fakes/slack it refuses nothing: it must not be what
is measured.
"""

import asyncio
import json
import re
import signal
import sys
import time
from collections import Counter
from itertools import count

from aiohttp import web

from tests.bench.load import NUMBER, token_of

_NOT_UP = "Your hand is not up"

_first_at: dict[str, float] = {}
_not_up: dict[str, float] = {}
_calls: Counter[str] = Counter()
_messages = count(1)


async def call(request: web.Request) -> web.Response:
    method = request.match_info["method"]
    body = await request.text()
    _calls[method] += 1
    match method:
        case "chat.postMessage":
            for number in re.findall(NUMBER, body):
                _first_at.setdefault(number, time.monotonic())
            answer = f'{{"ok":true,"channel":"D1","ts":"{next(_messages)}.0001"}}'
        case "auth.test":
            team = request.headers["Authorization"].removeprefix(f"Bearer {token_of('')}")
            told = {"team_id": team, "user_id": "U0BOT", "bot_id": "B0", "url": "http://x/"}
            answer = json.dumps({"ok": True, **told})
        case "dnd.info":
            answer = '{"ok":true,"dnd_enabled":false,"next_dnd_start_ts":1,"next_dnd_end_ts":1}'
        case _:
            answer = '{"ok":true,"channel":{"id":"G1"}}'
    return web.Response(text=answer, content_type="application/json")


async def answered(request: web.Request) -> web.Response:
    """What is said of a hand at its response_url: noted is only that it is not up."""
    if _NOT_UP in await request.text():
        _not_up.setdefault(request.match_info["number"], time.monotonic())
    return web.Response(text="ok")


async def told(_request: web.Request) -> web.Response:
    """When each hand's first message came, and when it was said that one is not up (seconds of the
    machine's monotonic clock)."""
    return web.json_response({"first_at": _first_at, "calls": _calls, "not_up": _not_up})


async def forget(_request: web.Request) -> web.Response:
    _first_at.clear()
    _not_up.clear()
    _calls.clear()
    return web.Response()


async def serve(port: int) -> None:
    app = web.Application()
    app.add_routes(
        [
            web.route("*", "/api/{method}", call),
            web.post("/answers/{number}", answered),
            web.get("/told", told),
            web.post("/forget", forget),
        ]
    )
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await stop.wait()
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
