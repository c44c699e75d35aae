"""npm's `emulate`, a Slack that is not ours: started here, with people who use it.

It has no page for people: what they do is done here as by Slack, signed, and what they see is asked
of it with each person's own token. In front of it stands a door of ours that makes up for what it
leaves out: arguments in the address, and the scopes in each answer's headers.
"""

import asyncio
import json
import re
import subprocess
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import aiohttp
from aiohttp import web
from yarl import URL

from bot.slack.manifest import SCOPES as BOT_SCOPES
from bot.slack.statuses import REDIRECT
from bot.slack.statuses import SCOPES as STATUS_SCOPES
from tests.fakes.slack import CLIENT_ID, CLIENT_SECRET, SIGNING_SECRET, buttons, signed, words
from tests.patience import LIMIT

Json = dict[str, Any]

HERE = Path(__file__).parents[2] / ".venv" / "emulate-0.12.2"
NAMES = ("anna", "janis")
TEAM = "T000000001"

_PERSON_SCOPES = ("im:history", "im:read", "mpim:history", "mpim:read", "users.profile:read")
_APP = "A000000001"


def bot_token(without: str = "") -> str:
    """The app's token, as it would be if Slack had granted all but this scope."""
    return "xoxb-" + (without.replace(":", "-").replace(".", "-") or "all")


def seed(plecs: str) -> Json:
    """What is in that Slack. For each scope left out, and for none, its own two people: so no story
    meets another's messages."""
    stories = ("", *BOT_SCOPES)
    people = [_user(name, without) for without in stories for name in NAMES]
    return {
        "slack": {
            "strict_scopes": True,
            "signing_secret": SIGNING_SECRET,
            "team": {"name": "Saule", "domain": "saule"},
            "users": [
                {"name": one, "real_name": one.title(), "email": f"{one}@example.org"}
                for one in people
            ],
            "oauth_apps": [
                {
                    "client_id": CLIENT_ID,
                    "client_secret": CLIENT_SECRET,
                    "app_id": _APP,
                    "name": "Plecs",
                    "redirect_uris": [plecs + REDIRECT],
                    "scopes": list(BOT_SCOPES),
                    "user_scopes": list(STATUS_SCOPES),
                    "bot_name": "plecs",
                    "bot_id": "B0PLECS",
                    "bot_user_id": "U0PLECS",
                }
            ],
            "tokens": [
                *(
                    {
                        "token": bot_token(without),
                        "type": "bot",
                        "user": "U0PLECS",
                        "bot_id": "B0PLECS",
                        "bot_user_id": "U0PLECS",
                        "app_id": _APP,
                        "scopes": [scope for scope in BOT_SCOPES if scope != without],
                    }
                    for without in stories
                ),
                *(
                    {"token": f"xoxp-{one}", "user": one, "scopes": _PERSON_SCOPES}
                    for one in people
                ),
            ],
        }
    }


def _user(name: str, without: str) -> str:
    return f"{name}-{bot_token(without).removeprefix('xoxb-')}"


@contextmanager
def emulate(folder: Path, port: int, plecs: str) -> Iterator[str]:
    """It runs meanwhile; yields its address."""
    file = folder / "seed.yaml"
    file.write_text(json.dumps(seed(plecs)))
    with (folder / "emulate.log").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603
            [
                *(HERE / "node", HERE / "node_modules/emulate/dist/index.js", "start"),
                *("--service", "slack", "--port", str(port), "--seed", file),
            ],
            stdout=log,
            stderr=log,
            cwd=folder,
        )
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


