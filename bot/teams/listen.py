"""What comes in from Teams becomes a Command; the reply goes back the way Teams wants it.

Everything is asked first and acknowledged then: what a person reads has been kept. Messages are
sent in a task of their own, because Teams waits for the acknowledgement; an invoke (a pressed
button, a dialog) carries its answer in the response, and what is too late for that follows as a
message.

Whatever is for one person goes to their own chat with Plecs, wherever they asked.
"""

import asyncio
import re
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any, Protocol

import structlog
from aiohttp import web

from bot.apologies import FAILED, LATE, UNSHOWN, apology, failed, in_both
from bot.loopback import host_of, is_loopback
from bot.teams.cards import (
    ADAPTIVE_CARD,
    DOES,
    Page,
    Refresh,
    UnshowableError,
    content,
    dialog,
    filled,
    message,
)
from bot.teams.connector import Connector, ConnectorError, Place, patiently
from bot.teams.door import Door
from bot.teams.parse import Activity, UnreadableError, Where, read
from bot.teams.send import (
    NOTICE,
    REFRESH,
    Seen,
    TeamsPlatform,
    addressed,
    is_for_several,
)
from bot.texts import texts
from handlers.kit.cards import (
    Button,
    Buttons,
    Card,
    Chart,
    Form,
    Look,
    PeopleField,
    Reply,
)
from handlers.kit.commands import MENTIONED, Command, Route, Value
from handlers.kit.people import Address
from handlers.kit.ports import Reader, mark
from handlers.kit.text import fold, plain
from handlers.router import Answer
from storage.teams import Reference

log = structlog.get_logger()

PATH = "/teams/messages"

PLECS = "plecs"
"""The command that knows all the others by their words."""

REPLY = "plecs.reply"
"""What a card carries that is a reply: the next one may take its place."""

FORM = "plecs.form"
"""What a form carries: it is a window, which closes when there is nothing more to say."""

AGAIN = "plecs.again"
"""What a reply carries that can be asked for again without doing anything."""

_ANSWERED_IN = 4.0
"""Seconds from a request's arrival to its answer: Teams shows an error of its own after five."""

_AROUND = 0.5
"""Seconds more for what is looked up around an answer."""

_PATIENCE = 5
"""Seconds that replies under way may take when Plecs stops."""

_TEXT = "application/vnd.microsoft.activity.message"
_STRANGER = Reader("en", "UTC")
_TEAMS = "msteams"

_DONE = mark("Done.")
_HERE = mark("Good that you are here")
_ELSEWHERE = mark("I've answered you in our own chat.")
_NOT_INSTALLED = mark(
    "I answer each of you alone: add Plecs under Apps, then ask again. Nothing was done yet."
)

Json = dict[str, Any]


class Desk(Protocol):
    """The core, as far as Teams needs it."""

    async def ask(self, command: Command) -> Answer: ...

    async def shown(self, by: Address, key: str) -> Answer | None: ...


class References(Protocol):
    """How people are reached, kept; and who there is to choose from."""

    async def put(
        self, address: Address, reference: Reference, at: datetime | None = None
    ) -> None: ...

    async def gone(self, address: Address, at: datetime | None = None) -> None: ...

    async def team(self, address: Address) -> Sequence[tuple[str, str]]: ...


@dataclass(frozen=True, slots=True)
class _Pressed:
    """A button or a form that was sent. `notice` is the delivered card that it stands on."""

    name: str
    values: Mapping[str, Value] = field(default_factory=dict)
    is_reply: bool = False
    is_form: bool = False
    notice: str = ""


@dataclass(frozen=True, slots=True)
class _Said:
    """What to show somebody, and how to write it."""

    reply: Reply
    page: Page
    refresh: Refresh | None = None


