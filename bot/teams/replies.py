"""What people see at once in Teams: in a card's place, in a dialog, as a message."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import structlog

from bot.rendering import UnshowableError
from bot.replies import Replies
from bot.teams.cards import ADAPTIVE_CARD, Refresh, content, dialog, message
from bot.teams.connector import Connector, ConnectorError, ConversationPlace, patiently
from bot.teams.markup import Json, TeamsContext
from bot.teams.parse import Activity, Executed, Searched
from bot.teams.send import addressed
from bot.texts import texts
from handlers.kit.cards import Card, Form, Reply
from handlers.kit.text import plain
from storage.teams import Reference

log = structlog.get_logger()

T = TypeVar("T")

_TEXT = "application/vnd.microsoft.activity.message"


@dataclass(frozen=True, slots=True)
class TeamsReply:
    """What to show somebody, and how to write it. `stands_for`: the key of the notice that it is
    the first look of."""

    reply: Reply
    context: TeamsContext
    refresh: Refresh | None = None
    stands_for: str = ""


class TeamsReplies(Replies):
    """The replies under way in Teams, and how they are shown."""

    def __init__(self, connector: Connector) -> None:
        super().__init__("teams")
        self._connector = connector

    # --- what the response to an invoke carries ---------------------------------------------

    def in_its_place(self, reply: Card | Form, said: TeamsReply) -> Json:
        """The answer that puts the reply in the pressed card's place."""
        made = self._made(partial(content, context=said.context, refresh=said.refresh), reply, said)
        return {"statusCode": 200, "type": ADAPTIVE_CARD, "value": made}

    def dialog(self, reply: Card | Form, said: TeamsReply) -> Json:
        """The answer that shows the reply in the open dialog."""
        return self._made(partial(dialog, context=said.context), reply, said)

    # --- what is sent -----------------------------------------------------------------------

    async def send(self, reference: Reference, said: TeamsReply, reply_to: str = "") -> str | None:
        """Sends the reply to its reader's own chat; answers its id there. What can't be an answer
        to the message `reply_to`, which may be gone, is sent by itself."""
        if said.reply is None:
            return None
        activity = addressed(self._message(said.reply, said), reference)
        post = partial(self._connector.post, _place(reference), activity)
        sent = await self._patiently(partial(post, reply_to)) if reply_to else None
        return sent or await self._patiently(post)

    async def replace(self, reference: Reference, activity_id: str, said: TeamsReply) -> bool:
        """Changes a message of ours to the reply; whether it could be."""
        if said.reply is None:
            return True
        activity = addressed(self._message(said.reply, said), reference)

        async def change() -> bool:
            await self._connector.change(_place(reference), activity_id, activity)
            return True

        return await self._patiently(change) or False

    async def tell_all(self, activity: Activity, sentence: str, locale: str) -> None:
        """Says a sentence where everybody in the conversation reads it."""
        line = {"type": "message", "textFormat": "plain", "text": plain(texts(locale)(sentence))}
        place = ConversationPlace(activity.service_url, activity.conversation)
        there = addressed(line, reference_of(activity))
        await self._patiently(partial(self._connector.post, place, there, activity.id))

    async def _patiently(self, call: Callable[[], Awaitable[T]]) -> T | None:
        try:
            return await patiently(call)
        except ConnectorError as error:
            log.warning("teams.reply_failed", error=error.word, status=error.status)
            return None

    def _message(self, reply: Card | Form, said: TeamsReply) -> Json:
        render = partial(message, context=said.context, refresh=said.refresh)
        return self._made(render, reply, said)

    def _made(
        self, render: Callable[[Card | Form], Json], reply: Card | Form, said: TeamsReply
    ) -> Json:
        if isinstance(reply, Card):
            return self.shown(render, reply, said.context.reader)
        try:
            return render(reply)
        except UnshowableError as error:
            return render(self.unshown(error))


def sentence(activity: Activity, text: str) -> Json:
    """The answer to an invoke that says this."""
    if isinstance(activity.happened, Executed):
        return unchanged(text)
    if isinstance(activity.happened, Searched):
        return {"composeExtension": {"type": "message", "text": text}}
    return {"task": {"type": "message", "value": text}}


def unchanged(text: str = "") -> Json:
    """The answer that leaves the card as it is, and says the text."""
    return {"statusCode": 200, "type": _TEXT, "value": text}


def reference_of(activity: Activity) -> Reference:
    """How to reach whoever did it, where they did it."""
    return Reference(activity.service_url, activity.conversation, activity.from_id, activity.bot)


def _place(reference: Reference) -> ConversationPlace:
    return ConversationPlace(reference.service_url, reference.conversation)
