"""Replicas go by one clock, whatever their machines say, and ticks go on when one is set."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

import apscheduler.schedulers.base
import pytest

import scheduling.timers
from bot.app import decider, engine
from handlers.escalation.model import Cases
from handlers.work import Work
from scheduling.clock import ClockKeeper, ClockReading, SteadyClock, machines, uptime
from scheduling.timers import Timers
from storage.database import Database
from tests.patience import LIMIT
from tests.storage.made import NOW, raised, somebody

SOON = timedelta(seconds=30)
APART = [timedelta(minutes=-2), timedelta(), timedelta(minutes=2)]


def machine(off: timedelta) -> Callable[[], Awaitable[ClockReading]]:
    """A machine whose clock is off by so much."""

    async def read() -> ClockReading:
        reading = await machines()
        return ClockReading(reading.told + off, reading.at)

    return read


async def test_three_replicas_two_minutes_apart_go_by_the_databases_clock(
    migrated_postgres: str,
) -> None:
    databases = [Database(migrated_postgres) for _ in APART]
    try:
        clocks, engines = [], []
        for database, off in zip(databases, APART, strict=True):
            steady = SteadyClock(await decider(database)())
            made = engine(database, {}, steady, frozenset())
            keeper = made.clock_keeper(steady, decider(database), machine(off))
            await keeper.begin()
            await keeper.look()
            clocks.append(steady)
            engines.append(made)
        first, *others = (clock.at(uptime()) for clock in clocks)
        assert all(abs(one - first) < timedelta(seconds=0.5) for one in others)
        helper = somebody(databases[0], "Jānis")
        now = clocks[0]()
        case = replace(raised("anna", (helper.id,), ()), raised_at=now, step_at=now)
        await databases[0].run(lambda work: work.of(Cases).add(case))
        for made in engines:
            await made.timers.tick()
        kept = await databases[0].run(lambda work: work.of(Cases).get(case.id))
        assert kept is not None
        assert kept.asked() == (helper.id,)
        assert kept.unanswered_at is None, "no replica is two minutes ahead"
    finally:
        for database in databases:
            database.close()


async def test_it_ticks_on_when_the_machines_clock_goes_an_hour_back(
    empty_sqlite: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Machine(datetime):
        """What the machine's clock says."""

        off = timedelta()

        @classmethod
        def now(cls, tz: object = None) -> Self:
            return cls.fromtimestamp((datetime.now(UTC) + cls.off).timestamp(), UTC)

    monkeypatch.setattr(apscheduler.schedulers.base, "datetime", Machine)
    monkeypatch.setattr(scheduling.timers, "datetime", Machine)
    shutil.copy(empty_sqlite, tmp_path / "timers.db")
    database, ticked = Database(f"sqlite:///{tmp_path / 'timers.db'}"), asyncio.Event()
    loop = asyncio.get_running_loop()

    def noting(work: Work, now: datetime, limit: int) -> int:
        loop.call_soon_threadsafe(ticked.set)
        return 0

    async def set_clock() -> ClockReading:
        return await machine(Machine.off)()

    running = Timers(database, lambda: NOW, [noting], lambda *_: 0)
    steady = SteadyClock(await machines())
    keeper = ClockKeeper(
        machines,
        steady,
        steady,
        database,
        shared=False,
        on_step=lambda _: None,
        on_machines_step=running.rearm,
        machine=set_clock,
    )
    running.start()
    try:
        async with asyncio.timeout(LIMIT):
            await ticked.wait()
            await keeper.look()
            Machine.off = timedelta(hours=-1)
            await keeper.look()
            for _ in range(3):
                ticked.clear()
                await ticked.wait()
    finally:
        running.stop()
        database.close()
