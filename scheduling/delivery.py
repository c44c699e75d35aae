"""Sends notices: claims what is due, makes each card anew, sends it, and writes what came of it.

A commit wakes it in the same process, so a ping waits for no polling. Other processes' notices
are found at the next look, a second later at most.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, Protocol
from uuid import uuid4

import structlog

from handlers.kit.cards import Card
from handlers.kit.delivery import Pace, Platform, Rate, Removing
from handlers.kit.notices import (
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
from handlers.kit.people import Person
from scheduling.clock import Clock, nothing
from scheduling.ready import PreparedClaim, Preparing
from scheduling.transactions import Transactions, WorkT
from scheduling.under_way import UnderWay, back_off

LOOK_EVERY = 1.0
"""Seconds between looks when nothing wakes us."""

RENEW_AFTER = timedelta(seconds=1.5)
"""How long a send takes before its claim is renewed: most take a tenth of that."""

_LINE = "delivery"
"""In which what is done for all workspaces together waits to be written. What became of a send
waits in its workspace's."""

_CLAIMED_AT_ONCE = 20
"""Of each, how many are claimed together: whatever is due next waits until their cards are made."""

AT_ONCE = 60
"""Sends under way at once, and as many again that are urgent: a platform that answers none of the
others takes no place from them."""

_LEAVES_WITHIN = timedelta(seconds=0.5)
"""How long after it was claimed a new message leaves without another look at whether it is true:
making all that is claimed takes a tenth of that."""

_LOOKS_FOR = 2.0
"""Seconds that this look may take: a database that is away holds up nothing that was claimed."""

_SHORTEST_WAIT = 0.02
"""Seconds. What is due may have to wait for another process: no need to spin."""

_NOT_OURS = Pace(*[Rate(1000, timedelta(seconds=1), burst=1000)] * 3)
"""For a platform that this process does not serve: what would go there is only given up."""

_BACK_OFF_FIRST = timedelta(seconds=1)
_BACK_OFF_LONGEST = timedelta(minutes=5)
_BACK_OFF_LONGEST_URGENT = timedelta(seconds=4)
"""When a platform works again, pings leave within five seconds, the way there included."""

log = structlog.get_logger()


class Watcher(Protocol):
    """Is told how each send went, for the metrics."""

    def sent(self, platform: str, notice: Notice, result: SendResult, late: timedelta) -> None: ...


