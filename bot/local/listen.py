"""The local workspace over HTTP: what the page asks becomes commands, and what is new, events."""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from importlib.resources import files
from typing import Protocol

from aiohttp import web

from bot.catalogue import PLACEHOLDER
from bot.local.cards import Renderer
from bot.local.clock import MovableClock
from bot.local.send import Bell, Messages, message_id
from bot.local.team import PLATFORM, SHOWN_FIRST, WORKSPACE
from bot.local.words import PAGE_WORDS
from bot.loopback import refusal
from bot.rendering import ChartUrl
from bot.texts import texts
from bot.typed import PLECS, after_plecs
from handlers.common.roles import role_name
from handlers.kit.cards import Card, Form
from handlers.kit.commands import AnswerPlace, Command, Route, Value
from handlers.kit.people import Address, Person, Role
from handlers.kit.ports import Reader
from handlers.router import Answered, find
from storage.local import LocalMessage, MessageKind

LANGUAGES = ("lv", "en")
STEPS = (30, 300, 3_600, 86_400)
"""By how many seconds the clock may be moved at once."""

_BODY_LIMIT = 64 * 1024
_SHOWN_AT_FIRST = 400
"""Messages that a page starts with. A demo has fewer; and the page should open at once."""

_HEARTBEAT_SECONDS = 15.0
_DELIVERY = re.compile(r"[0-9A-Za-z-]{8,64}")
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_OF_A_FILE = _HEADERS | {"Cache-Control": "no-cache"}
"""A browser keeps a file, and asks each time whether it is still the one."""

_HERE = files("bot.local")
_KINDS = {
    "html": "text/html",
    "css": "text/css",
    "js": "text/javascript",
    "svg": "image/svg+xml",
}
_FILES = (
    *("page.html", "page.css", "icon.svg"),
    *(f"page/{one.name}" for one in sorted((_HERE / "page").iterdir(), key=lambda one: one.name)),
)


class LocalDesk(Protocol):
    """The one door to what Plecs does."""

    async def ask(self, command: Command) -> Answered: ...

    async def stood(self, key: str, by: Address, ref: str) -> None: ...


class Surroundings(Protocol):
    """What stands around the messages: who is in the workspace, as they are now, how their
    topics are called, and how far the clock was moved."""

    async def people(self) -> Sequence[Person]: ...

    async def topic_names(self, locale: str) -> Mapping[str, str]: ...

    async def keep_clock(self, offset: timedelta) -> None: ...


@dataclass(frozen=True, slots=True)
class Workspace:
    """What the page needs of the rest of the house."""

    desk: LocalDesk
    around: Surroundings
    messages: Messages
    clock: MovableClock
    bell: Bell
    routes: Sequence[Route]
    chart_url: ChartUrl | None = None


