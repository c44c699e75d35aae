"""Sends cards into the columns of the local workspace."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Protocol

from bot.local.cards import message
from bot.local.markup import plain, seen_by
from bot.local.team import TEAM
from handlers.kit.cards import Card
from handlers.kit.delivery import Pace, Rate, Reader
from handlers.kit.notices import Rejected, SendResult, Sent
from handlers.kit.people import Address, Profile
from storage.local import LocalMessage, MessageKind


class Messages(Protocol):
    """What stands in the columns, kept. See `storage.local.SqlLocalMessages`."""

    async def put(self, message: LocalMessage) -> None: ...

    async def get(self, message: str) -> LocalMessage | None: ...

    async def newer(self, version: int, limit: int) -> tuple[LocalMessage, ...]: ...

    async def newest(self, limit: int) -> tuple[LocalMessage, ...]: ...


class Bell:
    """Tells every open page that there is something new to fetch."""

    def __init__(self) -> None:
        self.closed = False
        self._listening: set[asyncio.Event] = set()

    def ring(self) -> None:
        for event in self._listening:
            event.set()

    def close(self) -> None:
        """Rings for the last time: whoever listens should go home."""
        self.closed = True
        self.ring()

    @contextmanager
    def listening(self) -> Iterator[asyncio.Event]:
        """An event that is set whenever the bell rings."""
        event = asyncio.Event()
        self._listening.add(event)
        try:
            yield event
        finally:
            self._listening.discard(event)


def message_id(key: str) -> str:
    """The id of the message that a notice of this key is sent as: a send that is repeated finds the
    message it made."""
    return sha256(key.encode()).hexdigest()[:32]


class LocalPlatform:
    """`handlers.kit.delivery.Platform` for the demo team. A message's ref is its id here."""

    name = "local"
    # Nobody limits us here; these keep a run-away loop from filling the page.
    pace = Pace(
        conversation=Rate(50, timedelta(seconds=1), burst=50),
        workspace_new=Rate(200, timedelta(seconds=1), burst=200),
        workspace_change=Rate(200, timedelta(seconds=1), burst=200),
    )

    def __init__(self, messages: Messages, bell: Bell, clock: Callable[[], datetime]) -> None:
        self._messages = messages
        self._bell = bell
        self._clock = clock

    async def send(
        self,
        to: Sequence[Address],
        card: Card,
        reader: Reader,
        ref: str | None,
        key: str,
        *,
        urgent: bool = False,  # noqa: ARG002 - nothing here is slow
    ) -> SendResult:
        """Shows the card in the columns of those it is for, or changes the message `ref`. Nobody
        writes below a card here: what is for several is shown as it is `apart`."""
        users = tuple(address.user for address in to)
        if unknown := [user for user in users if user not in TEAM]:
            return Rejected(f"no such user: {', '.join(unknown)}")
        context = seen_by(reader)
        there = await self._messages.get(ref) if ref is not None else None
        made = LocalMessage(
            id=ref or message_id(key),
            kind=there.kind if there is not None else MessageKind.SENT,
            readers=users,
            html=message((card.apart or card) if len(to) > 1 else card, context),
            summary=plain(card.summary or card.title, context),
            at=self._clock(),
        )
        await self._messages.put(made)
        self._bell.ring()
        return Sent(made.id)

    async def profile(self, address: Address) -> Profile | None:
        """The demo team's; nobody else is here."""
        return TEAM.get(address.user)

    async def by_email(self, _email: str, _workspace: str) -> Profile | None:
        """Nobody here has one."""
        return None
