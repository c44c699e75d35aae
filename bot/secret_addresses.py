"""Addresses with a secret in them: which open something is told from guesses before any work."""

import asyncio
import re
from collections.abc import Callable
from time import monotonic

from aiohttp import web

from bot.guesses import Guesses
from storage.database import Database
from storage.secret_addresses import short_mark
from storage.work import SqlWork

_SECRET = re.compile(r"[0-9a-f]{64}")
"""What 32 random bytes look like in an address; nothing else is worth a look in the database."""

_LOOK_AGAIN_AFTER = 60.0
"""Seconds between two looks at which addresses there are, for one that was not there."""


class SecretAddresses:
    """Those of one kind. `marks` reads the short marks of all that open something, `opens` says
    whether one does. So no flood of guesses is in the way of an owner's program, even behind the
    same proxy."""

    def __init__(
        self,
        database: Database,
        marks: Callable[[SqlWork], set[bytes]],
        opens: Callable[[SqlWork, str], bool],
        seconds: Callable[[], float] = monotonic,
    ) -> None:
        self._database = database
        self._marks = marks
        self._opens = opens
        self._seconds = seconds
        self._guesses = Guesses(seconds)
        self._known: set[bytes] = set()
        self._looked_at = float("-inf")
        self._looking = asyncio.Lock()

    async def see_that_it_opens(self, secret: str, peer: str | None) -> None:
        """Raises HTTPNotFound for what opens nothing, and HTTPTooManyRequests for an address of the
        network that guesses too often."""
        if not _SECRET.fullmatch(secret):
            raise nothing()
        mark = short_mark(secret)
        if mark in self._known:
            return
        if self._seconds() - self._looked_at >= _LOOK_AGAIN_AFTER:
            async with self._looking:
                if self._seconds() - self._looked_at >= _LOOK_AGAIN_AFTER:
                    self._known = await self._database.read(self._marks)
                    self._looked_at = self._seconds()
            if mark in self._known:
                return
        if not self._guesses.may(peer):
            raise web.HTTPTooManyRequests(headers={"Retry-After": "60"})
        # It may be new since the last look.
        async with self._looking:
            opens = await self._database.read(lambda work: self._opens(work, secret))
        if not opens:
            raise nothing()
        self._known.add(mark)

    def forget(self, secret: str) -> None:
        """It opens nothing any more."""
        self._known.discard(short_mark(secret))


def nothing() -> web.HTTPNotFound:
    """What a guess is answered with."""
    return web.HTTPNotFound(text="There is nothing here.")
