"""One HTTP server for everything: platforms, pictures, health, metrics."""

from collections.abc import Awaitable, Callable, Iterable

from aiohttp import web

LARGEST_BODY = 1024 * 1024
"""Bytes. Slack's and Teams' largest payloads are a quarter of it; more is answered with 413."""

Check = Callable[[], Awaitable[bool]]


def application(
    routes: Iterable[web.AbstractRouteDef], ready: Check, metrics: Callable[[], Awaitable[bytes]]
) -> web.Application:
    """The platforms' routes with `/healthz` (the process answers), `/readyz` (the database does
    too) and `/metrics`."""
    app = web.Application(client_max_size=LARGEST_BODY)

    async def health(_request: web.Request) -> web.Response:
        return web.Response(text="ok")

    async def readiness(_request: web.Request) -> web.Response:
        if await ready():
            return web.Response(text="ready")
        return web.Response(status=503, text="the database does not answer")

    async def measured(_request: web.Request) -> web.Response:
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
