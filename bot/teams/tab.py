"""The tab beside the chat: the start page, the plan and the groups, as cards on a page.

A page in Teams can't tell by itself who looks at it. So it is signed in by the chat: there stands
an address that is good for ten minutes and once, for the one to whom it was given; with it the page
gets what it asks by from then on.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from importlib.resources import files
from secrets import token_urlsafe
from typing import Any, Protocol
from urllib.parse import quote

from aiohttp import web

from bot.apologies import FAILED, failed, in_both
from bot.payloads import UnreadableError, at, list_at, loaded, text_at
from bot.signed import Signed
from handlers import routes
from handlers.kit.cards import Card, Form, Link, Paragraph
from handlers.kit.commands import Command, Value
from handlers.kit.delivery import Reader
from handlers.kit.people import Address, Person
from handlers.kit.ports import Texts
from handlers.kit.text import plain
from handlers.router import Answered
from scheduling.clock import Clock

PATH = "/teams/tab"
ENTITY = "home"
"""The tab's own name in the app."""

_START = "home"
"""The route of the start page."""

_INVITED_FOR = timedelta(minutes=10)
_SIGNED_IN_FOR = timedelta(hours=9)
"""A working day: after it the chat signs in anew."""

_LONGEST = 200
_FRAMED_BY = (
    "https://teams.microsoft.com https://*.teams.microsoft.com https://*.cloud.microsoft "
    "https://*.office.com https://*.microsoft365.com"
)
"""Whose pages may hold ours in them (learn.microsoft.com, "Tab requirements")."""

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        f"img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors {_FRAMED_BY}"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


@dataclass(frozen=True, slots=True)
class TabLook:
    """How the page looks: what writes a card or a form as HTML, for its reader and with those whom
    they may choose from, and its style sheet's text."""

    html: Callable[[Card | Form, Reader, Sequence[tuple[str, Person]]], str]
    style: str


class TabDesk(Protocol):
    async def ask(self, command: Command) -> Answered: ...

    async def is_first_use(self, platform: str, number: str) -> bool: ...


class TabKeys:
    """Signs people in; `address` is where Plecs is reached, `app` the app's id."""

    def __init__(self, app: str, address: str, clock: Clock, *secrets: str) -> None:
        self._app = app
        self._address = address
        self._clock = clock
        self._invitations = Signed("invitation to the tab", *secrets)
        self._sessions = Signed("signed in to the tab", *secrets)

    def offered(self, command: Command, card: Card, t: Texts) -> Card:
        """The start page's card in the chat, with what opens it as a page; another as it is."""
        if routes.find(command)[0].name != _START:
            return card
        page = Link(plain(t("Open as a page")), self.link(command.by))
        return replace(card, parts=(*card.parts, Paragraph((page,))))

    def link(self, who: Address) -> str:
        """What opens the tab for them, in Teams; where Teams doesn't know it, the page itself."""
        token = self._made(self._invitations, who, _INVITED_FOR, token_urlsafe(12))
        page = quote(f"{self._address}{PATH}?in={token}", safe="")
        context = quote(f'{{"subEntityId":"{token}"}}', safe="")
        entity = f"{self._app}/{ENTITY}"
        return f"https://teams.microsoft.com/l/entity/{entity}?webUrl={page}&context={context}"

    def session(self, who: Address) -> str:
        return self._made(self._sessions, who, _SIGNED_IN_FOR)

    def invited(self, token: str) -> tuple[Address, str] | None:
        """Whom an address of the chat was given to, while it is good, and its number: the same
        token may be written in several ways."""
        return self._read(self._invitations, token)

    def signed_in(self, token: str) -> Address | None:
        found = self._read(self._sessions, token)
        return None if found is None else found[0]

    def _made(self, signed: Signed, who: Address, lasts: timedelta, number: str = "") -> str:
        return signed.token_until([who.workspace, who.user, number], self._clock() + lasts)

    def _read(self, signed: Signed, token: str) -> tuple[Address, str] | None:
        match signed.values_until(token):
            case [str(workspace), str(user), str(number)], until if self._clock() < until:
                return Address("teams", workspace, user), number
        return None


class Tab:
    """The page, and what it asks. `people` are those whom somebody may choose from."""

    def __init__(
        self,
        desk: TabDesk,
        keys: TabKeys,
        look: TabLook,
        people: Callable[[Address], Awaitable[Sequence[tuple[str, Person]]]],
    ) -> None:
        self._desk = desk
        self._keys = keys
        self._look = look
        self._people = people

    def routes(self) -> list[web.RouteDef]:
        served = {
            PATH: (_text("tab.html"), "text/html"),
            f"{PATH}/tab.js": (_text("tab.js"), "text/javascript"),
            f"{PATH}/tab.css": (_text("tab.css"), "text/css"),
            f"{PATH}/look.css": (self._look.style, "text/css"),
        }
        return [
            *(web.get(path, _file(*there)) for path, there in served.items()),
            web.post(f"{PATH}/in", self._signs_in),
            web.post(f"{PATH}/ask", self._asks),
        ]

    async def _signs_in(self, request: web.Request) -> web.Response:
        token = text_at(await _body(request), "token", longest=1000)
        invited = self._keys.invited(token)
        if invited is None:
            raise web.HTTPForbidden
        who, number = invited
        if not await self._desk.is_first_use("teams", f"invited {number}"):
            raise web.HTTPForbidden
        return web.json_response({"session": self._keys.session(who)}, headers=_HEADERS)

    async def _asks(self, request: web.Request) -> web.Response:
        bearer = request.headers.get("Authorization", "").removeprefix("Bearer ")
        who = self._keys.signed_in(bearer)
        if who is None:
            raise web.HTTPUnauthorized(headers={"WWW-Authenticate": "Bearer"})
        body = await _body(request)
        does = text_at(body, "does", longest=_LONGEST)
        delivery = text_at(body, "delivery", longest=_LONGEST)
        if not does or not delivery:
            raise web.HTTPBadRequest
        command = Command(does, who, values=_values(at(body, "values")), delivery=f"tab {delivery}")
        try:
            answer = await self._desk.ask(command)
            shown = await self._shown(answer, who)
        except Exception as error:  # noqa: BLE001 - the page says it, with the number in the log
            said = " ".join(in_both(FAILED, failed("teams.tab_failed", error)))
            return web.json_response({"said": said}, status=500, headers=_HEADERS)
        return web.json_response(shown, headers=_HEADERS)

    async def _shown(self, answer: Answered, who: Address) -> dict[str, Any]:
        language = {"language": answer.reader.locale}
        match answer.reply:
            case Form() as form:
                people = await self._people(who)
                return language | {"form": self._look.html(form, answer.reader, people)}
            case Card() as card:
                return language | {"card": self._look.html(card, answer.reader, ())}
            case _:
                return language


async def _body(request: web.Request) -> object:
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType
    try:
        return loaded(await request.read())
    except UnreadableError:
        raise web.HTTPBadRequest from None


def _values(sent: object) -> Mapping[str, Value]:
    """What a button or a form sends: texts, and of several choices lists of them."""
    values: dict[str, Value] = {}
    for name, value in sent.items() if isinstance(sent, dict) else ():
        if isinstance(value, str):
            values[str(name)] = value
        elif isinstance(value, list):
            values[str(name)] = tuple(one for one in list_at(value) if isinstance(one, str))
    return values


def _text(name: str) -> str:
    return files("bot.teams").joinpath(name).read_text("utf-8")


def _file(text: str, kind: str) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def send(_request: web.Request) -> web.Response:
        return web.Response(text=text, content_type=kind, headers=_HEADERS)

    return send
