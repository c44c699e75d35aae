"""One HTTP server for everything: platforms, pictures, health, metrics."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import nullcontext
from hmac import compare_digest
from weakref import WeakKeyDictionary

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from bot.connections import IDLE_FOR, Connection
from bot.loopback import refusal, refusal_by_owner

LARGEST_BODY = 1024 * 1024
"""Bytes. Slack's and Teams' largest payloads are a quarter of it; more is answered with 413."""

BODY_WITHIN = 15.0
"""Seconds from a request's headers to the end of its body: platforms take a few milliseconds."""

SMALL_BODY = 64 * 1024
"""Bytes: more than nearly all of what platforms post."""

LARGE_AT_ONCE = 32
"""Larger bodies that are held in memory at once, whoever sends them: they are read before it is
known whether they are signed."""

Check = Callable[[], Awaitable[bool]]


async def _nothing() -> Sequence[str]:
    return ()


def application(
    routes: Iterable[web.AbstractRouteDef],
    ready: Check,
    metrics: Callable[[], Awaitable[bytes]],
    *,
    refused: Callable[[], Awaitable[Sequence[str]]] = _nothing,
    metrics_token: str = "",
    only_here: bool = False,
) -> web.Application:
    """The platforms' routes with `/healthz` (the process answers), `/readyz` (the database does
    too) and `/metrics`, for whoever has the token, and without one for this machine alone.
    `refused` says, a line each, what the platforms refuse: it stands in the answer of `/readyz`,
    which goes by the database alone, as a restart mends no platform.
    `only_here`: whoever asks is believed, so only this machine may ask for anything."""
    middlewares = [_within_time(BODY_WITHIN)]
    if only_here:
        middlewares.insert(0, _from_here())
    app = web.Application(client_max_size=LARGEST_BODY, middlewares=middlewares)

    async def health(_request: web.Request) -> web.Response:
        return web.Response(text="ok")

    async def readiness(_request: web.Request) -> web.Response:
        if await ready():
            return web.Response(text="\n".join(("ready", *await refused())))
        return web.Response(status=503, text="the database does not answer")

    async def measured(request: web.Request) -> web.Response:
        _see_that_it_may_read_figures(request, metrics_token)
        return web.Response(
            body=await metrics(), headers={"Content-Type": "text/plain; version=0.0.4"}
        )

    app.add_routes(
        [
            web.get("/healthz", health),
            web.get("/readyz", readiness),
            web.get("/metrics", measured),
            *routes,
        ]
    )
    return app


def runner(app: web.Application, patience: float) -> web.AppRunner:
    """The application as it is served. `patience`: seconds that requests under way may take when it
    stops."""
    return web.AppRunner(
        app,
        access_log=None,
        shutdown_timeout=patience,
        keepalive_timeout=IDLE_FOR,
        lingering_time=2.0,
    )


def _see_that_it_may_read_figures(request: web.Request, token: str) -> None:
    """Raises HTTPUnauthorized or HTTPForbidden for whoever may not."""
    if token:
        given = request.headers.get("Authorization", "").encode(errors="replace")
        if not compare_digest(given, f"Bearer {token}".encode()):
            raise web.HTTPUnauthorized(headers={"WWW-Authenticate": "Bearer"})
    elif refusal(request) is not None:
        raise web.HTTPForbidden(text="Set METRICS_TOKEN to read this from another machine.")


def _from_here() -> Middleware:
    """Whose the other end of a connection is never changes, and is dear to find: it is asked once
    for each."""
    by_owner: WeakKeyDictionary[asyncio.Transport, str | None] = WeakKeyDictionary()

    @web.middleware
    async def from_here(request: web.Request, handler: Handler) -> web.StreamResponse:
        transport = request.transport
        if transport is not None and transport not in by_owner:
            by_owner[transport] = refusal_by_owner(request)
        reason = refusal(request) or (by_owner[transport] if transport is not None else None)
        if reason is not None:
            raise web.HTTPForbidden(text=reason)
        return await handler(request)

    return from_here


def _within_time(seconds: float) -> Middleware:
    """Reads each body before anything is done with it: nobody holds a connection, or a place in a
    line, by sending slowly, nor the memory by sending much."""
    large = 0

    @web.middleware
    async def read_first(request: web.Request, handler: Handler) -> web.StreamResponse:
        nonlocal large
        length = request.content_length
        if not request.body_exists or (length is not None and length <= SMALL_BODY):
            return await read_and_answer(request, handler)
        if large >= LARGE_AT_ONCE:
            full = web.HTTPServiceUnavailable(headers={"Retry-After": "5"})
            full.force_close()
            raise full
        large += 1
        try:
            return await read_and_answer(request, handler)
        finally:
            large -= 1

    async def read_and_answer(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.body_exists:
            try:
                async with asyncio.timeout(seconds):
                    await request.read()
            except TimeoutError:
                slow = web.HTTPRequestTimeout()
                slow.force_close()
                raise slow from None
            except (web.RequestPayloadError, ConnectionResetError):
                # It can't be read, or who sent it has gone: neither is a failure of ours.
                raise web.HTTPBadRequest from None
        connection = request.transport.get_protocol() if request.transport else None
        with connection.works() if isinstance(connection, Connection) else nullcontext():
            return await handler(request)

    return read_first
