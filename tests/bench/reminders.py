"""Five thousand people who are reminded each hour: `python -m tests.bench.reminders`.

First the top of an hour in real time: how long a raised hand takes to its first ping while all the
reminders are due, beside a workspace that is idle. Then a whole day with a clock that is moved:
how many reminders leave in a minute, and how late the last one is, beside Slack's pace.
"""

import asyncio
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from statistics import median, quantiles
from uuid import uuid4

from bot.app import Engine, engine
from bot.slack.send import SLACK_PACE
from handlers.availability.rest import UNSET_HOURS
from handlers.kit.cards import Card
from handlers.kit.commands import Command
from handlers.kit.delivery import Reader
from handlers.kit.hours import parse_hours
from handlers.kit.notices import SendResult, Sent
from handlers.kit.people import Address, Profile
from handlers.plans.model import Plan, Plans, Preset, preset_rules, usual_days
from storage.database import Database
from storage.migrate import migrate
from storage.sealed import Seal
from storage.work import SqlWork

PEOPLE = 5_000
HANDS, EVERY = 150, 0.5
"""Hands raised, and the seconds between them: two a second, which Slack's pace lets through."""

SHORT = 10
"""A hand is taken down when so many others went up after it."""

_NO_PLANS = "DELETE FROM break_plans"

MORNING = datetime(2026, 3, 2, 6, 55, tzinfo=UTC)
"""Five to nine on a Monday in Riga."""

EVENING = MORNING + timedelta(hours=8, minutes=30)


@dataclass
class InstantPlatform:
    """Takes everything at once, at Slack's pace, and notes when each kind of card came."""

    clock: "BenchClock"
    name: str = "slack"
    pace = SLACK_PACE
    reminders: list[datetime] = field(default_factory=list)
    pings: dict[str, float] = field(default_factory=dict)
    numbers: "count[int]" = field(default_factory=count)

    async def send(
        self,
        to: Sequence[Address],
        card: Card,
        reader: Reader,
        ref: str | None,
        key: str,
        *,
        urgent: bool = False,
    ) -> SendResult:
        if key.startswith("plan."):
            self.reminders.append(self.clock())
        elif key.startswith("hand.ping"):
            self.pings.setdefault(to[0].user, time.perf_counter())
        return Sent(ref or str(next(self.numbers)))

    async def profile(self, address: Address) -> Profile | None:
        return None

    async def by_email(self, _email: str, _workspace: str) -> Profile | None:
        return None


@dataclass
class BenchClock:
    """Stands where it is put, or runs on from there."""

    at: datetime
    runs_since: float | None = None

    def __call__(self) -> datetime:
        if self.runs_since is None:
            return self.at
        return self.at + timedelta(seconds=time.perf_counter() - self.runs_since)


async def main() -> None:
    with tempfile.TemporaryDirectory(prefix="plecs-bench-") as folder:
        await asyncio.to_thread(_found, Path(folder, "people.db"))
        for name, planned in (("idle", False), ("top of the hour", True)):
            waits = await _top_of_the_hour(Path(folder), planned=planned)
            p50, p99 = median(waits) * 1000, quantiles(waits, n=100)[98] * 1000
            worst = f"worst {max(waits) * 1000:6.1f} ms"
            told = f"p50 {p50:6.1f} ms   p99 {p99:6.1f} ms   {worst}   of {len(waits)} hands"
            print(f"ping, {name:16} {told}", flush=True)
        await _day(Path(folder))


async def _day(folder: Path) -> None:
    async with _plecs(folder, MORNING) as (made, platform):
        clock, begun = platform.clock, time.perf_counter()
        while clock.at < EVENING:
            await made.timers.tick()
            await made.delivery.drain()
            due = await made.database.read(lambda work: work.claims.next_due())
            ahead = clock.at + timedelta(minutes=1)
            clock.at = max(clock.at + timedelta(seconds=1), min(due or ahead, ahead))
        spent = time.perf_counter() - begun
    minutes = Counter(at.replace(second=0, microsecond=0) for at in platform.reminders)
    late = max(
        at - (at + timedelta(minutes=2)).replace(minute=0, second=0, microsecond=0)
        for at in platform.reminders
    )
    each = spent / len(platform.reminders) * 1000
    print(
        f"{len(platform.reminders):,} reminders of a day in {spent:.0f} s ({each:.1f} ms each)\n"
        f"most in a minute: {max(minutes.values())}; Slack's pace: "
        f"{SLACK_PACE.workspace_new.count} a minute\n"
        f"the last of an hour comes {late.total_seconds() / 60:.0f} min after it"
    )