@dataclass(slots=True)
class _Held:
    """A claim of the workspace's that is being sent, `since` when it is ours, and `until` when."""

    workspace: str
    since: datetime
    until: datetime


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
        self._preparing = Preparing(clock, card_of, digest_of, waits_of)
        self._on_rejected = on_rejected
        self._on_delivered = on_delivered
        self._watcher = watcher
        self._process = uuid4().hex
        self._held: dict[int, _Held] = {}
        self._first: Callable[[], Awaitable[None]] = nothing
        self._awake = asyncio.Event()
        self._starting = asyncio.Lock()
        self._urgent = UnderWay(AT_ONCE, self._awake.set)
        self._others = UnderWay(AT_ONCE, self._awake.set)

    def wake(self, *due: datetime) -> None:
        """Has it look at once if something is due before it would look by itself. To be called
        in the event loop."""
        if due and min(due) <= self._clock() + timedelta(seconds=LOOK_EVERY):
            self._awake.set()

    def look_first(self, look: Callable[[], Awaitable[None]]) -> None:
        """Has that done before anything is begun: it sees that the clock is right, say."""
        self._first = look

    async def run(self) -> None:
        """Delivers until it is cancelled. An outage of the database is waited out."""
        while True:
            self._awake.clear()
            try:
                await self._renew()
                await self._first()
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
        claims = await self._database.run(
            lambda work: work.claims.claim(
                self._process,
                self._clock(),
                lease=LEASE,
                urgent=min(urgent, _CLAIMED_AT_ONCE),
                others=min(others, _CLAIMED_AT_ONCE),
                pace_of=self._pace_of,
                busy=self._busy(),
            ),
            _LINE,
        )
        now = self._clock()
        claims = tuple(one for one in claims if not self._sends_still(one, now))
        if not claims:
            return 0
        ready = await self._ready(claims)
        # What is to be said leaves before anything else is kept: by then it might be past.
        nothing_to_say = []
        for one in ready:
            if one.wait is None and (one.card is None or one.looks_the_same):
                nothing_to_say.append(one)
            elif one.wait is None:
                held = self._held[one.claim.id] = _Held(one.claim.workspace, now, now + LEASE)
                self._under_way(one.claim.notice.priority).begin(self._send(one, held))
        waits = [(one.claim, one.wait) for one in ready if one.wait is not None]
        if waits:

            def let_wait(work: WorkT) -> None:
                now = self._clock()
                work.digests.keep_waiting(self._process, waits, now)
                work.claims.give_back([claim for claim, _ in waits], self._pace_of, now)

            await self._database.run(let_wait, _LINE)
        freed = [notice for one in ready for notice in one.lets_go]
        if freed:
            await self._database.run(lambda work: work.digests.let_go(freed, self._clock()), _LINE)
        await self._drop([one.claim for one in nothing_to_say])
        return len(claims)

    def _busy(self) -> tuple[str, ...]:
        """The workspaces that take half of our places: what others have comes before theirs."""
        sends = Counter(held.workspace for held in self._held.values())
        return tuple(one for one, many in sends.items() if 2 * many >= AT_ONCE)

    def _sends_still(self, claim: Claim, now: datetime) -> bool:
        """Whether it ran out while we were held up, and is being sent all the while: then it is
        ours again, and sent once. What was settled is another send, though its own may be about to
        end here."""
        held = self._held.get(claim.id)
        if held is None or claim.claimed_by != self._process:
            return False
        held.until = now + LEASE
        return True

    async def _ready(self, claims: Sequence[Claim]) -> list[PreparedClaim]:
        """The claims with their cards. One whose card can't be made is put off, alone."""
        try:
            return await self._database.read(lambda work: self._preparing.of(claims, work), _LINE)
        except Exception as error:
            if len(claims) == 1:
                log.exception("card_failed", kind=claims[0].notice.kind, notice=claims[0].id)
                await self._after(claims[0], TryLater())
                return []
            log.warning("cards_failed", error=type(error).__name__, count=len(claims))
        return [one for claim in claims for one in await self._ready([claim])]

    async def _renew(self) -> None:
        """What is still being sent stays ours, for as long as this process lives. What has run out
        is another's by now, maybe."""
        now = self._clock()
        left = {claim: held.until - now for claim, held in self._held.items()}
        late = [one for one, rest in left.items() if timedelta() < rest <= LEASE - RENEW_AFTER]
        if late:
            await self._database.run(
                lambda work: work.claims.keep(self._process, late, self._clock() + LEASE), _LINE
            )
            for one in late:
                if one in self._held:
                    self._held[one].until = now + LEASE

    async def _send(self, one: PreparedClaim, held: _Held) -> None:
        try:
            if await self._is_still_so(one.claim, held):
                await self._sent(one)
            else:
                await self._drop([one.claim])
        finally:
            if self._held.get(one.claim.id) is held:
                del self._held[one.claim.id]

    async def _is_still_so(self, claim: Claim, held: _Held) -> bool:
        """Whether a new message may leave. One that was held up, because a process that has just
        begun reads its dictionaries, say, is looked at again: somebody may have come, or another
        process may be sending it. Where that can't be told, a repeated ping beats a lost one."""
        if claim.ref is not None or self._clock() - held.since < _LEAVES_WITHIN:
            return True
        try:
            async with asyncio.timeout(_LOOKS_FOR):
                return await self._database.read(
                    lambda work: work.claims.holds(self._process, claim), _LINE
                )
        except Exception as error:  # noqa: BLE001 - whatever it is, it leaves
            log.warning("not_looked_again", notice=claim.id, error=type(error).__name__)
            return True

    async def _sent(self, one: PreparedClaim) -> None:
        notice, platform = one.claim.notice, _platform_name(one.claim)
        if one.keeps_its_last_use:
            await self._database.run(
                lambda work: work.claims.moves_on(self._process, one.claim, self._clock()),
                one.claim.workspace,
            )
            return
        began = self._clock()
        result = await self._result(one)
        now = self._clock()
        self._watcher.sent(platform, notice, result, now - one.claim.first_due)
        try:
            await self._after(one.claim, result, one, took=now - began)
        except Exception:
            # The lease runs out and it is sent again: a repeated ping beats a lost one.
            log.exception("settle_failed", notice=one.claim.id)

    async def _result(self, one: PreparedClaim) -> SendResult:
        notice, platform = one.claim.notice, self._platforms.get(_platform_name(one.claim))
        assert one.card is not None
        if not one.claim.to:  # several who are nowhere together
            return Rejected("no_place")
        if platform is None:  # tried in the browser, say, before Slack was set up
            return Rejected("no_such_platform")
        try:
            if one.claim.removes:
                assert isinstance(platform, Removing)
                assert one.claim.ref is not None
                return await platform.remove(one.claim.to, one.claim.ref, notice.key)
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
        ready: PreparedClaim | None = None,
        took: timedelta = timedelta(),
    ) -> None:
        fingerprint, gathered = (
            (ready.fingerprint, ready.gathers) if ready is not None else (None, ())
        )
        match result:
            case Sent(ref):

                def sent(work: WorkT) -> None:
                    now = self._clock()
                    if claim.ref is None:  # before the notice: whoever presses holds them so too
                        work.addresses.reached(claim.to)
                        for notice in (claim.notice, *(ready.tells if ready is not None else ())):
                            self._on_delivered(notice, work, now)
                    for lane in claim.tries:
                        place = claim.to[0].place
                        work.lanes.opened(place, lane, self._pace_of(place[0]), now)
                    done = Settled(claim, ref, fingerprint)
                    if claim.removes:
                        done = Settled(claim, gone=True)
                    work.claims.settle(self._process, [done], now)
                    if gathered:
                        work.digests.gathered(claim.notice.to[0], gathered, now)

                await self._database.run(sent, claim.workspace)
            case TryLater():
                log.info("send_later", kind=claim.notice.kind, notice=claim.id)
                await self._database.run(
                    lambda work: self._put_off(
                        claim, result, work, self._clock(), took=took, gathered=gathered
                    ),
                    claim.workspace,
                )
            case Rejected(reason, unreachable, refused):
                log.warning("send_rejected", kind=claim.notice.kind, notice=claim.id, reason=reason)

                def rejected(work: WorkT) -> None:
                    now = self._clock()
                    work.addresses.refused(unreachable, now)
                    self._close(claim, refused, reason, work, now)
                    self._give_up(claim, work, now, gathered)

                await self._database.run(rejected, claim.workspace)

    def _put_off(
        self,
        claim: Claim,
        result: TryLater,
        work: WorkT,
        now: datetime,
        *,
        took: timedelta,
        gathered: tuple[int, ...],
    ) -> None:
        """Has it tried again; what the try `took` is waited already. An urgent one goes to its
        reader's other places meanwhile, each in turn: whichever works. One for several whose
        conversation can't be opened soon is given up, so that each has it alone."""
        if claim.answers_left is not None:
            work.claims.moves_on(self._process, claim, now)
            return
        is_urgent = claim.notice.priority is Priority.URGENT
        longest = _BACK_OFF_LONGEST_URGENT if is_urgent else _BACK_OFF_LONGEST
        wait = result.after
        if wait is None:
            wait = max(timedelta(), back_off(claim.attempts, _BACK_OFF_FIRST, longest) - took)
        if result.refused:
            self._close(claim, result.held, result.refused, work, now)
        elif result.after is not None:
            self._hold(claim, result.held, now + wait, work, now)
        if is_urgent and result.held is Lane.OPENING and wait > _BACK_OFF_LONGEST_URGENT:
            self._give_up(claim, work, now, gathered)
            return
        if is_urgent and claim.ref is None and work.claims.elsewhere(self._process, claim, now):
            return
        if claim.removes and result.held is not None:  # then it is changed, in its turn
            wait = timedelta()
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

        def settle(work: WorkT) -> None:
            now = self._clock()
            # First, for settling also deletes what must not be known of a conversation's pace.
            work.claims.give_back(claims, self._pace_of, now)
            if any(claim.tries for claim in claims):
                work.lanes.untried(now)
            work.claims.settle(self._process, [Settled(claim) for claim in claims], now)

        await self._database.run(settle, _LINE)

    async def _seconds_to_next(self) -> float:
        free = [one for one in Priority if self._under_way(one).free]  # what ends wakes us, too
        due = await self._database.read(lambda work: work.claims.next_due(free), _LINE)
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
