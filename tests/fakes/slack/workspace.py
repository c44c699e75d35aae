"""What stands in the fake workspace at one moment, and what may be asked of it by tests."""

import asyncio
import json
import os
import time
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import aiohttp
from aiohttp import web

from tests.fakes.block_kit import message_problems, view_problems
from tests.fakes.slack.blocks import with_ids
from tests.fakes.slack.objects import (
    ADDRESS,
    BOT_TOKEN,
    SCOPES,
    TEAM,
    Json,
    MethodCall,
    Permission,
    ResponseUrl,
    SlackError,
    SlackMessage,
    SlackTrouble,
    User,
    shipped_manifest,
)
from tests.patience import LIMIT


@dataclass(slots=True)
class FakeWorkspace:
    """`app_url` is where requests are posted; None sends them over the socket.
    `manifest` is the app's, in which `address` stands where the app is; `scopes` are what it was
    granted. `now` is the time by which statuses expire; `tokens` are people's own, with whose each
    is and what it may. `bot_tokens` are the app's, with the workspace or organisation that each is
    for, `refreshes` what new ones are got with, where the app `rotates` them; `organisations` say
    to which one a workspace belongs."""

    manifest: Json = field(default_factory=shipped_manifest)
    address: str = ""
    trigger_lives: float = 3.0  # seconds
    now: Callable[[], float] = time.time
    tokens: dict[str, tuple[str, str]] = field(default_factory=dict)
    bot_tokens: dict[str, str] = field(default_factory=lambda: {BOT_TOKEN: TEAM})
    refreshes: dict[str, str] = field(default_factory=dict)
    organisations: dict[str, str] = field(default_factory=dict)
    rotates: bool = False
    _codes: dict[str, Permission] = field(default_factory=dict)
    app_url: str | None = None
    scopes: str = SCOPES
    keep_pace: bool = False
    users: dict[str, User] = field(default_factory=dict)
    calls: list[MethodCall] = field(default_factory=list)
    messages: list[SlackMessage] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    windows: dict[str, Json] = field(default_factory=dict)
    below: dict[str, list[Json]] = field(default_factory=dict)
    homes: dict[str, Json] = field(default_factory=dict)
    url: str = ""
    _conversations: dict[frozenset[str], str] = field(default_factory=dict)
    _triggers: dict[str, tuple[str, float]] = field(default_factory=dict)
    _used_triggers: set[str] = field(default_factory=set)
    _replies: dict[str, ResponseUrl] = field(default_factory=dict)
    troubles: list[tuple[str, SlackTrouble | str]] = field(default_factory=list)
    _last_post: dict[str, float] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    _sockets: list[web.WebSocketResponse] = field(default_factory=list)
    _acks: dict[str, asyncio.Future[Json]] = field(default_factory=dict)
    session: aiohttp.ClientSession | None = None

    @property
    def api_url(self) -> str:
        return f"{self.url}/api/"

    @property
    def redirect_urls(self) -> list[str]:
        """Where people may be sent back to."""
        urls = self.manifest["oauth_config"].get("redirect_urls", [])
        return [url.replace(ADDRESS, self.address) for url in urls]

    def organisation_of(self, team: str) -> str | None:
        return self.organisations.get(team)

    def is_whole(self, team: str) -> bool:
        """Whether the app is installed in the whole organisation of the workspace."""
        return self.organisations.get(team) in self.bot_tokens.values()

    def may_reach(self, team: str, user: str) -> bool:
        """Whether the user is in the workspace, or the organisation, that a token is for."""
        there = self._user(user).team
        return team in (there, self.organisations.get(there))

    def subscribe_by_hand(self, event: str) -> None:
        """The app's owner adds an event that the manifest doesn't ask for."""
        self.manifest = deepcopy(self.manifest)
        self.manifest["settings"]["event_subscriptions"]["bot_events"].append(event)

    def declared(self, kind: str, name: str) -> Json:
        """The command or shortcut as the manifest declares it."""
        key = "command" if kind == "slash_commands" else "callback_id"
        found = [one for one in self.manifest["features"][kind] if one[key] == name]
        assert found, f"{name} is not in the manifest: nobody in Slack sees it"
        return dict(found[0])

    def fail_next(self, method: str, trouble: SlackTrouble | str, times: int = 1) -> None:
        """The next calls of the method go wrong: with HTTP 500 or 429, no answer at all, a
        connection that breaks after the call was done, or Slack's word for an error."""
        self.troubles += [(method, trouble)] * times

    def called(self, method: str) -> list[Json]:
        return [call.args for call in self.calls if call.method == method]

    async def until(self, true: Callable[[], object]) -> None:
        """Waits for the workspace to be so. Fails when it doesn't become so in time."""
        async with self._changed:
            await asyncio.wait_for(self._changed.wait_for(lambda: bool(true())), LIMIT)

    async def change(self) -> None:
        """Waits until something in the workspace is different."""
        async with self._changed:
            await self._changed.wait()

    def trigger(self, user: str) -> str:
        """A trigger_id as Slack gives one with each interaction."""
        trigger = f"{next(self._numbers)}.{TEAM}.trigger"
        self._triggers[trigger] = (user, time.monotonic())
        return trigger

    def response_url(self, user: str, channel: str, original: SlackMessage | None = None) -> str:
        token = f"R{next(self._numbers)}"
        self._replies[token] = ResponseUrl(user, channel, original)
        return f"{self.url}/response/{token}"

    def record(self, method: str, args: Json) -> None:
        self.calls.append(MethodCall(method, args))
        if target := os.environ.get("PLECS_RECORD_SLACK_CALLS"):
            with Path(target).open("a") as file:
                file.write(json.dumps({"method": method, "args": args}, ensure_ascii=False) + "\n")

    def show_privately(self, user: str, channel: str, content: Json) -> None:
        """An ephemeral message, from an answer's body."""
        self._judge(message_problems(content))
        self.messages.append(
            SlackMessage(
                channel,
                self._ts(),
                frozenset({user}),
                content.get("text", ""),
                with_ids(content.get("blocks", []), self._numbers),
                ephemeral=True,
            )
        )

    def show_window(self, user: str, view: Json, *, over: bool = False) -> None:
        """A modal, in the place of the one that is open, or over it."""
        self._judge(view_problems(view))
        if over:
            self.below.setdefault(user, []).append(self.windows.pop(user))
        before = self.windows.get(user, {})
        number = next(self._numbers)
        self.windows[user] = {
            **view,
            "id": before.get("id", f"V{number}"),
            "hash": f"{number}.hash",
            "team_id": self.users[user].signed_in,
            "blocks": with_ids(view["blocks"], self._numbers),
        }

    def close_window(self, user: str) -> None:
        """The one that is open: what it was over is there again."""
        del self.windows[user]
        if self.below.get(user):
            self.windows[user] = self.below[user].pop()

    def close_windows(self, user: str) -> None:
        self.windows.pop(user, None)
        self.below.pop(user, None)

    async def tell(self) -> None:
        """Wakes those who wait for a change."""
        async with self._changed:
            self._changed.notify_all()

    def _user(self, user: str) -> User:
        if user not in self.users:
            raise SlackError("user_not_found")
        return self.users[user]

    def _object(self, user: str) -> Json:
        """What Slack tells of them; in an organisation, of which workspaces they are."""
        told, organisation = self._user(user).object(), self.organisation_of(self.users[user].team)
        if organisation is None:
            return told
        there = {"enterprise_id": organisation, "teams": [self.users[user].team]}
        return {**told, "enterprise_user": there}

    def _judge(self, problems: list[str]) -> list[str]:
        self.problems += problems
        return problems

    def _ts(self) -> str:
        """Slack's name of a message: seconds and a count, always growing."""
        return f"{1_700_000_000 + next(self._numbers)}.000100"
