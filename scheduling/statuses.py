"""Brings people's statuses about: claims what is due, asks the platform, sets, and writes down what
came of it. A break never waits for it."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Generic, Protocol, TypeVar
from uuid import uuid4

import structlog

from handlers.kit.cards import Line
from handlers.kit.notices import Rejected, TryLater
from handlers.kit.people import Person
from handlers.kit.ports import PermissionGone, Reader, Status, Statuses, StatusTrouble
from handlers.statuses.model import (
    CLEARS_AFTER,
    Leave,
    Put,
    PutBack,
    Shown,
    StatusClaim,
    StatusDispatch,
    StatusSettled,
    WantedStatus,
    decide,
)
from scheduling.clock import Clock
from scheduling.under_way import UnderWay, back_off

LEASE = timedelta(seconds=40)
"""How long a claim lasts: longer than three calls that are given up after eight seconds each."""

LOOK_EVERY = 1.0
"""Seconds between looks when nothing wakes us."""

AT_ONCE = 8
"""People whose status is seen to at once. Nobody waits for it, and hands need the connections."""

_SHORTEST_WAIT = 0.05
"""Seconds."""

_BACK_OFF_FIRST = timedelta(seconds=2)
_BACK_OFF_LONGEST = timedelta(minutes=2)

T = TypeVar("T")

log = structlog.get_logger()


class StatusWork(Protocol):
    """What this needs of a transaction."""

    def of(self, kind: type[T]) -> T: ...


WorkT = TypeVar("WorkT", bound=StatusWork)
WorkT_co = TypeVar("WorkT_co", bound=StatusWork, covariant=True)


class StatusTransactions(Protocol[WorkT_co]):
    """`scheduling.transactions.Transactions`, for a transaction that knows statuses."""

    async def run(self, fn: Callable[[WorkT_co], T]) -> T: ...

    async def read(self, fn: Callable[[WorkT_co], T]) -> T: ...


class StatusKeeper(Generic[WorkT]):
    """One process's worker. `text_of` says what the status of somebody on a break says."""

    def __init__(
        self,
        database: StatusTransactions[WorkT],
        platforms: Mapping[str, Statuses],
        clock: Clock,
        text_of: Callable[[WantedStatus, Person], Line],
    ) -> None:
        self._database = database
        self._platforms = platforms
        self._clock = clock
        self._text_of = text_of
        self._process = uuid4().hex
        self._awake = asyncio.Event()
        self._under_way = UnderWay(AT_ONCE)
        self._held_until: datetime | None = None

    def wake(self) -> None:
        """Has it look at once. To be called in the event loop."""
        self._awake.set()

    def rearm(self) -> None:
        """The clock was put right: what it was held until lies somewhere else now."""
        self._held_until = None
        self.wake()

    async def run(self) -> None:
        """Works until it is cancelled; not at all where no platform can set a status."""
        while self._platforms:
            self._awake.clear()
            try:
                wait = await self._seconds_to_next()
                if not wait and not await self._start_due():
                    wait = _SHORTEST_WAIT  # another process is at it
            except Exception:
                log.exception("statuses_failed")
                wait = LOOK_EVERY
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

    async def _start_due(self) -> int:
        free = self._under_way.free
        if free <= 0:
            await self._under_way.room()
            return 1
        now = self._clock()
        if self._held_until is not None and now < self._held_until:
            return 0
        claims = await self._database.run(
            lambda work: work.of(StatusDispatch).claim(self._process, now, lease=LEASE, limit=free)
        )
        for claim in claims:
            self._under_way.begin(self._see_to(claim))
        return len(claims)

    async def _see_to(self, claim: StatusClaim) -> None:
        try:
            result = await self._brought_about(claim)
            await self._database.run(
                lambda work: work.of(StatusDispatch).settle(self._process, result)
            )
        except Exception:
            log.exception(
                "status_failed", about=claim.id
            )  # its lease runs out, and it is tried again

    async def _brought_about(self, claim: StatusClaim) -> StatusSettled:
        statuses = self._platforms.get(claim.at.platform)
        if statuses is None or claim.token is None:
            return StatusSettled(claim, claim.shown, gone=claim.leaving)
        shown = claim.shown
        if claim.wanted is not None or shown is not None:
            current = await statuses.read(claim.token)
            if not isinstance(current, Status):
                return self._failed(claim, shown, current)
            wanted = self._wanted(claim, statuses)
            decision = decide(shown, wanted, current, self._clock())
            match decision:
                case Put(status, about_to_be):
                    # Kept first: whoever is killed in between must know it for ours.
                    await self._database.run(
                        lambda work: work.of(StatusDispatch).remember(claim, about_to_be)
                    )
                    trouble = await statuses.write(claim.token, status)
                    if trouble is not None:
                        return self._failed(claim, about_to_be, trouble)
                    shown = replace(about_to_be, sure=True)
                case PutBack(status):
                    trouble = await statuses.write(claim.token, status)
                    if isinstance(trouble, Rejected):
                        # An emoji that is gone, say. The platform clears ours in a moment.
                        log.warning("status.rejected", about=claim.id, reason=trouble.reason)
                    elif trouble is not None:
                        return self._failed(claim, shown, trouble)
                    shown = None
                case Leave(ours):
                    shown = ours
        if not claim.leaving:
            return StatusSettled(claim, shown)
        trouble = await statuses.give_back(claim.token)
        if isinstance(trouble, TryLater):
            return self._failed(claim, shown, trouble)
        return StatusSettled(claim, None, gone=True)

    def _wanted(self, claim: StatusClaim, statuses: Statuses) -> Status | None:
        if claim.wanted is None or claim.person is None:
            return None
        reader = Reader(claim.person.locale, claim.person.zone)
        line = self._text_of(claim.wanted, claim.person)
        return statuses.written(line, claim.wanted.ends_at + CLEARS_AFTER, reader)

    def _failed(
        self, claim: StatusClaim, shown: Shown | None, trouble: StatusTrouble
    ) -> StatusSettled:
        """Again later, until the break is over for a while; nothing if that will not help."""
        match trouble:
            case PermissionGone(reason):
                log.info("status.permission_gone", about=claim.id, reason=reason)
                return StatusSettled(claim, None, gone=True)
            case TryLater(after):
                now = self._clock()
                due = now + max(
                    after or timedelta(),
                    back_off(claim.attempts, _BACK_OFF_FIRST, _BACK_OFF_LONGEST),
                )
                if after is not None:  # what Slack limits, it limits for everybody
                    self._held_until = now + after
                if claim.gives_up_at is None or due < claim.gives_up_at:
                    return StatusSettled(claim, shown, due)
                log.info("status.given_up", about=claim.id, attempt=claim.attempts)
            case _:
                log.warning("status.rejected", about=claim.id, reason=trouble.reason)
        if claim.wanted is not None:
            return StatusSettled(claim, shown)
        return StatusSettled(claim, None, gone=claim.leaving)

    async def _seconds_to_next(self) -> float:
        """Nothing when something can be done now; looking writes nothing."""
        due = await self._database.read(lambda work: work.of(StatusDispatch).next_due())
        if due is None:
            return LOOK_EVERY
        due = max(due, self._held_until or due)
        return min(LOOK_EVERY, max(0.0, (due - self._clock()).total_seconds()))
