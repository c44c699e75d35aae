"""Processes killed with SIGKILL at random moments while hands go up, are taken and solved: nothing
that was acknowledged is lost, and nobody is told of two who come.

PLECS_CHAOS_KILLS says how often on each database; PLECS_CHAOS_SEED where the moments come from.
"""

import asyncio
import os
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from statistics import quantiles

from handlers.escalation.model import Cases
from handlers.kit.people import Address
from storage.database import Database
from storage.work import SqlWork
from tests.chaos.counted import IN_FLIGHT, taken, winners
from tests.chaos.floor import ChaosFloor, ChaosTeam, Story, floor
from tests.chaos.replica import ServedReplica
from tests.fakes.slack import TEAM, buttons
from tests.patience import LIMIT

KILLS = int(os.environ.get("PLECS_CHAOS_KILLS", "1"))
SEED = int(os.environ.get("PLECS_CHAOS_SEED", "20261128"))

TOGETHER, KILLS_AT_ONCE = (4, 1) if KILLS == 1 else (16, 8)
"""Hands, of as many teams, and kills while they go up; then all is let come to its end, and is
counted."""

LAST_RING = 3000
"""Seconds after which others are asked as well: a round is over by then on a slow machine, too, and
nobody has two hands before them."""

PATIENCE = 4.0
"""Seconds in which a button that is over goes by itself, where Slack takes all it is given."""

TIMES = 20
"""What Slack takes, of the real one's limits: by those 20,000 messages would take 100 minutes."""

MESSAGES = frozenset({"chat.postMessage", "chat.update", "response_url", "ack.command"})

_SHOWN = 10
"""Rounds after which the figures so far are shown."""


@dataclass
class ChaosFigures:
    """What came of it. `lost` were never asked; `repeated` pings came again, `after_take` of all
    later than a second after it was kept that somebody comes; `two_winners` are hands on which two
    were told that they come; `live` the cards that kept their button until somebody pressed it.
    `waits`: seconds from each acknowledgement to the first ping, with the time in which nothing
    ran. `under_way`: for how many seconds each ping that came again had been at Slack when whoever
    sent it was killed; `unasked_for` of those came again though nobody was."""

    kills: int = 0
    hands: int = 0
    messages: int = 0
    pings: int = 0
    lost: int = 0
    repeated: int = 0
    after_take: int = 0
    two_winners: int = 0
    live: int = 0
    unasked_for: int = 0
    waits: list[float] = field(default_factory=list)
    under_way: list[float] = field(default_factory=list)

    def count(self, made: ChaosFloor, stories: Sequence[Story], deaths: Sequence[float]) -> None:
        asked = [made.arrivals.pings(one.id) for story in stories for one in story.team.helpers]
        self.hands += len(stories)
        self.messages += sum(call.method in MESSAGES for call in made.arrivals)
        self.pings += sum(map(len, asked))
        self.lost += sum(not one for one in asked)
        self.repeated += sum(len(one) - 1 for one in asked if one)
        self.after_take += sum(
            at > story.taken + IN_FLIGHT
            for story in stories
            for one in story.team.helpers
            for at in made.arrivals.pings(one.id)
        )
        for first, again in (pair for one in asked for pair in pairwise(one)):
            between = [death for death in deaths if first < death < again]
            self.under_way += [one - first for one in between[:1]]
            self.unasked_for += not between
        self.two_winners += sum(len(winners(story)) > 1 for story in stories)
        self.waits += [
            max(0.0, min(made.arrivals.pings(one.id)[0] for one in story.team.helpers) - story.up)
            for story in stories
        ]

    def __str__(self) -> str:
        figures = (
            *(self.kills, self.hands, self.messages, self.pings, self.lost, self.repeated),
            *(self.unasked_for, self.after_take, self.two_winners, self.live),
            *(f"{one:.2f}" for seconds in (self.under_way, self.waits) for one in _spread(seconds)),
        )
        return f"| {' | '.join(map(str, figures))} |"


def _spread(seconds: Sequence[float]) -> tuple[float, float, float]:
    """The median, what one in a hundred is longer than, and the longest."""
    if len(seconds) < 2:
        return 0.0, 0.0, max(seconds, default=0.0)
    at = quantiles(seconds, n=100, method="inclusive")
    return at[49], at[98], max(seconds)