class BadRequestError(Exception):
    """The page, or something that isn't the page, asked for what makes no sense."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


def routes(workspace: Workspace) -> list[web.RouteDef]:
    """Everything the local workspace serves."""
    page = _Page(workspace)
    return [
        web.get("/", _guarded(_file("page.html"))),
        *(web.get(f"/local/{name}", _guarded(_file(name))) for name in _FILES),
        web.get("/local/state", _guarded(page.state)),
        web.get("/local/events", _guarded(page.events)),
        web.post("/local/ask", _guarded(page.ask)),
        web.post("/local/clock", _guarded(page.move_clock)),
    ]


@dataclass(frozen=True, slots=True)
class _Page:
    workspace: Workspace

    async def state(self, _request: web.Request) -> web.StreamResponse:
        """Everything a page starts with."""
        messages = await self.workspace.messages.newest(_SHOWN_AT_FIRST)
        return _json(
            {
                **await self._surroundings(),
                "words": {
                    language: {word: _text(word, language) for word in PAGE_WORDS}
                    for language in LANGUAGES
                },
                "shown": SHOWN_FIRST,
                "messages": [_message(message) for message in messages],
                "version": max((message.version for message in messages), default=0),
            }
        )

    async def events(self, request: web.Request) -> web.StreamResponse:
        """What is new, as server-sent events: from where the page last was, and then live."""
        after = _position(request)
        response = web.StreamResponse(
            headers={**_HEADERS, "Content-Type": "text/event-stream", "X-Accel-Buffering": "no"}
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
                            await response.write(_event("message", _message(message)))
                    await _heard(rung, response)
        except ConnectionResetError:
            pass  # the page was closed; it comes back with the number of its last event
        return response

    async def ask(self, request: web.Request) -> web.StreamResponse:
        """What somebody typed, pressed or filled in. Answers with a form's HTML where one opens;
        everything else comes as an event."""
        body = await _body(request)
        team = await self.workspace.around.people()
        by = Address(PLATFORM, WORKSPACE, _string(body, "person"))
        if not any(by in person.addresses for person in team):
            raise BadRequestError(404, "There is nobody by this name here.")
        delivery = _string(body, "delivery")
        if not _DELIVERY.fullmatch(delivery):
            raise BadRequestError(400, "delivery: 8 to 64 letters, digits and dashes.")
        if "text" in body:
            text = _string(body, "text").strip()
            command = Command(
                PLECS, by, text=after_plecs(text), delivery=delivery, answer_at=AnswerPlace()
            )
            if text and body.get("shown") is not False:
                await self._say(by.user, _as_kept(command, text), delivery)
        else:
            command = Command(
                _string(body, "does"),
                by,
                values=_values(body),
                delivery=delivery,
                answer_at=AnswerPlace(),
            )
        pressed = body.get("message")
        answer = await self.workspace.desk.ask(command)
        form = await self._show(
            answer, by, delivery, pressed if isinstance(pressed, str) else "", team
        )
        self.workspace.bell.ring()
        return _json({"form": form})

    async def move_clock(self, request: web.Request) -> web.StreamResponse:
        seconds = (await _body(request)).get("seconds")
        if seconds not in STEPS or isinstance(seconds, bool) or not isinstance(seconds, int):
            raise BadRequestError(400, f"seconds: one of {', '.join(map(str, STEPS))}.")
        self.workspace.clock.move(timedelta(seconds=seconds))
        await self.workspace.around.keep_clock(self.workspace.clock.offset)
        self.workspace.bell.ring()
        return _json({"now": self.workspace.clock().isoformat()})

    async def _say(self, user: str, text: str, delivery: str) -> None:
        """Shows what somebody typed, as their own words."""
        html = Renderer(Reader(locale="en", zone="UTC")).words(text)
        await self._put(f"said-{delivery}", MessageKind.SAID, user, html, text)

    async def _show(
        self, answer: Answered, by: Address, delivery: str, pressed: str, team: Sequence[Person]
    ) -> str | None:
        """Shows an answer to the one who asked: in place of the private message whose button was
        pressed, or of the one that the answer is about; else as a new one. Gives a form's HTML
        back."""
        renderer = Renderer(
            answer.reader,
            team=[(_user(person), person) for person in team],
            chart_url=self.workspace.chart_url,
        )
        match answer.reply:
            case None:
                return None
            case Form() as form:
                return renderer.form(form)
            case Card() as card:
                old = await self.workspace.messages.get(pressed) if pressed else None
                makes_place = (
                    old is not None
                    and old.readers == (by.user,)
                    and (old.kind is MessageKind.PRIVATE or old.id == message_id(answer.stands_for))
                )
                there = pressed if makes_place else f"answer-{delivery}"
                await self._put(
                    there,
                    old.kind if old is not None and makes_place else MessageKind.PRIVATE,
                    by.user,
                    renderer.card(card),
                    renderer.plain(card.summary or card.title),
                )
                if answer.stands_for:
                    await self.workspace.desk.stood(answer.stands_for, by, there)
                return None

    async def _put(
        self, message: str, kind: MessageKind, user: str, html: str, summary: str
    ) -> None:
        await self.workspace.messages.put(
            LocalMessage(message, kind, (user,), html, summary, self.workspace.clock())
        )
        self.workspace.bell.ring()

    async def _surroundings(self) -> dict[str, object]:
        """What stands around the messages: the clock and the people. By event's name."""
        topics = {
            language: await self.workspace.around.topic_names(language) for language in LANGUAGES
        }
        people = await self.workspace.around.people()
        return {
            "clock": self.workspace.clock.offset.total_seconds(),
            "people": [
                self._person(person, topics["lv" if person.locale == "lv" else "en"])
                for person in people
            ],
        }

    def _person(self, person: Person, topics: Mapping[str, str]) -> dict[str, object]:
        more = [role for role in Role if role in person.roles - {Role.AGENT}]
        return {
            "user": _user(person),
            "name": person.name,
            "first": person.first_name,
            "locale": person.locale,
            "position": person.position,
            "roles": [
                "".join(map(str, role_name(role, texts(person.locale))))
                for role in more or [Role.AGENT]
            ],
            "topics": [topics.get(topic, topic) for topic in person.topics],
            "commands": [
                {
                    "word": route.typed.words.get(person.locale, route.name),
                    "usage": _text(route.typed.usage, person.locale),
                    "help": _text(route.typed.help, person.locale),
                }
                for route in self.workspace.routes
                if route.typed and (route.role is None or person.is_a(route.role))
            ],
        }


