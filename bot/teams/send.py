"""Sends cards to people in Teams, and says what became of it."""

import asyncio
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol, TypeVar
from urllib.parse import quote

import structlog

from bot.plainer import plainly
from bot.rendering import ChartUrl, no_pictures
from bot.teams.cards import Refresh, message
from bot.teams.carried import NOTICE, REFRESH
from bot.teams.connector import PASSING, SERVICE_URL, Connector, ConnectorError, ConversationPlace
from bot.teams.graph import Graph
from bot.teams.markup import TeamsContext
from bot.teams.pace import TEAMS_PACE
from bot.texts import texts
from handlers.kit.cards import Card, Link, Paragraph
from handlers.kit.delivery import Reader
from handlers.kit.notices import Lane, Rejected, SendResult, Sent, TryLater
from handlers.kit.people import Address, Profile
from handlers.kit.ports import mark
from handlers.kit.text import plain
from storage.teams import Reference

log = structlog.get_logger()

Json = dict[str, Any]
K = TypeVar("K")
V = TypeVar("V")

_CHAT, _CALL = mark("Open your chat"), mark("Call in Teams")
_OPENED = "https://teams.microsoft.com/l/{what}/0/0?users={users}"
"""What a link in Teams opens: a chat or a call of the reader and these people
(learn.microsoft.com, "Deep link to a workflow in Teams")."""

_RINGS: Json = {"channelData": {"notification": {"alert": True}}}
"""What a message carries that Teams announces beside the chat, and on a phone."""

_KEPT_AT_MOST = 2000


class References(Protocol):
    """How people are reached, and which chats Plecs opened for several, kept: for all replicas."""

    async def get(self, address: Address) -> Reference | None: ...

    async def put(
        self, address: Address, reference: Reference, at: datetime | None = None
    ) -> None: ...

    async def gone(self, address: Address, at: datetime | None = None) -> None: ...

    async def chat(self, of: Sequence[Address]) -> str | None: ...

    async def opened(self, of: Sequence[Address], chat: str) -> str: ...

    async def closed(self, of: Sequence[Address]) -> None: ...


@dataclass(frozen=True, slots=True)
class Seen:
    """What an activity told of its sender, for when no roster does."""

    name: str = ""
    locale: str = ""
    zone: str = ""


