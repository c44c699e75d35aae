"""What comes in from Slack becomes a Command; the reply goes back the way Slack wants it.

Everything is asked first and acknowledged then (`process_before_response`): what a person reads
has been kept. Only showing it in a window or on the home page follows in a task of its own,
because it would hold up the acknowledgement, for which Slack waits three seconds.
"""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Protocol

import aiohttp
import structlog
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.response import BoltResponse
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.apologies import FAILED, LATE, UNSHOWN, apology, failed, in_both, new_number
from bot.slack.cards import (
    Block,
    Page,
    UnshowableError,
    field_errors,
    form,
    home,
    input_id,
    message,
    modal,
    route_of,
    unescape,
)
from bot.slack.manifest import PLECS, own_commands
from bot.slack.send import (
    TIMEOUT,
    UNREACHABLE,
    instant_of,
    profile_of,
    quiet_logger,
    word_of,
)
from handlers.kit.cards import Card, Chart, Form, Reply
from handlers.kit.commands import MENTIONED, Command, Route, Value
from handlers.kit.people import Address, Profile
from handlers.kit.ports import Reader, mark
from handlers.router import Answer

log = structlog.get_logger()

PATH = "/slack/events"

HOME = "home"
"""The route whose card is the App Home."""

_PATIENCE = 5
"""Seconds that replies under way may take when Plecs stops."""

MOST_QUIET = 50
"""People in one question about do-not-disturb: Slack's own limit for dnd.teamInfo."""

_IN_TIME = 2.5
"""Seconds for an answer: Slack shows an error of its own after three."""

_CONNECT_AGAIN_AFTER = 60
"""The longest pause, in seconds, between attempts to connect the socket."""

_ANYTHING = re.compile("")
_MARKED_UP = re.compile(r"<(?:@(?P<user>\w+)|(?P<rest>[^|>]*))(?:\|(?P<label>[^>]*))?>")
_STRANGER = Reader("en", "UTC")

_TOO_SLOW = mark("Slack was too slow to open the window. Please try once more.")

Json = dict[str, Any]


class Desk(Protocol):
    """The core, as far as Slack needs it."""

    async def ask(self, command: Command) -> Answer: ...

    def now(self) -> datetime: ...

    async def learn(self, profile: Profile) -> None: ...

    async def quiet_over(self, platform: str, limit: int) -> tuple[Address, ...]: ...

    async def quiet(
        self, address: Address, start: datetime | None, end: datetime | None, at: datetime
    ) -> None: ...

    async def permissions_gone(
        self, platform: str, workspace: str, users: Sequence[str] | None, before: datetime
    ) -> None: ...


@dataclass(frozen=True, slots=True)
class _Said:
    """What to show somebody, and how to write it."""

    reply: Reply
    page: Page


