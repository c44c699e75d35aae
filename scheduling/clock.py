"""The time, asked for rather than looked up.

A process goes by a clock that nobody can set: one that counts how long the machine runs, ahead of
which the time is so much. What decides how much is asked every second: PostgreSQL's clock, which
all replicas share, or with a file the machine's. Where that was set meanwhile, they agree on a
moment at which all of them go over to it, with everything that is kept (`ClockKeeper`).
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from typing import Generic

import structlog

from handlers.kit.delivery import ClockStep
from scheduling.transactions import Transactions, WorkT

Clock = Callable[[], datetime]
"""Answers the present instant, aware UTC."""


async def nothing() -> None:
    """What a process does first that goes by a clock of its own."""


LOOK_EVERY = 1.0
"""Seconds between looks at the clock that decides."""

STEP = timedelta(seconds=1)
"""What a clock is off by when it was set. Less is taken over without a word."""

_UNSURE = 0.5
"""Seconds. An answer that took longer tells too little of the time."""

_AGREED_AHEAD = timedelta(seconds=2)
"""How long before that moment replicas agree on it: each has looked by then."""

_LET_END = 1.0
"""Seconds from that moment on in which nobody writes, before what is kept is moved: what another
replica had begun by the time before ends."""

_OLD_READING = 2.5
"""Seconds after which a process that has not looked may have been held up: others may have gone
over."""

_SURE_AFTER = 3.0
"""Seconds. Whoever has just started can't tell whether the clock was set: others know better."""

_CONTESTS = 2
"""How often a process says otherwise before it believes what the others say."""

_TRIES = 20
"""How often a clock is asked that one goes by without having another one to compare."""

_DRIFT = timedelta(milliseconds=50)
"""What is left alone: asking is no more exact."""

log = structlog.get_logger()


def system_clock() -> datetime:
    """The machine's own time."""
    return datetime.now(UTC)


def uptime() -> float:
    """Seconds that the machine has run, asleep or not, whatever its clock says."""
    return time.clock_gettime(_UPTIME) if _UPTIME is not None else time.monotonic()


_UPTIME: int | None = getattr(time, "CLOCK_BOOTTIME", None)


@dataclass(frozen=True, slots=True)
class ClockReading:
    """What a clock `told` (aware UTC) when `uptime` said `at`; the asking `took` so many
    seconds. `steps`: the number of the last step that was agreed on, where that is shared."""

    told: datetime
    at: float
    took: float = 0.0
    steps: int = 0


async def machines() -> ClockReading:
    """The machine's own clock, as one that decides."""
    return ClockReading(system_clock(), uptime())


async def sure(decides: Callable[[], Awaitable[ClockReading]]) -> ClockReading:
    """What a clock tells, asked again while it takes too long to tell much; the best answer of a
    few."""
    readings = []
    for _ in range(_TRIES):
        readings.append(await decides())
        if readings[-1].took <= _UNSURE:
            break
    return min(readings, key=attrgetter("took"))


class SteadyClock:
    """A Clock that goes on from a reading, whatever is done to the machine's."""

    def __init__(self, reading: ClockReading, uptime: Callable[[], float] = uptime) -> None:
        self.uptime = uptime
        self.read(reading)

    def __call__(self) -> datetime:
        """The aware UTC time."""
        return self.at(self.uptime())

    def at(self, uptime: float) -> datetime:
        """The time when the machine has run so many seconds."""
        return self._told + timedelta(seconds=uptime - self.read_at)

    def read(self, reading: ClockReading) -> None:
        """Goes on from this one."""
        self._told, self.read_at = reading.told, reading.at

    def move(self, by: timedelta) -> None:
        """Goes on so much later."""
        self._told += by


