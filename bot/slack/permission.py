"""The pages on which somebody lets Plecs set their status: to Slack, and back with a code."""

from collections.abc import Sequence
from datetime import datetime
from html import escape
from typing import Protocol
from urllib.parse import urlencode

import aiohttp
import structlog
from aiohttp import encode_basic_auth, web

from bot.slack.send import UNREACHABLE, slack_client, word_of
from bot.slack.statuses import INSTALL, REDIRECT, SCOPES, Asked, PermissionLinks
from bot.texts import texts
from handlers.kit.facts import Fact, StatusPermitted
from handlers.kit.people import Address
from handlers.kit.ports import mark
from handlers.kit.text import plain

_LANGUAGES = ("lv", "en")

_DONE = (
    mark("Thank you"),
    mark("From now on your status says during a break until when you are away, never why."),
)
_DENIED = (mark("Nothing was changed"), mark("Your breaks are breaks without it, too."))
_PARTLY = (
    mark("Nothing was changed"),
    mark("For this, both seeing and setting your status have to be allowed."),
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

_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "Referrer-Policy": "no-referrer",  # the address of the page has the code in it
    "X-Content-Type-Options": "nosniff",
}
_PAGE = """<!doctype html>
<html lang="{language}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Plecs</title>
<style>body{{font:1.1rem/1.5 system-ui,sans-serif;max-width:32rem;margin:18vh auto;padding:0 1.5rem;
color:#1f2933}}h1{{font-size:1.6rem;color:#1f4e5f}}</style>
{body}
</html>"""

log = structlog.get_logger()


class PermissionDesk(Protocol):
    """The core, as far as these pages need it."""

    def now(self) -> datetime: ...

    async def is_first_use(self, platform: str, number: str) -> bool: ...

    async def knows(self, address: Address) -> bool: ...

    async def tell(self, fact: Fact) -> None: ...


class PermissionPages:
    """Serves `/slack/install` and `/slack/oauth_redirect`."""

    def __init__(
        self,
        desk: PermissionDesk,
        links: PermissionLinks,
        session: aiohttp.ClientSession,
        *,
        api_url: str,
        client_id: str,
        client_secret: str,
    ) -> None:
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
        if asked is None:
            return _page(_UNKNOWN, _LANGUAGES, 400)
        if asked.until <= self._desk.now():
            return _page(_EXPIRED, (asked.locale,), 410)
        query = {
            "client_id": self._client_id,
            "user_scope": ",".join(SCOPES),
            "redirect_uri": self._links.base + REDIRECT,
            "team": asked.who.workspace,
            "state": request.query["state"],
        }
        slack = self._api_url.rstrip("/").removesuffix("/api")
        where = f"{slack}/oauth/v2/authorize?{urlencode(query)}"
        return web.Response(status=302, headers={**_HEADERS, "Location": where})

    async def _back(self, request: web.Request) -> web.Response:
        asked = self._links.read(request.query.get("state", ""))
        if asked is None:
            return _page(_UNKNOWN, _LANGUAGES, 400)
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

    async def _exchanged(self, code: str, asked: Asked) -> tuple[tuple[str, str], int]:
        """Gets the token for the code, and keeps it if it is the asked person's own."""
        try:
            # Not by its own method: that one uses a class which aiohttp is about to drop.
            answer = await slack_client("", self._session, self._api_url).api_call(
                "oauth.v2.access",
                data={"code": code, "redirect_uri": self._links.base + REDIRECT},
                headers={"Authorization": encode_basic_auth(self._client_id, self._client_secret)},
            )
        except UNREACHABLE as error:
            log.warning("slack.call_failed", method="oauth.v2.access", error=word_of(error))
            return _FAILED, 502
        given = answer.get("authed_user") or {}
        token = given.get("access_token")
        if not token:
            return _PARTLY, 403
        refused = None
        if (answer.get("team") or {}).get("id") != asked.who.workspace:
            refused = _ELSEWHERE
        elif given.get("id") != asked.who.user:
            refused = _SOMEBODY_ELSE
        elif not set(SCOPES) <= set(str(given.get("scope", "")).split(",")):
            refused = _PARTLY
        elif not await self._desk.knows(asked.who):
            refused = _UNKNOWN
        if refused is None:
            await self._desk.tell(StatusPermitted(asked.who, token))
            log.info("slack.status_permitted", user=asked.who.user)
            return _DONE, 200
        await self._give_back(token)
        return refused, 403

    async def _give_back(self, token: str) -> None:
        """What was not asked for is not kept."""
        try:
            await slack_client(token, self._session, self._api_url).auth_revoke()
        except UNREACHABLE as error:
            log.warning("slack.call_failed", method="auth.revoke", error=word_of(error))


def _page(said: tuple[str, str], languages: Sequence[str], status: int = 200) -> web.Response:
    """A heading and a sentence, in the person's language; in both where nobody knows whose."""
    parts = [
        f'<main lang="{texts(one).locale}"><h1>{_words(said[0], one)}</h1>'
        f"<p>{_words(said[1], one)}</p></main>"
        for one in languages
    ]
    page = _PAGE.format(language=texts(languages[0]).locale, body="\n".join(parts))
    return web.Response(status=status, text=page, content_type="text/html", headers=_HEADERS)


def _words(message: str, locale: str) -> str:
    return escape(plain(texts(locale)(message)))
