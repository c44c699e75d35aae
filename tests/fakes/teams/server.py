"""The fake Teams, running: its sign-in, its keys, its connector, and what it posts to the app."""

import asyncio
import base64
import json
import os
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any

import aiohttp
import jwt
from aiohttp import web
from aiohttp.typedefs import Handler
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.fakes.adaptive_cards import message_problems
from tests.fakes.teams.cards import Json, bare
from tests.fakes.teams.objects import (
    APP_ID,
    BOT,
    ISSUER,
    PASSWORD,
    TENANT,
    Conversation,
    TeamsError,
    TeamsMessage,
    TeamsTrouble,
)
from tests.fakes.teams.people import TeamsUser
from tests.patience import LIMIT

_LARGEST = 100 * 1024
_WINDOWS = ((1, 7), (2, 8), (30, 60), (3600, 1800))
"""Seconds, and how many messages a conversation takes in them."""


@cache
def _key() -> rsa.RSAPrivateKey:
    """What all tests' Microsoft signs with: making one takes a while."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass(slots=True)
class FakeTeams:
    """See the package. `app_url` is where activities are posted."""

    app_url: str = ""
    url: str = ""
    keep_pace: bool = True
    clock: Callable[[], float] = time.time
    granted: tuple[str, ...] = ()
    feed: list[tuple[str, str]] = field(default_factory=list)
    """What stands in people's activity feeds, in its order."""
    uploaded: bool = True
    users: dict[str, TeamsUser] = field(default_factory=dict)
    conversations: dict[str, Conversation] = field(default_factory=dict)
    messages: list[TeamsMessage] = field(default_factory=list)
    calls: list[tuple[str, str]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    holds_to_pace: bool = True
    troubles: list[tuple[str, TeamsTrouble]] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    session: aiohttp.ClientSession | None = None
    key: rsa.RSAPrivateKey = field(default_factory=_key)
    key_id: str = "k1"
    signs_for: str = "msteams"
    _tokens: dict[str, str] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    # --- for tests --------------------------------------------------------------------------

    @property
    def service_url(self) -> str:
        return f"{self.url}/emea/"

    @property
    def open_id_url(self) -> str:
        return f"{self.url}/openid/configuration"

    def add(self, user: str, name: str, *, installed: bool = True, **also: Any) -> TeamsUser:
        """Somebody in the organisation, with the app in their own chat unless said otherwise."""
        there = TeamsUser(self, user, name, **also)
        self.users[user] = there
        chat = Conversation(there.chat, "personal", [there.id], installed=installed)
        self.conversations[chat.id] = chat
        return there

    def group(self, *users: TeamsUser, kind: str = "groupChat") -> str:
        """A conversation of several people and Plecs."""
        chat = Conversation(
            f"19:{next(self._numbers)}@thread.v2", kind, [user.id for user in users]
        )
        self.conversations[chat.id] = chat
        return chat.id

    def fail_next(self, method: str, trouble: TeamsTrouble, times: int = 1) -> None:
        """The next calls with the HTTP method (or of TOKEN and KEYS) go wrong: with this status, no
        answer at all, or one that is lost on the way."""
        self.troubles += [(method, trouble)] * times

    def called(self, method: str) -> list[str]:
        return [path for one, path in self.calls if one == method]

    async def until(self, true: Callable[[], object]) -> None:
        """Waits for it to be so. Fails when it doesn't become so in time."""
        async with self._changed:
            try:
                await asyncio.wait_for(self._changed.wait_for(lambda: bool(true())), LIMIT)
            except TimeoutError:
                there = [f"{one.conversation}: {one.text}" for one in self.messages]
                raise AssertionError("\n\n".join(["it did not become so", *there])) from None

    async def change(self) -> None:
        """Waits until something there is different."""
        async with self._changed:
            await self._changed.wait()

    def token(self, **claims: Any) -> str:
        """A token as the connector sends it with each activity; `claims` go over its own, and
        None leaves one out. `kid`, `key` and `alg` say how it is signed."""
        now = int(time.time())
        key = claims.pop("key", self.key)
        kid, alg = claims.pop("kid", self.key_id), claims.pop("alg", "RS256")
        whole = {
            "iss": ISSUER,
            "aud": APP_ID,
            "serviceurl": self.service_url,
            "nbf": now - 60,
            "exp": now + 3600,
            **claims,
        }
        told = {name: value for name, value in whole.items() if value is not None}
        return jwt.encode(told, key, algorithm=alg, headers={"kid": kid} if kid else {})

    async def post(
        self, body: Any, *, header: str | None = None, content_type: str = "application/json"
    ) -> tuple[int, Json]:
        """Posts an activity as the connector does, with a token unless the test brings a header
        of its own (an empty one is left out); returns status and body."""
        assert self.session is not None
        given = f"Bearer {self.token()}" if header is None else header
        headers = {"Content-Type": content_type} | ({"Authorization": given} if given else {})
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        async with self.session.post(self.app_url, data=BytesIO(raw), headers=headers) as answer:
            text = await answer.text()
        self.statuses.append(answer.status)
        is_json = answer.content_type == "application/json" and text
        return answer.status, (json.loads(text) or {}) if is_json else {}

    async def deliver(self, activity: Json) -> Json:
        """Brings the bot an activity that it must take, and returns its answer's body."""
        status, body = await self.post(activity)
        assert status in (200, 201, 202), (status, body)
        return body

    def scope_of(self, request: web.Request) -> str:
        """What the request's token is for; empty for one that was never given."""
        bearer = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return self._tokens.get(bearer, "")

    def number(self) -> int:
        return next(self._numbers)

    async def tell(self) -> None:
        """Wakes those who wait for a change."""
        async with self._changed:
            self._changed.notify_all()

    # --- what is served ---------------------------------------------------------------------

    def routes(self) -> list[web.RouteDef]:
        there = "/{region}/v3/conversations"
        return [
            web.post("/login/{tenant}/oauth2/v2.0/token", self._sign_in),
            web.get("/openid/configuration", self._open_id),
            web.get("/openid/keys", self._keys),
            web.post(there, self._connector),
            web.route("*", there + "/{conversation}/{what}", self._connector),
            web.route("*", there + "/{conversation}/{what}/{id}", self._connector),
        ]

    async def _sign_in(self, request: web.Request) -> web.Response:
        form = await request.post()
        right = form.get("client_id") == APP_ID and form.get("client_secret") == PASSWORD
        self.calls.append(("TOKEN", str(form.get("scope"))))
        await self._fails("TOKEN")
        if request.match_info["tenant"] != TENANT or not right:
            code = 7000215 if form.get("client_id") == APP_ID else 700016
            body = {"error": "invalid_client", "error_codes": [code]}
            return web.json_response(body, status=401)
        scope = str(form.get("scope"))
        claims = {"roles": list(self.granted) if "graph" in scope else [], "aud": scope}
        token = jwt.encode(claims, "k" * 32, algorithm="HS256")
        self._tokens[token] = scope
        return web.json_response({"access_token": token, "expires_in": 3599})

    async def _open_id(self, _request: web.Request) -> web.Response:
        return web.json_response({"issuer": ISSUER, "jwks_uri": f"{self.url}/openid/keys"})

    async def _keys(self, _request: web.Request) -> web.Response:
        self.calls.append(("KEYS", self.key_id))
        await self._fails("KEYS")
        numbers = self.key.public_key().public_numbers()
        key = {
            "kty": "RSA",
            "kid": self.key_id,
            "n": _base64(numbers.n),
            "e": _base64(numbers.e),
            "endorsements": [self.signs_for],
        }
        return web.json_response({"keys": [key]})

    async def _fails(self, what: str) -> None:
        """Where it is to go wrong: with a status, or no answer."""
        trouble = next((one for one in self.troubles if one[0] == what), None)
        if trouble is None:
            return
        self.troubles.remove(trouble)
        if trouble[1] == "hang":
            await asyncio.sleep(30)
        raise web.HTTPServiceUnavailable

    async def _connector(self, request: web.Request) -> web.Response:
        method = request.method
        self.calls.append((method, request.path))
        trouble = next((one for one in self.troubles if one[0] == method), None)
        try:
            if trouble is not None:
                self.troubles.remove(trouble)
                if trouble[1] == "hang":
                    await asyncio.sleep(30)
                elif isinstance(trouble[1], int):
                    raise TeamsError(trouble[1], "Trouble")
                elif trouble[1] != "dropped":
                    raise TeamsError(403, trouble[1])
            if self.scope_of(request) != "https://api.botframework.com/.default":
                raise TeamsError(401, "Unauthorized")
            raw = await request.read()
            if len(raw.decode().encode("utf-16-le")) > _LARGEST:
                raise TeamsError(413, "RequestEntityTooLarge")
            answer = self._answer(method, request.match_info, json.loads(raw) if raw else {})
        except TeamsError as error:
            headers = {"Retry-After": "1"} if error.status == 429 else {}
            body = {"error": {"code": error.code, "message": "Do not log this."}}
            return web.json_response(body, status=error.status, headers=headers)
        if trouble is not None and trouble[1] == "dropped" and request.transport is not None:
            request.transport.abort()  # it was done, and nobody hears of it
        return web.json_response(answer, status=201 if method == "POST" else 200)

    def _answer(self, method: str, match: Any, body: Json) -> Json:
        if "conversation" not in match:
            return {"id": self._open(body)}
        chat = self.conversations.get(match["conversation"])
        if chat is None:
            raise TeamsError(404, "ConversationNotFound")
        if not chat.installed:
            raise TeamsError(403, "BotNotInConversationRoster")
        if chat.busy and method == "POST":
            raise TeamsError(502, "BadGateway")
        match method, match["what"]:
            case "GET", "members":
                return self._member(chat, match.get("id"))
            case "POST", "activities":
                return {"id": self._add(chat, body).id}
            case "PUT", "activities":
                message = self._message(chat, match["id"])
                self._judge(chat, body)
                message.activity = body
                message.edits += 1
                return {"id": message.id}
            case "DELETE", "activities":
                self.messages.remove(self._message(chat, match["id"]))
                return {}
            case _:
                raise TeamsError(405, "MethodNotAllowed")

    def _open(self, body: Json) -> str:
        self._wants(body, "bot.id", "members", "tenantId", "channelData.tenant.id")
        [member] = body["members"]
        if body["tenantId"] != TENANT or body["bot"]["id"] != BOT:
            raise TeamsError(403, "BotNotRegisteredInTenant")
        user = next((u for u in self.users.values() if member["id"] in (u.user, u.id)), None)
        if user is None:
            raise TeamsError(400, "BadSyntax")
        if not self.conversations[user.chat].installed:
            raise TeamsError(403, "BotNotInConversationRoster")
        return user.chat

    def _member(self, chat: Conversation, member: str | None) -> Json:
        if member is None:
            self.problems.append("the unpaged roster: Teams answers the first 100 of it or nothing")
            raise TeamsError(404, "NotFound")
        found = next((u for u in self.users.values() if member in (u.id, u.user)), None)
        if found is None or found.id not in chat.members:
            raise TeamsError(404, "MemberNotFoundInConversation")
        return found.member()

    def _add(self, chat: Conversation, activity: Json) -> TeamsMessage:
        self._judge(chat, activity)
        if self.keep_pace and self._too_fast(chat):
            raise TeamsError(429, "TooManyRequests")
        message = TeamsMessage(chat.id, f"1700{next(self._numbers):09}", activity)
        self.messages.append(message)
        return message

    def _too_fast(self, chat: Conversation) -> bool:
        now = self.clock()
        for seconds, most in _WINDOWS if self.holds_to_pace else ():
            if sum(1 for at in chat.sent if at > now - seconds) >= most:
                self.problems.append(f"more than {most} messages in {seconds} s in {chat.id}")
                return True
        chat.sent.append(now)
        return False

    def _message(self, chat: Conversation, message: str) -> TeamsMessage:
        for one in self.messages:
            if (one.conversation, one.id) == (chat.id, message):
                return one
        raise TeamsError(404, "ActivityNotFoundInConversation")

    def _judge(self, chat: Conversation, activity: Json) -> None:
        self._wants(activity, "type", "from.id", "conversation.id")
        if chat.kind == "personal":
            self._wants(activity, "recipient.id")
        if activity["conversation"]["id"] != chat.id:
            self.problems.append("the activity names another conversation than its address")
        found = (
            ["a message with neither text nor card"]
            if not activity.get("text") and not activity.get("attachments")
            else message_problems(bare(activity))
            if activity.get("attachments")
            else []
        )
        self.problems += found
        if found:
            raise TeamsError(400, "BadSyntax")
        if activity.get("attachments") and (target := os.environ.get("PLECS_RECORD_TEAMS_CARDS")):
            with Path(target).open("a") as file:
                file.write(json.dumps(bare(activity), ensure_ascii=False) + "\n")

    def _wants(self, body: Json, *paths: str) -> None:
        for path in paths:
            there: Any = body
            for name in path.split("."):
                there = there.get(name) if isinstance(there, dict) else None
            if not there:
                self.problems.append(f"{path} is missing")
                raise TeamsError(400, "BadSyntax")


def _base64(number: int) -> str:
    raw = number.to_bytes((number.bit_length() + 7) // 8, "big")
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@asynccontextmanager
async def fake_teams(
    more: Callable[[FakeTeams], list[web.RouteDef]] = lambda _: [],
) -> AsyncIterator[FakeTeams]:
    """A fake Teams that serves on a free port, `more` with it, and complains at the end if it
    must."""
    teams = FakeTeams()

    @web.middleware
    async def telling(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        finally:
            await teams.tell()

    app = web.Application(client_max_size=2**20, middlewares=[telling])
    app.add_routes([*teams.routes(), *more(teams)])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    teams.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    async with aiohttp.ClientSession() as session:
        teams.session = session
        try:
            yield teams
        finally:
            await runner.cleanup()
    assert teams.problems == []
