"""The local workspace over HTTP: what the page asks becomes commands, and what is new, events."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from aiohttp import web

from bot.call_events import HearsCalls
from bot.local import parse
from bot.local.clock import MovableClock
from bot.local.files import FILES, HEADERS, PageHandler, file
from bot.local.parse import BadRequestError, LocalPressed, LocalTyped
from bot.local.replies import LocalReplies, Stands
from bot.local.send import Bell, Messages
from bot.local.state import LooksAhead, Surroundings, surroundings, told, words_of_the_page
from bot.local.team import SHOWN_FIRST
from bot.local.telephone import Telephones
from bot.loopback import refusal
from bot.replies import Asks
from bot.typed import PLECS, after_plecs
from handlers.kit.commands import AnswerPlace, Command, Route
from handlers.routes import find

_SHOWN_AT_FIRST = 400
"""Messages that a page starts with. A demo has fewer; and the page should open at once."""

_HEARTBEAT_SECONDS = 15.0


class LocalDesk(Asks, Stands, LooksAhead, HearsCalls, Protocol):
    """The one door to what Plecs does."""


@dataclass(frozen=True, slots=True)
class Workspace:
    """What the page needs of the rest of the house."""

    desk: LocalDesk
    around: Surroundings
    messages: Messages
    clock: MovableClock
    bell: Bell
    routes: Sequence[Route]
    telephones: Telephones = field(default_factory=Telephones)


def routes(workspace: Workspace) -> list[web.RouteDef]:
    """Everything the local workspace serves."""
    replies = LocalReplies(workspace.desk, workspace.messages, workspace.bell, workspace.clock)
    page = _Page(workspace, replies)
    return [
        web.get("/", _guarded(file("page.html"))),
        *(web.get(f"/local/{name}", _guarded(file(name))) for name in FILES),
        web.get("/local/state", _guarded(page.state)),
        web.get("/local/events", _guarded(page.events)),
        web.post("/local/ask", _guarded(page.ask)),
        web.post("/local/telephone", _guarded(page.telephone)),
        web.post("/local/clock", _guarded(page.move_clock)),
        web.post("/local/again", _guarded(page.begin_again)),
    ]


@dataclass(frozen=True, slots=True)
class _Page:
    workspace: Workspace
    replies: LocalReplies

    async def state(self, _request: web.Request) -> web.StreamResponse:
        """Everything a page starts with."""
        messages = await self.workspace.messages.newest(_SHOWN_AT_FIRST)
        return _json(
            {
                **await self._surroundings(),
                "words": words_of_the_page(),
                "shown": SHOWN_FIRST,
                "messages": [told(message) for message in messages],
                "version": max((message.version for message in messages), default=0),
            }
        )

    async def events(self, request: web.Request) -> web.StreamResponse:
        """What is new, as server-sent events: from where the page last was, and then live."""
        given = request.headers.get("Last-Event-ID") or request.query.get("after", "0")
        after = parse.position(given)
        response = web.StreamResponse(
            headers={**HEADERS, "Content-Type": "text/event-stream", "X-Accel-Buffering": "no"}
        )
        await response.prepare(request)
        known: dict[str, object] = {}
        bell = self.workspace.bell
        try:
            await response.write(b"retry: 1000\n\n")
            with bell.listening() as rung:
                while not bell.closed:
                    rung.clear()
                    for name, value in (await self._surroundings()).items():
                        if known.get(name) != value:
                            known[name] = value
                            await response.write(_event(name, value))
                    while news := await self.workspace.messages.newer(after, 100):
                        after = news[-1].version
                        for message in news:
                            await response.write(_event("message", told(message), message.version))
                    await _heard(rung, response)
        except ConnectionResetError:
            pass  # the page was closed; it comes back with the number of its last event
        return response

    async def ask(self, request: web.Request) -> web.StreamResponse:
        """What somebody typed, pressed or filled in. Answers with a form's HTML where one opens;
        everything else comes as an event."""
        posted = await _posted(request)
        team = await self.workspace.around.people()
        done = parse.asked(posted, team)
        command = _command(done)
        if isinstance(done, LocalTyped) and done.text and done.is_shown:
            said = _as_kept(command, done.text)
            await self.replies.say(done.by.user, said, done.delivery)
        answer = await self.replies.answered(self.workspace.desk, command)
        form = await self.replies.show(answer, done.by, done.delivery, done.on, team)
        self.workspace.bell.ring()
        return _json({"form": form})

    async def telephone(self, request: web.Request) -> web.StreamResponse:
        """Somebody's telephone rings, is answered or hung up."""
        here, posted = self.workspace, await _posted(request)
        person, by, does, number = parse.used_telephone(posted, await here.around.people())
        now = here.clock()
        who = here.desk.caller(number, now) if number else None
        event = here.telephones.use(by.user, person.name, does, who, now)
        await here.desk.hear(event, person.workspace)
        here.bell.ring()
        return _json(here.telephones.states())

    async def move_clock(self, request: web.Request) -> web.StreamResponse:
        self.workspace.clock.move(parse.step(await _posted(request)))
        await self.workspace.around.keep_clock(self.workspace.clock.offset)
        self.workspace.bell.ring()
        return _json({"now": self.workspace.clock().isoformat()})

    async def begin_again(self, request: web.Request) -> web.StreamResponse:
        """Everything as on the first day, but for the clock, which never goes back. Whoever is on
        the page has another id from then on: so the pages know that they begin anew."""
        parse.loaded(await _posted(request))
        await self.workspace.around.begin_again(self.workspace.clock())
        self.workspace.telephones.clear()
        self.workspace.bell.ring()
        return _json({})

    async def _surroundings(self) -> dict[str, object]:
        here = self.workspace
        around = await surroundings(here.around, here.desk, here.routes, here.clock.offset)
        return {**around, "telephones": here.telephones.states() or None}