@dataclass
class Emulated:
    """That Slack as one Plecs meets it: through the door, with a token that lacks `without`.
    `answers` are what each call of the bot's was answered, by method."""

    behind: str
    app_url: str
    without: str
    session: aiohttp.ClientSession
    url: str = ""
    answers: dict[str, list[Json]] = field(default_factory=dict)
    private: dict[str, list[Json]] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def token(self) -> str:
        return bot_token(self.without)

    async def people(self) -> tuple["Colleague", ...]:
        """The two of this story."""
        found = {}
        for name in NAMES:
            user = _user(name, self.without)
            me = await self.call("auth.test", f"xoxp-{user}")
            found[name] = Colleague(self, name.title(), me["user_id"], f"xoxp-{user}")
        return tuple(found.values())

    async def call(self, method: str, token: str, **arguments: str) -> Json:
        headers = {"Authorization": f"Bearer {token}"}
        url = f"{self.behind}/api/{method}"
        async with self.session.post(url, data=arguments, headers=headers) as answer:
            return dict(await answer.json())

    async def deliver(self, body: bytes, content_type: str) -> Json:
        """Brings Plecs something, signed; answers what it was answered."""
        at = str(int(time.time()))
        headers = {
            "Content-Type": content_type,
            "X-Slack-Request-Timestamp": at,
            "X-Slack-Signature": signed(at, body),
        }
        async with self.session.post(self.app_url, data=body, headers=headers) as answer:
            text = await answer.text()
            assert answer.status == 200, (answer.status, text)
        return dict(json.loads(text)) if text.startswith("{") else {}

    def respond_at(self, user: str) -> str:
        return f"{self.url}/respond/{user}/{next(self._numbers)}"

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/respond/{user}/{number}", self._respond),
            web.route("*", "/{path:.*}", self._forward),
        ]

    async def _respond(self, request: web.Request) -> web.Response:
        self.private.setdefault(request.match_info["user"], []).append(await request.json())
        return web.Response(text="ok")

    async def _forward(self, request: web.Request) -> web.Response:
        body, headers = await request.read(), {**request.headers}
        for name in ("Host", "Content-Length", "Accept-Encoding"):
            headers.pop(name, None)
        method, query = request.method, dict(request.query)
        if request.path.startswith("/api/") and query:
            method, body, query = "POST", urlencode(query).encode(), {}
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        async with self.session.request(
            method,
            f"{self.behind}/{request.match_info['path']}",
            params=query,
            data=body or None,
            headers=headers,
            allow_redirects=False,
        ) as answer:
            content = await answer.read()
            if answer.content_type == "application/json":
                called = request.match_info["path"].removeprefix("api/")
                self.answers.setdefault(called, []).append(json.loads(content))
            passed = {"x-oauth-scopes": ",".join(s for s in BOT_SCOPES if s != self.without)}
            if where := answer.headers.get("Location"):
                passed["Location"] = where
            return web.Response(
                status=answer.status,
                body=content,
                content_type=answer.content_type,
                headers=passed,
            )


