"""The Bot Connector's REST API, as far as Plecs uses it.

botbuilder's own client asks for a new token with each message, waits for the network in the event
loop, and hides Retry-After: so only what comes in goes through botbuilder.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import quote

import aiohttp

from bot.payloads import retry_after
from bot.teams.tokens import CONNECTOR, TokenError, Tokens

Json = dict[str, Any]
T = TypeVar("T")

TIMEOUT = 6
"""Seconds for one call: two tries must end before a claim's lease does."""

SERVICE_URL = "https://smba.trafficmanager.net/teams/"
"""Where a conversation with somebody begins whom no activity has come from: Teams' own, anywhere
(learn.microsoft.com, "Send proactive messages")."""

RETRIED = frozenset({412, 429, 502, 504})
"""What Microsoft says to try again, with a pause that differs from time to time."""

PASSING = RETRIED | {0, 408, 500, 503}
"""What may be otherwise a little later."""

_NOT_THERE = frozenset(
    {
        "BotNotInConversationRoster",
        "ConversationBlockedByUser",
        "ConversationNotFound",
        "MessageWritesBlocked",
        "BadArgument",
    }
)
"""Codes of a 403 that are about one person: who took the app away, blocked it, or never had it
(the last: "Bot is not installed in user's personal scope")."""

_LONGEST_PAUSE = 2.0
"""Seconds of a pause between two tries; who must wait longer is told to come back later."""

_PAUSES = (0.5, 2.0)
_LONGEST_WAIT = 10.0
"""Seconds between the tries for a reply."""

_WORD = 60
_NO_WORD = "unknown"


class ConnectorError(Exception):
    """Teams did not do it. `status` 0: it was not reached. `word` is its code, never what was
    sent; `after` the seconds it asked for."""

    def __init__(self, status: int, word: str, after: float | None = None) -> None:
        super().__init__(f"{status} {word}")
        self.status = status
        self.word = word
        self.after = after

    @property
    def is_gone(self) -> bool:
        """Whether this conversation, or its person, has Plecs no more. Any other 403 is about the
        app, and passes: Microsoft has told whole organisations for hours that an admin had
        disabled their bots (BotDisabledByAdmin) when nobody had."""
        return self.status == 404 or (self.status == 403 and self.word in _NOT_THERE)

    @property
    def is_wordless_refusal(self) -> bool:
        """A 403 that gives no reason."""
        return self.status == 403 and self.word == _NO_WORD


@dataclass(frozen=True, slots=True)
class ConversationPlace:
    """A conversation: where its service is, and its id there."""

    service_url: str
    conversation: str

    @property
    def path(self) -> str:
        return f"v3/conversations/{_quoted(self.conversation)}"


class Connector:
    """Calls of Teams' service. Each is tried twice where that helps."""

    def __init__(self, session: aiohttp.ClientSession, tokens: Tokens | None, app_id: str) -> None:
        self._session = session
        self._tokens = tokens
        self.app_id = app_id

    async def post(self, place: ConversationPlace, activity: Json, reply_to: str = "") -> str:
        """Sends the activity; answers its id. Raises ConnectorError, as all of these do."""
        path = f"{place.path}/activities" + (f"/{_quoted(reply_to)}" if reply_to else "")
        return _id(await self._call("POST", place.service_url, path, activity))

    async def change(self, place: ConversationPlace, activity_id: str, activity: Json) -> None:
        path = f"{place.path}/activities/{_quoted(activity_id)}"
        await self._call("PUT", place.service_url, path, {**activity, "id": activity_id})

    async def delete(self, place: ConversationPlace, activity_id: str) -> None:
        path = f"{place.path}/activities/{_quoted(activity_id)}"
        await self._call("DELETE", place.service_url, path, None)

    async def open(self, service_url: str, tenant: str, user: str) -> str:
        """Begins the conversation with somebody who has the app; answers its id."""
        asked = {
            "bot": {"id": f"28:{self.app_id}"},
            "isGroup": False,
            "members": [{"id": user}],
            "tenantId": tenant,
            "channelData": {"tenant": {"id": tenant}},
        }
        return _id(await self._call("POST", service_url, "v3/conversations", asked))

    async def member(self, place: ConversationPlace, user: str) -> Json:
        """What the conversation's roster says of one of its members."""
        path = f"{place.path}/members/{_quoted(user)}"
        return await self._call("GET", place.service_url, path, None)

    async def _call(self, method: str, service_url: str, path: str, body: Json | None) -> Json:
        url = f"{service_url.rstrip('/')}/{path}"
        try:
            return await self._once(method, url, body)
        except ConnectorError as error:
            pause = 0.3 if error.after is None else error.after
            if error.status not in RETRIED or pause > _LONGEST_PAUSE:
                raise
        await asyncio.sleep(pause * random.uniform(1, 2))  # noqa: S311 - only spreads the tries
        return await self._once(method, url, body)

    async def _once(self, method: str, url: str, body: Json | None) -> Json:
        headers = {}
        if self._tokens is not None:
            try:
                headers["Authorization"] = f"Bearer {await self._tokens.get(CONNECTOR)}"
            except TokenError as error:
                raise ConnectorError(0 if error.passes else 401, error.word) from None
        try:
            async with self._session.request(
                method,
                url,
                json=body,
                headers=headers,
                timeout=aiohttp.ClientTimeout(TIMEOUT),
                allow_redirects=False,  # the token is for this address
            ) as answer:
                said = await _said(answer)
        except (aiohttp.ClientError, OSError) as error:
            raise ConnectorError(0, type(error).__name__) from None
        if answer.status >= 300:
            if answer.status == 401 and self._tokens is not None:
                self._tokens.drop(CONNECTOR)
            raise ConnectorError(answer.status, _word(said), retry_after(answer.headers))
        return said


async def patiently(call: Callable[[], Awaitable[T]]) -> T:
    """For what nobody brings again: tries a few times more. Raises ConnectorError."""
    for pause in _PAUSES:
        try:
            return await call()
        except ConnectorError as error:
            if error.status not in PASSING:
                raise
            wait = max(pause, error.after or 0)
        await asyncio.sleep(min(wait, _LONGEST_WAIT) * random.uniform(1, 1.5))  # noqa: S311 - only spreads the tries
    return await call()


def _quoted(part: str) -> str:
    return quote(part, safe="")


async def _said(answer: aiohttp.ClientResponse) -> Json:
    try:
        said = await answer.json(content_type=None)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _id(said: Json) -> str:
    found = said.get("id")
    if not isinstance(found, str) or not found:
        raise ConnectorError(0, "no_id")
    return found


def _word(said: Json) -> str:
    """Teams' code for what went wrong: {"error": {"code": ...}}, at times {"errorCode": ...}."""
    error = said.get("error")
    code = error.get("code") if isinstance(error, dict) else said.get("errorCode")
    return str(code)[:_WORD] if isinstance(code, str | int) else _NO_WORD
