"""Replies under way: asked in time, shown later, waited for when Plecs stops.

A platform waits a few seconds for an answer, and shows an error of its own after. What takes longer
is not lost: it goes on in a task, and is shown when it is there.
"""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from typing import Any, Protocol, TypeVar

from bot.apologies import (
    FAILED,
    FAILED_HAND,
    IN_PART,
    LATE,
    LATE_HAND,
    UNSHOWN,
    UNSURE,
    apology,
    failed,
    in_both,
)
from bot.plainer import plainer
from bot.rendering import UnshowableError
from handlers.kit.cards import Card, Note
from handlers.kit.commands import Command
from handlers.kit.delivery import Reader
from handlers.kit.people import Person
from handlers.router import Answered
from storage.writers import UncertainError

T = TypeVar("T")

_PATIENCE = 5
"""Seconds that replies under way may take when Plecs stops."""

STRANGER = Reader("en", "UTC")
"""Whoever asked, where nobody could say who that is: what they read is in both languages."""


class Asks(Protocol):
    """The core, as far as an answer needs it."""

    async def ask(self, command: Command) -> Answered: ...

    def phoned(self, command: Command) -> Sequence[Person] | None: ...


class Replies:
    """The replies under way of one platform, by whose name the log knows them."""

    def __init__(self, platform: str) -> None:
        self._platform = platform
        self._tasks: set[asyncio.Task[Any]] = set()

    def begin(self, asking: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Asks in a task, so that a slow answer can still be shown."""
        task = asyncio.create_task(asking)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def later(self, work: Coroutine[Any, Any, None]) -> None:
        """Does what holds up no answer. What fails ends in the log."""
        self.begin(self._watched(work))

    async def finish(self) -> None:
        """Lets the replies under way finish, within bounds. One may begin another: a request over
        a socket, then its window, then the home."""
        end = asyncio.get_running_loop().time() + _PATIENCE
        while self._tasks and (left := end - asyncio.get_running_loop().time()) > 0:
            await asyncio.wait(self._tasks, timeout=left)
        for task in self._tasks:
            task.cancel()

    async def answered(self, desk: Asks, command: Command) -> Answered:
        """The desk's answer; an apology when it failed, after which nothing was changed, or when
        that can't be known."""
        try:
            return await desk.ask(command)
        except Exception as error:  # noqa: BLE001 - whatever it is, the person hears of it here
            number = failed("ask_failed", error, platform=self._platform, route=command.name)
            phoned = desk.phoned(command)
            said = FAILED if phoned is None else FAILED_HAND
            if isinstance(error, UncertainError):
                said = UNSURE
            return Answered(apology(said, number, phoned), STRANGER, failed=True)

    def late(self, desk: Asks, command: Command) -> str:
        """What is said when the answer takes too long for the platform."""
        phoned = desk.phoned(command)
        return " ".join(in_both(_late(phoned), phoned=phoned))

    def late_card(self, desk: Asks, command: Command) -> Card:
        """The same as a card."""
        phoned = desk.phoned(command)
        return apology(_late(phoned), phoned=phoned)

    def shown(self, render: Callable[[Card], T], card: Card, reader: Reader) -> T:
        """The card, rendered; when it can't be shown a plainer one, which says so."""
        try:
            return render(card)
        except UnshowableError as error:
            number = failed("unshowable", error, platform=self._platform)
            short = plainer(card, reader)
            said = tuple(Note((line,)) for line in in_both(IN_PART, number))
            return render(replace(short, parts=(*short.parts, *said)))

    def unshown(self, error: UnshowableError) -> Card:
        """What stands in the place of a form that can't be shown."""
        return apology(UNSHOWN, failed("unshowable", error, platform=self._platform))

    async def _watched(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except Exception as error:  # noqa: BLE001 - nobody awaits a task's outcome
            failed("reply_failed", error, platform=self._platform)


def _late(phoned: Sequence[Person] | None) -> str:
    return LATE if phoned is None else LATE_HAND


async def in_time(asking: asyncio.Task[Any], until: float) -> bool:
    """Waits for the answer until this time of the event loop's; whether it came."""
    left = until - asyncio.get_running_loop().time()
    done, _ = await asyncio.wait({asking}, timeout=max(left, 0))
    return bool(done)
