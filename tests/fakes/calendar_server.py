"""A planning program's web server for tests, which gives out a calendar of shifts. It holds those
who ask to what HTTP says of asking again."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web
from aiohttp.test_utils import TestServer


@dataclass(slots=True)
class CalendarRequest:
    """One request: its path, and what it said it had."""

    path: str
    etag: str
    status: int


@dataclass
class FakeCalendarServer:
    """`events`: each one's lines, with a bar between. `status`: what it answers in place of the
    calendar; `headers` go with that."""

    events: list[str] = field(default_factory=list)
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    asked: list[CalendarRequest] = field(default_factory=list)
    url: str = ""
    secret: str = "s3cret"

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/calendars/{secret}.ics", self._calendar),
            web.get("/to", self._to),
            web.get("/around", self._around),
            web.get("/big", self._big),
            web.get("/text", self._text),
        ]

    def content(self) -> bytes:
        lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//planner//EN"]
        for number, event in enumerate(self.events):
            lines += ["BEGIN:VEVENT", f"UID:{number}", "DTSTAMP:20260101T000000Z"]
            lines += [*event.split("|"), "END:VEVENT"]
        return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()

    async def _calendar(self, request: web.Request) -> web.Response:
        answer = self._answer(request)
        etag = request.headers.get("If-None-Match", "")
        self.asked.append(CalendarRequest(request.path, etag, answer.status))
        return answer

    def _answer(self, request: web.Request) -> web.Response:
        if request.match_info["secret"] != self.secret:
            return web.Response(status=404)
        if "Authorization" in request.headers or "Cookie" in request.headers:
            return web.Response(status=400)
        if self.status != 200:
            return web.Response(status=self.status, headers=self.headers)
        content = self.content()
        etag = f'"{hash(content) & 0xFFFFFFFF:x}"'
        if request.headers.get("If-None-Match") == etag:
            return web.Response(status=304, headers={"ETag": etag})
        return web.Response(body=content, content_type="text/calendar", headers={"ETag": etag})

    async def _to(self, request: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": request.query["where"]})

    async def _around(self, request: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": "/around"})

    async def _big(self, request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        answer.enable_compression()
        await answer.prepare(request)
        for _ in range(200):
            await answer.write(b"X" * 1_000)
        return answer

    async def _text(self, request: web.Request) -> web.Response:
        return web.Response(text="<html>Please log in</html>", content_type="text/html")


@asynccontextmanager
async def calendar_server() -> AsyncIterator[FakeCalendarServer]:
    """One that listens."""
    fake = FakeCalendarServer()
    app = web.Application()
    app.add_routes(fake.routes())
    async with TestServer(app, host="127.0.0.1") as running:
        fake.url = str(running.make_url("/")).rstrip("/")
        yield fake