class SlackListener:
    """Listens to one Slack workspace, over HTTP, or over a socket when there is an app token."""

    def __init__(
        self,
        desk: Desk,
        routes: Sequence[Route],
        client: AsyncWebClient,
        *,
        signing_secret: str = "",
        app_token: str = "",
        chart_url: Callable[[Chart], str | None] = lambda _: None,
    ) -> None:
        self._desk = desk
        self._client = client
        self._signing_secret = signing_secret
        self._app_token = app_token
        self._chart_url = chart_url
        self._commands = {word: name for word, (name, _) in own_commands(routes).items()}
        self._met: set[Address] = set()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._socket: _Socket | None = None
        self._connecting: asyncio.Task[None] | None = None
        self._bolt = self._listening(
            AsyncApp(
                name="plecs",
                logger=quiet_logger(),
                signing_secret=signing_secret,
                authorize=_one_workspace(client.token),
                process_before_response=True,
                raise_error_for_unhandled_request=True,
                # Plecs subscribes to nothing that it says itself, and is no assistant.
                ignoring_self_events_enabled=False,
                attaching_function_token_enabled=False,
                attaching_conversation_kwargs_enabled=False,
            )
        )

    def routes(self) -> list[web.RouteDef]:
        """What the web server serves for Slack: one address, and only if requests can be told
        from forged ones."""
        return [web.post(PATH, self._http)] if self._signing_secret else []

    async def start(self) -> None:
        """Connects the socket, where one is used, and goes on trying when Slack is not there."""
        if self._app_token:
            self._socket = _Socket(self._bolt, self._app_token, self._client, self._later)
            self._connecting = asyncio.create_task(self._connect(self._socket.client))

    async def stop(self) -> None:
        """Takes nothing new and lets the replies under way finish, within bounds. (Bolt's own
        `close_async()` does not wait for them.)"""
        if self._connecting is not None:
            self._connecting.cancel()
        if self._socket is not None:
            await self._socket.client.close()  # type: ignore[no-untyped-call]  # slack_sdk left it so
        # One reply may begin another: a request over the socket, then its window, then the home.
        end = asyncio.get_running_loop().time() + _PATIENCE
        while self._tasks and (left := end - asyncio.get_running_loop().time()) > 0:
            await asyncio.wait(self._tasks, timeout=left)
        for task in self._tasks:
            task.cancel()

    # --- the ways in ------------------------------------------------------------------------

    async def _connect(self, socket: SocketModeClient) -> None:
        """Asks for the socket's address itself: slack_sdk tries on in silence for ever."""
        pause = 1
        while True:
            try:
                answer = await self._client.apps_connections_open(app_token=self._app_token)
            except UNREACHABLE as error:
                log.warning(
                    "slack.not_connected: does SLACK_APP_TOKEN have the scope connections:write?",
                    error=word_of(error),
                )
                await asyncio.sleep(pause)
                pause = min(2 * pause, _CONNECT_AGAIN_AFTER)
            else:
                socket.wss_uri = answer["url"]
                await socket.connect()  # type: ignore[no-untyped-call]  # slack_sdk left it so
                return

    async def _http(self, request: web.Request) -> web.Response:
        try:
            bolt_request = await to_bolt_request(request)
        except ValueError as error:  # not UTF-8, or JSON that isn't: Slack never sends that
            log.warning("slack.unreadable", number=new_number(), error=type(error).__name__)
            return web.Response(status=400, text="This can't be read as a request of Slack's.")
        return await to_aiohttp_response(await self._bolt.async_dispatch(bolt_request))

    def _listening(self, app: AsyncApp) -> AsyncApp:
        app.command(_ANYTHING)(self._typed)
        app.block_action(_ANYTHING)(self._pressed)
        app.view_submission(_ANYTHING)(self._submitted)
        app.shortcut(_ANYTHING)(self._shortcut)
        app.event("app_home_opened")(self._home_opened)
        app.event("user_change")(self._user_changed)
        app.event("team_join")(self._user_changed)
        app.event("dnd_updated_user")(self._quiet_changed)
        app.event("app_uninstalled")(self._gone)
        app.event("tokens_revoked")(self._gone)
        app.error(self._trouble)
        return app

    # --- listeners --------------------------------------------------------------------------

    async def _typed(self, ack: AsyncAck, body: Json) -> None:
        typed, mentioned = mentions_apart(body.get("text", ""))
        name, text = self._asked_for(body["command"], typed)
        by = Address("slack", body["team_id"], body["user_id"])
        values = {MENTIONED: mentioned} if mentioned else {}
        asking = self._asking(Command(name, by, text, values, body["trigger_id"]))
        if not await _in_time(asking):
            await ack(response_type="ephemeral", text=" ".join(in_both(LATE)))
            self._later(self._answer_below(body, asking))
            return
        said = asking.result()
        match said.reply:
            case Card():
                await ack(response_type="ephemeral", **_rendered(message, said.reply, said.page))
            case Form():
                await ack()
                self._later(self._open(body, _window(said, {})))
            case None:
                await ack()

    async def _pressed(self, ack: AsyncAck, body: Json) -> None:
        action, view = body["actions"][0], body.get("view")
        by = _presser(body)
        asking = self._asking(
            Command(
                route_of(action["action_id"]),
                by,
                values=_values(action.get("value")),
                delivery=body["trigger_id"],
            )
        )
        await _in_time(asking)
        await ack()
        if view is None:
            self._later(self._answer_below(body, asking))
        else:
            self._later(self._answer_in_view(body, asking, by))

    async def _submitted(self, ack: AsyncAck, body: Json) -> None:
        view = body["view"]
        kept = _kept(view)
        by = _presser(body)
        said = await self._ask(
            Command(
                view["callback_id"],
                by,
                values={**_strings(kept.get("values")), **_filled_in(view["state"]["values"])},
                delivery=f"view:{view['id']}:{view['hash']}",
            )
        )
        match said.reply:
            case Form() as again if _asks_the_same(again, view):
                await ack(response_action="errors", errors=field_errors(again, said.page))
            case Card() | Form():
                window = _window(said, {"home": kept.get("home")})
                await ack(response_action="update", view=window)
            case None:
                await ack()
        if kept.get("home"):
            self._later(self._publish_home(by))

    async def _shortcut(self, ack: AsyncAck, body: Json) -> None:
        said = await self._ask(
            Command(route_of(body["callback_id"]), _presser(body), delivery=body["trigger_id"])
        )
        await ack()
        if said.reply is not None:
            self._later(self._open(body, _window(said, {})))

    async def _home_opened(self, event: Json, body: Json) -> None:
        if event.get("tab") == "home":
            by = Address("slack", body["team_id"], event["user"])
            self._later(self._publish_home(by, body["event_id"]))

    async def _user_changed(self, event: Json, body: Json) -> None:
        user = event["user"]
        told = profile_of(_address(body, user["id"]), user)
        await self._desk.learn(replace(told, at=_told_at(event, body) or told.at))

    async def _quiet_changed(self, event: Json, body: Json) -> None:
        start, end = _quiet_hours(event["dnd_status"])
        at = _told_at(event, body) or self._now()
        await self._desk.quiet(_address(body, event["user"]), start, end, at)

    async def _gone(self, event: Json, body: Json) -> None:
        """The app was removed, its own token revoked, or what some people permitted."""
        tokens = event.get("tokens") or {}
        before = datetime.fromtimestamp(body.get("event_time") or 0, UTC)
        everybody = event["type"] == "app_uninstalled"
        users = None if everybody else tuple(tokens.get("oauth") or ())
        await self._desk.permissions_gone("slack", body["team_id"], users, before)
        if not everybody and not tokens.get("bot"):
            return
        log.error(
            "slack.uninstalled: install the app again and run `plecs check`",
            event_type=event["type"],
        )

    async def _trouble(self, error: Exception, body: Json) -> BoltResponse:
        """Whatever no listener took, and whatever one couldn't make sense of."""
        if isinstance(error, BoltUnhandledRequestError):
            event = body.get("event") or {}
            log.info("slack.not_for_us", kind=body.get("type"), event_type=event.get("type"))
            return BoltResponse(status=200, body="")
        number = failed("slack.listener_failed", error)
        if body.get("type") == "event_callback":
            return BoltResponse(status=500, body="")  # Slack brings it again
        if "command" in body:
            text = message(apology(FAILED, number), Page("", _STRANGER))
            return BoltResponse(status=200, body={"response_type": "ephemeral", **text})
        return BoltResponse(status=200, body="")

    # --- asking -----------------------------------------------------------------------------

    def _asked_for(self, slash: str, text: str) -> tuple[str, str]:
        """The route and its text for `/hand ...`, also when the workspace installed it with a
        prefix, as `/acme-hand ...`."""
        typed = slash.removeprefix("/")
        for word in sorted(self._commands, key=len, reverse=True):
            if typed == word or typed.endswith(f"-{word}"):
                return self._commands[word], text
        return PLECS, f"{typed} {text}".strip()

    def _asking(self, command: Command) -> asyncio.Task[_Said]:
        """Asks in a task that `stop` waits for, so that a slow answer can still be shown."""
        task = asyncio.create_task(self._ask(command))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _ask(self, command: Command) -> _Said:
        """The desk's answer; an apology when it failed, after which nothing was changed."""
        try:
            answer = await self._desk.ask(command)
        except Exception as error:  # noqa: BLE001 - whatever it is, the person hears of it here
            number = failed("slack.ask_failed", error, command=command.name)
            return _Said(apology(FAILED, number), self._page(command.by, _STRANGER))
        if command.by not in self._met:
            self._met.add(command.by)
            self._later(self._look_up_quiet(command.by))
        return _Said(answer.reply, self._page(command.by, answer.reader))

    def _page(self, by: Address, reader: Reader) -> Page:
        return Page(by.workspace, reader, self._chart_url)

    # --- showing ----------------------------------------------------------------------------

    async def _answer_below(self, body: Json, asking: asyncio.Task[_Said]) -> None:
        """Shows the reply to a button of a message, or a late one to a command."""
        said = await asking
        match said.reply:
            case Card() as card:
                # A private reply makes place for the next; a delivered message stays, and the
                # outbox changes it.
                private = body.get("container", {}).get("is_ephemeral", False)
                content = _rendered(message, card, said.page)
                await self._respond(body["response_url"], replace_original=private, **content)
            case Form():
                await self._open(body, _window(said, {}))
            case None:
                pass

    async def _answer_in_view(self, body: Json, asking: asyncio.Task[_Said], by: Address) -> None:
        """Shows the reply to a button of the home page or of a window."""
        said, view = await asking, body["view"]
        at_home = view["type"] == "home"
        kept = {"home": at_home or _kept(view).get("home")}
        if said.reply is not None and at_home:
            await self._open(body, _window(said, kept))
        elif said.reply is not None:
            await self._call("views.update", view_id=view["id"], view=_window(said, kept))
        if kept["home"]:
            await self._publish_home(by)

    async def _open(self, body: Json, window: Block) -> None:
        opened = await self._call("views.open", trigger_id=body["trigger_id"], view=window)
        if not opened and "response_url" in body:
            both = " ".join(in_both(_TOO_SLOW))
            await self._respond(body["response_url"], replace_original=False, text=both)

    async def _publish_home(self, by: Address, delivery: str = "") -> None:
        said = await self._ask(Command(HOME, by, delivery=delivery))
        if isinstance(said.reply, Card):
            view = _rendered(home, said.reply, said.page)
            await self._call("views.publish", user_id=by.user, view=view)

    async def look_up_quiet_again(self) -> None:
        """Asks anew about those whose do-not-disturb has ended: Slack tells only the next time."""
        over = await self._desk.quiet_over("slack", MOST_QUIET)
        if not over:
            return
        users, at = ",".join(address.user for address in over), self._now()
        try:
            answer = await self._client.dnd_teamInfo(users=users)
        except UNREACHABLE as error:
            log.warning("slack.call_failed", method="dnd.teamInfo", error=word_of(error))
            return
        for address in over:
            start, end = _quiet_hours(answer["users"].get(address.user, {}))
            await self._desk.quiet(address, start, end, at)

    async def _look_up_quiet(self, by: Address) -> None:
        """Slack tells of do-not-disturb only when it changes: so it is asked once at the start."""
        at = self._now()
        try:
            status = await self._client.dnd_info(user=by.user)
        except UNREACHABLE as error:
            log.warning("slack.call_failed", method="dnd.info", error=word_of(error))
            return
        start, end = _quiet_hours(status.data)
        await self._desk.quiet(by, start, end, at)

    def _now(self) -> datetime:
        """The time in whole seconds, as Slack's events have it."""
        return self._desk.now().replace(microsecond=0)

    async def _respond(self, url: str, **content: Any) -> None:
        hook = AsyncWebhookClient(
            url, timeout=TIMEOUT, session=self._client.session, retry_handlers=[]
        )
        try:
            answer = await hook.send_dict({"response_type": "ephemeral", **content})
        except (aiohttp.ClientError, OSError) as error:
            log.warning("slack.call_failed", method="response_url", error=type(error).__name__)
            return
        if answer.status_code != 200:
            log.warning("slack.call_failed", method="response_url", status=answer.status_code)

    async def _call(self, method: str, **arguments: Any) -> bool:
        """Calls Slack for what is shown; false, and a line in the log, on failure."""
        try:
            await self._client.api_call(method, json=arguments)
        except UNREACHABLE as error:
            log.warning("slack.call_failed", method=method, error=word_of(error))
            return False
        return True

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        """Does it in a task that `stop` waits for."""
        task = asyncio.create_task(_watched(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _one_workspace(token: str | None) -> Callable[..., Awaitable[AuthorizeResult]]:
    """One workspace, one token: nothing to look up, and no auth.test before an answer."""

    async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token=token)

    return authorize


class _Socket(AsyncSocketModeHandler):
    """Socket Mode, with each request in a task of its own: slack_sdk's client waits for one to
    be answered before it reads the next."""

    def __init__(
        self,
        app: AsyncApp,
        app_token: str,
        client: AsyncWebClient,
        later: Callable[[Coroutine[Any, Any, None]], None],
    ) -> None:
        super().__init__(app, app_token, logger=quiet_logger(), web_client=client)
        self._later = later

    async def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]  # as in slack_bolt's own
        self._later(super().handle(client, req))


