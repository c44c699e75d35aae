"""Sends notices: claims what is due, makes each card anew, sends it, and writes what came of it.

A commit wakes it in the same process, so a ping waits for no polling. Other processes' notices
are found at the next look, a second later at most.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Generic, Protocol
from uuid import uuid4

import structlog

from handlers.kit.cards import Buttons, Card, Row
from handlers.kit.notices import (
    DIGEST,
    LEASE,
    Claim,
    Lane,
    Notice,
    Priority,
    Rejected,
    SendResult,
    Sent,
    Settled,
    TryLater,
    Wait,
)
from handlers.kit.people import Person, read_by
from handlers.kit.ports import Pace, Platform, Rate, Reader, fingerprint_of
from scheduling.clock import Clock
from scheduling.transactions import Transactions, WorkT
from scheduling.under_way import UnderWay, back_off

LOOK_EVERY = 1.0
"""Seconds between looks when nothing wakes us."""

AT_ONCE = 60
"""Sends under way at once, and as many again that are urgent: a platform that answers none of the
others takes no place from them."""

_SHORTEST_WAIT = 0.02
"""Seconds. What is due may have to wait for another process: no need to spin."""

_NOT_OURS = Pace(*[Rate(1000, timedelta(seconds=1), burst=1000)] * 3)
"""For a platform that this process does not serve: what would go there is only given up."""

GATHERED_AT_MOST = 10
"""Messages in one digest: what a person reads on a phone, and every platform shows."""

_NOBODY = Reader("en", "UTC")
_BACK_OFF_FIRST = timedelta(seconds=1)
_BACK_OFF_LONGEST = timedelta(minutes=5)
_BACK_OFF_LONGEST_URGENT = timedelta(seconds=4)
"""When a platform works again, pings leave within five seconds, the way there included."""

log = structlog.get_logger()


class Watcher(Protocol):
    """Is told how each send went, for the metrics."""

    def sent(self, platform: str, notice: Notice, result: SendResult, late: timedelta) -> None: ...


@dataclass(frozen=True, slots=True)
class _Ready:
    """A claim with everything that sending it takes. No `card`: there is nothing to say.

    `wait`: not now. Of what waited for a digest's reader it `gathers` some in its card, and
    `lets_go` the rest to be sent each by itself; it `tells` of those whose own card is in it.
    """

    claim: Claim
    reader: Reader
    card: Card | None
    wait: Wait | None = None
    gathers: tuple[int, ...] = ()
    tells: tuple[Notice, ...] = ()
    lets_go: tuple[int, ...] = ()

    @property
    def fingerprint(self) -> str:
        assert self.card is not None
        return fingerprint_of(self.card, self.reader)

    @property
    def looks_the_same(self) -> bool:
        """Whether what is there is so already."""
        return self.claim.ref is not None and self.fingerprint == self.claim.fingerprint

    @property
    def keeps_its_last_use(self) -> bool:
        """Whether it would change an answer for the last time, and is not its end: somebody can
        press something on it."""
        assert self.card is not None
        may_change = any(isinstance(part, Buttons | Row) for part in self.card.parts)
        return self.claim.answers_left == 1 and may_change


class Delivery(Generic[WorkT]):
    """One process's sender."""

    def __init__(
        self,
        database: Transactions[WorkT],
        platforms: Mapping[str, Platform],
        clock: Clock,
        *,
        card_of: Callable[[Notice, WorkT, Person, datetime], Card | None],
        digest_of: Callable[[Sequence[Card], Person], Card],
        waits_of: Callable[[Sequence[Notice], WorkT, datetime], Mapping[str, Wait]],
        on_rejected: Callable[[Notice, WorkT, datetime], None],
        on_delivered: Callable[[Notice, WorkT, datetime], None],
        watcher: Watcher,
    ) -> None:
        self._database = database
        self._platforms = platforms
        self._clock = clock
        self._card_of = card_of
        self._digest_of = digest_of
        self._waits_of = waits_of
        self._on_rejected = on_rejected
        self._on_delivered = on_delivered
        self._watcher = watcher
        self._process = uuid4().hex
        self._awake = asyncio.Event()
        self._starting = asyncio.Lock()
        self._urgent = UnderWay(AT_ONCE, self._awake.set)
        self._others = UnderWay(AT_ONCE, self._awake.set)

    def wake(self, soonest: datetime | None) -> None:
        """Has it look at once if something is due before it would look by itself. To be called
        in the event loop."""
        if soonest is not None and soonest <= self._clock() + timedelta(seconds=LOOK_EVERY):
            self._awake.set()

    async def run(self) -> None:
        """Delivers until it is cancelled. An outage of the database is waited out."""
        while True:
            self._awake.clear()
            try:
                claims = await self._start_due()
                wait = 0.0 if claims else await self._seconds_to_next()
            except Exception:
                log.exception("delivery_failed")
                wait = LOOK_EVERY
            if wait:
                try:
                    await asyncio.wait_for(self._awake.wait(), wait)
                except TimeoutError:
                    continue

    async def drain(self) -> int:
        """Sends everything that is due now, waits until it is sent, and answers how much it was."""
        return await self._others.drain(lambda: self._urgent.drain(self._start_due))

    async def finish(self, seconds: float) -> None:
        """Lets the sends that are under way end, for so long at most. What does not end keeps its
        claim, and is sent again by whoever comes next."""
        await asyncio.gather(self._urgent.finish(seconds), self._others.finish(seconds))

    async def _start_due(self) -> int:
        async with self._starting:  # what is claimed and not begun yet takes its places, too
            return await self._start()

    async def _start(self) -> int:
        urgent, others = self._urgent.free, self._others.free
        if not urgent and not others:
            return 0
        now = self._clock()
        claims = await self._database.run(
            lambda work: work.claims.claim(
                self._process,
                now,
                lease=LEASE,
                urgent=urgent,
                others=others,
                pace_of=self._pace_of,
            )
        )
        if not claims:
            return 0
        ready = await self._ready(claims)
        waits = [(one.claim, one.wait) for one in ready if one.wait is not None]
        if waits:

            def let_wait(work: WorkT) -> None:
                work.digests.keep_waiting(self._process, waits, now)
                work.claims.give_back([claim for claim, _ in waits], self._pace_of, now)

            await self._database.run(let_wait)
        ready = [one for one in ready if one.wait is None]
        freed = [notice for one in ready for notice in one.lets_go]
        if freed:
            await self._database.run(lambda work: work.digests.let_go(freed, now))
        nothing_to_say = [one for one in ready if one.card is None or one.looks_the_same]
        await self._drop([one.claim for one in nothing_to_say])
        for one in ready:
            if one not in nothing_to_say:
                self._under_way(one.claim.notice.priority).begin(self._send(one))
        return len(claims)

    async def _ready(self, claims: Sequence[Claim]) -> list[_Ready]:
        """The claims with their cards. One whose card can't be made is put off, alone."""
        try:
            return await self._database.read(lambda work: self._prepare_all(claims, work))
        except Exception as error:
            if len(claims) == 1:
                log.exception("card_failed", kind=claims[0].notice.kind, notice=claims[0].id)
                await self._after(claims[0], TryLater(), self._clock())
                return []
            log.warning("cards_failed", error=type(error).__name__, count=len(claims))
        return [one for claim in claims for one in await self._ready([claim])]

    def _prepare_all(self, claims: Sequence[Claim], work: WorkT) -> list[_Ready]:
        # Urgent is never held up, and a change of what is there already interrupts nobody.
        may_wait = [
            claim.notice
            for claim in claims
            if claim.ref is None and claim.notice.priority is not Priority.URGENT
        ]
        waits = self._waits_of(may_wait, work, self._clock()) if may_wait else {}
        people = work.people.many(sorted({who for claim in claims for who in claim.notice.to}))
        return [
            _Ready(claim, _NOBODY, None, waits[claim.notice.key])
            if claim.notice.key in waits
            else self._prepare(claim, work, people)
            for claim in claims
        ]

    def _prepare(self, claim: Claim, work: WorkT, people: Mapping[str, Person]) -> _Ready:
        readers = [people[person] for person in claim.notice.to if person in people]
        if len(readers) < len(claim.notice.to):  # somebody was erased: there is nobody to tell
            return _Ready(claim, _NOBODY, None)
        first = read_by(readers)
        made = _Ready(claim, Reader(first.locale, first.zone), None)
        if claim.notice.kind == DIGEST:
            return self._gather(made, work, first)
        return replace(made, card=self._card_of(claim.notice, work, first, self._clock()))

    def _gather(self, digest: _Ready, work: WorkT, reader: Person) -> _Ready:
        """The digest with the cards that are still true. Fewer than two need none, and what is
        for several people, or can't be made, is left to be sent by itself."""
        cards: list[Card] = []
        tells: list[Notice] = []
        gathers: list[int] = []
        lets_go: list[int] = []
        for number, notice in work.digests.waiting(reader.id, GATHERED_AT_MOST):
            try:
                card = self._card_of(notice, work, reader, self._clock())
            except Exception:
                log.exception("card_failed", kind=notice.kind, notice=number)
                lets_go.append(number)
                continue
            (gathers if len(notice.to) == 1 else lets_go).append(number)
            if card is not None and len(notice.to) == 1:
                cards.append(card)
                tells.append(notice)
        if len(cards) < 2:
            return replace(digest, lets_go=(*lets_go, *gathers))
        card = self._digest_of(cards, reader)
        return replace(
            digest, card=card, gathers=tuple(gathers), tells=tuple(tells), lets_go=tuple(lets_go)
        )

    async def _send(self, one: _Ready) -> None:
        notice, platform = one.claim.notice, _platform_name(one.claim)
        if one.keeps_its_last_use:
            now = self._clock()
            await self._database.run(
                lambda work: work.claims.moves_on(self._process, one.claim, now)
            )
            return
        result = await self._result(one)
        now = self._clock()
        self._watcher.sent(platform, notice, result, now - one.claim.first_due)
        try:
            await self._after(one.claim, result, now, one)
        except Exception:
            # The lease runs out and it is sent again: a repeated ping beats a lost one.
            log.exception("settle_failed", notice=one.claim.id)

    async def _result(self, one: _Ready) -> SendResult:
        notice, platform = one.claim.notice, self._platforms.get(_platform_name(one.claim))
        assert one.card is not None
        if not one.claim.to:  # several who are nowhere together
            return Rejected("no_place")
        if platform is None:  # tried in the browser, say, before Slack was set up
            return Rejected("no_such_platform")
        try:
            return await platform.send(
                one.claim.to,
                one.card,
                one.reader,
                one.claim.ref,
                notice.key,
                urgent=notice.priority is Priority.URGENT,
            )
        except Exception:
            # A card over the platform's limits, or a fault of ours: trying for ever won't help.
            log.exception("send_failed", kind=notice.kind, notice=one.claim.id)
            return Rejected("failed")

    async def _after(
        self,
        claim: Claim,
        result: SendResult,
        now: datetime,
        ready: _Ready | None = None,
    ) -> None:
        fingerprint, gathered = (
            (ready.fingerprint, ready.gathers) if ready is not None else (None, ())
        )
        match result:
            case Sent(ref):

                def sent(work: WorkT) -> None:
                    if claim.ref is None:  # before the notice: whoever presses holds them so too
                        work.addresses.reached(claim.to)
                        for notice in (claim.notice, *(ready.tells if ready is not None else ())):
                            self._on_delivered(notice, work, now)
                    for lane in claim.tries:
                        place = claim.to[0].place
                        work.lanes.opened(place, lane, self._pace_of(place[0]))
                    work.claims.settle(self._process, [Settled(claim, ref, fingerprint)], now)
                    if gathered:
                        work.digests.gathered(claim.notice.to[0], gathered, now)

                await self._database.run(sent)
            case TryLater():
                log.info("send_later", kind=claim.notice.kind, notice=claim.id)
                await self._database.run(
                    lambda work: self._put_off(claim, result, work, now, gathered)
                )
            case Rejected(reason, unreachable, refused):
                log.warning("send_rejected", kind=claim.notice.kind, notice=claim.id, reason=reason)

                def rejected(work: WorkT) -> None:
                    work.addresses.refused(unreachable, now)
                    self._close(claim, refused, reason, work, now)
                    self._give_up(claim, work, now, gathered)

                await self._database.run(rejected)

    def _put_off(
        self,
        claim: Claim,
        result: TryLater,
        work: WorkT,
        now: datetime,
        gathered: tuple[int, ...],
    ) -> None:
        """Has it tried again. An urgent one goes to its reader's other places meanwhile, each in
        turn: whichever works. One for several whose conversation can't be opened soon is given up,
        so that each has it alone."""
        if claim.answers_left is not None:
            work.claims.moves_on(self._process, claim, now)
            return
        is_urgent = claim.notice.priority is Priority.URGENT
        longest = _BACK_OFF_LONGEST_URGENT if is_urgent else _BACK_OFF_LONGEST
        wait = result.after
        if wait is None:
            wait = back_off(claim.attempts, _BACK_OFF_FIRST, longest)
        if result.refused:
            self._close(claim, result.held, result.refused, work, now)
        elif result.after is not None:
            self._hold(claim, result.held, now + wait, work, now)
        if is_urgent and result.held is Lane.OPENING and wait > _BACK_OFF_LONGEST_URGENT:
            self._give_up(claim, work, now, gathered)
            return
        if is_urgent and claim.ref is None and work.claims.elsewhere(self._process, claim, now):
            return
        due = Settled(claim, due=now + wait, anywhere=True)
        work.claims.settle(self._process, [due], now)

    def _close(
        self, claim: Claim, lane: Lane | None, word: str, work: WorkT, now: datetime
    ) -> None:
        if lane is not None and claim.to:
            there = claim.to[0]
            work.lanes.refuse(there.place, lane, word, self._pace_of(there.platform), now)

    def _hold(
        self, claim: Claim, lane: Lane | None, until: datetime, work: WorkT, now: datetime
    ) -> None:
        if lane is not None and claim.to:
            there = claim.to[0]
            work.lanes.hold(there.place, lane, until, self._pace_of(there.platform), now)

    def _give_up(self, claim: Claim, work: WorkT, now: datetime, gathered: tuple[int, ...]) -> None:
        """Has it go to another place of its readers; where there is none, it is over."""
        if claim.answers_left is not None:
            work.claims.moves_on(self._process, claim, now)
            return
        if claim.ref is None and work.claims.elsewhere(self._process, claim, now):
            return
        # What a notice is about is held before the notice, here as in handlers: the other way
        # round two transactions could wait for each other.
        if claim.ref is None and not gathered:
            self._on_rejected(claim.notice, work, now)
        work.claims.settle(self._process, [Settled(claim, gone=True)], now)
        if gathered:  # whoever can't have the digest can't have what is in it
            work.digests.let_go(gathered, now)

    async def _drop(self, claims: Sequence[Claim]) -> None:
        if not claims:
            return
        now = self._clock()

        def settle(work: WorkT) -> None:
            # First, for settling also deletes what must not be known of a conversation's pace.
            work.claims.give_back(claims, self._pace_of, now)
            work.claims.settle(self._process, [Settled(claim) for claim in claims], now)

        await self._database.run(settle)

    async def _seconds_to_next(self) -> float:
        free = [one for one in Priority if self._under_way(one).free]  # what ends wakes us, too
        due = await self._database.read(lambda work: work.claims.next_due(free))
        if due is None:
            return LOOK_EVERY
        return min(LOOK_EVERY, max(_SHORTEST_WAIT, (due - self._clock()).total_seconds()))

    def _under_way(self, priority: Priority) -> UnderWay:
        return self._urgent if priority is Priority.URGENT else self._others

    def _pace_of(self, platform: str) -> Pace:
        found = self._platforms.get(platform)
        return found.pace if found is not None else _NOT_OURS


def _platform_name(claim: Claim) -> str:
    return claim.to[0].platform if claim.to else ""
