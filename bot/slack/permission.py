"""The pages on which somebody lets Plecs set their status: to Slack, and back with a code."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol
from urllib.parse import urlencode

import aiohttp
import structlog
from aiohttp import web

from bot.slack.api import UNREACHABLE, word_of
from bot.slack.oauth import authorize_url, exchanged, give_back
from bot.slack.pages import HEADERS, LANGUAGES, PageWords, page
from bot.slack.statuses import INSTALL, REDIRECT, SCOPES, Asked, PermissionLinks
from handlers.kit.facts import Fact, StatusPermitted
from handlers.kit.people import Address
from handlers.kit.ports import mark

_DONE = (
    mark("Thank you"),
    mark("From now on your status says during a break until when you are away, never why."),
)
_DENIED = (mark("Nothing was changed"), mark("Your breaks are breaks without it, too."))
_PARTLY = (
    mark("Nothing was changed"),
    mark("For this, both seeing and setting your status have to be allowed."),
)
_SHORT_LIVED = (
    mark("Nothing was changed"),
    mark("Here Slack would end this after twelve hours, so Plecs does not take it."),
)
_EXPIRED = (mark("This link is too old"), mark("Get a new one in Slack: /break status"))
_USED = (mark("This link was used already"), mark("Get a new one in Slack: /break status"))
_UNKNOWN = (
    mark("This link leads nowhere"),
    mark("The way to it begins in Slack: /break status"),
)
_SOMEBODY_ELSE = (
    mark("This link belongs to somebody else"),
    mark("Nothing was changed. Get one of your own in Slack: /break status"),
)
_ELSEWHERE = (
    mark("That was another workspace"),
    mark(
        "Nothing was changed. Get a new link with /break status, and choose the workspace you "
        "came from."
    ),
)
_FAILED = (
    mark("Slack did not answer as it should"),
    mark("Nothing was changed. Please get a new link: /break status"),
)

log = structlog.get_logger()


class PermissionDesk(Protocol):
    """The core, as far as these pages need it."""

    def now(self) -> datetime: ...

    async def is_first_use(self, platform: str, number: str) -> bool: ...

    async def knows(self, address: Address) -> bool: ...

    async def tell(self, fact: Fact) -> None: ...


class InstallDoor(Protocol):
    """The same addresses, for whoever installs Plecs."""

    async def to_slack(self, request: web.Request) -> web.Response: ...

    async def back(self, request: web.Request) -> web.Response: ...


class PermissionPages:
    """Serves `/slack/install` and `/slack/oauth_redirect`; for whoever brings no link of ours, the
    `install` door's, where there is one."""

    def __init__(
        self,
        desk: PermissionDesk,
        links: PermissionLinks,
        session: aiohttp.ClientSession,
        *,
        api_url: str,
        client_id: str,
        client_secret: str,
        install: InstallDoor | None = None,
    ) -> None:
        self._install = install
        self._desk = desk
        self._links = links
        self._session = session
        self._api_url = api_url
        self._client_id = client_id
        self._client_secret = client_secret

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get(INSTALL, self._to_slack, allow_head=False),
            web.get(REDIRECT, self._back, allow_head=False),
        ]

    async def _to_slack(self, request: web.Request) -> web.Response:
        asked = self._links.read(request.query.get("state", ""))
        if asked is None and self._install is not None:
            return await self._install.to_slack(request)
        if asked is None:
            return _page(_UNKNOWN, LANGUAGES, 400)
        if asked.until <= self._desk.now():
            return _page(_EXPIRED, (asked.locale,), 410)
        query = {
            "client_id": self._client_id,
            "user_scope": ",".join(SCOPES),
            "redirect_uri": self._links.base + REDIRECT,
            "team": asked.who.workspace,
            "state": request.query["state"],
        }
        where = f"{authorize_url(self._api_url)}?{urlencode(query)}"
        return web.Response(status=302, headers={**HEADERS, "Location": where})

    async def _back(self, request: web.Request) -> web.Response:
        asked = self._links.read(request.query.get("state", ""))
        if asked is None and self._install is not None:
            return await self._install.back(request)
        if asked is None:
            return _page(_UNKNOWN, LANGUAGES, 400)
        language = (asked.locale,)
        if asked.until <= self._desk.now():
            return _page(_EXPIRED, language, 410)
        if not await self._desk.is_first_use("slack", f"permission:{asked.number}"):
            return _page(_USED, language, 410)
        code = request.query.get("code", "")
        if not code:
            return _page(_DENIED, language)
        said, status = await self._exchanged(code, asked)
        return _page(said, language, status)

    async def _exchanged(self, code: str, asked: Asked) -> tuple[PageWords, int]:
        """Gets the token for the code, and keeps it if it is the asked person's own."""
        try:
            answer = await exchanged(
                self._session,
                self._api_url,
                self._client_id,
                self._client_secret,
                code=code,
                redirect_uri=self._links.base + REDIRECT,
            )
        except UNREACHABLE as error:
            log.warning("slack.call_failed", method="oauth.v2.access", error=word_of(error))
            return _FAILED, 502
        given = answer.get("authed_user") or {}
        token = given.get("access_token")
        if not token:
            return _PARTLY, 403
        refused = None
        # Where the whole organisation has the app, that is where people are.
        places = [(answer.get(name) or {}).get("id") for name in ("team", "enterprise")]
        if asked.who.workspace not in places:
            refused = _ELSEWHERE
        elif given.get("id") != asked.who.user:
            refused = _SOMEBODY_ELSE
        elif not set(SCOPES) <= set(str(given.get("scope", "")).split(",")):
            refused = _PARTLY
        elif given.get("expires_in"):
            refused = _SHORT_LIVED
        elif not await self._desk.knows(asked.who):
            refused = _UNKNOWN
        if refused is None:
            await self._desk.tell(StatusPermitted(asked.who, token))
            log.info("slack.status_permitted", user=asked.who.user)
            return _DONE, 200
        await give_back(token, self._session, self._api_url)
        return refused, 403


def _page(said: PageWords, languages: Sequence[str], status: int = 200) -> web.Response:
    text = page(said, languages)
    return web.Response(status=status, text=text, content_type="text/html", headers=HEADERS)