async def _in_time(asking: asyncio.Task[_Said]) -> bool:
    """Waits for the answer as long as Slack does; whether it came."""
    done, _ = await asyncio.wait({asking}, timeout=_IN_TIME)
    return bool(done)


async def _watched(work: Awaitable[None]) -> None:
    try:
        await work
    except Exception as error:  # noqa: BLE001 - nobody awaits a task's outcome: it ends in the log
        failed("slack.reply_failed", error)


# --- what Slack says, taken apart ---------------------------------------------------------------


def mentions_apart(text: str) -> tuple[str, tuple[str, ...]]:
    """What was typed, each mention as "@" and the user's id, and those ids. Slack marks mentions,
    channels and links up where the manifest asks for it; typed angle brackets come escaped."""
    users = tuple(found["user"] for found in _MARKED_UP.finditer(text) if found["user"])

    def plainly(found: re.Match[str]) -> str:
        if found["user"]:
            return f"@{found['user']}"
        sign = "#" if found["rest"].startswith("#") else ""
        return sign + found["label"] if found["label"] else found["rest"]

    return unescape(_MARKED_UP.sub(plainly, text)), users


def _presser(body: Json) -> Address:
    return _address(body, body["user"]["id"])


def _address(body: Json, user: str) -> Address:
    team = body.get("team") or {}
    return Address("slack", body.get("team_id") or team.get("id") or body["user"]["team_id"], user)


