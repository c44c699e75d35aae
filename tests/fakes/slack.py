"""A Slack for tests: its Web API on 127.0.0.1, strict as the real one, and people who use it.

It answers what Slack's reference says it answers, refuses what Slack refuses, and keeps what it
was sent. Whatever a well-behaved app never sends is also kept in `problems`; leaving the context
with one of those fails the test.

With PLECS_RECORD_SLACK_CALLS set to a file's name, every call and every body that the app
answered with is added to it, one JSON object a line.
"""

import asyncio
import hashlib
import hmac
import json
import os
import re
import time
from base64 import b64encode
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qs, urlencode, urlsplit

import aiohttp
from aiohttp import web

from tests.fakes.block_kit import message_problems, view_problems
from tests.patience import LIMIT

Json = dict[str, Any]
Trouble = Literal["500", "429", "hang", "reset"]

TEAM = "T0PLECS"
BOT_TOKEN = "xoxb-1-plecs"
APP_TOKEN = "xapp-1-plecs"
SIGNING_SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
CLIENT_ID, CLIENT_SECRET = "1.2", "c11e47-5ec7e7"
USER_SCOPES = "users.profile:read,users.profile:write"
SCOPES = "chat:write,commands,dnd:read,mpim:write,users:read,users:read.email"

_USES = 5  # of a response_url
_STATUS_LIMIT = 100  # characters
_EMOJI = (":hourglass_flowing_sand:", ":palm_tree:", ":house:", ":speech_balloon:")
_USER_METHODS = {  # method: the scope it takes, of a person's own token
    "auth.revoke": "",
    "users.profile.get": "users.profile:read",
    "users.profile.set": "users.profile:write",
}

_METHODS: dict[str, tuple[set[str], set[str]]] = {
    # method: arguments it must have, and may have
    "apps.connections.open": (set(), set()),
    "auth.revoke": (set(), set()),
    "auth.test": (set(), set()),
    "chat.postMessage": (
        {"channel"},
        {"text", "blocks", "unfurl_links", "unfurl_media", "metadata", "thread_ts", "mrkdwn"},
    ),
    "chat.update": ({"channel", "ts"}, {"text", "blocks", "metadata"}),
    "conversations.open": ({"users"}, {"return_im", "prevent_creation"}),
    "dnd.info": (set(), {"user"}),
    "dnd.teamInfo": ({"users"}, set()),
    "oauth.v2.access": ({"code"}, {"redirect_uri"}),
    "users.info": ({"user"}, {"include_locale"}),
    "users.lookupByEmail": ({"email"}, set()),
    "users.profile.get": (set(), set()),
    "users.profile.set": ({"profile"}, set()),
    "views.open": ({"trigger_id", "view"}, set()),
    "views.publish": ({"user_id", "view"}, {"hash"}),
    "views.update": ({"view"}, {"view_id", "external_id", "hash"}),
}


class SlackError(Exception):
    """Slack's `{"ok": false, "error": ...}`."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the Web API, or (`response_url`, `ack.command`, `ack.view_submission`) a body
    that the app answered with."""

    method: str
    args: Json


@dataclass(slots=True)
class Message:
    """A message as it stands in a conversation now."""

    channel: str
    ts: str
    to: frozenset[str]
    text: str
    blocks: list[Json]
    ephemeral: bool = False
    edits: int = 0

    @property
    def ref(self) -> str:
        return f"{self.channel}/{self.ts}"


@dataclass(slots=True)
class User:
    """Somebody in the workspace."""

    id: str
    name: str
    locale: str = "en-US"
    email: str = ""
    tz: str = "Europe/Riga"
    deleted: bool = False
    is_bot: bool = False
    team: str = TEAM
    dnd: tuple[int, int] | None = None
    status_text: str = ""
    status_emoji: str = ""
    status_expiration: int = 0

    @property
    def status(self) -> tuple[str, str, int]:
        return self.status_text, self.status_emoji, self.status_expiration

    def sets_status(self, text: str = "", emoji: str = "", expiration: int = 0) -> None:
        """As they do it themselves, in Slack."""
        self.status_text, self.status_emoji, self.status_expiration = text, emoji, expiration

    def object(self) -> Json:
        return {
            "id": self.id,
            "team_id": self.team,
            "name": self.name.split()[0].lower(),
            "real_name": self.name,
            "deleted": self.deleted,
            "is_bot": self.is_bot,
            "tz": self.tz,
            "locale": self.locale,
            "profile": {"real_name": self.name, "display_name": "", "email": self.email},
        }

    def dnd_status(self) -> Json:
        start, end = self.dnd or (1, 1)
        return {
            "dnd_enabled": self.dnd is not None,
            "next_dnd_start_ts": start,
            "next_dnd_end_ts": end,
        }


