"""A machine's clock that was wrong and is put right silences nobody, whichever way it was wrong."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from handlers.kit.notices import Lane
from handlers.kit.people import Role
from scheduling.clock import ClockKeeper, ClockReading, SteadyClock
from storage.work import SqlWork
from tests.world import World


def in_words(by: timedelta) -> str:
    """5 minutes back."""
    return f"{abs(by) // timedelta(minutes=1)} minutes {'back' if by < timedelta() else 'on'}"


BACK = [timedelta(minutes=5), timedelta(hours=1), timedelta(hours=3)]
BOTH_WAYS = [by for step in BACK for by in (-step, step)]


@dataclass
class SetClock:
    """The world's clock, which can be set. `off`: by how much it was, and `by` how much it is just
    now: Plecs looks before anything happens by the new time."""

    world: World
    off: timedelta = timedelta()
    by: timedelta = timedelta()
    noticed: list[timedelta] = field(default_factory=list)

    def __post_init__(self) -> None:
        steady = SteadyClock(self._reading(), self._uptime)
        self.keeper: ClockKeeper[SqlWork] = ClockKeeper(
            self._read,
            steady,
            steady,
            self.world.engine.database,
            shared=False,
            on_step=self.noticed.append,
            on_machines_step=lambda: None,
            machine=self._read,
        )

    async def set(self, by: timedelta) -> None:
        """Somebody sets the clock, and Plecs looks at it."""
        self.by = by
        await self.keeper.look()
        self.by = timedelta()
        self.off += by
        self.move(self.world.now + by)
        await self.world.settle()

    def move(self, now: datetime) -> None:
        self.world.platform.now = self.world.other.now = now

    def _uptime(self) -> float:
        return (self.world.now - self.off).timestamp()

    def _reading(self) -> ClockReading:
        return ClockReading(self.world.now + self.by, self._uptime())

    async def _read(self) -> ClockReading:
        return self._reading()


async def people(world: World) -> None:
    await world.person("Anna")
    await world.person("Jānis", topics=("contracts",))
    await world.person("Līga", Role.SUPERVISOR)


@pytest.mark.parametrize("by", BOTH_WAYS, ids=in_words)
async def test_the_rings_go_on_when_the_clock_is_put_right(world: World, by: timedelta) -> None:
    await people(world)
    clock = SetClock(world)
    await world.says("Anna", "/hand contracts he threatens me")
    await world.forward(seconds=10)
    await clock.set(by)
    assert clock.noticed == [by]
    assert world.titles("Līga") == []
    await world.forward(seconds=19)
    assert world.titles("Līga") == []
    await world.forward(seconds=1)
    assert world.titles("Līga") == ["Anna needs a colleague"]
    assert len(world.titles("Jānis")) == 1
    await world.forward(seconds=16)
    assert len(world.titles("Jānis")) == 2, "the reminder comes 45 seconds after the ping"
    await world.presses("Līga", "I'm coming")
    assert world.titles("Anna") == ["Līga is on the way"]


@pytest.mark.parametrize("by", BOTH_WAYS, ids=in_words)
async def test_a_hand_raised_after_it_is_pinged_at_once(world: World, by: timedelta) -> None:
    await people(world)
    clock = SetClock(world)
    await world.says("Anna", "/hand contracts he threatens me")
    await world.presses("Jānis", "I'm coming")
    await world.presses("Anna", "Solved")
    await clock.set(by)
    await world.says("Anna", "/hand contracts again")
    assert world.titles("Jānis")[-1] == "Anna needs a colleague"
    await world.forward(seconds=30)
    assert world.titles("Līga") == ["Anna needs a colleague"]


@pytest.mark.parametrize("by", BACK, ids=in_words)
async def test_what_was_kept_before_a_stop_goes_on_after_it(world: World, by: timedelta) -> None:
    """The clock is put right while nobody runs: the rows alone tell by how much."""
    await people(world)
    await world.says("Anna", "/hand contracts he threatens me")
    await world.forward(seconds=10)
    world.platform.now = world.other.now = world.now - by
    await SetClock(world).keeper.begin()
    await world.settle()
    # Of the last ten seconds nothing that happened tells.
    await world.forward(seconds=30)
    assert world.titles("Līga") == ["Anna needs a colleague"]


@pytest.mark.parametrize("by", BACK, ids=in_words)
async def test_a_limit_of_the_platforms_lasts_no_longer(world: World, by: timedelta) -> None:
    await people(world)
    clock = SetClock(world)
    place, pace = ("paper", "T1"), world.platform.pace

    def limit(work: SqlWork) -> None:
        work.lanes.hold(place, Lane.NEW, world.now + timedelta(seconds=30), pace, world.now)

    await world.engine.database.run(limit)
    await clock.set(-by)
    await world.says("Anna", "/hand contracts he threatens me")
    assert world.titles("Jānis") == []
    await world.forward(seconds=31)
    assert world.titles("Jānis") == ["Anna needs a colleague"]


@pytest.mark.parametrize("by", BOTH_WAYS, ids=in_words)
async def test_a_break_lasts_as_long_as_was_said(world: World, by: timedelta) -> None:
    await world.person("Anna")
    clock = SetClock(world)
    await world.says("Anna", "/break 15")
    await world.forward(minutes=5)
    before = world.titles("Anna")
    await clock.set(by)
    await world.forward(minutes=9)
    assert world.titles("Anna") == before
    await world.forward(minutes=1, seconds=1)
    assert world.titles("Anna") != before


async def test_a_clock_that_is_days_behind_moves_nothing(world: World) -> None:
    """It is the one that is wrong: the machine has just started, and asks for the time soon."""
    await people(world)
    await world.says("Anna", "/hand contracts he threatens me")
    right = world.now
    world.platform.now = world.other.now = right - timedelta(days=400)
    clock = SetClock(world)
    await clock.keeper.begin()
    clock.move(right)
    await world.forward(seconds=30)
    assert world.titles("Līga") == ["Anna needs a colleague"]


async def test_what_comes_in_a_moment_is_no_sign_of_a_wrong_clock(world: World) -> None:
    """A break is offered ten seconds after the call: who starts meanwhile moves nothing by that."""
    await people(world)
    await world.says("Anna", "/hand contracts he threatens me")
    await world.presses("Jānis", "I'm coming")
    await world.presses("Anna", "Solved")
    clock = SetClock(world)
    await clock.keeper.begin()
    assert clock.noticed == []