def _told_at(event: Json, body: Json) -> datetime | None:
    """When it happened, by Slack's clock: also in an event that is brought again, and late."""
    return instant_of(event.get("event_ts")) or instant_of(body.get("event_time"))


def _values(text: str | None) -> dict[str, Value]:
    """A button's values; none when the button is so old that they were written otherwise."""
    try:
        return _strings(json.loads(text or "{}"))
    except ValueError:
        return {}


def _strings(values: object) -> dict[str, Value]:
    if not isinstance(values, dict):
        return {}
    return {str(name): value for name, value in values.items() if isinstance(value, str)}


def _kept(view: Json) -> Json:
    """What was kept in the window when it was made."""
    try:
        kept = json.loads(view.get("private_metadata") or "{}")
    except ValueError:
        return {}
    return kept if isinstance(kept, dict) else {}


def _filled_in(state: Json) -> dict[str, Value]:
    """A form's fields by name. Slack nests them: input's id, then the element's."""
    return {
        name: _field_value(element)
        for elements in state.values()
        for name, element in elements.items()
    }


def _field_value(element: Json) -> Value:
    match element:
        case {"type": "radio_buttons" | "static_select"}:
            return str((element.get("selected_option") or {}).get("value", ""))
        case {"type": "checkboxes" | "multi_static_select"}:
            return tuple(str(option["value"]) for option in element.get("selected_options") or ())
        case {"type": "datepicker"}:
            return str(element.get("selected_date") or "")
        case {"type": "timepicker"}:
            return str(element.get("selected_time") or "")
        case {"type": "users_select"}:
            return str(element.get("selected_user") or "")
        case {"type": "multi_users_select"}:
            return tuple(str(user) for user in element.get("selected_users") or ())
        case _:
            return str(element.get("value") or "")


