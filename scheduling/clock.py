"""The time, asked for rather than looked up.

A process goes by a clock that nobody can set: one that counts how long the machine runs, ahead of
which the time is so much. What decides how much is asked every second: PostgreSQL's clock, which
all replicas share, or with a file the machine's. Where that was set meanwhile, everything that is
kept is moved with it (`ClockKeeper`).
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Generic

import structlog

from scheduling.transactions import Transactions, WorkT

Clock = Callable[[], datetime]
"""Answers the present instant, aware UTC."""

LOOK_EVERY = 1.0
"""Seconds between looks at the clock that decides."""

STEP = timedelta(seconds=1)
"""What a clock is off by when it was set. Less is taken over without a word."""

_UNSURE = 0.5
"""Seconds. An answer that took longer tells too little of the time."""

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
    seconds."""

    told: datetime
    at: float
    took: float = 0.0


async def machines() -> ClockReading:
    """The machine's own clock, as one that decides."""
    return ClockReading(system_clock(), uptime())


class SteadyClock:
    """A Clock that goes on from a reading, whatever is done to the machine's."""

    def __init__(self, reading: ClockReading, uptime: Callable[[], float] = uptime) -> None:
        self._uptime = uptime
        self.read(reading)

    def __call__(self) -> datetime:
        """The aware UTC time."""
        return self.at(self._uptime())

    def at(self, uptime: float) -> datetime:
        """The time when the machine has run so many seconds."""
        return self._told + timedelta(seconds=uptime - self._at)

    def read(self, reading: ClockReading) -> None:
        """Goes on from this one."""
        self._told, self._at = reading.told, reading.at


class ClockKeeper(Generic[WorkT]):
    """Sees to it that a clock that is put right silences nothing.

    `decides` is asked what time it is, and `steady` goes by it; `clock` is what the house goes by,
    the same or what moves with it. `on_step` is called in the event loop with what the clock that
    decides was set by, and `on_machines_step` when the machine's was.
    """

    def __init__(
        self,
        decides: Callable[[], Awaitable[ClockReading]],
        steady: SteadyClock,
        clock: Clock,
        database: Transactions[WorkT],
        *,
        on_step: Callable[[timedelta], None],
        on_machines_step: Callable[[], None],
        machine: Callable[[], Awaitable[ClockReading]] = machines,
    ) -> None:
        self._decides = decides
        self._steady = steady
        self._clock = clock
        self._database = database
        self._on_step = on_step
        self._on_machines_step = on_machines_step
        self._machine = machine
        self._machines: SteadyClock | None = None
        self._owed = timedelta()

    async def begin(self) -> None:
        """What was kept by a clock that was ahead and was put right while nobody ran is moved."""
        latest, now = await self._database.run(lambda work: work.instants.latest()), self._clock()
        if latest is not None and latest - now >= STEP:
            moved = await self._database.run(lambda work: work.instants.put_right(latest, now))
            log.warning("clock_was_ahead", seconds=(latest - now).total_seconds(), count=moved)
            self._on_step(now - latest)

    async def run(self) -> None:
        """Looks until it is cancelled. Waits by a clock that nobody sets."""
        while True:
            try:
                await self.look()
            except Exception as error:  # noqa: BLE001 - a database that is away is told elsewhere
                log.warning("clock_not_read", error=type(error).__name__)
            await asyncio.sleep(LOOK_EVERY)

    async def look(self) -> None:
        """Asks what time it is, and puts right what was kept by a clock that was set since."""
        await self._look_at_the_machines()
        reading = await self._decides()
        if reading.took > _UNSURE:
            return
        by = reading.told - self._steady.at(reading.at)
        if abs(by) > _DRIFT:
            self._steady.read(reading)
        if abs(by) >= STEP:
            self._owed += by
        if self._owed:
            await self._put_right()

    async def _put_right(self) -> None:
        """Has what is kept moved; what fails, because the database is away, at the next look."""
        by, now = self._owed, self._clock()
        # Handed over before anything else happens by the new time: nothing comes in between.
        moved = await self._database.run(lambda work: work.instants.put_right(now - by, now))
        self._owed -= by
        log.warning("clock_was_set", seconds=by.total_seconds(), count=moved)
        self._on_step(by)

    async def _look_at_the_machines(self) -> None:
        reading = await self._machine()
        known = self._machines
        self._machines = SteadyClock(reading)
        if known is not None and abs(reading.told - known.at(reading.at)) >= STEP:
            self._on_machines_step()
