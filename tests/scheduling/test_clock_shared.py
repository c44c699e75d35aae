"""A clock that three replicas share is set: all go over at one moment, and nothing comes early."""

import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

import scheduling.clock
from handlers.escalation.model import Case, Cases
from scheduling.clock import ClockKeeper, ClockReading, SteadyClock
from storage.database import Database
from storage.work import SqlWork
from tests.storage.made import NOW, raised

SECOND, SOON, HOUR = timedelta(seconds=1), timedelta(seconds=30), timedelta(hours=1)
BOTH_WAYS = pytest.mark.parametrize("by", [HOUR, -HOUR], ids=["an hour on", "an hour back"])


@dataclass
class Shared:
    """A database whose clock is `off`, and the machines' common `uptime`."""

    database: Database
    off: timedelta = timedelta()
    takes: float = 0.0
    uptime: float = 100.0
    replicas: list["ClockReplica"] = field(default_factory=list)
    raised: list[Case] = field(default_factory=list)

    async def decides(self) -> ClockReading:
        step = await self.database.run_halted(lambda work: work.instants.step())
        return ClockReading(self.told(), self.uptime, self.takes, step.number)

    def told(self) -> datetime:
        return NOW + timedelta(seconds=self.uptime) + self.off

    async def starts(self) -> "ClockReplica":
        replica = ClockReplica(self, SteadyClock(await self.decides(), lambda: self.uptime))
        await replica.keeper.begin()
        self.replicas.append(replica)
        return replica

    async def goes_on(self, seconds: int, *, without: "ClockReplica | None" = None) -> None:
        """Second by second, in which each replica looks once, the first one first."""
        for _ in range(seconds):
            for replica in self.replicas:
                if replica is not without:
                    await replica.keeper.look()
            self.uptime += 1

    async def raises(self, by: "ClockReplica") -> Case:
        """A hand that goes up where the replica serves, with a ring half a minute away."""
        case = raised(f"anna-{len(self.raised)}")
        self.raised.append(case)
        case = replace(case, raised_at=by.clock(), step_at=by.clock() + SOON)
        await self.database.run(lambda work: work.of(Cases).add(case))
        return case

    async def until_due(self, case: Case) -> timedelta:
        kept = await self.database.run(lambda work: work.of(Cases).get(case.id))
        assert kept is not None
        assert kept.step_at is not None
        (now,) = {replica.clock() for replica in self.replicas}
        return kept.step_at - now


@dataclass
class ClockReplica:
    shared: Shared
    clock: SteadyClock
    noticed: list[timedelta] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.keeper: ClockKeeper[SqlWork] = ClockKeeper(
            self.shared.decides,
            self.clock,
            self.clock,
            self.shared.database,
            shared=True,
            on_step=self.noticed.append,
            on_machines_step=lambda: None,
        )


@pytest.fixture
def shared(empty_sqlite: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shared]:
    monkeypatch.setattr(scheduling.clock, "_LET_END", 0)
    shutil.copy(empty_sqlite, tmp_path / "shared.db")
    with closing(Database(f"sqlite:///{tmp_path / 'shared.db'}")) as database:
        yield Shared(database)


@BOTH_WAYS
async def test_a_ring_is_as_far_away_as_it_was_wherever_the_hand_went_up(
    shared: Shared, by: timedelta
) -> None:
    for _ in range(3):
        await shared.starts()
    before = [await shared.raises(replica) for replica in shared.replicas]
    await shared.goes_on(1)
    shared.off = by
    await shared.replicas[0].keeper.look()
    while_some_know = [await shared.raises(replica) for replica in shared.replicas]
    await shared.goes_on(4)
    after = [await shared.raises(replica) for replica in shared.replicas]
    assert {replica.clock() for replica in shared.replicas} == {shared.told()}
    assert [replica.noticed for replica in shared.replicas] == [[by]] * 3
    for cases, seconds in ((before, 25), (while_some_know, 26), (after, 30)):
        assert [await shared.until_due(case) for case in cases] == [seconds * SECOND] * 3