class ClockKeeper(Generic[WorkT]):
    """Sees to it that a clock that is put right silences nothing.

    `decides` is asked what time it is, and `steady` goes by it; `clock` is what the house goes by,
    the same or what moves with it. `shared`: other processes go by it as well. `on_step` is called
    in the event loop with what the clock that decides was set by, and `on_machines_step` when the
    machine's was.
    """

    def __init__(
        self,
        decides: Callable[[], Awaitable[ClockReading]],
        steady: SteadyClock,
        clock: Clock,
        database: Transactions[WorkT],
        *,
        shared: bool,
        on_step: Callable[[timedelta], None],
        on_machines_step: Callable[[], None],
        machine: Callable[[], Awaitable[ClockReading]] = machines,
    ) -> None:
        self._decides = decides
        self._steady = steady
        self._clock = clock
        self._database = database
        self._shared = shared
        self._on_step = on_step
        self._on_machines_step = on_machines_step
        self._machine = machine
        self._machines: SteadyClock | None = None
        self._step: ClockStep | None = None
        self._contested = 0
        self._looking = asyncio.Lock()
        self._began = self._looked_at = steady.read_at

    async def begin(self) -> None:
        """Learns where the others are. What was kept by a clock that was ahead and was put right
        while nobody ran is moved."""
        step = await self._database.run(lambda work: work.instants.step())
        self._step = step
        if not step.moved:  # they go by the time before it
            self._steady.move(-step.by)
        latest = await self._database.run(lambda work: work.instants.latest())
        ahead = timedelta() if latest is None else latest - self._clock()
        if step.moved and ahead >= STEP:
            log.warning("clock_was_ahead", seconds=ahead.total_seconds())
            self._steady.move(ahead)
            await self._agree(-ahead)
        await self._go_over_in_time()

    async def run(self) -> None:
        """Looks until it is cancelled. Waits by a clock that nobody sets."""
        while True:
            try:
                await self.look()
            except Exception as error:  # noqa: BLE001 - a database that is away is told elsewhere
                log.warning("clock_not_read", error=type(error).__name__)
            await asyncio.sleep(self._seconds_to_next())

    async def catch_up(self) -> None:
        """Goes over to the time that all go by, where this process was held up. Where it can't be
        asked for, it goes on by what it knows: a ping that is late by that is better than none."""
        if self._shared and self._is_late():
            try:
                async with self._looking:
                    if self._is_late():
                        await self._look()
            except Exception as error:  # noqa: BLE001 - a database that is away is told elsewhere
                log.warning("clock_not_read", error=type(error).__name__)

    async def look(self) -> None:
        """Asks what time it is, and goes over where the clock was set since."""
        async with self._looking:
            await self._look()

    async def _look(self) -> None:
        await self._go_over_in_time()  # first of all: the others do so at this moment
        await self._look_at_the_machines()
        reading = await self._decides()
        self._looked_at = reading.at
        step = await self._known(reading)  # what is agreed on is so, however long asking took
        if reading.took > _UNSURE:
            await self._go_over_in_time()
            return
        off = reading.told - self._steady.at(reading.at)
        agreed = timedelta() if step.moved else step.by
        if abs(off - agreed) >= STEP:
            is_sure = reading.at - self._began > _SURE_AFTER and self._contested < _CONTESTS
            if step.moved or is_sure:
                self._contested += not step.moved
                await self._agree(off)
            else:
                self._steady.move(off - agreed)
        elif step.moved:
            self._contested = 0
            if abs(off) > _DRIFT:
                self._steady.read(reading)
        await self._go_over_in_time()

    def _is_late(self) -> bool:
        return self._steady.uptime() - self._looked_at > _OLD_READING

    async def _known(self, reading: ClockReading) -> ClockStep:
        """The last step that was agreed on."""
        step = self._step
        if step is None or reading.steps > step.number:
            self._hear(await self._database.run(lambda work: work.instants.step()))
        assert self._step is not None
        return self._step

    async def _agree(self, by: timedelta) -> None:
        """Has all go over to a time so much later, soon; what others agreed on goes before."""
        known, at = self._step, self._clock() + (_AGREED_AHEAD if self._shared else timedelta())
        assert known is not None
        self._hear(await self._database.run(lambda work: work.instants.agree(known, at, by)))

    async def _go_over_in_time(self) -> None:
        """Goes over to the time that was agreed on, when that is; with all that is kept, and
        between two transactions. What fails, because the database is away, is done at the next
        look."""
        step = self._step
        if step is None or step.moved or self._clock() < step.at:
            return
        async with self._database.halted():
            if self._shared:
                await asyncio.sleep(_LET_END)
            self._hear(await self._database.run_halted(lambda work: work.instants.put_right(step)))

    def _hear(self, step: ClockStep) -> None:
        """Takes over how it stands. What others have gone over to is the time from now on."""
        known, self._step = self._step, step
        late = step.made - known.made if known is not None else timedelta()
        if late:
            self._steady.move(late)
            log.warning("clock_was_set", seconds=late.total_seconds())
            self._on_step(late)

    def _seconds_to_next(self) -> float:
        step = self._step
        if step is None or step.moved:
            return LOOK_EVERY
        return min(LOOK_EVERY, max(0.0, (step.at - self._clock()).total_seconds()))

    async def _look_at_the_machines(self) -> None:
        reading = await self._machine()
        known = self._machines
        self._machines = SteadyClock(reading)
        if known is not None and abs(reading.told - known.at(reading.at)) >= STEP:
            self._on_machines_step()