class TeamsPlatform:
    """Reaches people in one organisation. A message's ref is its conversation and its id there;
    of a message to several, one such pair for each of them. Without `service_url` it reaches only
    those who wrote before: there is no Microsoft to ask for others."""

    name = "teams"
    pace = TEAMS_PACE

    def __init__(
        self,
        connector: Connector,
        references: References,
        chart_url: ChartUrl = no_pictures,
        *,
        graph: Graph | None = None,
        service_url: str = SERVICE_URL,
    ) -> None:
        self._graph = graph
        self._service_url = service_url
        self._connector = connector
        self._references = references
        self._chart_url = chart_url
        # Only spare calls: what is not there is asked for again.
        self._seen: dict[Address, Seen] = {}
        self._upns: dict[Address, str] = {}
        self._begun: dict[str, dict[Address, str]] = {}
        self._telling: set[asyncio.Task[None]] = set()

    async def send(
        self,
        to: Sequence[Address],
        card: Card,
        reader: Reader,
        ref: str | None,
        key: str,
        *,
        urgent: bool = False,
    ) -> SendResult:
        """Sends the card to one person, or into the chat of several where Graph lets Plecs open
        it; else each of them gets it, as it is `apart`, in their own chat, with links that open
        the chat of them all and a call. With `ref` changes what was sent. A card over the
        limits is sent plainer. What is urgent rings.

        Teams can't tell a repeated send by `key`: after a timeout a message may come twice.
        """
        if ref is not None:
            return await self._change(to, card, reader, ref.split(), key)
        if len(to) == 1:
            return await self._send_to(to[0], card, reader, key, urgent=urgent)
        if self._graph is not None and key not in self._begun:
            chat = await self._chat(to, self._graph)
            if chat is not None:
                return await self._send_into(chat, to, card, reader, key, urgent=urgent)
        return await self._send_to_each(to, card, reader, key, urgent=urgent)

    async def finish(self) -> None:
        """Lets what is told besides finish; it is bounded."""
        await asyncio.gather(*self._telling)

    async def profile(self, address: Address) -> Profile | None:
        """What the roster of their conversation says, else what their last activity told."""
        seen = self._seen.get(address, Seen())
        reference = await self._references.get(address)
        member: Json = {}
        if reference is not None:
            place = ConversationPlace(reference.service_url, reference.conversation)
            try:
                member = await self._connector.member(place, reference.user)
            except ConnectorError as error:
                log.warning("teams.no_profile", user=address.user, error=error.word)
        if not member and not seen.name:
            return None
        return _profile(address, member, seen)

    async def by_email(self, _email: str, _workspace: str) -> Profile | None:
        """Nobody: Teams shows a bot only those who wrote to it."""
        return None

    def saw(self, address: Address, seen: Seen) -> None:
        """Somebody did something: remembers what Teams told of them with it."""
        _remember(self._seen, address, seen)

    async def reach(self, address: Address, service_url: str = "") -> Reference | None:
        """Where their own chat is; begins it if they have the app and it was never used. None
        when they don't. Raises ConnectorError when Teams can't say."""
        known = await self._references.get(address)
        return known or await self._begin(address, service_url or self._service_url)

    async def _begin(self, address: Address, service_url: str) -> Reference | None:
        if not service_url:
            return None
        try:
            conversation = await self._connector.open(service_url, address.workspace, address.user)
        except ConnectorError as error:
            # Who never had the app is told of in several ways, and one without a word.
            if error.is_gone or error.status == 400 or error.is_wordless_refusal:
                return None
            raise
        bot = f"28:{self._connector.app_id}"
        begun = Reference(service_url, conversation, address.user, bot)
        await self._references.put(address, begun)
        return begun

    async def anew(self, address: Address, service_url: str) -> Reference | None:
        """Their own chat, begun anew where the one that is known takes nothing any more. None where
        they don't have the app, or Teams can't say."""
        try:
            return await self._begin(address, service_url)
        except ConnectorError as error:
            log.warning("teams.no_own_chat", user=address.user, error=error.word)
            return None

    # --- sending ----------------------------------------------------------------------------

    async def _send_to(
        self, address: Address, card: Card, reader: Reader, key: str, *, urgent: bool
    ) -> SendResult:
        activity = self._message(address, card, reader, key)
        if urgent:
            activity |= _RINGS
        try:
            reference = await self.reach(address)
            if reference is None:
                log.warning("teams.not_installed: `plecs check` names them", user=address.user)
                return _not_installed(key, address)
            place = ConversationPlace(reference.service_url, reference.conversation)
            sent = await self._connector.post(place, addressed(activity, reference))
        except ConnectorError as error:
            if not error.is_gone:
                return _outcome(error, key, Lane.NEW)
            await self._references.gone(address)
            return replace(_rejected(key, error.word, error.status), unreachable=(address,))
        if urgent and self._graph is not None:
            self._tell(self._graph.notify(address.user, activity["summary"]))
        return Sent(f"{reference.conversation} {sent}")

    def _tell(self, telling: Coroutine[None, None, None]) -> None:
        """Beside all else: the message itself is there, and nobody waits for this."""
        task = asyncio.create_task(telling)
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)

    async def _send_to_each(
        self, to: Sequence[Address], card: Card, reader: Reader, key: str, *, urgent: bool
    ) -> SendResult:
        """What reached one of them is not sent again when another has to wait, and is taken back
        when another can't be reached at all."""
        begun = self._begun.pop(key, {})
        for address in to:
            if address in begun:
                continue
            linked = await self._linked(card, reader, [one for one in to if one != address])
            result = await self._send_to(address, linked, reader, key, urgent=urgent)
            match result:
                case Sent(ref):
                    begun[address] = ref
                case TryLater():
                    _remember(self._begun, key, begun)
                    return result
                case Rejected():
                    for other, sent in begun.items():
                        await self._take_back(other, sent, key)
                    return result
        return Sent(" ".join(begun[address] for address in to))

    async def _take_back(self, address: Address, sent: str, key: str) -> None:
        reference = await self._references.get(address)
        conversation, _, activity_id = sent.partition(" ")
        if reference is None:
            return
        try:
            await self._connector.delete(
                ConversationPlace(reference.service_url, conversation), activity_id
            )
        except ConnectorError as error:
            log.warning("teams.not_taken_back", key=key, error=error.word)

    async def _change(
        self, to: Sequence[Address], card: Card, reader: Reader, ref: Sequence[str], key: str
    ) -> SendResult:
        """Changes each of the messages; changed is what at least one could be."""
        results: list[SendResult] = []
        is_shared = len(ref) == 2
        for address, conversation, activity_id in zip(to, ref[::2], ref[1::2], strict=False):
            shown = card
            if not is_shared:
                shown = await self._linked(card, reader, [one for one in to if one != address])
            reference = await self._references.get(address)
            if reference is None:
                results.append(_not_installed(key, address))
                continue
            place = ConversationPlace(reference.service_url, conversation)
            there = replace(reference, conversation=conversation)
            activity = addressed(self._message(address, shown, reader, key), there)
            try:
                await self._connector.change(place, activity_id, activity)
            except ConnectorError as error:
                results.append(_outcome(error, key, Lane.CHANGE))
            else:
                results.append(Sent(" ".join(ref)))
        for kind in (TryLater, Sent):
            for result in results:
                if isinstance(result, kind):
                    return result
        return results[0] if results else _rejected(key, "no_ref")

    def _message(self, address: Address, card: Card, reader: Reader, key: str) -> Json:
        carries = {NOTICE: key}
        context = TeamsContext(address.workspace, reader, self._chart_url, carries=carries)
        refresh = Refresh(REFRESH, carries)
        render = partial(message, context=context, refresh=refresh)
        return plainly(render, card, reader, self.name)

    async def _send_into(
        self,
        chat: str,
        to: Sequence[Address],
        card: Card,
        reader: Reader,
        key: str,
        *,
        urgent: bool,
    ) -> SendResult:
        try:
            reference = await self.reach(to[0])
            if reference is None:
                return _not_installed(key, to[0])
            activity = self._message(to[0], card, reader, key) | (_RINGS if urgent else {})
            shared = addressed(activity, replace(reference, conversation=chat))
            sent = await self._connector.post(
                ConversationPlace(reference.service_url, chat), shared
            )
        except ConnectorError as error:
            if error.is_gone:
                await self._references.closed(to)
                return await self._send_to_each(to, card, reader, key, urgent=urgent)
            return _outcome(error, key, Lane.NEW)
        return Sent(f"{chat} {sent}")

    async def _chat(self, of: Sequence[Address], graph: Graph) -> str | None:
        kept = await self._references.chat(of)
        if kept is not None:
            return kept
        opened = await graph.chat([one.user for one in of])
        return await self._references.opened(of, opened) if opened is not None else None

    # --- a chat of several ------------------------------------------------------------------

    async def _linked(self, card: Card, reader: Reader, others: Sequence[Address]) -> Card:
        """The card for each alone, with what opens the chat with the others and a call; without
        where Teams does not tell how they are called."""
        card = card.apart or card
        users = [upn for one in others if (upn := await self._upn(one))]
        if len(users) < len(others):
            return card
        t, named = texts(reader.locale), quote(",".join(users), safe=",@")
        chat, call = (
            Link(plain(t(words)), _OPENED.format(what=what, users=named))
            for words, what in ((_CHAT, "chat"), (_CALL, "call"))
        )
        # First, because it is what comes next.
        return replace(card, parts=(Paragraph((chat, " ", call)), *card.parts))

    async def _upn(self, address: Address) -> str:
        if address not in self._upns:
            reference = await self._references.get(address)
            if reference is None:
                return ""
            place = ConversationPlace(reference.service_url, reference.conversation)
            try:
                member = await self._connector.member(place, reference.user)
            except ConnectorError as error:
                log.warning("teams.no_upn", user=address.user, error=error.word)
                return ""
            upn = member.get("userPrincipalName") or member.get("email")
            _remember(self._upns, address, upn if isinstance(upn, str) else "")
        return self._upns[address]