async def _top_of_the_hour(folder: Path, *, planned: bool) -> list[float]:
    """Seconds from each hand's going up to its first ping."""
    start = MORNING + timedelta(hours=1, minutes=3)  # two minutes to ten: the first are due
    async with _plecs(folder, start - timedelta(minutes=30)) as (made, platform):
        if planned:
            while await made.database.read(lambda work: work.of(Plans).due(start, 1)):
                await made.timers.tick()
        else:
            await made.database.run(lambda work: work.connection.exec_driver_sql(_NO_PLANS))
        platform.clock.at, platform.clock.runs_since = start, time.perf_counter()
        made.timers.start()
        delivering = asyncio.create_task(made.delivery.run())
        await asyncio.sleep(2)
        raised: dict[str, float] = {}
        for number in range(HANDS):
            raised[f"H{number}"] = time.perf_counter()
            by = Address("slack", "T1", f"A{number}")
            await made.desk.ask(Command("hand", by, f"topic{number}", {}, uuid4().hex))
            if number >= SHORT:  # before its ladder climbs to everybody
                by = Address("slack", "T1", f"A{number - SHORT}")
                await made.desk.ask(Command("hand.cancel", by, "", {}, uuid4().hex))
            await asyncio.sleep(EVERY)
        await asyncio.sleep(2)
        made.timers.stop()
        delivering.cancel()
        with suppress(asyncio.CancelledError):
            await delivering
        await made.delivery.finish(5)
        sent = len(platform.reminders)
    if planned:
        print(f"reminders sent meanwhile: {sent}")
    first, *waits = [platform.pings[user] - at for user, at in raised.items()]
    print(f"the very first hand, which has the dictionaries read: {first * 1000:.0f} ms")
    return waits


@asynccontextmanager
async def _plecs(folder: Path, at: datetime) -> AsyncIterator[tuple[Engine, InstantPlatform]]:
    shutil.copy(folder / "people.db", folder / "plecs.db")
    clock = BenchClock(at)
    platform = InstantPlatform(clock)
    database = Database(f"sqlite:///{folder / 'plecs.db'}", Seal("a secret of this measurement"))
    try:
        yield engine(database, {"slack": platform}, clock, frozenset()), platform
    finally:
        await asyncio.to_thread(database.close)
        await asyncio.to_thread(_remove, folder)


def _remove(folder: Path) -> None:
    for file in folder.glob("plecs.db*"):
        file.unlink()


def _found(file: Path) -> None:
    """Everybody in the office with a plan; and agents whose topics have one specialist each."""
    migrate(f"sqlite:///{file}")
    database = Database(f"sqlite:///{file}")
    office = parse_hours(str(UNSET_HOURS))

    def fill(work: SqlWork) -> None:
        topics = [[f"topic{number}"] * 3 for number in range(HANDS)]
        work.settings.put("slack-T1", "topics", {"topics": topics})
        names = [f"{letter}{number}" for letter in "AH" for number in range(HANDS)]
        names += [f"P{number}" for number in range(PEOPLE - len(names))]
        for name in names:
            profile = Profile(Address("slack", "T1", name), name, "lv", "Europe/Riga")
            person = work.people.add("slack-T1", profile, frozenset())
            specialist = name.startswith("H")
            work.people.save(
                replace(
                    person,
                    hours=office,
                    helps=specialist,
                    topics=(f"topic{name[1:]}",) if specialist else (),
                )
            )
            work.of(Plans).put(
                Plan(
                    id=uuid4().hex,
                    person=person.id,
                    workspace=person.workspace,
                    zone=person.zone,
                    days=usual_days(office),
                    rules=preset_rules(Preset.HOURLY, office),
                    quiet=(),
                    planned_until=MORNING - timedelta(hours=1),
                    plan_at=MORNING - timedelta(hours=1),
                ),
                MORNING,
            )

    try:
        database.run_now(fill)
    finally:
        database.close()


if __name__ == "__main__":
    asyncio.run(main())