class TeamsListener:
    """Listens to Teams. `tenant` is the one organisation that is served; empty: whichever calls,
    for an emulator on this machine, and then only from this machine."""

    def __init__(
        self,
        desk: Desk,
        routes: Sequence[Route],
        door: Door,
        connector: Connector,
        *,
        platform: TeamsPlatform,
        references: References,
        tenant: str,
        insecure_local: bool = False,
        chart_url: Callable[[Chart], str | None] = lambda _: None,
    ) -> None:
        self._desk = desk
        self._door = door
        self._connector = connector
        self._platform = platform
        self._references = references
        self._tenant = tenant
        self._insecure_local = insecure_local
        self._chart_url = chart_url
        self._reading = {route.name for route in routes if route.reads}
        self._named = {
            fold(word): route.name
            for route in routes
            if route.typed
            for word in route.typed.words.values()
        }
        self._tasks: set[asyncio.Task[Any]] = set()

    def routes(self) -> list[web.RouteDef]:
        return [web.post(PATH, self._http)]

    async def stop(self) -> None:
        """Lets the replies under way finish, within bounds."""
        end = asyncio.get_running_loop().time() + _PATIENCE
        while self._tasks and (left := end - asyncio.get_running_loop().time()) > 0:
            await asyncio.wait(self._tasks, timeout=left)
        for task in self._tasks:
            task.cancel()
        self._door.close()

    # --- the way in -------------------------------------------------------------------------

    async def _http(self, request: web.Request) -> web.Response:
        until = asyncio.get_running_loop().time() + _ANSWERED_IN
        if request.content_type != "application/json":
            raise web.HTTPUnsupportedMediaType
        if self._insecure_local and not is_loopback(host_of(f"//{request.host}")):
            raise web.HTTPForbidden  # a page elsewhere may give itself this machine's address
        try:
            activity = read(await request.read())
        except UnreadableError as error:
            log.warning("teams.unreadable", reason=str(error))
            raise web.HTTPBadRequest from None
        if not self._is_address_of_teams(activity):
            log.warning("teams.service_refused", channel=activity.channel)
            raise web.HTTPForbidden
        header = request.headers.get("Authorization", "")
        return await self._door.pass_through(
            header, activity, partial(self._answer, activity, until)
        )

    def _is_address_of_teams(self, activity: Activity) -> bool:
        """Whether answers may be sent where the activity says. (That it is Teams' own address is
        in the token.)"""
        host = host_of(activity.service_url)
        scheme = activity.service_url.partition(":")[0]
        is_here = scheme in ("http", "https") and is_loopback(host)
        if self._insecure_local:
            return is_here
        return activity.channel == _TEAMS and (is_here or (scheme == "https" and host != ""))

    async def _answer(self, activity: Activity, until: float) -> Json | None:
        """Does what was asked; answers the body for an invoke."""
        if self._tenant and activity.tenant != self._tenant:
            log.warning(
                "teams.tenant_refused: only TEAMS_TENANT_ID is served", workspace=activity.tenant
            )
            raise web.HTTPForbidden
        is_invoke = activity.type == "invoke"
        try:
            if is_invoke:
                # What is asked ends for itself, and is shown later; this is for all around it.
                async with asyncio.timeout_at(until + _AROUND):
                    return await self._invoked(activity, until)
            await self._happened(activity)
        except TimeoutError:
            log.warning("teams.late", kind=activity.type)
            return _sentence(activity, LATE) if is_invoke else None
        except Exception as error:  # noqa: BLE001 - Teams would only bring it again, or show a code
            number = failed("teams.listener_failed", error, kind=activity.type)
            return _sentence(activity, FAILED, number) if is_invoke else None
        return None

    async def _happened(self, activity: Activity) -> None:
        match activity.type, activity.action:
            case "message", _:
                await self._message(activity)
            case "installationUpdate", ("add" | "add-upgrade") as action:
                if activity.where is Where.PERSONAL:
                    reference = await self._remember(activity)
                    if action == "add":
                        self._later(self._welcome(activity, reference))
            case "installationUpdate", ("remove" | "remove-upgrade") as action:
                if activity.where is Where.PERSONAL and action == "remove":
                    await self._references.gone(activity.by, activity.at)
            case _:
                log.info("teams.not_for_us", kind=activity.type)

    async def _remember(self, activity: Activity) -> Reference:
        reference = _reference(activity)
        try:
            await self._references.put(activity.by, reference, activity.at)
        except Exception as error:  # noqa: BLE001 - what was asked is answered all the same
            failed("teams.not_remembered", error)
        return reference

    # --- messages ---------------------------------------------------------------------------

    async def _message(self, activity: Activity) -> None:
        pressed = _pressed(activity.value) if not activity.text.strip() else None
        if pressed is not None:  # a client without Action.Execute sends what it has as a message
            command = _command(activity, pressed)
            if pressed.name == REFRESH:
                return
        elif activity.where is not Where.PERSONAL and not activity.mentions_bot:
            return
        else:
            command = await self._typed(activity)
        if activity.where is Where.PERSONAL:
            await self._remember(activity)
            said = await self._ask(command, activity)
            self._later(self._send(_reference(activity), said, activity))
            return
        reference = await self._own_chat(activity)
        if reference is None:
            self._later(self._tell_group(activity, _NOT_INSTALLED, activity.locale))
            return
        said = await self._ask(command, activity)
        self._later(self._send(reference, said, None))
        self._later(self._tell_group(activity, _ELSEWHERE, said.page.reader.locale))

    async def _typed(self, activity: Activity) -> Command:
        people = {
            one.user: user
            for one in activity.mentions
            if one.user != activity.bot and (user := await self._user_of(activity, one.user))
        }
        words = " ".join(activity.said(people).split(maxsplit=1)).removeprefix("/")
        text = re.sub(r"^plecs(\s+|$)", "", words, flags=re.IGNORECASE)
        mentioned = tuple(people[one.user] for one in activity.mentions if one.user in people)
        values: dict[str, Value] = {MENTIONED: mentioned} if mentioned else {}
        return Command(PLECS, activity.by, text, values, activity.delivery)

    async def _user_of(self, activity: Activity, member: str) -> str:
        """The user by whom somebody in the conversation is known; empty when Teams can't say."""
        place = Place(activity.service_url, activity.conversation)
        try:
            found = await self._connector.member(place, member)
        except ConnectorError as error:
            log.warning("teams.no_member", error=error.word)
            return ""
        user = found.get("aadObjectId") or found.get("id")
        return user if isinstance(user, str) and " " not in user else ""

    async def _own_chat(self, activity: Activity) -> Reference | None:
        try:
            return await self._platform.reach(activity.by, activity.service_url)
        except ConnectorError as error:
            log.warning("teams.no_own_chat", user=activity.user, error=error.word)
            return None

    # --- invokes ----------------------------------------------------------------------------

    async def _invoked(self, activity: Activity, until: float) -> Json:
        if activity.where is Where.PERSONAL:
            await self._remember(activity)
        value = activity.value if isinstance(activity.value, dict) else {}
        match activity.name:
            case "adaptiveCard/action":
                return await self._executed(activity, value, until)
            case "composeExtension/fetchTask":
                name = value.get("commandId")
                asked = _Pressed(name if isinstance(name, str) else "")
                return await self._in_dialog(activity, asked, until)
            case "task/fetch" | "task/submit" | "composeExtension/submitAction":
                pressed = _pressed(value.get("data"))
                return {} if pressed is None else await self._in_dialog(activity, pressed, until)
            case _:
                log.info("teams.not_for_us", kind=activity.type, event_type=activity.name)
                return {}

    async def _executed(self, activity: Activity, value: Json, until: float) -> Json:
        action = value.get("action")
        action = action if isinstance(action, dict) else {}
        pressed = _pressed(action.get("data"), action.get("verb"))
        if pressed is None:
            return _text_body("")
        if pressed.name == REFRESH:
            return await self._refreshed(activity, pressed, action)
        asking = self._asking(_command(activity, pressed), activity)
        if not await _in_time(asking, until):
            self._later(self._show_later(activity, asking))
            return _sentence(activity, LATE)
        said = asking.result()
        if activity.where is Where.PERSONAL and pressed.is_reply:
            return self._in_its_place(activity, pressed, said)
        if activity.where is Where.PERSONAL and pressed.notice and isinstance(said.reply, Form):
            # A form opens over a delivered card, which comes back when it is done with.
            over = replace(said.page, carries={NOTICE: pressed.notice, FORM: "1"})
            return _shown(replace(said, page=over))
        self._later(self._show_later(activity, asking))
        return await self._as_it_is_now(activity, pressed)

    def _in_its_place(self, activity: Activity, pressed: _Pressed, said: _Said) -> Json:
        """The reply where the pressed one was. A card stays there when the chat is opened again;
        a form does not, because what is read in one is kept nowhere."""
        if said.reply is None:
            if not pressed.is_form:
                return _text_body("")
            done = Card(texts(said.page.reader.locale)(_DONE))
            said = replace(said, reply=done)
        if activity.reply_to and isinstance(said.reply, Card):
            self._later(self._replace(_reference(activity), activity.reply_to, said))
        return _shown(said)

    async def _refreshed(self, activity: Activity, pressed: _Pressed, action: Json) -> Json:
        """The card as things stand; a reply by asking again what only reads."""
        if pressed.notice:
            return await self._as_it_is_now(activity, pressed)
        data = action.get("data")
        name = data.get(AGAIN) if isinstance(data, dict) else None
        if name not in self._reading:
            return _text_body("")
        said = await self._ask(Command(str(name), activity.by, values=pressed.values), activity)
        return _text_body("") if said.reply is None else _shown(said)

    async def _as_it_is_now(self, activity: Activity, pressed: _Pressed) -> Json:
        """The delivered card as things stand. One for several that stands in a chat of one's own
        has the link to the others' in it, which sending alone knows: that card is changed by
        sending, too, and stays as it is until then."""
        if activity.where is Where.PERSONAL and is_for_several(pressed.notice):
            return _text_body("")
        answer = await self._desk.shown(activity.by, pressed.notice) if pressed.notice else None
        if answer is None or not isinstance(answer.reply, Card):
            return _text_body("")
        carries = {NOTICE: pressed.notice}
        page = replace(self._page(activity.by, answer.reader), carries=carries)
        return _shown(_Said(answer.reply, page, Refresh(REFRESH, carries)))

    async def _in_dialog(self, activity: Activity, pressed: _Pressed, until: float) -> Json:
        asking = self._asking(_command(activity, pressed), activity)
        if not await _in_time(asking, until):
            self._later(self._show_later(activity, asking))
            return _sentence(activity, LATE)
        said = asking.result()
        if said.reply is None:
            return {}
        try:
            return dialog(said.reply, said.page)
        except UnshowableError as error:
            return dialog(apology(UNSHOWN, failed("teams.unshowable", error)), said.page)

    # --- asking -----------------------------------------------------------------------------

    def _asking(self, command: Command, activity: Activity) -> asyncio.Task[_Said]:
        """Asks in a task that `stop` waits for, so that a slow answer can still be shown."""
        task = asyncio.create_task(self._ask(command, activity))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _ask(self, command: Command, activity: Activity) -> _Said:
        """The desk's answer; an apology when it failed, after which nothing was changed."""
        self._platform.saw(activity.by, Seen(activity.user_name, activity.locale, activity.zone))
        try:
            answer = await self._desk.ask(command)
            reply = answer.reply
            page = self._page(command.by, answer.reader)
            if isinstance(reply, Form):
                page = replace(page, carries={**page.carries, FORM: "1"})
                if any(isinstance(one, PeopleField) for one in reply.fields):
                    page = replace(page, team=await self._references.team(command.by))
        except Exception as error:  # noqa: BLE001 - whatever it is, the person hears of it here
            number = failed("teams.ask_failed", error, route=command.name)
            return _Said(apology(FAILED, number), self._page(command.by, _STRANGER))
        return _Said(reply, page, self._again(command, reply))

    def _again(self, command: Command, reply: Reply) -> Refresh | None:
        """How the reply can be asked for again, if that does nothing."""
        name, text = command.name, command.text.strip()
        if name == PLECS:
            name, text = self._named.get(fold(text), ""), ""
        if text or name not in self._reading or not isinstance(reply, Card):
            return None
        values = {key: value for key, value in command.values.items() if isinstance(value, str)}
        return Refresh(REFRESH, {**values, AGAIN: name, REPLY: "1"})

    def _page(self, by: Address, reader: Reader) -> Page:
        return Page(by.workspace, reader, self._chart_url, carries={REPLY: "1"})

    # --- showing ----------------------------------------------------------------------------

    async def _welcome(self, activity: Activity, reference: Reference) -> None:
        """The first thing in a new chat. Nobody is written down for having been given the app;
        an installation does not say who they are, so the roster is asked."""
        locale = texts(activity.locale or "lv").locale
        t = texts(locale)
        known = await self._platform.profile(activity.by)
        name = known.name.split(maxsplit=1)[0] if known and known.name != activity.user else ""
        greeting = t("Good that you are here, {name}", name=name) if name else t(_HERE)
        hand = Button(t("Raise a hand now"), "hand", look=Look.PRIMARY)
        card = Card(greeting, (Buttons((hand, Button(t("Help"), "help"))),))
        page = self._page(activity.by, Reader(locale, activity.zone or "UTC"))
        await self._send(reference, _Said(card, page), None)

    async def _show_later(self, activity: Activity, asking: asyncio.Task[_Said]) -> None:
        """Sends the reply as a message to the person's own chat."""
        said = await asking
        if said.reply is None:
            return
        reference = (
            _reference(activity)
            if activity.where is Where.PERSONAL
            else await self._own_chat(activity)
        )
        if reference is not None:
            await self._send(reference, said, None)

    async def _send(self, reference: Reference, said: _Said, to: Activity | None) -> None:
        if said.reply is None:
            return
        place = Place(reference.service_url, reference.conversation)
        reply_to = to.id if to is not None and to.type == "message" else ""
        activity = addressed(_message(said), reference)
        await patiently(partial(self._connector.post, place, activity, reply_to))

    async def _replace(self, reference: Reference, activity_id: str, said: _Said) -> None:
        place = Place(reference.service_url, reference.conversation)
        activity = addressed(_message(said), reference)
        await patiently(partial(self._connector.change, place, activity_id, activity))

    async def _tell_group(self, activity: Activity, sentence: str, locale: str) -> None:
        words = texts(locale)(sentence)
        line = {
            "type": "message",
            "textFormat": "plain",
            "text": plain(words),
        }
        place = Place(activity.service_url, activity.conversation)
        there = addressed(line, _reference(activity))
        await patiently(partial(self._connector.post, place, there, activity.id))

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        """Does it in a task that `stop` waits for."""
        task = asyncio.create_task(_watched(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


async def _in_time(asking: asyncio.Task[_Said], until: float) -> bool:
    """Waits for the answer as long as Teams does; whether it came."""
    left = until - asyncio.get_running_loop().time()
    done, _ = await asyncio.wait({asking}, timeout=max(left, 0))
    return bool(done)


async def _watched(work: Coroutine[Any, Any, None]) -> None:
    try:
        await work
    except ConnectorError as error:
        log.warning("teams.reply_failed", error=error.word, status=error.status)
    except Exception as error:  # noqa: BLE001 - nobody awaits a task's outcome: it ends in the log
        failed("teams.reply_failed", error)


# --- what Teams says, taken apart ---------------------------------------------------------------


def _reference(activity: Activity) -> Reference:
    return Reference(
        activity.service_url,
        activity.conversation,
        activity.from_id,
        activity.bot,
    )


def _pressed(data: object, verb: object = None) -> _Pressed | None:
    """What an action carries: the verb says what it does, and where there is none its data."""
    if not isinstance(data, dict):
        return None
    name = verb if isinstance(verb, str) and verb else data.get(DOES)
    if not isinstance(name, str) or not name:
        return None
    notice = data.get(NOTICE)
    return _Pressed(
        name,
        filled(data),
        is_reply=REPLY in data,
        is_form=FORM in data,
        notice=notice if isinstance(notice, str) else "",
    )


def _command(activity: Activity, pressed: _Pressed) -> Command:
    return Command(pressed.name, activity.by, values=pressed.values, delivery=activity.delivery)


# --- what is shown ------------------------------------------------------------------------------


def _message(said: _Said) -> Json:
    assert said.reply is not None
    try:
        return message(said.reply, said.page, said.refresh)
    except UnshowableError as error:
        return message(apology(UNSHOWN, failed("teams.unshowable", error)), said.page)


def _shown(said: _Said) -> Json:
    """The answer that puts the reply in the pressed card's place."""
    assert said.reply is not None
    try:
        made = content(said.reply, said.page, said.refresh)
    except UnshowableError as error:
        made = content(apology(UNSHOWN, failed("teams.unshowable", error)), said.page)
    return {"statusCode": 200, "type": ADAPTIVE_CARD, "value": made}


def _sentence(activity: Activity, sentence: str, number: str = "") -> Json:
    """The answer to an invoke that says this, in both languages."""
    text = " ".join(in_both(sentence, number))
    if activity.name == "adaptiveCard/action":
        return _text_body(text)
    return {"task": {"type": "message", "value": text}}


def _text_body(text: str) -> Json:
    """The answer that leaves the card as it is, and says the text."""
    return {"statusCode": 200, "type": _TEXT, "value": text}
