"""What happens because time passed: due steps, when their time has come; clean-up, once a minute.

APScheduler with its memory store is only the process's clock. What is due stands in rows, so any
process that looks does it, after a crash as well.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Generic

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from scheduling.clock import Clock, nothing
from scheduling.transactions import Transactions, WorkT

TICK = 1.0
"""Seconds between looks at what is due when nothing wakes us: by that at most a ring is late that
another process set, or this one before it was started anew."""

_SLOT = timedelta(seconds=0.25)
"""How far apart looks are that were asked for: what this process sets is late by that at most,
however many ask."""

_ASKED_FOR = timedelta(minutes=10)
"""What is due later is found by a look that nobody asked for."""

_LINE = "timers"
"""In which what is due waits to be written, beside what people ask and what is sent."""

AT_ONCE = 10
"""Due things done in one transaction, which holds all of them until the last is done: few enough
that on a busy machine, too, nobody waits long who presses on one of them."""

CLEANED_AT_ONCE = 200
"""Rows deleted in one transaction: whoever raises a hand meanwhile waits some milliseconds."""

LOOK_EVERY = 30
"""Seconds between looks at whether all is well."""

CLEAN_EVERY = 60
"""Seconds: what has lived long enough goes within about a minute."""

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)

log = structlog.get_logger()


class Timers(Generic[WorkT]):
    """One process's clock. `timers` do what is due, and `clean` deletes what has lived long enough:
    so many things at most, and each answers how many it did. `looks` see whether all is well.
    `ticked` is called when everything due was done; it is looked for `every` so many seconds, and
    when `wake` says so."""

    def __init__(
        self,
        database: Transactions[WorkT],
        clock: Clock,
        timers: Sequence[Callable[[WorkT, datetime, int], int]],
        clean: Callable[[WorkT, datetime, int], int],
        *,
        looks: Sequence[Callable[[WorkT, datetime, int], int]] = (),
        ticked: Callable[[], None] = lambda: None,
        every: float = TICK,
    ) -> None:
        self._ticked = ticked
        self._first: Callable[[], Awaitable[None]] = nothing
        self._looks = looks
        self._clean = clean
        self._database = database
        self._clock = clock
        self._timers = timers
        self._ticking = asyncio.Lock()
        self._every = every
        self._next_look: asyncio.Task[None] | None = None
        self._asked_for: set[datetime] = set()
        self._doing: set[asyncio.Task[Any]] = set()  # a task nobody holds may be collected
        self._ends = False
        self._scheduler = AsyncIOScheduler(
            timezone="UTC",
            job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1},
        )

    def start(self) -> None:
        """Begins to tick. What came due while nobody ran is done first."""
        for seconds, job in (
            (self._every, self.tick),
            (CLEAN_EVERY, self.tidy),
            (LOOK_EVERY, self.look),
        ):
            self._scheduler.add_job(
                self._held(job), "interval", seconds=seconds, next_run_time=datetime.now(UTC)
            )
        self._scheduler.start()

    def every(self, seconds: float, job: Callable[[], Awaitable[None]]) -> None:
        """Has the job done every so many seconds; one that takes longer is not begun twice."""

        async def done() -> None:
            try:
                await job()
            except Exception:
                log.exception("job_failed", timer=job.__name__)

        self._scheduler.add_job(self._held(done), "interval", seconds=seconds)

    async def finish(self, seconds: float) -> None:
        """Begins nothing more, and lets what is being done end, for so long at most. What takes
        longer is cut off: its transaction comes to nothing, and what is due stays due."""
        self._ends = True
        if self._scheduler.running:
            self._scheduler.pause()
        if self._doing:
            _, late = await asyncio.wait(self._doing, timeout=seconds)
            for task in late:
                task.cancel()

    def stop(self) -> None:
        self._scheduler.shutdown(wait=False)

    def look_first(self, look: Callable[[], Awaitable[None]]) -> None:
        """Has that done before anything that is due: it sees that the clock is right, say."""
        self._first = look

    def rearm(self) -> None:
        """The machine's clock was set: everything is looked at now, and every so often from now
        on. What APScheduler waits for is an instant of that clock, maybe hours away."""
        for job in self._scheduler.get_jobs():
            job.modify(next_run_time=datetime.now(UTC))

    def wake(self, *due: datetime) -> None:
        """Looks when something of what was just written is due; at once, if its time has come."""
        if self._ends or not due:
            return
        now = self._clock()
        # One look that has not begun yet sees what was written now, too.
        if min(due) <= now and self._next_look is None:
            self._next_look = asyncio.get_running_loop().create_task(self.tick())
            self._hold(self._next_look)
        if self._scheduler.running:
            for slot in {_slot(when) for when in due if now < when <= now + _ASKED_FOR}:
                self._look_at(slot, now)

    def _look_at(self, when: datetime, now: datetime) -> None:
        if when - now > _ASKED_FOR or when in self._asked_for:
            return
        self._asked_for.add(when)
        asyncio.get_running_loop().call_later((when - now).total_seconds(), self._look_now, when)

    def _look_now(self, when: datetime) -> None:
        self._asked_for.discard(when)
        self.wake(when)

    async def tick(self) -> None:
        """Does everything that is due; one look at a time."""
        async with self._ticking:
            if self._next_look is asyncio.current_task():
                self._next_look = None
            await self._first()
            begun = 0
            while begun < len(self._timers) and not self._ends:
                begun += await self._look_on(self._timers[begun:])
            self._ticked()

    async def tidy(self) -> None:
        """Deletes what has lived long enough, as each table says; others come in between."""
        await self._run_out(self._clean, CLEANED_AT_ONCE)

    async def look(self) -> None:
        """Looks whether all is well."""
        for look in self._looks:
            await self._run_once(look, AT_ONCE)

    def _held(self, job: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
        """The job, known to be under way while it is."""

        async def held() -> None:
            if (task := asyncio.current_task()) is not None:
                self._hold(task)
            try:
                await job()
            except asyncio.CancelledError:
                if not self._ends:
                    raise
                log.info("cut_off_by_the_stop", timer=job.__name__)

        return held

    def _hold(self, task: asyncio.Task[Any]) -> None:
        self._doing.add(task)
        task.add_done_callback(self._doing.discard)

    async def _run_out(self, timer: Callable[[WorkT, datetime, int], int], at_once: int) -> None:
        while await self._run_once(timer, at_once) == at_once:
            pass

    async def _look_on(self, timers: Sequence[Callable[[WorkT, datetime, int], int]]) -> int:
        """Has them look, one after the other in one transaction, until one did something; answers
        how many are done with. Most find nothing, and beginning and ending a transaction for each
        was most of what a tick took. Where one fails, each has a transaction of its own."""
        looked = 1

        def look(work: WorkT) -> int:
            nonlocal looked
            for number, timer in enumerate(timers, start=1):
                looked = number
                if done := timer(work, self._clock(), AT_ONCE):
                    return done
            return 0

        try:
            done = await self._database.run(look, _LINE)
        except Exception:  # noqa: BLE001 - told by whoever fails again
            for timer in timers[:looked]:
                await self._run_out(timer, AT_ONCE)
        else:
            if done == AT_ONCE:
                await self._run_out(timers[looked - 1], AT_ONCE)
        return looked

    async def _run_once(self, timer: Callable[[WorkT, datetime, int], int], at_once: int) -> int:
        if self._ends:
            return 0
        try:
            return await self._database.run(lambda work: timer(work, self._clock(), at_once), _LINE)
        except Exception:
            log.exception("timer_failed", timer=timer.__name__)
            return 0


def _slot(when: datetime) -> datetime:
    """The next instant from then on at which it may be looked."""
    return when + (_LONG_AGO - when) % _SLOT
