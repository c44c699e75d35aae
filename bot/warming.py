"""What is read from files once, read before anybody asks.

A transaction that waits for a file holds meanwhile what others wait for, and PostgreSQL ends one
that does nothing for some seconds. So none is begun before all of it is there.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date

from bot.callers import in_e164
from handlers.availability.rest import RestRules
from handlers.kit.distress import asks_plecs, is_courtesy, is_distress
from handlers.kit.once import read_all
from handlers.routes import ROUTES
from scheduling.recurrence import PublicHolidays
from storage import library, policies

_SENTENCE = "can you tell me what he wants from me when he calls again tomorrow morning"
"""Means nothing that is looked for, so that all of it is looked for; in more words than a call."""


def warm_up() -> None:
    """Reads the dictionaries, the lists of words and the libraries, and makes a first index: half a
    second of the processor."""
    read_all()
    for ask in (is_distress, is_courtesy, asks_plecs):
        ask(_SENTENCE)
    for route in ROUTES:
        if route.typed is not None and route.typed.hears is not None:
            route.typed.hears(_SENTENCE)
            route.typed.said(_SENTENCE)
    in_e164("20000000")
    library.warm_up()
    policies.warm_up()
    PublicHolidays().is_holiday(RestRules().country, date.today())  # noqa: DTZ011 - any day will do


class Warming:
    """It, under way beside the rest of a start."""

    def __init__(self, warm_up: Callable[[], None] = warm_up) -> None:
        self._task = asyncio.create_task(asyncio.to_thread(warm_up))

    async def over(self) -> None:
        """Waits until it is. What could not be read is read by whoever needs it."""
        if not self._task.done():
            await asyncio.wait([self._task])

    def before(self, look: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
        """The look, once it is over."""

        async def looked() -> None:
            await self.over()
            await look()

        return looked