@dataclass(slots=True)
class _Reply:
    """A response_url: where it shows, and how often it can still be used."""

    user: str
    channel: str
    original: Message | None
    left: int = _USES


@dataclass(slots=True)
class _Code:
    """What somebody allowed, until the app has fetched the token for it."""

    user: str
    team: str
    scopes: str
    redirect_uri: str
    used: bool = False


@dataclass(slots=True)
class FakeSlack:
    """See the module. `app_url` is where requests are posted; None sends them over the socket.
    `redirect_url` is the one that the app's manifest names; `now` the time by which statuses
    expire; `tokens` are people's own, with whose each is and what it may."""

    redirect_url: str = ""
    trigger_lives: float = 3.0  # seconds
    now: Callable[[], float] = time.time
    tokens: dict[str, tuple[str, str]] = field(default_factory=dict)
    _codes: dict[str, _Code] = field(default_factory=dict)
    app_url: str | None = None
    scopes: str = SCOPES
    keep_pace: bool = False
    users: dict[str, User] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    windows: dict[str, Json] = field(default_factory=dict)
    homes: dict[str, Json] = field(default_factory=dict)
    url: str = ""
    _conversations: dict[frozenset[str], str] = field(default_factory=dict)
    _triggers: dict[str, tuple[str, float]] = field(default_factory=dict)
    _used_triggers: set[str] = field(default_factory=set)
    _replies: dict[str, _Reply] = field(default_factory=dict)
    troubles: list[tuple[str, Trouble | str]] = field(default_factory=list)
    _last_post: dict[str, float] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    _sockets: list[web.WebSocketResponse] = field(default_factory=list)
    _acks: dict[str, asyncio.Future[Json]] = field(default_factory=dict)
    session: aiohttp.ClientSession | None = None

    @property
    def api_url(self) -> str:
        return f"{self.url}/api/"

    # --- for tests --------------------------------------------------------------------------

    def add(self, user: User) -> "SlackUser":
        self.users[user.id] = user
        return SlackUser(self, user.id)

    def fail_next(self, method: str, trouble: Trouble | str, times: int = 1) -> None:
        """The next calls of the method go wrong: with HTTP 500 or 429, no answer at all, a
        connection that breaks after the call was done, or Slack's word for an error."""
        self.troubles += [(method, trouble)] * times

    def called(self, method: str) -> list[Json]:
        return [call.args for call in self.calls if call.method == method]

    async def until(self, true: Callable[[], object]) -> None:
        """Waits for the workspace to be so. Fails when it doesn't become so in time."""
        async with self._changed:
            await asyncio.wait_for(self._changed.wait_for(lambda: bool(true())), LIMIT)

    def trigger(self, user: str) -> str:
        """A trigger_id as Slack gives one with each interaction."""
        trigger = f"{next(self._numbers)}.{TEAM}.trigger"
        self._triggers[trigger] = (user, time.monotonic())
        return trigger

    def response_url(self, user: str, channel: str, original: Message | None = None) -> str:
        token = f"R{next(self._numbers)}"
        self._replies[token] = _Reply(user, channel, original)
        return f"{self.url}/response/{token}"

    async def post(
        self,
        body: bytes,
        content_type: str,
        *,
        timestamp: int | None = None,
        signature: str | None = None,
    ) -> tuple[int, str]:
        """Posts a request as Slack does, signed; returns status and body. A test may bring a
        timestamp or signature of its own (an empty one is left out)."""
        assert self.app_url is not None
        assert self.session is not None
        at = str(int(time.time()) if timestamp is None else timestamp)
        headers = {"Content-Type": content_type, "X-Slack-Request-Timestamp": at}
        given = signed(at, body) if signature is None else signature
        if given:
            headers["X-Slack-Signature"] = given
        async with self.session.post(self.app_url, data=BytesIO(body), headers=headers) as answer:
            return answer.status, await answer.text()

    async def deliver(self, kind: str, payload: Json) -> Json:
        """Brings the app a command, an interaction or an event, and returns its answer's body."""
        if self.app_url is None:
            return await self._deliver_over_socket(kind, payload)
        if kind == "events_api":
            body, content_type = json.dumps(payload).encode(), "application/json"
        else:
            form = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
            body, content_type = urlencode(form).encode(), "application/x-www-form-urlencoded"
        status, text = await self.post(body, content_type)
        assert status == 200, (status, text)
        return _parsed(text)

    async def event(self, event: Json, event_id: str | None = None) -> Json:
        """An event; with an id that was used before, the same one once more."""
        return await self.deliver(
            "events_api",
            {
                "token": "verification",
                "team_id": TEAM,
                "api_app_id": "A0PLECS",
                "event": event,
                "type": "event_callback",
                "event_id": event_id or f"Ev{next(self._numbers)}",
                "event_time": int(self.now()),
                "authorizations": [{"team_id": TEAM, "user_id": "UPLECS", "is_bot": True}],
            },
        )

    def record(self, method: str, args: Json) -> None:
        self.calls.append(Call(method, args))
        if target := os.environ.get("PLECS_RECORD_SLACK_CALLS"):
            with Path(target).open("a") as file:
                file.write(json.dumps({"method": method, "args": args}, ensure_ascii=False) + "\n")

    def show_privately(self, user: str, channel: str, content: Json) -> None:
        """An ephemeral message, from an answer's body."""
        self._judge(message_problems(content))
        self.messages.append(
            Message(
                channel,
                self._ts(),
                frozenset({user}),
                content.get("text", ""),
                _with_ids(content.get("blocks", []), self._numbers),
                ephemeral=True,
            )
        )

    def show_window(self, user: str, view: Json) -> None:
        """A modal, in the place of the one that is open."""
        self._judge(view_problems(view))
        before = self.windows.get(user, {})
        number = next(self._numbers)
        self.windows[user] = {
            **view,
            "id": before.get("id", f"V{number}"),
            "hash": f"{number}.hash",
            "team_id": TEAM,
            "blocks": _with_ids(view["blocks"], self._numbers),
        }

    async def tell(self) -> None:
        """Wakes those who wait for a change."""
        async with self._changed:
            self._changed.notify_all()

    # --- the Web API ------------------------------------------------------------------------

    def routes(self) -> list[web.RouteDef]:
        return [
            web.route("*", "/api/{method}", self._api),
            web.post("/response/{token}", self._response),
            web.get("/socket", self._socket),
        ]

    async def _api(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        args = await _arguments(request)
        trouble = self._trouble_for(method)
        if trouble is not None:
            await self.tell()
        if trouble == "500":
            return web.Response(status=500, text="<html>Server Error</html>")
        if trouble == "429":
            return _slow_down(7)
        if trouble == "hang":
            await asyncio.sleep(30)
            return web.Response(status=504)
        if trouble not in (None, "reset"):
            return web.json_response({"ok": False, "error": trouble})
        try:
            user = self._check_token(method, request)
            self._check_arguments(method, args)
            self.record(method, args)
            if self._too_fast(method, args):
                return _slow_down(1)
            if method in _USER_METHODS:
                answer = self._answer_person(method, args, user, _bearer(request))
            else:
                answer = self._answer(method, args)
        except SlackError as error:
            return web.json_response({"ok": False, "error": str(error)})
        await self.tell()
        if trouble == "reset":
            assert request.transport is not None
            request.transport.abort()
        return web.json_response({"ok": True, **answer}, headers={"x-oauth-scopes": self.scopes})

    def _answer_person(self, method: str, args: Json, user: str, token: str) -> Json:
        match method:
            case "users.profile.get":
                return {"profile": self._profile(user)}
            case "users.profile.set":
                return self._set_profile(user, args["profile"])
            case _:
                del self.tokens[token]
                return {"revoked": True}

    def _answer(self, method: str, args: Json) -> Json:
        match method:
            case "oauth.v2.access":
                return self._exchange(args)
            case "auth.test":
                return {"team_id": TEAM, "user_id": "UPLECS", "bot_id": "BPLECS", "team": "Plecs"}
            case "apps.connections.open":
                return {"url": f"{self.url.replace('http', 'ws', 1)}/socket"}
            case "users.info":
                return {"user": self._user(args["user"]).object()}
            case "users.lookupByEmail":
                found = [user for user in self.users.values() if user.email == args["email"]]
                if not found:
                    raise SlackError("users_not_found")
                return {"user": found[0].object()}
            case "dnd.teamInfo":
                asked = args["users"].split(",")
                return {"users": {user: self._user(user).dnd_status() for user in asked}}
            case "dnd.info":
                return self._user(args["user"]).dnd_status()
            case "conversations.open":
                return {"channel": {"id": self._open_conversation(args["users"].split(","))}}
            case "chat.postMessage":
                return self._post_message(args)
            case "chat.update":
                return self._update_message(args)
            case _:
                return self._show_view(method, args)

    def _post_message(self, args: Json) -> Json:
        content = self._content(args)
        channel = args["channel"]
        if channel in self.users:
            if self.users[channel].deleted:
                raise SlackError("channel_not_found")
            if self.users[channel].is_bot:
                raise SlackError("cannot_dm_bot")
            to, channel = frozenset({channel}), f"D{channel}"
        else:
            to = self._people_in(channel)
        sent = Message(channel, self._ts(), to, content["text"], content["blocks"])
        self.messages.append(sent)
        return {"channel": channel, "ts": sent.ts}

    def _update_message(self, args: Json) -> Json:
        content = self._content(args)
        for message in self.messages:
            if (message.channel, message.ts) == (args["channel"], args["ts"]):
                if message.ephemeral:
                    break
                message.text, message.blocks = content["text"], content["blocks"]
                message.edits += 1
                return {"channel": message.channel, "ts": message.ts}
        raise SlackError("message_not_found")

    def _content(self, args: Json) -> Json:
        if not args.get("text") and not args.get("blocks"):
            raise SlackError("no_text")
        if "text" not in args:
            self.problems.append("a message without text for its notification")
        if self._judge(message_problems(args)):
            raise SlackError("invalid_blocks")
        blocks = _with_ids(args.get("blocks", []), self._numbers)
        return {"text": args.get("text", ""), "blocks": blocks}

    def _show_view(self, method: str, args: Json) -> Json:
        view = args["view"]
        if self._judge(view_problems(view)):
            raise SlackError("invalid_arguments")
        if (method == "views.publish") != (view["type"] == "home"):
            raise SlackError("invalid_arguments")
        if method == "views.publish":
            self._user(args["user_id"])
            blocks = _with_ids(view["blocks"], self._numbers)
            self.homes[args["user_id"]] = {**view, "id": f"V{args['user_id']}", "blocks": blocks}
            return {"view": self.homes[args["user_id"]]}
        if method == "views.open":
            user = self._use_trigger(args["trigger_id"])
            self.windows.pop(user, None)
        else:
            owners = [who for who, open_ in self.windows.items() if open_["id"] == args["view_id"]]
            if not owners:
                raise SlackError("not_found")
            user = owners[0]
        self.show_window(user, view)
        return {"view": self.windows[user]}

    def _use_trigger(self, trigger: str) -> str:
        if trigger in self._used_triggers:
            raise SlackError("exchanged_trigger_id")
        if trigger not in self._triggers:
            raise SlackError("invalid_trigger_id")
        user, born = self._triggers[trigger]
        if time.monotonic() - born > self.trigger_lives:
            raise SlackError("expired_trigger_id")
        self._used_triggers.add(trigger)
        return user

    def _open_conversation(self, users: list[str]) -> str:
        if not 1 <= len(users) <= 8:
            raise SlackError("too_many_users")
        if len(set(users)) != len(users):
            self.problems.append("conversations.open with somebody twice")
        for user in users:
            if self._user(user).deleted:
                raise SlackError("user_disabled")
        to = frozenset(users)
        return self._conversations.setdefault(to, f"G{next(self._numbers):08}")

    def _people_in(self, channel: str) -> frozenset[str]:
        for people, known in self._conversations.items():
            if known == channel:
                return people
        raise SlackError("channel_not_found")

    def _user(self, user: str) -> User:
        if user not in self.users:
            raise SlackError("user_not_found")
        return self.users[user]

    def _check_token(self, method: str, request: web.Request) -> str:
        """Whose token it is, where it is a person's."""
        if method == "oauth.v2.access":
            proof = f"{CLIENT_ID}:{CLIENT_SECRET}".encode()
            if request.headers.get("Authorization") != f"Basic {b64encode(proof).decode()}":
                raise SlackError("bad_client_secret")
            return ""
        wanted = APP_TOKEN if method.startswith("apps.") else BOT_TOKEN
        given = _bearer(request)
        if not given:
            raise SlackError("not_authed")
        if method in _USER_METHODS:
            return self._whose(given, _USER_METHODS[method])
        if given != wanted:
            raise SlackError("invalid_auth")
        return ""

    def _whose(self, token: str, scope: str) -> str:
        if token == BOT_TOKEN:
            self.problems.append("the bot's own token used for a person's profile")
            raise SlackError("not_allowed_token_type")
        if not token.startswith("xoxp-"):
            raise SlackError("invalid_auth")
        if token not in self.tokens:
            raise SlackError("token_revoked")
        user, scopes = self.tokens[token]
        if self.users[user].deleted:
            raise SlackError("account_inactive")
        if scope and scope not in scopes.split(","):
            raise SlackError("missing_scope")
        return user

    # --- permissions and profiles -----------------------------------------------------------

    async def visit(
        self, link: str, user: str, *, allows: bool = True, team: str = TEAM, scopes: str = ""
    ) -> tuple[int, str]:
        """Opens the app's link in a browser where `user` is signed in to Slack, and there allows
        what is asked (or only `scopes`), or doesn't. Answers what the last page says."""
        assert self.session is not None
        async with self.session.get(link, allow_redirects=False) as first:
            if first.status != 302:
                return first.status, await first.text()
            to_slack = urlsplit(first.headers["Location"])
        asked = {name: values[0] for name, values in parse_qs(to_slack.query).items()}
        assert f"{to_slack.scheme}://{to_slack.netloc}{to_slack.path}" == (
            f"{self.url}/oauth/v2/authorize"
        )
        assert (asked["client_id"], asked["redirect_uri"]) == (CLIENT_ID, self.redirect_url)
        assert asked["user_scope"] == USER_SCOPES, "more is asked for than the manifest says"
        assert "scope" not in asked
        back = {"state": asked["state"]}
        if allows:
            back["code"] = code = f"{next(self._numbers)}.code"
            self._codes[code] = _Code(user, team, scopes or USER_SCOPES, asked["redirect_uri"])
        else:
            back["error"] = "access_denied"
        async with self.session.get(asked["redirect_uri"], params=back) as last:
            return last.status, await last.text()

    def _exchange(self, args: Json) -> Json:
        code = self._codes.get(args["code"])
        if code is None:
            raise SlackError("invalid_code")
        if code.used:
            raise SlackError("code_already_used")
        if args.get("redirect_uri") != code.redirect_uri:
            raise SlackError("bad_redirect_uri")
        code.used = True
        token = f"xoxp-{code.user}-{next(self._numbers)}"
        self.tokens[token] = (code.user, code.scopes)
        return {
            "app_id": "A0PLECS",
            "authed_user": {
                "id": code.user,
                "scope": code.scopes,
                "access_token": token,
                "token_type": "user",
            },
            "team": {"id": code.team},
            "enterprise": None,
            "is_enterprise_install": False,
        }

    def _profile(self, user: str) -> Json:
        found = self._user(user)
        if found.status_expiration and found.status_expiration <= self.now():
            found.sets_status()
        text, emoji, expiration = found.status
        return {
            "real_name": found.name,
            "status_text": text,
            "status_emoji": emoji,
            "status_expiration": expiration,
        }

    def _set_profile(self, user: str, profile: Json) -> Json:
        if set(profile) != {"status_text", "status_emoji", "status_expiration"}:
            self.problems.append(f"users.profile.set of {sorted(profile)}")
        text, emoji = profile["status_text"], profile["status_emoji"]
        if len(text) > _STATUS_LIMIT:
            raise SlackError("profile_status_set_failed_too_long")
        if emoji and not re.fullmatch(r":[\w+'-]+:", emoji):
            raise SlackError("profile_status_set_failed_not_emoji_syntax")
        if emoji and emoji not in _EMOJI:
            raise SlackError("profile_status_set_failed_not_valid_emoji")
        expiration = profile["status_expiration"]
        if type(expiration) is not int or (expiration and expiration <= self.now()):
            self.problems.append(f"a status that expires at {expiration}")
        self._user(user).sets_status(text, emoji, expiration)
        return {"profile": self._profile(user)}

    def _check_arguments(self, method: str, args: Json) -> None:
        if method not in _METHODS:
            self.problems.append(f"{method} is none of the methods Plecs uses")
            raise SlackError("unknown_method")
        needed, allowed = _METHODS[method]
        if unknown := args.keys() - needed - allowed:
            self.problems.append(f"{method} with {sorted(unknown)}")
        if missing := needed - args.keys():
            self.problems.append(f"{method} without {sorted(missing)}")
            raise SlackError("invalid_arguments")

    def _too_fast(self, method: str, args: Json) -> bool:
        """One message a second in a conversation, where the test wants that kept."""
        if not self.keep_pace or method != "chat.postMessage":
            return False
        now = time.monotonic()
        if now - self._last_post.get(args["channel"], 0.0) < 1:
            return True
        self._last_post[args["channel"]] = now
        return False

    def _trouble_for(self, method: str) -> str | None:
        for place, (which, trouble) in enumerate(self.troubles):
            if which == method:
                del self.troubles[place]
                return trouble
        return None

    def _judge(self, problems: list[str]) -> list[str]:
        self.problems += problems
        return problems

    def _ts(self) -> str:
        """Slack's name of a message: seconds and a count, always growing."""
        return f"{1_700_000_000 + next(self._numbers)}.000100"

    # --- response_url and the socket --------------------------------------------------------

    async def _response(self, request: web.Request) -> web.Response:
        reply = self._replies.get(request.match_info["token"])
        if reply is None or reply.left == 0:
            return web.Response(status=404, text="expired_url")
        reply.left -= 1
        content = await request.json()
        self.record("response_url", content)
        if content.get("replace_original") and reply.original is not None:
            self._judge(message_problems(content))
            reply.original.text = content.get("text", "")
            reply.original.blocks = _with_ids(content.get("blocks", []), self._numbers)
            reply.original.edits += 1
        else:
            if content.get("response_type") != "ephemeral":
                self.problems.append("a reply that everybody in the channel sees")
            self.show_privately(reply.user, reply.channel, content)
        await self.tell()
        return web.Response(text="ok")

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_json({"type": "hello", "num_connections": 1})
        self._sockets.append(socket)
        await self.tell()
        async for frame in socket:
            if frame.type is aiohttp.WSMsgType.TEXT:
                answer = json.loads(frame.data)
                self._acks.pop(answer["envelope_id"]).set_result(answer.get("payload") or {})
        self._sockets.remove(socket)
        return socket

    async def _deliver_over_socket(self, kind: str, payload: Json) -> Json:
        await self.until(lambda: self._sockets)
        envelope = f"E{next(self._numbers)}"
        self._acks[envelope] = asyncio.get_running_loop().create_future()
        await self._sockets[-1].send_json(
            {
                "envelope_id": envelope,
                "type": kind,
                "payload": payload,
                "accepts_response_payload": kind != "events_api",
            }
        )
        return await asyncio.wait_for(self._acks[envelope], LIMIT)

    async def hang_up(self) -> None:
        for socket in list(self._sockets):
            await socket.close()


@asynccontextmanager
async def fake_slack() -> AsyncIterator[FakeSlack]:
    """A running fake; a problem at the end fails the test."""
    slack = FakeSlack()
    app = web.Application()
    app.add_routes(slack.routes())
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    slack.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as slack.session:
        try:
            yield slack
        finally:
            await slack.hang_up()
            await runner.cleanup()
    assert not slack.problems, Counter(slack.problems)


def signed(timestamp: str, body: bytes) -> str:
    """Slack's signature of a request."""
    base = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(SIGNING_SECRET.encode(), base, hashlib.sha256).hexdigest()


# --- people -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SlackUser:
    """Somebody at their Slack: types, presses, fills in, and sees what is there."""

    slack: FakeSlack
    id: str

    @property
    def messages(self) -> list[Message]:
        """What stands in their conversations with Plecs, oldest first."""
        return [message for message in self.slack.messages if self.id in message.to]

    @property
    def sees(self) -> list[str]:
        """The words of each of those messages."""
        return [words(message.blocks) or message.text for message in self.messages]

    @property
    def window(self) -> Json | None:
        return self.slack.windows.get(self.id)

    @property
    def home(self) -> Json | None:
        return self.slack.homes.get(self.id)

    async def types(self, line: str) -> Json:
        """A slash command with what follows it, escaped as Slack does; "@U2" is a mention. Returns
        the payload, to be delivered once more."""
        command, _, text = line.partition(" ")
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        for user in self.slack.users.values():
            text = re.sub(rf"@{user.id}\b", f"<@{user.id}|{user.name.split()[0].lower()}>", text)
        channel = f"D{self.id}"
        payload = {
            "token": "verification",
            "team_id": TEAM,
            "team_domain": "plecs",
            "channel_id": channel,
            "channel_name": "directmessage",
            "user_id": self.id,
            "user_name": self.id.lower(),
            "command": command,
            "text": text,
            "api_app_id": "A0PLECS",
            "is_enterprise_install": "false",
            "response_url": self.slack.response_url(self.id, channel),
            "trigger_id": self.slack.trigger(self.id),
        }
        answer = await self.slack.deliver("slash_commands", payload)
        if answer:
            self.slack.record("ack.command", answer)
            self.slack.show_privately(self.id, channel, answer)
            await self.slack.tell()
        return payload

    async def presses(self, label: str, message: Message | None = None) -> Json:
        """Presses the button in the message, else in the newest that has it. Returns the
        payload, to be delivered once more."""
        found = message or next(
            shown for shown in reversed(self.messages) if label in buttons(shown.blocks)
        )
        container = {
            "type": "message",
            "message_ts": found.ts,
            "channel_id": found.channel,
            "is_ephemeral": found.ephemeral,
        }
        payload = {
            **self._interaction("block_actions"),
            "container": container,
            "channel": {"id": found.channel, "name": "directmessage"},
            "message": {"ts": found.ts, "text": found.text, "blocks": found.blocks},
            "response_url": self.slack.response_url(self.id, found.channel, found),
            "actions": [_action(found.blocks, label)],
        }
        await self.slack.deliver("interactive", payload)
        return payload

    async def presses_in_window(self, label: str) -> None:
        assert self.window is not None
        await self._presses_in_view(self.window, label)

    async def presses_at_home(self, label: str) -> None:
        assert self.home is not None
        await self._presses_in_view(self.home, label)

    async def _presses_in_view(self, view: Json, label: str) -> None:
        await self.slack.deliver(
            "interactive",
            {
                **self._interaction("block_actions"),
                "container": {"type": "view", "view_id": view["id"]},
                "view": {**view, "state": {"values": {}}},
                "actions": [_action(view["blocks"], label)],
            },
        )

    async def submits(self, **filled_in: Any) -> dict[str, str]:
        """Fills in the open form (by the names of its fields; what is left out stays as it is)
        and sends it. Returns the errors that it shows then, by name."""
        view = self.window
        assert view is not None
        state: Json = {}
        names = {}
        for block in view["blocks"]:
            if block["type"] == "input":
                name = block["element"]["action_id"]
                names[block["block_id"]] = name
                state[block["block_id"]] = {
                    name: _filled(block["element"], filled_in.pop(name, None))
                }
        assert not filled_in, f"no such field: {sorted(filled_in)}"
        answer = await self.slack.deliver(
            "interactive",
            {
                **self._interaction("view_submission"),
                "view": {**view, "state": {"values": state}},
                "response_urls": [],
            },
        )
        if answer:
            self.slack.record("ack.view_submission", answer)
        match answer.get("response_action"):
            case "errors":
                return {names[block]: text for block, text in answer["errors"].items()}
            case "update":
                self.slack.show_window(self.id, answer["view"])
            case _:
                del self.slack.windows[self.id]
        await self.slack.tell()
        return {}

    async def opens_home(self) -> None:
        await self.slack.event(
            {"type": "app_home_opened", "user": self.id, "channel": f"D{self.id}", "tab": "home"}
        )
        await self.slack.until(lambda: self.home)

    async def uses_shortcut(self, callback_id: str, *, on_message: bool = False) -> None:
        """Opens a shortcut, and waits for its window."""
        payload = {
            **self._interaction("message_action" if on_message else "shortcut"),
            "callback_id": callback_id,
            "action_ts": "1700000000.000100",
        }
        if on_message:
            payload |= {
                "channel": {"id": "C1", "name": "calls"},
                "message_ts": "1700000000.000100",
                "message": {"type": "message", "text": "he shouts", "ts": "1700000000.000100"},
                "response_url": self.slack.response_url(self.id, "C1"),
            }
        await self.slack.deliver("interactive", payload)
        await self.slack.until(lambda: self.window)

    def _interaction(self, kind: str) -> Json:
        return {
            "type": kind,
            "token": "verification",
            "team": {"id": TEAM, "domain": "plecs"},
            "enterprise": None,
            "is_enterprise_install": False,
            "api_app_id": "A0PLECS",
            "user": {"id": self.id, "name": self.id.lower(), "team_id": TEAM},
            "trigger_id": self.slack.trigger(self.id),
        }


def words(blocks: list[Json]) -> str:
    """The text of blocks as somebody reads it, one line a text; markup as it was sent."""
    return "\n".join(text["text"] for block in blocks for text in _texts(block))


def buttons(blocks: list[Json]) -> list[str]:
    """The labels of the buttons, in their order."""
    return [element["text"]["text"] for _, element in _buttons(blocks)]


def _texts(block: Json) -> list[Json]:
    match block["type"]:
        case "section":
            return [*([block["text"]] if "text" in block else []), *block.get("fields", [])]
        case "context":
            return list(block["elements"])
        case "header":
            return [block["text"]]
        case "input":
            return [block["label"]]
        case _:
            return []


def _buttons(blocks: list[Json]) -> list[tuple[Json, Json]]:
    found = []
    for block in blocks:
        elements = block.get("elements", []) + (
            [block["accessory"]] if "accessory" in block else []
        )
        found += [(block, element) for element in elements if element["type"] == "button"]
    return found


def _action(blocks: list[Json], label: str) -> Json:
    for block, element in _buttons(blocks):
        if element["text"]["text"] == label:
            return {**element, "block_id": block["block_id"], "action_ts": "1700000000.000100"}
    raise AssertionError(f"no button {label!r} among {buttons(blocks)}")


def _filled(element: Json, given: Any) -> Json:
    """An input's state: what was given, else what stood there first."""
    kind = element["type"]
    if kind in ("radio_buttons", "static_select"):
        option = element.get("initial_option") if given is None else _option(element, given)
        return {"type": kind, "selected_option": option}
    if kind in ("checkboxes", "multi_static_select"):
        first = element.get("initial_options", [])
        chosen = first if given is None else [_option(element, value) for value in given]
        assert len(chosen) <= element.get("max_selected_items", 100)
        return {"type": kind, "selected_options": chosen}
    if kind == "datepicker":
        return {"type": kind, "selected_date": given or element.get("initial_date")}
    if kind == "timepicker":
        return {"type": kind, "selected_time": given or element.get("initial_time")}
    if kind == "users_select":
        return {"type": kind, "selected_user": given or element.get("initial_user")}
    if kind == "multi_users_select":
        first = element.get("initial_users", [])
        return {"type": kind, "selected_users": first if given is None else list(given)}
    typed = element.get("initial_value") if given is None else str(given)
    assert len(typed or "") <= element.get("max_length", 3000), "Slack would not let them type it"
    return {"type": kind, "value": typed}


def _option(element: Json, value: str) -> Json:
    return next(option for option in element["options"] if option["value"] == value)


def _with_ids(blocks: list[Json], numbers: Iterator[int]) -> list[Json]:
    """Blocks as Slack gives them back: each with an id."""
    return [{"block_id": f"b{next(numbers)}", **block} for block in blocks]


def _bearer(request: web.Request) -> str:
    return request.headers.get("Authorization", "").removeprefix("Bearer ")


async def _arguments(request: web.Request) -> Json:
    """The arguments, however they were sent; from JSON as they are, else as strings."""
    if request.content_type == "application/json":
        return dict(await request.json())
    form: Mapping[str, Any] = await request.post()
    given = {**request.query, **form}
    return {name: value for name, value in given.items() if name != "token"}


def _parsed(text: str) -> Json:
    """An answer's body as Slack takes it: nothing, JSON, or a plain line."""
    if not text:
        return {}
    return dict(json.loads(text)) if text.startswith("{") else {"text": text}


def _slow_down(seconds: int) -> web.Response:
    return web.json_response(
        {"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": str(seconds)}
    )