def is_for_several(key: str) -> bool:
    """Whether the notice of this key goes to more than one person (`Notice.key`)."""
    return "+" in key.rpartition(":")[2]


def addressed(activity: Json, reference: Reference) -> Json:
    """The activity with whom it is from and for, and where it goes."""
    return activity | {
        "from": {"id": reference.bot},
        "recipient": {"id": reference.user},
        "conversation": {"id": reference.conversation},
    }


def _profile(address: Address, member: Json, seen: Seen) -> Profile:
    name = member.get("name")
    email = member.get("email") or member.get("userPrincipalName")
    tenant = member.get("tenantId") or address.workspace
    return Profile(
        address=address,
        name=name if isinstance(name, str) and name else seen.name or address.user,
        locale=seen.locale or None,
        zone=seen.zone or None,
        email=email if isinstance(email, str) else None,
        is_outsider=tenant != address.workspace or member.get("userRole") in ("guest", "anonymous"),
        vouched=bool(member),
    )


def _outcome(error: ConnectorError, key: str, lane: Lane) -> SendResult:
    if error.status == 401:
        log.error("teams.refused: run `plecs check`", key=key, lane=lane, error=error.word)
        return TryLater(held=lane, refused=error.word)
    if error.status == 403 and not error.is_gone:
        # It may be meant for this person alone, so it holds up nobody else's.
        log.error("teams.forbidden: run `plecs check`", key=key, lane=lane, error=error.word)
        return TryLater()
    if error.status in PASSING:
        log.warning("teams.failed", key=key, error=error.word, status=error.status)
        return TryLater(None if error.after is None else timedelta(seconds=error.after))
    return _rejected(key, error.word, error.status)


def _not_installed(key: str, address: Address) -> Rejected:
    return replace(_rejected(key, "not_installed"), unreachable=(address,))


def _rejected(key: str, word: str, status: int | None = None) -> Rejected:
    log.warning("teams.rejected", key=key, error=word, status=status)
    return Rejected(word)


def _remember(kept: dict[K, V], key: K, value: V) -> None:
    if len(kept) >= _KEPT_AT_MOST:
        kept.pop(next(iter(kept)))
    kept[key] = value