@BOTH_WAYS
async def test_a_clock_that_is_set_back_at_once_moves_nothing(
    shared: Shared, by: timedelta
) -> None:
    for _ in range(3):
        await shared.starts()
    await shared.goes_on(11)
    case = await shared.raises(shared.replicas[0])
    shared.off = by
    await shared.goes_on(1)
    shared.off = timedelta()
    await shared.goes_on(5)
    assert {replica.clock() for replica in shared.replicas} == {shared.told()}
    assert await shared.until_due(case) == 24 * SECOND


@BOTH_WAYS
async def test_whoever_was_held_up_goes_over_before_it_does_anything(
    shared: Shared, by: timedelta
) -> None:
    first, held_up = await shared.starts(), await shared.starts()
    case = await shared.raises(held_up)
    shared.off = by
    await shared.goes_on(5, without=held_up)
    assert held_up.clock() != first.clock()
    await held_up.keeper.catch_up()
    assert held_up.clock() == first.clock() == shared.told()
    assert await shared.until_due(case) == 25 * SECOND


@BOTH_WAYS
async def test_whoever_is_answered_too_slowly_to_tell_the_time_goes_over_with_the_others(
    shared: Shared, by: timedelta
) -> None:
    first, slow = await shared.starts(), await shared.starts()
    case = await shared.raises(slow)
    shared.off = by
    await first.keeper.look()
    shared.takes = 3.0
    await shared.goes_on(5)
    assert first.clock() == slow.clock() == shared.told()
    assert await shared.until_due(case) == 25 * SECOND


@BOTH_WAYS
@pytest.mark.parametrize("known", [True, False], ids=["agreed on", "not yet noticed"])
async def test_whoever_starts_in_between_goes_over_with_the_others(
    shared: Shared, by: timedelta, *, known: bool
) -> None:
    first = await shared.starts()
    await shared.goes_on(11)
    case = await shared.raises(first)
    shared.off = by
    if known:
        await shared.goes_on(1)
        await shared.starts()
    else:
        await shared.starts()
        await shared.goes_on(1)
    await shared.goes_on(5)
    assert {replica.clock() for replica in shared.replicas} == {shared.told()}
    assert await shared.until_due(case) == 24 * SECOND


async def test_whoever_thinks_that_the_clock_was_set_is_told_better(shared: Shared) -> None:
    """Something stands in the rows that has not happened yet; the others know the time."""
    first = await shared.starts()
    await shared.goes_on(11)
    case = await shared.raises(first)
    ahead = replace(raised("ieva"), raised_at=first.clock() + timedelta(seconds=8), step_at=None)
    await shared.database.run(lambda work: work.of(Cases).add(ahead))
    await shared.starts()
    await shared.goes_on(5)
    assert {replica.clock() for replica in shared.replicas} == {shared.told()}
    assert await shared.until_due(case) == 25 * SECOND


@BOTH_WAYS
async def test_it_is_put_right_after_a_stop_in_the_middle(shared: Shared, by: timedelta) -> None:
    first = await shared.starts()
    case = await shared.raises(first)
    shared.off = by
    await shared.goes_on(1)
    shared.replicas.clear()
    shared.uptime += 4
    await shared.starts()
    await shared.goes_on(1)
    assert {replica.clock() for replica in shared.replicas} == {shared.told()}
    assert await shared.until_due(case) == 24 * SECOND


@BOTH_WAYS
async def test_whoever_goes_by_another_time_gives_in(shared: Shared, by: timedelta) -> None:
    """However that came about: they don't go on contradicting each other for ever."""
    for _ in range(3):
        await shared.starts()
    await shared.goes_on(11)
    shared.replicas[1].clock.move(by)
    await shared.goes_on(12)
    assert {replica.clock() for replica in shared.replicas} == {shared.told()}