_NAMES = (
    *("kills", "hands", "messages", "pings", "lost", "repeated", "unasked for", "after take"),
    *("two winners", "live", "under way p50", "p99", "longest", "first ping p50", "p99", "longest"),
)
HEAD = f"| {' | '.join(_NAMES)} |\n|{' --- |' * len(_NAMES)}"


async def test_one_process_over_sqlite(tmp_path: Path) -> None:
    await run(f"sqlite:///{tmp_path}/plecs.db", 1, tmp_path)


async def test_three_replicas_over_postgresql(postgres_url: str, tmp_path: Path) -> None:
    await run(postgres_url, 3, tmp_path)


async def run(url: str, replicas: int, folder: Path) -> None:
    async with floor(url, replicas, folder, TOGETHER, second_ring=LAST_RING, times=TIMES) as made:
        judge(await killed(made))


def judge(figures: ChaosFigures) -> None:
    print(f"\n{HEAD}\n{figures}")  # noqa: T201 - who runs it with -s wants to see it
    assert figures.kills == KILLS
    assert (figures.lost, figures.two_winners) == (0, 0)


async def killed(made: ChaosFloor) -> ChaosFigures:
    """Rounds of hands and kills until there were enough of those."""
    figures, moments = ChaosFigures(), random.Random(SEED)  # noqa: S311 - moments, no secrets
    deaths: list[float] = []
    rounds = 0
    while figures.kills < KILLS:
        kills = min(KILLS_AT_ONCE, KILLS - figures.kills)
        hands = [
            asyncio.create_task(raised(made, team, moments.uniform(0, kills)))
            for team in made.teams
        ]
        async with asyncio.TaskGroup() as starts:
            for _ in range(kills):
                one = await running(made, moments)
                starts.create_task(kill(one, moments, deaths))
        stories = await asyncio.gather(*hands)
        await taken(made, stories)
        stories = await asyncio.to_thread(as_kept, made.replicas[0].url, stories)
        figures.live += await made.put_right(stories, PATIENCE)
        figures.kills += kills
        figures.count(made, stories, deaths)
        await asyncio.gather(*(solved(made, story.team) for story in stories))
        made.slack.messages.clear()
        made.arrivals.clear()
        rounds += 1
        if rounds % _SHOWN == 0:
            print(figures, flush=True)  # noqa: T201 - it may take an hour
    return figures


def as_kept(url: str, stories: Sequence[Story]) -> list[Story]:
    """With when it was kept that somebody comes: a press that was acknowledged late may have been
    lost with the process."""
    database, since = Database(url), time.time() - time.monotonic()

    def read(work: SqlWork) -> list[Story]:
        found = []
        for story in stories:
            agent = work.people.at(Address("slack", TEAM, story.team.agent.id))
            assert agent is not None
            newest, *_ = work.of(Cases).own(agent.id, 1)
            assert newest.first_taken_at is not None
            found.append(replace(story, taken=newest.first_taken_at.timestamp() - since))
        return found

    try:
        return database.read_now(read)
    finally:
        database.close()


async def raised(made: ChaosFloor, team: ChaosTeam, after: float) -> Story:
    await asyncio.sleep(after)
    return await made.hand(team)


async def running(made: ChaosFloor, moments: random.Random) -> ServedReplica:
    """One that runs, a moment later: the next may die while the last one is starting."""
    await asyncio.sleep(moments.uniform(0, 1))
    async with asyncio.timeout(LIMIT):
        while not (those := [one for one in made.replicas if one.serves]):  # noqa: ASYNC110 - another program
            await asyncio.sleep(0.05)
    return moments.choice(those)


async def kill(one: ServedReplica, moments: random.Random, deaths: list[float]) -> None:
    """Kills it, and starts it again; one in five is killed once more before it serves."""

    async def dies() -> None:
        deaths.append(time.monotonic())
        await one.kill()

    await dies()
    if moments.random() < 0.2:
        starting = asyncio.create_task(one.start())
        await asyncio.sleep(moments.uniform(0, 1.5))
        await dies()
        await starting
        await dies()  # where it had not begun yet
    await one.start()


async def solved(made: ChaosFloor, team: ChaosTeam) -> None:
    agent = team.agent

    def can() -> bool:
        return any("Solved" in buttons(message.blocks) for message in agent.messages)

    await made.slack.until(can)
    await made.asks(agent, lambda: agent.presses("Solved"))
    await made.told(
        [agent], "Solved", lambda: any("Solved. Well done." in one for one in agent.sees)
    )
