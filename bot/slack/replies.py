"""What people see at once in Slack: below what they typed or pressed, in a window, at home."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import structlog

from bot.apologies import in_both
from bot.rendering import RenderContext, UnshowableError
from bot.replies import Replies
from bot.slack.api import UNREACHABLE, respond, word_of
from bot.slack.cards import delivered, home, message, modal
from bot.slack.clients import SlackClients
from bot.slack.forms import form
from bot.slack.markup import Block
from bot.slack.parse import InMessage, InWindow
from handlers.kit.cards import Card, Form, Reply, Tone
from handlers.kit.ports import mark

log = structlog.get_logger()

_DONE = mark("Done.")

_TOO_SLOW = mark("Slack was too slow to open the window. Please try once more.")


@dataclass(frozen=True, slots=True)
class SlackReply:
    """What to show the `user`, and how to write it; `in_place` of the delivered message that they
    pressed. `failed`: it is an apology."""

    reply: Reply
    user: str
    context: RenderContext
    in_place: tuple[Card, RenderContext] | None = None
    failed: bool = False


class SlackReplies(Replies):
    """The replies under way in Slack, and how they are shown."""

    def __init__(
        self, clients: SlackClients, not_changed: Callable[[str], Awaitable[None]]
    ) -> None:
        """`not_changed` is told which delivered message could not be changed with an answer."""
        super().__init__("slack")
        self._clients = clients
        self._not_changed = not_changed

    # --- what an acknowledgement carries ----------------------------------------------------

    def message(self, card: Card, context: RenderContext) -> Block:
        return self.shown(partial(message, context=context), card, context.reader)

    def window(self, said: SlackReply, *, renews_home: bool = False) -> Block:
        """A modal for a card or a form; it remembers whether the home page is behind it."""
        kept = {"home": True} if renews_home else {}
        match said.reply:
            case Card() as card:
                render = partial(modal, context=said.context, kept=kept)
                return self.shown(render, card, said.context.reader)
            case Form() as asked:
                try:
                    return form(asked, said.context, {"values": dict(asked.values), **kept})
                except UnshowableError as error:
                    return modal(self.unshown(error), said.context, {})
            case None:
                raise ValueError("there is nothing to show")

    # --- what follows it --------------------------------------------------------------------

    async def below(self, said: SlackReply, there: InMessage, trigger: str) -> None:
        """Shows the reply to a button of a message, or a late one to a command. A private reply
        makes place for the next; a delivered message stays, and the outbox changes it."""
        if said.in_place is not None and there.delivered is not None:
            card, context = said.in_place
            content = delivered(self.message(card, context), there.delivered.key)
            if not await self._respond(there, content, in_its_place=True):
                await self._not_changed(there.delivered.key)
        match said.reply:
            case Card() as card:
                content = self.message(card, said.context)
                if not await self._respond(there, content, in_its_place=there.is_private):
                    await self._in_their_chat(said)
            case Form():
                await self.open(said, trigger, there)
            case None:
                pass

    async def above(self, said: SlackReply, window: InWindow, trigger: str) -> None:
        """Shows the reply to a button of the home page or of a window."""
        if said.reply is None:
            return
        view = self.window(said, renews_home=window.renews_home)
        if window.is_home:
            is_shown = await self._call(said, "views.open", trigger_id=trigger, view=view)
        else:
            is_shown = await self._call(said, "views.update", view_id=window.id, view=view)
        if not is_shown:
            await self._in_their_chat(said)

    def waiting(self, said: SlackReply, name: str) -> Block:
        """The window of this name, over a form whose answer takes longer: what was typed is below
        it still."""
        return {**self.window(said), "external_id": name}

    async def over(self, said: SlackReply, name: str, *, renews_home: bool = False) -> None:
        """Shows the reply to a form in the window of this name; where that was closed meanwhile,
        in their chat. Whoever closes it has closed the form, too, unless it failed."""
        if said.reply is None:
            said = replace(said, reply=Card(said.context.t(_DONE), tone=Tone.GOOD))
        view = self.window(said, renews_home=renews_home)
        view |= {"external_id": name, "clear_on_close": not said.failed}
        if not await self._call(said, "views.update", external_id=name, view=view):
            await self._in_their_chat(said)

    async def open(self, said: SlackReply, trigger: str, below: InMessage | None) -> None:
        """Opens a window; where Slack no longer does, says so below, or in their chat."""
        if await self._call(said, "views.open", trigger_id=trigger, view=self.window(said)):
            return
        content = self._instead(said)
        if below is None or not await self._respond(below, content, in_its_place=False):
            await self._in_their_chat(said)

    async def _in_their_chat(self, said: SlackReply) -> None:
        """What can't be shown where they asked."""
        await self._call(said, "chat.postMessage", channel=said.user, **self._instead(said))

    def _instead(self, said: SlackReply) -> Block:
        """What is said in place of a window."""
        if isinstance(said.reply, Card):
            return self.message(said.reply, said.context)
        return {"text": " ".join(in_both(_TOO_SLOW))}

    async def publish(self, user: str, said: SlackReply) -> None:
        """Shows the card as somebody's home page."""
        if isinstance(said.reply, Card):
            render = partial(home, context=said.context)
            view = self.shown(render, said.reply, said.context.reader)
            await self._call(said, "views.publish", user_id=user, view=view)

    async def _respond(
        self, there: InMessage, content: Mapping[str, Any], *, in_its_place: bool
    ) -> bool:
        body = {"replace_original": in_its_place, **content}
        if there.is_private or not in_its_place:
            body["response_type"] = "ephemeral"
        status = await respond(there.respond_at, body, self._clients.any)
        if status not in (0, 200):
            log.warning("slack.call_failed", method="response_url", status=status)
        return status == 200

    async def _call(self, said: SlackReply, method: str, **arguments: Any) -> bool:
        """Calls Slack for what is shown; false, and a line in the log, on failure."""
        try:
            client = await self._clients.of(said.context.workspace)
            await client.api_call(method, json=arguments)
        except UNREACHABLE as error:
            log.warning("slack.call_failed", method=method, error=word_of(error))
            return False
        return True
