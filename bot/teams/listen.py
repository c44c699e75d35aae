"""What comes in from Teams becomes a Command; the reply goes back the way Teams wants it.

Everything is asked first and acknowledged then: what a person reads has been kept. Messages are
sent in a task of their own, because Teams waits for the acknowledgement; an invoke (a pressed
button, a dialog) carries its answer in the response, and what is too late for that follows as a
message.

Whatever is for one person goes to their own chat with Plecs, wherever they asked.
"""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from urllib.parse import urlencode

import structlog
from aiohttp import web

from bot.apologies import FAILED, LATE, failed, in_both
from bot.happenings import NotForUs
from bot.loopback import host_of, is_loopback, refusal
from bot.payloads import UnreadableError
from bot.rendering import ChartUrl, no_pictures
from bot.replies import STRANGER, in_time
from bot.teams import extension
from bot.teams.cards import Refresh
from bot.teams.carried import AGAIN, CANCEL, FORM, NOTICE, OVER, REFRESH, REPLY
from bot.teams.connector import Connector, ConnectorError, ConversationPlace
from bot.teams.door import Door
from bot.teams.markup import Json, TeamsContext
from bot.teams.package import BOUNDARIES
from bot.teams.parse import (
    Activity,
    Added,
    Executed,
    InDialog,
    Message,
    Removed,
    Searched,
    TeamsPressed,
    Where,
    read,
    user_of,
)
from bot.teams.ports import TeamsDesk, TeamsPeople
from bot.teams.replies import TeamsReplies, TeamsReply, reference_of, sentence, unchanged
from bot.teams.send import Seen, TeamsPlatform, is_for_several
from bot.teams.tab import TabKeys
from bot.teams.welcome import welcome
from bot.texts import texts
from bot.typed import PLECS, after_plecs
from handlers.kit.cards import Card, Form, Note, PeopleField, Reply
from handlers.kit.commands import MENTIONED, AnswerPlace, Command, Route, Value
from handlers.kit.delivery import Reader
from handlers.kit.people import Address
from handlers.kit.ports import mark
from handlers.kit.text import fold
from storage.teams import Reference

log = structlog.get_logger()

PATH = "/teams/messages"

ANSWERED_IN = 4.0
"""Seconds from a request's arrival to its answer: Teams shows an error of its own after five."""

_AROUND = 0.5
"""Seconds more for what is looked up around an answer."""

_TEAMS = "msteams"

_DONE, _UNCHANGED = mark("Done."), mark("Nothing was changed.")
_IN_OUR_CHAT = mark("This stands in our own chat, too, and goes on changing there.")
_ELSEWHERE = mark("I've answered you in our own chat.")
_NOT_INSTALLED = mark(
    "I answer each of you alone: add Plecs under Apps, then ask again. Nothing was done yet."
)


_LONGEST_AGAIN = 2_000
"""Characters of what a reply carries to be asked for again: no button of ours has half of it."""


