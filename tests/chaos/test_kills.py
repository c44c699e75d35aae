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
from pathlib import Path
from statistics import quantiles

from handlers.escalation.model import Cases
from handlers.kit.people import Address
from storage.database import Database
from storage.work import SqlWork
from tests.chaos.counted import IN_FLIGHT, taken, winners
from tests.chaos.floor import Floor, Story, Team, floor
from tests.fakes.slack import TEAM, buttons

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
class Figures:
    """What came of it. `lost` were never asked; `repeated` pings came again, `after_take` of all
    later than a second after it was kept that somebody comes; `two_winners` are hands on which two
    were told that they come; `live` the cards that kept their button until somebody pressed it.
    `waits`: seconds from each acknowledgement to the first ping, with the time in which nothing
    ran."""

    kills: int = 0
    hands: int = 0
    messages: int = 0
    pings: int = 0
    lost: int = 0
    repeated: int = 0
    after_take: int = 0
    two_winners: int = 0
    live: int = 0
    waits: list[float] = field(default_factory=list)

    def count(self, made: Floor, stories: Sequence[Story]) -> None:
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
        self.two_winners += sum(len(winners(story)) > 1 for story in stories)
        self.waits += [
            max(0.0, min(made.arrivals.pings(one.id)[0] for one in story.team.helpers) - story.up)
            for story in stories
        ]

    def __str__(self) -> str:
        at = quantiles(self.waits, n=100, method="inclusive") if len(self.waits) > 1 else [0.0] * 99
        return (
            f"| {self.kills} | {self.hands} | {self.messages} | {self.pings} | {self.lost} "
            f"| {self.repeated} | {self.after_take} | {self.two_winners} | {self.live} "
            f"| {at[49]:.1f} | {at[98]:.1f} | {max(self.waits):.1f} |"
        )


_NAMES = (
    *("kills", "hands", "messages", "pings", "lost", "repeated", "after take", "two winners"),
    *("live", "p50", "p99", "longest"),
)
HEAD = f"| {' | '.join(_NAMES)} |\n|{' --- |' * len(_NAMES)}"


async def test_one_process_over_sqlite(tmp_path: Path) -> None:
    await run(f"sqlite:///{tmp_path}/plecs.db", 1, tmp_path)


async def test_three_replicas_over_postgresql(postgres_url: str, tmp_path: Path) -> None:
    await run(postgres_url, 3, tmp_path)


async def run(url: str, replicas: int, folder: Path) -> None:
    async with floor(url, replicas, folder, TOGETHER, second_ring=LAST_RING, times=TIMES) as made:
        judge(await killed(made))


def judge(figures: Figures) -> None:
    print(f"\n{HEAD}\n{figures}")  # noqa: T201 - who runs it with -s wants to see it
    assert figures.kills == KILLS
    assert (figures.lost, figures.two_winners) == (0, 0)


async def killed(made: Floor) -> Figures:
    """Rounds of hands and kills until there were enough of those."""
    figures, moments = Figures(), random.Random(SEED)  # noqa: S311 - moments, no secrets
    rounds = 0
    while figures.kills < KILLS:
        kills = min(KILLS_AT_ONCE, KILLS - figures.kills)
        hands = [
            asyncio.create_task(raised(made, team, moments.uniform(0, kills)))
            for team in made.teams
        ]
        for _ in range(kills):
            await kill(made, moments)
        stories = await asyncio.gather(*hands)
        await taken(made, stories)
        stories = await asyncio.to_thread(as_kept, made.replicas[0].url, stories)
        figures.live += await made.put_right(stories, PATIENCE)
        figures.kills += kills
        figures.count(made, stories)
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


async def raised(made: Floor, team: Team, after: float) -> Story:
    await asyncio.sleep(after)
    return await made.hand(team)


async def kill(made: Floor, moments: random.Random) -> None:
    """Kills one, and starts it again; one in five is killed once more before it serves."""
    one = moments.choice(made.replicas)
    await asyncio.sleep(moments.uniform(0, 1))
    await one.kill()
    if moments.random() < 0.2:
        starting = asyncio.create_task(one.start())
        await asyncio.sleep(moments.uniform(0, 1.5))
        await one.kill()
        await starting
        await one.kill()  # where it had not begun yet
    await one.start()


async def solved(made: Floor, team: Team) -> None:
    agent = team.agent

    def can() -> bool:
        return any("Solved" in buttons(message.blocks) for message in agent.messages)

    await made.slack.until(can)
    await made.asks(agent, lambda: agent.presses("Solved"))
    await made.told(
        [agent], "Solved", lambda: any("Solved. Well done." in one for one in agent.sees)
    )
