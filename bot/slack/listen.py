"""What comes in from Slack becomes a Command; the reply goes back the way Slack wants it.

Everything is asked first and acknowledged then (`process_before_response`): what a person reads
has been kept. Only showing it in a window or on the home page follows in a task of its own,
because it would hold up the acknowledgement, for which Slack waits three seconds.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol
from uuid import uuid4

import structlog
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.apologies import FAILED, NOT_HERE, apology, failed, in_both, new_number
from bot.happenings import NotForUs
from bot.payloads import UnreadableError
from bot.rendering import ChartUrl, RenderContext, no_pictures
from bot.replies import STRANGER, in_time
from bot.slack.api import quiet_logger
from bot.slack.cards import message
from bot.slack.clients import NotInstalledError, SlackClients
from bot.slack.forms import field_errors, input_id
from bot.slack.manifest import EVENTS, own_commands
from bot.slack.parse import (
    CommandTyped,
    HomeOpened,
    InMessage,
    InWindow,
    PersonChanged,
    QuietChanged,
    Revoked,
    Shortcut,
    SlackHappening,
    SlackPressed,
    Submitted,
    kind_of,
    read,
)
from bot.slack.quiet import QuietDesk, QuietHours
from bot.slack.replies import SlackReplies, SlackReply
from bot.slack.send import home_of
from bot.slack.signed import Signatures
from bot.slack.socket import Socket
from bot.typed import PLECS
from handlers.kit.cards import Card, Form
from handlers.kit.commands import MENTIONED, AnswerPlace, Command, Route
from handlers.kit.facts import Fact, StatusPermissionsEnded
from handlers.kit.people import Address, Person, Profile
from handlers.router import Answered
from handlers.routes import leaves_no_trace

log = structlog.get_logger()

PATH = "/slack/events"

HOME = "home"
"""The route whose card is the App Home."""

_IN_TIME = 2.5
"""Seconds for an answer: Slack shows an error of its own after three."""

_ANSWERS, _ANSWERS_FOR = 5, timedelta(minutes=29)
"""How often a response_url may be used, and for how long: half an hour, by Slack's clock."""

_ANYTHING = re.compile("")

Json = dict[str, Any]


class SlackDesk(QuietDesk, Protocol):
    """The core, as far as Slack needs it."""

    async def ask(self, command: Command) -> Answered: ...

    def phoned(self, command: Command) -> Sequence[Person] | None: ...

    async def not_changed(self, key: str) -> None: ...

    async def learn(self, profile: Profile) -> None: ...

    async def tell(self, fact: Fact) -> None: ...