class TeamsListener:
    """Listens to Teams. `tenants` are the organisations that are served; none: whichever calls,
    for an emulator on this machine, and then only from this machine."""

    def __init__(
        self,
        desk: TeamsDesk,
        routes: Sequence[Route],
        door: Door,
        connector: Connector,
        *,
        platform: TeamsPlatform,
        references: TeamsPeople,
        tenants: Collection[str],
        insecure_local: bool = False,
        chart_url: ChartUrl = no_pictures,
        keys: TabKeys | None = None,
        answers_within: float = ANSWERED_IN,
    ) -> None:
        self._desk = desk
        self._door = door
        self._connector = connector
        self._platform = platform
        self._references = references
        self._tenants = tenants
        self._insecure_local = insecure_local
        self._chart_url = chart_url
        self._keys = keys
        self._answers_within = answers_within
        self._replies = TeamsReplies(connector)
        self._reading = {route.name for route in routes if route.reads}
        self._named = {
            fold(word): route.name
            for route in routes
            if route.typed
            for word in route.typed.words.values()
        }

    def routes(self) -> list[web.RouteDef]:
        return [web.post(PATH, self._http)]

    async def stop(self) -> None:
        """Lets the replies under way finish, within bounds."""
        await self._replies.finish()
        self._door.close()

    # --- the way in -------------------------------------------------------------------------

    async def _http(self, request: web.Request) -> web.Response:
        until = asyncio.get_running_loop().time() + self._answers_within
        if request.content_type != "application/json":
            raise web.HTTPUnsupportedMediaType
        if self._insecure_local and refusal(request) is not None:
            raise web.HTTPForbidden
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
        if self._tenants and activity.tenant not in self._tenants:
            log.warning(
                "teams.tenant_refused: only TEAMS_TENANT_ID and TEAMS_TENANTS are served",
                workspace=activity.tenant,
            )
            raise web.HTTPForbidden
        try:
            if activity.is_invoke:
                # What is asked ends for itself, and is shown later; this is for all around it.
                async with asyncio.timeout_at(until + _AROUND):
                    return await self._invoked(activity, until)
            await self._happened(activity, until)
        except TimeoutError:
            log.warning("teams.late", kind=activity.type)
            return sentence(activity, " ".join(in_both(LATE))) if activity.is_invoke else None
        except Exception as error:  # noqa: BLE001 - Teams would only bring it again, or show a code
            number = failed("teams.listener_failed", error, kind=activity.type)
            text = " ".join(in_both(FAILED, number))
            return sentence(activity, text) if activity.is_invoke else None
        return None

    async def _happened(self, activity: Activity, until: float) -> None:
        is_personal = activity.where is Where.PERSONAL
        match activity.happened:
            case Message() as message:
                if is_personal or message.mentions_bot:
                    await self._asked(activity, await self._typed(activity, message, until), until)
            case TeamsPressed() as pressed:
                if pressed.name not in (REFRESH, CANCEL):
                    await self._asked(activity, _command(activity, pressed), until)
            case Added(anew) if is_personal:
                reference = await self._remember(activity)
                await self._desk.meet(activity.by)
                if anew and await self._is_first(activity):
                    self._replies.later(self._welcome(activity, reference))
            case Removed() if is_personal:
                await self._references.gone(activity.by, activity.at)
            case _:
                log.info("teams.not_for_us", kind=activity.type)

    async def _is_first(self, activity: Activity) -> bool:
        """Whether it was not brought before: Teams brings again what was acknowledged too late."""
        by, number = activity.by, activity.delivery
        return not number or await self._desk.is_first_use(by.platform, number)

    async def _remember(self, activity: Activity) -> Reference:
        reference = reference_of(activity)
        try:
            await self._references.put(activity.by, reference, activity.at)
        except Exception as error:  # noqa: BLE001 - what was asked is answered all the same
            failed("teams.not_remembered", error)
        return reference

    # --- messages ---------------------------------------------------------------------------

    async def _asked(self, activity: Activity, command: Command, until: float) -> None:
        if activity.where is Where.PERSONAL:
            reference = reference_of(activity)
            asking = self._replies.begin(self._ask(command, activity))
            if not await in_time(asking, until):
                context = self._context(activity.by, STRANGER)
                late = TeamsReply(self._replies.late_card(self._desk, command), context)
                self._replies.later(self._send(activity.by, reference, late, activity.id))
            said = await asking  # until then Teams brings it again where Plecs dies
            self._replies.later(self._send(activity.by, reference, said, activity.id))
            return
        own = await self._own_chat(activity)
        if own is None:
            await self._tell_all(activity, _NOT_INSTALLED, activity.locale, activity.user)
            return
        said = await self._ask(command, activity)
        self._replies.later(self._send(activity.by, own, said))
        await self._tell_all(activity, _ELSEWHERE, said.context.reader.locale)

    async def _tell_all(self, activity: Activity, words: str, locale: str, of: str = "") -> None:
        """Says it where everybody reads it, once a day in a conversation (`of`: for somebody)."""
        day = (activity.at or datetime.now(UTC)).date()
        number = sha256(f"{activity.conversation} {of} {day}".encode()).hexdigest()[:40]
        if await self._desk.is_first_use(activity.by.platform, number):
            self._replies.later(self._replies.tell_all(activity, words, locale))

    async def _typed(self, activity: Activity, message: Message, until: float) -> Command:
        """Half of the time is for who is mentioned: a hand goes up without that, too."""
        members, now = message.mentions_others, asyncio.get_running_loop().time()
        asked = (self._user_of(activity, one, now + (until - now) / 2) for one in members)
        found = zip(members, await asyncio.gather(*asked), strict=True)
        people = {member: user for member, user in found if user}
        # Who has two names may be mentioned by each.
        mentioned = tuple(
            dict.fromkeys(people[one] for one in message.mentions_others if one in people)
        )
        values: dict[str, Value] = {MENTIONED: mentioned} if mentioned else {}
        return Command(
            PLECS,
            activity.by,
            after_plecs(message.said(people)),
            values,
            activity.delivery,
            answer_at=AnswerPlace(),
        )

    async def _user_of(self, activity: Activity, member: str, until: float) -> str:
        """The user by whom somebody in the conversation is known; empty when Teams can't say by
        then."""
        place = ConversationPlace(activity.service_url, activity.conversation)
        try:
            async with asyncio.timeout_at(until):
                return user_of(await self._connector.member(place, member))
        except (ConnectorError, TimeoutError) as error:
            word = error.word if isinstance(error, ConnectorError) else type(error).__name__
            log.warning("teams.no_member", error=word)
            return ""

    async def _own_chat(self, activity: Activity) -> Reference | None:
        try:
            return await self._platform.reach(activity.by, activity.service_url)
        except ConnectorError as error:
            log.warning("teams.no_own_chat", user=activity.user, error=error.word)
            return None

    # --- invokes ----------------------------------------------------------------------------

    async def _invoked(self, activity: Activity, until: float) -> Json:
        match activity.happened:
            case Executed(TeamsPressed() as pressed):
                return await self._executed(activity, pressed, until)
            case Executed(None):
                return unchanged()
            case InDialog(TeamsPressed() as pressed):
                return await self._in_dialog(activity, pressed, until)
            case Searched(name, said) if name == BOUNDARIES:
                if activity.where is Where.PERSONAL:
                    await self._remember(activity)
                return await extension.found(said, activity.by, self._desk.ask)
            case NotForUs(name):
                log.info("teams.not_for_us", kind=activity.type, event_type=name)
                return {}
            case _:
                return {}

    async def _executed(self, activity: Activity, pressed: TeamsPressed, until: float) -> Json:
        if pressed.name == REFRESH:
            return await self._refreshed(activity, pressed)
        if pressed.name == CANCEL:
            return await self._cancelled(activity, pressed)
        command = _command(activity, pressed)
        asking = self._replies.begin(self._ask(command, activity))
        if not await in_time(asking, until):
            self._replies.later(self._show_later(activity, asking))
            return sentence(activity, self._replies.late(self._desk, command))
        said = asking.result()
        if said.stands_for and said.stands_for == pressed.notice:
            return await self._as_it_is_now(activity, pressed)
        if activity.where is Where.PERSONAL and pressed.is_reply:
            over = {REPLY: "1", FORM: pressed.form or OVER, AGAIN: pressed.again}
            return self._in_its_place(activity, pressed, _opened(said, over))
        is_own = activity.where is Where.PERSONAL and not is_for_several(pressed.notice)
        if is_own and pressed.notice and isinstance(said.reply, Form):
            over = {NOTICE: pressed.notice, FORM: OVER}
            return self._replies.in_its_place(said.reply, _opened(said, over))
        self._replies.later(self._show_later(activity, asking))
        return await self._as_it_is_now(activity, pressed)

    async def _cancelled(self, activity: Activity, pressed: TeamsPressed) -> Json:
        """What the form was opened over; where that can't be made again the message still is."""
        if pressed.notice or pressed.again:
            return await self._refreshed(activity, pressed)
        context = self._context(activity.by, await self._desk.reader(activity.by))
        said = TeamsReply(Card(context.t(_UNCHANGED)), context)
        if pressed.form == OVER:
            return self._replies.in_its_place(Card(context.t(_UNCHANGED)), said)
        return self._in_its_place(activity, pressed, said)

    def _in_its_place(self, activity: Activity, pressed: TeamsPressed, said: TeamsReply) -> Json:
        """The reply where the pressed one was. A card stays there when the chat is opened again;
        a form does not, because what is read in one is kept nowhere."""
        reply = said.reply
        if reply is None:
            if not pressed.form:
                return unchanged()
            reply = Card(said.context.t(_DONE))
        if activity.reply_to and isinstance(reply, Card):
            shown = replace(said, reply=reply)
            self._replies.later(self._put_in_its_place(activity, shown))
        return self._replies.in_its_place(reply, said)

    async def _refreshed(self, activity: Activity, pressed: TeamsPressed) -> Json:
        """The card as things stand; a reply by asking again what only reads."""
        if pressed.notice:
            return await self._as_it_is_now(activity, pressed)
        name, values = pressed.asked_again
        if name not in self._reading:
            return unchanged()
        again = Command(name, activity.by, values=values)
        said = await self._ask(again, activity)
        return unchanged() if said.reply is None else self._replies.in_its_place(said.reply, said)

    async def _as_it_is_now(self, activity: Activity, pressed: TeamsPressed) -> Json:
        """The delivered card as things stand. One for several that stands in a chat of one's own
        has the link to the others' in it, which sending alone knows: that card is changed by
        sending, too, and stays as it is until then."""
        if activity.where is Where.PERSONAL and is_for_several(pressed.notice):
            return unchanged()
        answer = await self._desk.shown(activity.by, pressed.notice) if pressed.notice else None
        if answer is None or not isinstance(answer.reply, Card):
            return unchanged()
        if answer.stands_for and activity.reply_to:
            there = f"{activity.conversation} {activity.reply_to}"
            self._replies.later(self._desk.stood(pressed.notice, activity.by, there))
        carries = {NOTICE: pressed.notice}
        context = replace(self._context(activity.by, answer.reader), carries=carries)
        said = TeamsReply(answer.reply, context, Refresh(REFRESH, carries))
        return self._replies.in_its_place(answer.reply, said)

    async def _in_dialog(self, activity: Activity, pressed: TeamsPressed, until: float) -> Json:
        command = _command(activity, pressed)
        asking = self._replies.begin(self._ask(command, activity))
        if not await in_time(asking, until):
            self._replies.later(self._show_later(activity, asking))
            return sentence(activity, self._replies.late(self._desk, command))
        said = asking.result()
        if said.stands_for and isinstance(said.reply, Card):
            # A dialog is closed and gone: what goes on changing stands in their chat.
            self._replies.later(self._show_later(activity, asking))
            card = extension.to_read(said.reply)
            parts = (Note(said.context.t(_IN_OUR_CHAT)), *card.parts)
            said = replace(said, reply=replace(card, parts=parts))
        return {} if said.reply is None else self._replies.dialog(said.reply, said)

    # --- asking and showing -----------------------------------------------------------------

    async def _ask(self, command: Command, activity: Activity) -> TeamsReply:
        if activity.where is Where.PERSONAL:
            await self._remember(activity)
        self._platform.saw(activity.by, Seen(activity.user_name, activity.locale, activity.zone))
        answer = await self._replies.answered(self._desk, command)
        reply, context = answer.reply, self._context(command.by, answer.reader)
        if isinstance(reply, Card) and self._keys is not None:
            reply = self._keys.offered(command, reply, context.t)
        if isinstance(reply, Form):
            context = replace(context, carries={**context.carries, FORM: "1"})
            if any(isinstance(one, PeopleField) for one in reply.fields):
                context = replace(context, team=await self._team(command.by))
        if answer.stands_for:
            carries = {NOTICE: answer.stands_for}
            context = replace(context, carries=carries)
            return TeamsReply(reply, context, Refresh(REFRESH, carries), answer.stands_for)
        again = self._again(command, reply)
        if again is not None:
            context = replace(context, carries={**context.carries, AGAIN: again.data[AGAIN]})
        return TeamsReply(reply, context, again)

    async def _put_in_its_place(self, activity: Activity, said: TeamsReply) -> None:
        """Changes the pressed reply for good; what can't be changed any more is said anew."""
        there = reference_of(activity)
        if not await self._replies.replace(there, activity.reply_to, said):
            await self._send(activity.by, there, said)
        elif said.stands_for:
            ref = f"{there.conversation} {activity.reply_to}"
            await self._desk.stood(said.stands_for, activity.by, ref)

    async def _send(
        self, by: Address, reference: Reference, said: TeamsReply, reply_to: str = ""
    ) -> None:
        """Sends the reply to the person's own chat, which is begun anew where it takes nothing any
        more; one that goes on changing is changed there."""
        sent = await self._replies.send(reference, said, reply_to)
        if sent is None:
            begun = await self._platform.anew(by, reference.service_url)
            if begun is None:
                return
            reference, sent = begun, await self._replies.send(begun, said)
        if sent is not None and said.stands_for:
            await self._desk.stood(said.stands_for, by, f"{reference.conversation} {sent}")

    async def _team(self, by: Address) -> Sequence[tuple[str, str]]:
        try:
            return await self._references.team(by)
        except Exception as error:  # noqa: BLE001 - the form searches the organisation instead
            failed("teams.no_team", error)
            return ()

    def _again(self, command: Command, reply: Reply) -> Refresh | None:
        """How the reply can be asked for again, if that does nothing."""
        name, text = command.name, command.text.strip()
        if name == PLECS:
            name, text = self._named.get(fold(text), ""), ""
        if text or name not in self._reading or not isinstance(reply, Card):
            return None
        values = {key: value for key, value in command.values.items() if isinstance(value, str)}
        again = f"{name}?{urlencode(values)}" if values else name
        if len(again) > _LONGEST_AGAIN:  # it travels in the card, and a card has an end
            return None
        return Refresh(REFRESH, {AGAIN: again, REPLY: "1"})

    def _context(self, by: Address, reader: Reader) -> TeamsContext:
        return TeamsContext(by.workspace, reader, self._chart_url, carries={REPLY: "1"})

    async def _welcome(self, activity: Activity, reference: Reference) -> None:
        """An installation does not say who they are, so the roster is asked."""
        locale = texts(activity.locale or "lv").locale
        known = await self._platform.profile(activity.by)
        name = known.name if known and known.name != activity.user else ""
        context = self._context(activity.by, Reader(locale, activity.zone or "UTC"))
        await self._replies.send(reference, TeamsReply(welcome(name, texts(locale)), context))

    async def _show_later(self, activity: Activity, asking: asyncio.Task[TeamsReply]) -> None:
        """Sends the reply as a message to the person's own chat."""
        said = await asking
        if said.reply is None:
            return
        is_personal = activity.where is Where.PERSONAL
        reference = reference_of(activity) if is_personal else await self._own_chat(activity)
        if reference is not None:
            await self._send(activity.by, reference, said)


def _opened(said: TeamsReply, over: Mapping[str, str]) -> TeamsReply:
    """A form with what it is opened over, which comes back when it is put away; other replies as
    they are."""
    if not isinstance(said.reply, Form):
        return said
    carries = {name: value for name, value in over.items() if value}
    return replace(said, context=replace(said.context, carries=carries))


def _command(activity: Activity, pressed: TeamsPressed) -> Command:
    return Command(
        pressed.name,
        activity.by,
        values=pressed.values,
        delivery=activity.delivery,
        answer_at=AnswerPlace(),
    )