def _guarded(handler: PageHandler) -> PageHandler:
    """Lets only this machine's own page in: other sites' pages can reach a loopback address too,
    by a name of theirs that points here, or by simply sending."""

    async def guard(request: web.Request) -> web.StreamResponse:
        try:
            reason = refusal(request)
            return _json({"error": reason}, 403) if reason else await handler(request)
        except BadRequestError as error:
            return _json({"error": error.reason}, error.status)

    return guard


async def _posted(request: web.Request) -> bytes:
    if request.content_type != "application/json":
        raise BadRequestError(415, "Send JSON, as application/json.")
    return await request.read()


def _command(done: LocalTyped | LocalPressed) -> Command:
    by, delivery, place = done.by, done.delivery, AnswerPlace()
    if isinstance(done, LocalPressed):
        return Command(done.route, by, values=done.values, delivery=delivery, answer_at=place)
    return Command(PLECS, by, text=after_plecs(done.text), delivery=delivery, answer_at=place)


def _as_kept(command: Command, text: str) -> str:
    """What the column keeps of what was typed: of a private command its word alone."""
    _, route = find(command)
    if route is None or not route.private:
        return text
    word, *behind = command.text.split(maxsplit=1)
    return f"/{word.removeprefix('/')} …" if behind else text


async def _heard(rung: asyncio.Event, response: web.StreamResponse) -> None:
    """Waits for the bell; now and then says that the connection lives."""
    while not rung.is_set():
        try:
            async with asyncio.timeout(_HEARTBEAT_SECONDS):
                await rung.wait()
        except TimeoutError:
            await response.write(b": still here\n\n")


def _event(name: str, value: object, position: int | None = None) -> bytes:
    """An event; one with a position is where a page that comes back goes on."""
    at = "" if position is None else f"id: {position}\n"
    return f"{at}event: {name}\ndata: {json.dumps(value, ensure_ascii=False)}\n\n".encode()


def _json(value: object, status: int = 200) -> web.Response:
    return web.json_response(
        value, status=status, headers=HEADERS, dumps=lambda v: json.dumps(v, ensure_ascii=False)
    )