class SlackListener:
    """Listens to Slack, over HTTP, or over a socket when there is an app token."""

    def __init__(
        self,
        desk: SlackDesk,
        routes: Sequence[Route],
        clients: SlackClients,
        *,
        signing_secret: str = "",
        app_token: str = "",
        chart_url: ChartUrl = no_pictures,
        command_prefix: str = "",
        answers_within: float = _IN_TIME,
        removed: Callable[[str, datetime], Awaitable[None]] | None = None,
    ) -> None:
        """`removed` hears where Slack says the app was removed, and when."""
        self._app_removed = removed
        self._clients = clients
        self._desk = desk
        self.answers_within = answers_within
        self._is_served = bool(signing_secret)
        self._signatures = Signatures(signing_secret, clients.any, desk.now)
        self._context = partial(RenderContext, chart_url=chart_url, command_prefix=command_prefix)
        self._commands = {word: name for word, (name, _) in own_commands(routes).items()}
        self._met: set[Address] = set()
        self._quiet = QuietHours(desk, clients)
        self._replies = SlackReplies(clients, desk.not_changed)
        self._bolt = self._listening(
            AsyncApp(
                name="plecs",
                logger=quiet_logger(),
                signing_secret=signing_secret,
                authorize=_authorize,
                process_before_response=True,
                raise_error_for_unhandled_request=True,
                request_verification_enabled=False,  # it goes by the machine's clock: see `_http`
                # Plecs subscribes to nothing that it says itself, and is no assistant.
                ignoring_self_events_enabled=False,
                attaching_function_token_enabled=False,
                attaching_conversation_kwargs_enabled=False,
            )
        )
        self._socket = (
            Socket(self._bolt, app_token, clients.any, self._replies.later) if app_token else None
        )

    def routes(self) -> list[web.RouteDef]:
        """What the web server serves for Slack: one address, and only if requests can be told
        from forged ones."""
        return [web.post(PATH, self._http)] if self._is_served else []

    async def start(self) -> None:
        """Connects the socket, where one is used."""
        if self._socket is not None:
            self._socket.begin()

    async def stop(self) -> None:
        """Takes nothing new and lets the replies under way finish, within bounds. (Bolt's own
        `close_async()` does not wait for them.)"""
        if self._socket is not None:
            await self._socket.end()
        await self._replies.finish()

    async def look_up_quiet_again(self) -> None:
        """Asks Slack anew about those whose do-not-disturb has ended."""
        await self._quiet.look_up_again()

    # --- the way in -------------------------------------------------------------------------

    async def _http(self, request: web.Request) -> web.Response:
        """Looks at nothing but the signature of what is not signed: Bolt takes a body apart before
        it looks at that."""
        try:
            body = (await request.read()).decode()
        except UnicodeDecodeError as error:
            return _unreadable(error)
        if not await self._signatures.hold(request.headers, body):
            return web.Response(status=401, text="This is not signed by Slack.")
        try:
            bolt_request = AsyncBoltRequest(
                body=body, query=request.query_string, headers=dict(request.headers)
            )
            answer = await self._bolt.async_dispatch(bolt_request)
        except Exception as error:  # noqa: BLE001 - Bolt stumbles over what Slack never sends
            return _unreadable(error)
        return await to_aiohttp_response(answer)

    def _listening(self, app: AsyncApp) -> AsyncApp:
        app.command(_ANYTHING)(self._happened)
        app.block_action(_ANYTHING)(self._happened)
        app.view_submission(_ANYTHING)(self._happened)
        app.shortcut(_ANYTHING)(self._happened)
        for kind in EVENTS:
            app.event(kind)(self._happened)
        app.error(self._trouble)
        return app

    async def _happened(self, ack: AsyncAck, body: Json) -> None:
        happening = read(body)
        try:
            await self._do(ack, happening)
        except Exception as error:
            raise _FailedError from error

    async def _do(self, ack: AsyncAck, happening: SlackHappening) -> None:
        match happening:
            case CommandTyped() as typed:
                await self._typed(ack, typed)
            case SlackPressed() as pressed:
                await self._pressed(ack, pressed)
            case Submitted() as submitted:
                await self._submitted(ack, submitted)
            case Shortcut() as shortcut:
                await self._shortcut(ack, shortcut)
            case HomeOpened(by, delivery):
                self._replies.later(self._publish_home(by, delivery))
            case PersonChanged(profile):
                await self._desk.learn(profile)
            case QuietChanged(who, start, end, at):
                await self._desk.quiet(who, start, end, at or self._quiet.now())
            case Revoked() as removed:
                await self._removed(removed)
            case NotForUs():
                pass

    async def _trouble(self, error: Exception, body: Json) -> BoltResponse:
        """Whatever no listener took, and whatever one couldn't make sense of."""
        kind = kind_of(body)
        if isinstance(error, BoltUnhandledRequestError):
            log.info("slack.not_for_us", kind=kind.type, event_type=kind.event)
            return BoltResponse(status=200, body="")
        if isinstance(error, _FailedError) and isinstance(error.__cause__, Exception):
            number = failed("slack.listener_failed", error.__cause__)
            if kind.is_event:
                return BoltResponse(status=500, body="")  # Slack brings it again
        else:  # what Slack never sends: we can't read it, or Bolt stumbled over it before
            number = new_number()
            reason = str(error) if isinstance(error, UnreadableError) else type(error).__name__
            log.warning("slack.unreadable", number=number, kind=kind.type, reason=reason)
            if not kind.is_command:
                return BoltResponse(status=400, body="")  # it would be no better next time
        if kind.is_command:
            text = message(apology(FAILED, number), self._context("", STRANGER))
            return BoltResponse(status=200, body={"response_type": "ephemeral", **text})
        return BoltResponse(status=200, body="")

    # --- what people do ---------------------------------------------------------------------

    async def _typed(self, ack: AsyncAck, typed: CommandTyped) -> None:
        name, text = self._asked_for(typed)
        values = {MENTIONED: typed.mentioned} if typed.mentioned else {}
        command = Command(
            name,
            typed.by,
            text,
            values,
            typed.trigger,
            answer_at=self._answer_at(typed.respond_at, _ANSWERS),
        )
        asking = self._replies.begin(self._ask_where_installed(command))
        below = InMessage(typed.respond_at, is_private=False)
        if not await in_time(asking, self._until()):
            late = self._replies.late(self._desk, command)
            await ack(response_type="ephemeral", text=late)
            self._replies.later(self._answer_below(asking, below, typed.trigger))
            return
        said = asking.result()
        if said is None:
            await ack(response_type="ephemeral", text=" ".join(in_both(NOT_HERE)))
            return
        match said.reply:
            case Card() as card:
                await ack(response_type="ephemeral", **self._replies.message(card, said.context))
            case Form():
                await ack()
                self._replies.later(self._replies.open(said, typed.trigger, below))
            case None:
                await ack()

    async def _pressed(self, ack: AsyncAck, pressed: SlackPressed) -> None:
        command = Command(
            pressed.route, pressed.by, values=pressed.values, delivery=pressed.trigger
        )
        match pressed.place:
            case InMessage(respond_at, is_private=True):
                # The answer to this press is the first use of it.
                answer_at = self._answer_at(respond_at, _ANSWERS - 1)
                command = replace(command, answer_at=answer_at)
            case InMessage(delivered=delivered):
                command = replace(command, on=delivered)
            case InWindow():
                pass
        asking = self._replies.begin(self._ask(command))
        await in_time(asking, self._until())
        await ack()
        match pressed.place:
            case InMessage() as below:
                self._replies.later(self._answer_below(asking, below, pressed.trigger))
            case InWindow() as window:
                self._replies.later(self._answer_above(asking, window, pressed))

    async def _submitted(self, ack: AsyncAck, submitted: Submitted) -> None:
        command = Command(
            submitted.route,
            submitted.by,
            values=submitted.values,
            delivery=submitted.delivery,
        )
        # That a page was made again for somebody is kept, with the moment.
        renews_home = submitted.window.renews_home and not leaves_no_trace(command)
        asking = self._replies.begin(self._ask(command))
        if not await in_time(asking, self._until()):
            context = self._context(command.by.workspace, STRANGER)
            late = SlackReply(
                self._replies.late_card(self._desk, command), command.by.user, context
            )
            name = uuid4().hex
            await ack(response_action="push", view=self._replies.waiting(late, name))
            self._replies.later(self._answer_over(asking, name, submitted, renews=renews_home))
            return
        said = asking.result()
        match said.reply:
            case Form() as again if _asks_the_same(again, submitted):
                await ack(response_action="errors", errors=field_errors(again, said.context))
            case Card() | Form():
                window = self._replies.window(said, renews_home=renews_home)
                await ack(response_action="update", view=window)
            case None:
                await ack(response_action="clear")  # a form over another one closes both
        if renews_home:
            self._replies.later(self._publish_home(submitted.by))

    async def _shortcut(self, ack: AsyncAck, used: Shortcut) -> None:
        asking = self._replies.begin(self._ask(Command(used.route, used.by, delivery=used.trigger)))
        await in_time(asking, self._until())
        await ack()
        self._replies.later(self._open(asking, used.trigger))

    async def _removed(self, removed: Revoked) -> None:
        await self._desk.tell(
            StatusPermissionsEnded("slack", removed.workspace, removed.users, removed.before)
        )
        if removed.is_whole and self._app_removed is not None:
            await self._app_removed(removed.workspace, removed.before)
        elif removed.is_whole:
            log.error("slack.uninstalled: install the app again and run `plecs check`")

    # --- asking and showing -----------------------------------------------------------------

    def _asked_for(self, typed: CommandTyped) -> tuple[str, str]:
        """The route and its text for `/hand ...`, also when the workspace installed it with a
        prefix, as `/acme-hand ...`."""
        for word in sorted(self._commands, key=len, reverse=True):
            if typed.word == word or typed.word.endswith(f"-{word}"):
                return self._commands[word], typed.text
        return PLECS, f"{typed.word} {typed.text}".strip()

    async def _ask_where_installed(self, command: Command) -> SlackReply | None:
        """None where the app was removed while they typed."""
        try:
            await self._clients.of(command.by.workspace)
        except NotInstalledError:
            return None
        except Exception as error:  # noqa: BLE001 - a database that is away: whoever asks hears of it
            log.warning("slack.token_not_read", error=type(error).__name__)
        return await self._ask(command)

    async def _ask(self, command: Command) -> SlackReply:
        answer = await self._replies.answered(self._desk, command)
        if command.by not in self._met and not leaves_no_trace(command):
            self._met.add(command.by)
            self._replies.later(self._quiet.look_up(command.by))
        context = self._context(command.by.workspace, answer.reader)
        if answer.in_place is None:
            return SlackReply(answer.reply, command.by.user, context, failed=answer.failed)
        card, reader = answer.in_place
        in_place = card, replace(context, reader=reader)
        return SlackReply(answer.reply, command.by.user, context, in_place)

    async def _answer_below(
        self, asking: asyncio.Task[SlackReply | None], there: InMessage, trigger: str
    ) -> None:
        said = await asking
        if said is not None:
            await self._replies.below(said, there, trigger)

    async def _answer_over(
        self, asking: asyncio.Task[SlackReply], name: str, submitted: Submitted, *, renews: bool
    ) -> None:
        await self._replies.over(await asking, name, renews_home=renews)
        if renews:
            await self._publish_home(submitted.by)

    async def _open(self, asking: asyncio.Task[SlackReply], trigger: str) -> None:
        said = await asking
        if said.reply is not None:
            await self._replies.open(said, trigger, None)

    async def _answer_above(
        self, asking: asyncio.Task[SlackReply], window: InWindow, pressed: SlackPressed
    ) -> None:
        await self._replies.above(await asking, window, pressed.trigger)
        if window.renews_home and not leaves_no_trace(Command(pressed.route, pressed.by)):
            await self._publish_home(pressed.by)

    def _answer_at(self, respond_at: str, uses: int) -> AnswerPlace | None:
        """The reply address of what somebody did, as long as it lasts."""
        if "://" not in respond_at:
            return None
        return AnswerPlace(respond_at, uses, self._desk.now() + _ANSWERS_FOR)

    def _until(self) -> float:
        return asyncio.get_running_loop().time() + self.answers_within

    async def _publish_home(self, by: Address, delivery: str = "") -> None:
        place = AnswerPlace(home_of(by.user))
        said = await self._ask(Command(HOME, by, delivery=delivery, answer_at=place))
        await self._replies.publish(by.user, said)


class _FailedError(Exception):
    """Something went wrong with what could be read; the cause says what."""


def _unreadable(error: Exception) -> web.Response:
    log.warning("slack.unreadable", number=new_number(), error=type(error).__name__)
    return web.Response(status=400, text="This can't be read as a request of Slack's.")


async def _authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
    """Nothing to look up, and no auth.test before an answer: `SlackClients` has the tokens, and is
    asked for one where something is shown."""
    return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id)


def _asks_the_same(again: Form, submitted: Submitted) -> bool:
    """Whether the form is the one on the screen, with errors that all have their field there."""
    return (
        again.does == submitted.route
        and bool(again.errors)
        and again.errors.keys() <= {field.name for field in again.fields}
        and all(input_id(again.does, name) in submitted.asked for name in again.errors)
    )
