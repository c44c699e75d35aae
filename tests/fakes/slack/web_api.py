"""The Web API, strict as the real one."""

import asyncio
import time
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.fakes.block_kit import message_problems, view_problems
from tests.fakes.slack.blocks import with_ids
from tests.fakes.slack.methods import BOT_METHODS, METHODS, USER_METHODS
from tests.fakes.slack.objects import (
    APP_TOKEN,
    CLIENT_ID,
    CLIENT_SECRET,
    TEAM,
    Json,
    SlackError,
    SlackMessage,
)
from tests.fakes.slack.permissions import Permissions


@dataclass(slots=True)
class WebApi(Permissions):
    """Answers what Slack's reference says it answers, and refuses what Slack refuses."""

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
            if method == "auth.revoke" and not user:
                answer = {"revoked": self.bot_tokens.pop(bearer(request), None) is not None}
            elif method in USER_METHODS:
                answer = self._answer_person(method, args, user, bearer(request))
            else:
                answer = self._answer(method, args, self.bot_tokens.get(bearer(request), TEAM))
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

    def _answer(self, method: str, args: Json, team: str) -> Json:
        self._see_that_it_is_theirs(method, args, team)
        match method:
            case "oauth.v2.access":
                return self._exchange(args)
            case "auth.test":
                return self._whose_token(team)
            case "apps.connections.open":
                return {"url": f"{self.url.replace('http', 'ws', 1)}/socket"}
            case "users.info":
                return {"user": self._object(args["user"])}
            case "users.lookupByEmail":
                found = [
                    user
                    for user in self.users.values()
                    if user.email == args["email"]
                    and team in (user.team, self.organisations.get(user.team))
                ]
                if not found:
                    raise SlackError("users_not_found")
                return {"user": self._object(found[0].id)}
            case "dnd.teamInfo":
                asked = args["users"].split(",")
                return {"users": {user: self._user(user).dnd_status() for user in asked}}
            case "dnd.info":
                return self._user(args["user"]).dnd_status()
            case "conversations.open":
                return {"channel": {"id": self._open_conversation(args["users"].split(","))}}
            case "chat.postMessage":
                return self._post_message(args)
            case "chat.update" | "chat.delete":
                return self._change_message(method, args)
            case _:
                return self._show_view(method, args)

    def _whose_token(self, team: str) -> Json:
        told = {"team_id": team, "user_id": "UPLECS", "bot_id": "BPLECS", "team": "Plecs"}
        is_whole = team in self.organisations.values()
        return told | ({"enterprise_id": team, "is_enterprise_install": True} if is_whole else {})

    def _see_that_it_is_theirs(self, method: str, args: Json, team: str) -> None:
        """One workspace's token is good for its people alone."""
        to = [args[name] for name in ("channel", "user_id") if args.get(name) in self.users]
        if method == "conversations.open":
            to = [user for user in args["users"].split(",") if user in self.users]
        for user in to:
            if not self.may_reach(team, user):
                self.problems.append(f"{method} for {user} with the token of {team}")
                raise SlackError("channel_not_found")

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
        sent = SlackMessage(channel, self._ts(), to, content["text"], content["blocks"])
        self.messages.append(sent)
        return {"channel": channel, "ts": sent.ts}

    def _change_message(self, method: str, args: Json) -> Json:
        content = self._content(args) if method == "chat.update" else None
        for message in self.messages:
            if (message.channel, message.ts) == (args["channel"], args["ts"]):
                if message.ephemeral:
                    break
                if content is None:
                    self.messages.remove(message)
                else:
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
        blocks = with_ids(args.get("blocks", []), self._numbers)
        return {"text": args.get("text", ""), "blocks": blocks}

    def _show_view(self, method: str, args: Json) -> Json:
        view = args["view"]
        if self._judge(view_problems(view)):
            raise SlackError("invalid_arguments")
        if (method == "views.publish") != (view["type"] == "home"):
            raise SlackError("invalid_arguments")
        if method == "views.publish":
            self._user(args["user_id"])
            blocks = with_ids(view["blocks"], self._numbers)
            self.homes[args["user_id"]] = {**view, "id": f"V{args['user_id']}", "blocks": blocks}
            return {"view": self.homes[args["user_id"]]}
        if method == "views.open":
            user = self._use_trigger(args["trigger_id"])
            self.close_windows(user)
        else:
            by = ("id", "view_id") if "view_id" in args else ("external_id", "external_id")
            owners = [who for who, one in self.windows.items() if one.get(by[0]) == args[by[1]]]
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
        if ("im:write" if len(users) == 1 else "mpim:write") not in self.scopes.split(","):
            raise SlackError("missing_scope")
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

    def _check_token(self, method: str, request: web.Request) -> str:
        """Whose token it is, where it is a person's."""
        if method == "oauth.v2.access":
            proof = f"{CLIENT_ID}:{CLIENT_SECRET}".encode()
            if request.headers.get("Authorization") != f"Basic {b64encode(proof).decode()}":
                raise SlackError("bad_client_secret")
            return ""
        given = bearer(request)
        wanted = (APP_TOKEN,) if method.startswith("apps.") else self.bot_tokens
        if not given:
            raise SlackError("not_authed")
        if method in USER_METHODS and given not in self.bot_tokens:
            return self._whose(given, USER_METHODS[method])
        if method == "auth.revoke" and given in self.bot_tokens:
            return ""
        if given not in wanted:
            raise SlackError("invalid_auth")
        if BOT_METHODS.get(method, "") not in ("", *self.scopes.split(",")):
            raise SlackError("missing_scope")
        return ""

    def _check_arguments(self, method: str, args: Json) -> None:
        if method not in METHODS:
            self.problems.append(f"{method} is none of the methods Plecs uses")
            raise SlackError("unknown_method")
        needed, allowed = METHODS[method]
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


def bearer(request: web.Request) -> str:
    return request.headers.get("Authorization", "").removeprefix("Bearer ")


async def _arguments(request: web.Request) -> Json:
    """The arguments, however they were sent; from JSON as they are, else as strings."""
    if request.content_type == "application/json":
        return dict(await request.json())
    form: Mapping[str, Any] = await request.post()
    given = {**request.query, **form}
    return {name: value for name, value in given.items() if name != "token"}


def _slow_down(seconds: int) -> web.Response:
    return web.json_response(
        {"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": str(seconds)}
    )
