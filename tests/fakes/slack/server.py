"""The fake Slack, running: what it posts to the app, and what the app reaches it by."""

import asyncio
import hashlib
import hmac
import json
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from urllib.parse import urlencode

import aiohttp
from aiohttp import web

from tests.fakes.block_kit import message_problems
from tests.fakes.slack.blocks import with_ids
from tests.fakes.slack.objects import SIGNING_SECRET, TEAM, Json, User, shipped_manifest
from tests.fakes.slack.people import SlackUser
from tests.fakes.slack.web_api import WebApi
from tests.patience import LIMIT


@dataclass(slots=True)
class FakeSlack(WebApi):
    """See the package."""

    def add(self, user: User) -> SlackUser:
        self.users[user.id] = user
        return SlackUser(self, user.id)

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
        at = str(int(self.now()) if timestamp is None else timestamp)
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

    async def event(
        self,
        event: Json,
        event_id: str | None = None,
        team: str = TEAM,
        happened: datetime | None = None,
    ) -> Json:
        """An event; with an id that was used before, the same one once more. `happened`: when, if
        that is not now."""
        subscribed = self.manifest["settings"]["event_subscriptions"]["bot_events"]
        assert event["type"] in subscribed, f"{event['type']} is no event that the app asks for"
        return await self.deliver(
            "events_api",
            {
                "token": "verification",
                "team_id": team,
                "api_app_id": "A0PLECS",
                "event": event,
                "type": "event_callback",
                "event_id": event_id or f"Ev{next(self._numbers)}",
                "event_time": int(happened.timestamp() if happened else self.now()),
                "authorizations": [
                    {
                        "enterprise_id": self.organisation_of(team),
                        "team_id": None if self.is_whole(team) else team,
                        "user_id": "UPLECS",
                        "is_bot": True,
                        "is_enterprise_install": self.is_whole(team),
                    }
                ],
            },
        )

    def routes(self) -> list[web.RouteDef]:
        return [
            web.route("*", "/api/{method}", self._api),
            web.post("/response/{token}", self._response),
            web.get("/socket", self._socket),
        ]

    async def _response(self, request: web.Request) -> web.Response:
        reply = self._replies.get(request.match_info["token"])
        if reply is None or reply.left == 0 or self._trouble_for("response_url"):
            return web.Response(status=404, text="expired_url")
        reply.left -= 1
        content = await request.json()
        self.record("response_url", content)
        if content.get("replace_original") and reply.original is not None:
            self._judge(message_problems(content))
            reply.original.text = content.get("text", "")
            reply.original.blocks = with_ids(content.get("blocks", []), self._numbers)
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
async def fake_slack(manifest: Json | None = None) -> AsyncIterator[FakeSlack]:
    """A running fake for the app with this manifest, else the one that is shipped; a problem at the
    end fails the test."""
    slack = FakeSlack(manifest=manifest or shipped_manifest())
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


def _parsed(text: str) -> Json:
    """An answer's body as Slack takes it: nothing, JSON, or a plain line."""
    if not text:
        return {}
    return dict(json.loads(text)) if text.startswith("{") else {"text": text}