@asynccontextmanager
async def door(behind: str, app_url: str, without: str) -> AsyncIterator[Emulated]:
    """The door is open meanwhile."""
    async with aiohttp.ClientSession() as session:
        slack = Emulated(behind, app_url, without, session)
        runner = web.AppRunner(_application(slack), shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        slack.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        try:
            await until(lambda: _answers(slack))
            yield slack
        finally:
            await runner.cleanup()


def _application(slack: Emulated) -> web.Application:
    app = web.Application()
    app.add_routes(slack.routes())
    return app


async def _answers(slack: Emulated) -> bool:
    try:
        return bool((await slack.call("auth.test", slack.token))["ok"])
    except aiohttp.ClientConnectionError:
        return False


async def until(true: Callable[[], Awaitable[object]]) -> None:
    """Asks until it is so: that Slack tells nobody by itself."""
    async with asyncio.timeout(LIMIT):
        while not await true():  # noqa: ASYNC110 - another program's state, which tells nobody
            await asyncio.sleep(0.05)


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody at that Slack."""

    slack: Emulated
    name: str
    id: str
    token: str

    async def messages(self) -> list[Json]:
        """What stands in their conversations, oldest first, each with its conversation."""
        listed = await self.slack.call("conversations.list", self.token, types="im,mpim")
        assert listed["ok"], listed
        found = []
        for one in listed["channels"]:
            told = await self.slack.call("conversations.history", self.token, channel=one["id"])
            found += [
                {**message, "channel": one["id"], "is_room": bool(one["is_mpim"])}
                for message in told["messages"]
            ]
        return sorted(found, key=lambda message: str(message["ts"]))

    async def reads(self) -> str:
        """All of it, and what Plecs answered them alone."""
        shown = [words(one.get("blocks", [])) for one in await self.messages()]
        alone = [words(one.get("blocks", [])) for one in self.slack.private.get(self.id, [])]
        return "\n".join((*shown, *alone))

    async def sees(self, pattern: str) -> str:
        """Waits until it is there; answers its first group."""
        found: list[str] = []

        async def there() -> bool:
            found[:] = re.findall(pattern, await self.reads())
            return bool(found)

        await until(there)
        return found[-1]

    async def types(self, line: str) -> None:
        """A slash command. On a busy machine the answer comes after the acknowledgement."""
        command, _, text = line.partition(" ")
        form = {
            "command": command,
            "text": text,
            "team_id": TEAM,
            "user_id": self.id,
            "user_name": self.id.lower(),
            "channel_id": "D0",
            "channel_name": "directmessage",
            "api_app_id": _APP,
            "is_enterprise_install": "false",
            "response_url": self.slack.respond_at(self.id),
            "trigger_id": await self._trigger(),
        }
        answer = await self.slack.deliver(
            urlencode(form).encode(), "application/x-www-form-urlencoded"
        )
        if answer:
            self.slack.private.setdefault(self.id, []).append(answer)

    async def presses(self, label: str) -> None:
        """The newest button of that name, once it is there."""
        found: list[Json] = []

        async def there() -> bool:
            found[:] = [m for m in await self.messages() if label in buttons(m.get("blocks", []))]
            return bool(found)

        await until(there)
        message = found[-1]
        block, element = next(
            (block, element)
            for block in message["blocks"]
            for element in (*block.get("elements", ()), block.get("accessory", {}))
            if element.get("type") == "button" and element["text"]["text"] == label
        )
        await self._interacts(
            {
                "type": "block_actions",
                "container": {
                    "type": "message",
                    "message_ts": message["ts"],
                    "channel_id": message["channel"],
                    "is_ephemeral": False,
                },
                "channel": {"id": message["channel"], "name": "directmessage"},
                "message": message,
                "response_url": self.slack.respond_at(self.id),
                "actions": [{**element, "block_id": block["block_id"], "action_ts": "1.2"}],
            }
        )

    async def uses_shortcut(self, name: str) -> None:
        await self._interacts({"type": "shortcut", "callback_id": name, "action_ts": "1.2"})

    async def opens_home(self) -> None:
        event = {
            "type": "event_callback",
            "team_id": TEAM,
            "api_app_id": _APP,
            "event": {"type": "app_home_opened", "user": self.id, "channel": "D0", "tab": "home"},
            "event_id": f"Ev{self.id}",
            "event_time": int(time.time()),
        }
        await self.slack.deliver(json.dumps(event).encode(), "application/json")

    async def permits(self, link: str) -> int:
        """Opens the link, and there allows what is asked; answers the last page's status."""
        session = self.slack.session
        async with session.get(link, allow_redirects=False) as first:
            asked = URL(first.headers["Location"])
        async with session.get(asked) as page:
            assert "Sign in to Slack" in await page.text()
        query: Mapping[str, str] = {**asked.query, "user_id": self.id}
        async with session.post(asked.with_query(None) / "callback", data=query) as last:
            return last.status

    async def status(self) -> str:
        told = await self.slack.call("users.profile.get", self.token)
        return str(told["profile"].get("status_text", ""))

    async def _trigger(self) -> str:
        told = await self.slack.call("views.generateTriggerId", self.slack.token, user_id=self.id)
        return str(told["trigger_id"])

    async def _interacts(self, also: Json) -> None:
        payload = {
            "team": {"id": TEAM, "domain": "saule"},
            "user": {"id": self.id, "name": self.id.lower(), "team_id": TEAM},
            "api_app_id": _APP,
            "is_enterprise_install": False,
            "trigger_id": await self._trigger(),
            **also,
        }
        body = urlencode({"payload": json.dumps(payload)}).encode()
        await self.slack.deliver(body, "application/x-www-form-urlencoded")