def _quiet_hours(status: Any) -> tuple[datetime, datetime] | tuple[None, None]:
    """When do-not-disturb holds, now or next; nothing when it is off. Epoch 1 is Slack's never."""
    start, end = status.get("next_dnd_start_ts", 0), status.get("next_dnd_end_ts", 0)
    if not status.get("dnd_enabled") or end <= 1:
        return None, None
    return datetime.fromtimestamp(start, UTC), datetime.fromtimestamp(end, UTC)


# --- what is shown ------------------------------------------------------------------------------


def _window(said: _Said, kept: Json) -> Block:
    """A modal for a card or a form."""
    kept = {name: value for name, value in kept.items() if value}
    match said.reply:
        case Card() as card:
            return _rendered(lambda shown, page: modal(shown, page, kept), card, said.page)
        case Form() as asked:
            try:
                return form(asked, said.page, {"values": dict(asked.values), **kept})
            except UnshowableError as error:
                return modal(apology(UNSHOWN, failed("slack.unshowable", error)), said.page, {})
        case None:
            raise ValueError("there is nothing to show")


def _rendered(render: Callable[[Card, Page], Block], card: Card, page: Page) -> Block:
    try:
        return render(card, page)
    except UnshowableError as error:
        return render(apology(UNSHOWN, failed("slack.unshowable", error)), page)


def _asks_the_same(asked: Form, view: Json) -> bool:
    """Whether the form is the one on the screen, with errors that all have their field there."""
    shown = {block["block_id"] for block in view["blocks"]}
    return (
        asked.does == view["callback_id"]
        and bool(asked.errors)
        and asked.errors.keys() <= {field.name for field in asked.fields}
        and all(input_id(asked.does, name) in shown for name in asked.errors)
    )
