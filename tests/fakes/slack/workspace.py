"""What stands in the fake workspace at one moment, and what may be asked of it by tests."""

import asyncio
import json
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import aiohttp
from aiohttp import web

from tests.fakes.block_kit import message_problems, view_problems
from tests.fakes.slack.blocks import with_ids
from tests.fakes.slack.objects import (
    SCOPES,
    TEAM,
    Call,
    Json,
    Message,
    Permission,
    ResponseUrl,
    SlackError,
    Trouble,
    User,
)
from tests.patience import LIMIT


@dataclass(slots=True)
class Workspace:
    """`app_url` is where requests are posted; None sends them over the socket.
    `redirect_url` is the one that the app's manifest names; `now` the time by which statuses
    expire; `tokens` are people's own, with whose each is and what it may."""

    redirect_url: str = ""
    trigger_lives: float = 3.0  # seconds
    now: Callable[[], float] = time.time
    tokens: dict[str, tuple[str, str]] = field(default_factory=dict)
    _codes: dict[str, Permission] = field(default_factory=dict)
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
    _replies: dict[str, ResponseUrl] = field(default_factory=dict)
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
        self._replies[token] = ResponseUrl(user, channel, original)
        return f"{self.url}/response/{token}"

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
                with_ids(content.get("blocks", []), self._numbers),
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
            "blocks": with_ids(view["blocks"], self._numbers),
        }

    async def tell(self) -> None:
        """Wakes those who wait for a change."""
        async with self._changed:
            self._changed.notify_all()

    def _user(self, user: str) -> User:
        if user not in self.users:
            raise SlackError("user_not_found")
        return self.users[user]

    def _judge(self, problems: list[str]) -> list[str]:
        self.problems += problems
        return problems

    def _ts(self) -> str:
        """Slack's name of a message: seconds and a count, always growing."""
        return f"{1_700_000_000 + next(self._numbers)}.000100"