_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def _guarded(handler: _Handler) -> _Handler:
    """Lets only this machine's own page in: other sites' pages can reach a loopback address too,
    by a name of theirs that points here, or by simply sending."""

    async def guard(request: web.Request) -> web.StreamResponse:
        try:
            reason = refusal(request)
            return _json({"error": reason}, 403) if reason else await handler(request)
        except BadRequestError as error:
            return _json({"error": error.reason}, error.status)

    return guard


def _file(name: str) -> _Handler:
    content = (_HERE / name).read_bytes()
    kind, tag = _KINDS[name.rpartition(".")[2]], sha256(content).hexdigest()[:32]

    async def serve(request: web.Request) -> web.StreamResponse:
        if any(one.value in (tag, "*") for one in request.if_none_match or ()):
            response = web.Response(status=304, headers=_OF_A_FILE)
        else:
            response = web.Response(
                body=content, content_type=kind, charset="utf-8", headers=_OF_A_FILE
            )
        response.etag = tag
        return response

    return serve


async def _body(request: web.Request) -> Mapping[str, object]:
    if request.content_type != "application/json":
        raise BadRequestError(415, "Send JSON, as application/json.")
    content = await request.read()
    if len(content) > _BODY_LIMIT:
        raise BadRequestError(413, f"At most {_BODY_LIMIT} bytes at once.")
    try:
        body = json.loads(content)
        json.dumps(body, ensure_ascii=False).encode()  # half a character can't be kept or shown
    except (ValueError, RecursionError):
        raise BadRequestError(400, "This is not JSON.") from None
    if not isinstance(body, dict):
        raise BadRequestError(400, "Send a JSON object.")
    return body


def _string(body: Mapping[str, object], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str):
        raise BadRequestError(400, f"{name}: a string, please.")
    return value


def _values(body: Mapping[str, object]) -> dict[str, Value]:
    given = body.get("values", {})
    if not isinstance(given, dict):
        raise BadRequestError(400, "values: an object, please.")
    values: dict[str, Value] = {}
    for name, value in given.items():
        if isinstance(value, str):
            values[name] = value
        elif isinstance(value, list) and all(isinstance(one, str) for one in value):
            values[name] = tuple(value)
        else:
            raise BadRequestError(400, f"values.{name}: a string or a list of strings, please.")
    return values


def _as_kept(command: Command, text: str) -> str:
    """What the column keeps of what was typed: of a private command its word alone."""
    _, route = find(command)
    if route is None or not route.private:
        return text
    word, *behind = command.text.split(maxsplit=1)
    return f"/{word.removeprefix('/')} …" if behind else text


def _position(request: web.Request) -> int:
    given = request.headers.get("Last-Event-ID") or request.query.get("after", "0")
    if not (given.isascii() and given.isdigit() and len(given) < 16):
        raise BadRequestError(400, "Last-Event-ID: the number of the last event, please.")
    return int(given)


async def _heard(rung: asyncio.Event, response: web.StreamResponse) -> None:
    """Waits for the bell; now and then says that the connection lives."""
    while not rung.is_set():
        try:
            async with asyncio.timeout(_HEARTBEAT_SECONDS):
                await rung.wait()
        except TimeoutError:
            await response.write(b": still here\n\n")


def _event(name: str, value: object) -> bytes:
    position = f"id: {value['version']}\n" if name == "message" and isinstance(value, dict) else ""
    return f"{position}event: {name}\ndata: {json.dumps(value, ensure_ascii=False)}\n\n".encode()


def _message(message: LocalMessage) -> dict[str, object]:
    return {
        "id": message.id,
        "kind": message.kind.value,
        "readers": message.readers,
        "html": message.html,
        "summary": message.summary,
        "at": message.at.isoformat(),
        "place": message.place,
        "version": message.version,
    }


def _json(value: object, status: int = 200) -> web.Response:
    return web.json_response(
        value, status=status, headers=_HEADERS, dumps=lambda v: json.dumps(v, ensure_ascii=False)
    )


def _text(message: str, locale: str) -> str:
    """A message without values in the language; its placeholders stay for the page to fill."""
    open_places = {name: f"{{{name}}}" for name in PLACEHOLDER.findall(message)}
    return "".join(map(str, texts(locale)(message, **open_places)))


def _user(person: Person) -> str:
    return next(a.user for a in person.addresses if a.platform == PLATFORM)
