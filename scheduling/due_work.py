"""Work of one kind that is due in rows, as one process does its share of it: it looks, claims, and
has it done."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from datetime import datetime

import structlog

from scheduling.clock import Clock
from scheduling.under_way import UnderWay

LOOK_EVERY = 1.0
"""Seconds: for what somebody waits for."""

_SHORTEST_WAIT = 0.05
"""Seconds."""

log = structlog.get_logger()


class DueWork(ABC):
    """Does `at_once` things at once at most. `event` is what a log says when looking or claiming
    raised. `look_every`: seconds between looks when nothing wakes it, for what others did; what it
    knows to be due sooner is done then."""

    def __init__(
        self, clock: Clock, *, at_once: int, event: str, look_every: float = LOOK_EVERY
    ) -> None:
        self._clock = clock
        self._event = event
        self._look_every = look_every
        self._awake = asyncio.Event()
        self._under_way = UnderWay(at_once)

    def wake(self) -> None:
        """Has it look at once. To be called in the event loop."""
        self._awake.set()

    async def run(self) -> None:
        """Works until it is cancelled."""
        while True:
            self._awake.clear()
            try:
                wait = await self._seconds_to_next()
                if not wait and not await self._start_due():
                    wait = _SHORTEST_WAIT  # another process is at it
            except Exception:
                log.exception(self._event)
                wait = self._look_every
            if wait:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._awake.wait(), wait)

    async def drain(self) -> int:
        """Does everything that is due now, and answers how much it was."""
        return await self._under_way.drain(self._start_due)

    async def finish(self, seconds: float) -> None:
        """Lets what is under way end, for so long at most; the rest is done anew by whoever comes
        next."""
        await self._under_way.finish(seconds)

    @abstractmethod
    async def _next_due(self) -> datetime | None:
        """When the next thing may be claimed; writes nothing."""

    @abstractmethod
    async def _claim(self, most: int) -> Sequence[Coroutine[None, None, None]]:
        """Takes so many things at most, and answers what does each."""

    async def _start_due(self) -> int:
        free = self._under_way.free
        if free <= 0:
            await self._under_way.room()
            return 1
        claimed = await self._claim(free)
        for work in claimed:
            self._under_way.begin(work)
        return len(claimed)

    async def _seconds_to_next(self) -> float:
        """Nothing when something can be done now."""
        due = await self._next_due()
        if due is None:
            return self._look_every
        return min(self._look_every, max(0.0, (due - self._clock()).total_seconds()))
