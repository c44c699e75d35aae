"""What people see at once in the page: their words, and what Plecs answers."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from bot.local.cards import message
from bot.local.forms import form
from bot.local.markup import plain, seen_by, words
from bot.local.send import Bell, Messages, message_id
from bot.local.team import PLATFORM, user_of
from bot.replies import Replies
from handlers.kit.cards import Card, Form
from handlers.kit.people import Address, Person
from handlers.router import Answered
from storage.local import LocalMessage, MessageKind

_ANSWER = "answer-"
"""How the ids of answers begin that stay as they are until somebody presses something."""


class Stands(Protocol):
    """The core, as far as it wants to know where an answer stands."""

    async def stood(self, key: str, by: Address, ref: str) -> None: ...


class LocalReplies(Replies):
    """The replies in the columns, and how they are shown."""

    def __init__(
        self, desk: Stands, messages: Messages, bell: Bell, clock: Callable[[], datetime]
    ) -> None:
        super().__init__(PLATFORM)
        self._desk = desk
        self._messages = messages
        self._bell = bell
        self._clock = clock

    async def say(self, user: str, text: str, delivery: str) -> None:
        """Shows what somebody typed, as their own words."""
        await self._put(f"said-{delivery}", MessageKind.SAID, user, words(text), text)

    async def show(
        self, answer: Answered, by: Address, delivery: str, pressed: str, team: Sequence[Person]
    ) -> str | None:
        """Shows an answer to the one who asked: in place of the private message whose button was
        pressed, or of the one that the answer is about; else as a new one. Gives a form's HTML
        back."""
        context = seen_by(answer.reader, [(user_of(person), person) for person in team])
        match answer.reply:
            case None:
                return None
            case Form() as asked:
                return form(asked, context)
            case Card() as card:
                old = await self._messages.get(pressed) if pressed else None
                # One that goes on changing is found by its notice, and makes place for itself
                # alone: what stood there else would be changed away.
                begins = message_id(answer.stands_for) if answer.stands_for else _ANSWER
                makes_place = (
                    old is not None and old.readers == (by.user,) and old.id.startswith(begins)
                )
                there = pressed if makes_place else f"{begins}{delivery}"
                await self._put(
                    there,
                    old.kind if old is not None and makes_place else MessageKind.PRIVATE,
                    by.user,
                    message(card, context),
                    plain(card.summary or card.title, context),
                )
                if answer.stands_for:
                    await self._desk.stood(answer.stands_for, by, there)
                return None

    async def _put(self, there: str, kind: MessageKind, user: str, html: str, summary: str) -> None:
        await self._messages.put(LocalMessage(there, kind, (user,), html, summary, self._clock()))
        self._bell.ring()
