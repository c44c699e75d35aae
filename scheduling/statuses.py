"""Brings people's statuses about: claims what is due, asks the platform, sets, and writes down what
came of it. A break never waits for it."""

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Generic
from uuid import uuid4

import structlog

from handlers.kit.cards import Line
from handlers.kit.delivery import Reader
from handlers.kit.notices import Rejected, TryLater
from handlers.kit.people import Person
from handlers.kit.ports import PermissionGone, Status, Statuses, StatusTrouble
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
from scheduling.due_work import DueWork
from scheduling.transactions import FeatureTransactions, FeatureWorkT
from scheduling.under_way import back_off

LEASE = timedelta(seconds=40)
"""How long a claim lasts: longer than three calls that are given up after eight seconds each."""

AT_ONCE = 8
"""People whose status is seen to at once. Nobody waits for it, and hands need the connections."""

_BACK_OFF_FIRST = timedelta(seconds=2)
_BACK_OFF_LONGEST = timedelta(minutes=2)

log = structlog.get_logger()


class StatusKeeper(DueWork, Generic[FeatureWorkT]):
    """One process's worker. `text_of` says what the status of somebody on a break says."""

    def __init__(
        self,
        database: FeatureTransactions[FeatureWorkT],
        platforms: Mapping[str, Statuses],
        clock: Clock,
        text_of: Callable[[WantedStatus, Person], Line],
    ) -> None:
        super().__init__(clock, at_once=AT_ONCE, event="statuses_failed")
        self._database = database
        self._platforms = platforms
        self._text_of = text_of
        self._process = uuid4().hex

    async def run(self) -> None:
        """Works until it is cancelled; not at all where no platform can set a status."""
        if self._platforms:
            await super().run()

    async def _claim(self, most: int) -> list[Coroutine[None, None, None]]:
        now = self._clock()
        claims = await self._database.run(
            lambda work: work.of(StatusDispatch).claim(self._process, now, lease=LEASE, limit=most)
        )
        return [self._see_to(claim) for claim in claims]

    async def _see_to(self, claim: StatusClaim) -> None:
        try:
            result = await self._brought_about(claim)
            await self._database.run(
                lambda work: work.of(StatusDispatch).settle(self._process, result, self._clock())
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
        held_until = None
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
                    held_until = now + after
                if claim.gives_up_at is None or due < claim.gives_up_at:
                    return StatusSettled(claim, shown, due, held_until=held_until)
                log.info("status.given_up", about=claim.id, attempt=claim.attempts)
            case _:
                log.warning("status.rejected", about=claim.id, reason=trouble.reason)
        if claim.wanted is not None:
            return StatusSettled(claim, shown, held_until=held_until)
        return StatusSettled(claim, None, gone=claim.leaving, held_until=held_until)

    async def _next_due(self) -> datetime | None:
        return await self._database.read(lambda work: work.of(StatusDispatch).next_due())
