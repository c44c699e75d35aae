"""Processes killed with SIGKILL at random moments while hands go up, are taken and solved: nothing
that was acknowledged is lost, and nobody is told of two who come.

PLECS_CHAOS_KILLS says how often on each database; PLECS_CHAOS_SEED where the moments come from.
What was counted until then is told, too, when somebody stops it (Ctrl-C).
"""

import asyncio
import os
import random
import time
from collections import defaultdict
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

TOGETHER, KILLS_AT_ONCE = (4, 1) if KILLS == 1 else (24, 16)
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

_SHOWN = 5
"""Rounds after which the figures so far are shown."""

_SOON = 5.0
"""Seconds in which the first ping has left, once a process serves again."""


@dataclass
class ChaosFigures:
    """What came of it. `lost` were never asked; `killed_between` pings came again because whoever
    sent the one before was killed, `none_between` though nobody was; `early` went to whom nobody
    should have asked yet; `late` are hands whose first ping took more than five seconds in which a
    process served; `after_take` pings came later than a second after it was kept that somebody
    comes; `two_winners` are hands on which two were told that they come; `live` the cards that kept
    their button until somebody pressed it. In seconds: `waits` from each acknowledgement to the
    first ping, with the time in which nothing ran; `under_way` for how long each ping that came
    again had been at Slack when whoever sent it was killed; `past` by how much those after a take
    came after it."""

    kills: int = 0
    hands: int = 0
    messages: int = 0
    pings: int = 0
    lost: int = 0
    killed_between: int = 0
    none_between: int = 0
    early: int = 0
    late: int = 0
    after_take: int = 0
    two_winners: int = 0
    live: int = 0
    waits: list[float] = field(default_factory=list)
    under_way: list[float] = field(default_factory=list)
    past: list[float] = field(default_factory=list)

    def count(self, made: ChaosFloor, stories: Sequence[Story], lives: "Lives") -> None:
        asked = [made.arrivals.pings(one.id) for story in stories for one in story.team.helpers]
        self.hands += len(stories)
        self.messages += sum(call.method in MESSAGES for call in made.arrivals)
        self.pings += sum(map(len, asked))
        self.lost += sum(not one for one in asked)
        self.early += _by_others(made)
        self.past += [
            at - story.taken
            for story in stories
            for one in story.team.helpers
            for at, _ in made.arrivals.asking(one.id)
            if at > story.taken + IN_FLIGHT
        ]
        self.after_take = len(self.past)
        for first, again in (pair for one in asked for pair in pairwise(one)):
            between = [death for death in lives.deaths if first < death < again]
            self.under_way += [one - first for one in between[:1]]
            self.killed_between += bool(between)
            self.none_between += not between
        self.two_winners += sum(len(winners(story)) > 1 for story in stories)
        for story in stories:
            first = min(made.arrivals.pings(one.id)[0] for one in story.team.helpers)
            self.waits.append(max(0.0, first - story.up))
            self.late += lives.served(story.up, first) > _SOON

    def __str__(self) -> str:
        spreads = (self.under_way, self.past, self.waits)
        figures = (
            *(self.kills, self.hands, self.messages, self.pings, self.lost),
            *(self.killed_between, self.none_between, self.early, self.late, self.after_take),
            *(self.two_winners, self.live),
            *(f"{one:.2f}" for seconds in spreads for one in _spread(seconds)),
        )
        return f"| {' | '.join(map(str, figures))} |"


@dataclass
class Lives:
    """When processes were killed, and when each served."""

    deaths: list[float] = field(default_factory=list)
    turns: defaultdict[int, asyncio.Lock] = field(default_factory=lambda: defaultdict(asyncio.Lock))
    """One start of a replica is over before it is killed again: of two at once one would find its
    port taken and end, and the other be nobody's."""
    _spans: list[tuple[float, float]] = field(default_factory=list)
    _since: dict[int, float] = field(default_factory=dict)

    def begins(self, one: ServedReplica) -> None:
        if one.serves:
            self._since[one.port] = time.monotonic()

    def ends(self, one: ServedReplica) -> None:
        now = time.monotonic()
        self.deaths.append(now)
        if one.port in self._since:
            self._spans.append((self._since.pop(one.port), now))

    def served(self, since: float, until: float) -> float:
        """For how many seconds of this any of them served."""
        seconds, reached = 0.0, since
        for begun, ended in sorted([*self._spans, *((one, until) for one in self._since.values())]):
            seconds += max(0.0, min(ended, until) - max(begun, reached))
            reached = max(reached, min(ended, until))
        return seconds


def _by_others(made: ChaosFloor) -> int:
    """How many pings somebody had who is not of the agent's own team: those come much later."""
    return sum(
        f"{team.agent.id} needs" not in told and f"{team.agent.id} is still" not in told
        for team in made.teams
        for one in team.helpers
        for _, told in made.arrivals.asking(one.id)
    )


def _spread(seconds: Sequence[float]) -> tuple[float, float, float]:
    """The median, what one in a hundred is longer than, and the longest."""
    if len(seconds) < 2:
        return 0.0, 0.0, max(seconds, default=0.0)
    at = quantiles(seconds, n=100, method="inclusive")
    return at[49], at[98], max(seconds)


_NAMES = (
    *("kills", "hands", "messages", "pings", "lost", "repeated: killed between", "none between"),
    *("early", "late", "after take", "two winners", "live"),
    *("under way p50", "p99", "longest", "after take by p50", "p99", "longest"),
    *("first ping p50", "p99", "longest"),
)
HEAD = f"| {' | '.join(_NAMES)} |\n|{' --- |' * len(_NAMES)}"


async def test_one_process_over_sqlite(tmp_path: Path) -> None:
    await run(f"sqlite:///{tmp_path}/plecs.db", 1, tmp_path)


async def test_three_replicas_over_postgresql(postgres_url: str, tmp_path: Path) -> None:
    await run(postgres_url, 3, tmp_path)


async def run(url: str, replicas: int, folder: Path) -> None:
    figures = ChaosFigures()
    async with floor(url, replicas, folder, TOGETHER, second_ring=LAST_RING, times=TIMES) as made:
        try:
            await kills(made, figures)
        finally:
            print(f"\n{HEAD}\n{figures}", flush=True)  # noqa: T201 - who runs it wants to see it
    assert figures.kills == KILLS
    assert (figures.lost, figures.early, figures.two_winners) == (0, 0, 0)


async def kills(made: ChaosFloor, figures: ChaosFigures) -> None:
    """Rounds of hands and kills until there were enough of those."""
    moments = random.Random(SEED)  # noqa: S311 - moments, no secrets
    lives = Lives()
    for one in made.replicas:
        lives.begins(one)
    rounds = 0
    while figures.kills < KILLS:
        at_once = min(KILLS_AT_ONCE, KILLS - figures.kills)
        hands = [
            asyncio.create_task(raised(made, team, moments.uniform(0, at_once)))
            for team in made.teams
        ]
        async with asyncio.TaskGroup() as starts:
            for _ in range(at_once):
                one = await running(made, moments)
                starts.create_task(kill(one, moments, lives))
        stories = await asyncio.gather(*hands)
        await taken(made, stories)
        stories = await asyncio.to_thread(as_kept, made.replicas[0].url, stories)
        figures.live += await made.put_right(stories, PATIENCE)
        figures.kills += at_once
        figures.count(made, stories, lives)
        await asyncio.gather(*(solved(made, story.team) for story in stories))
        made.slack.messages.clear()
        made.arrivals.clear()
        rounds += 1
        if rounds % _SHOWN == 0:
            print(figures, flush=True)  # noqa: T201 - it may take an hour


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
    """One that serves, at any moment of the second after that: right when the only one has begun to
    it sends all that waited, and would be killed at nothing else."""
    async with asyncio.timeout(LIMIT):
        while True:
            while not any(one.serves for one in made.replicas):  # noqa: ASYNC110 - another program
                await asyncio.sleep(0.05)
            await asyncio.sleep(moments.uniform(0, 1))
            if those := [one for one in made.replicas if one.serves]:
                return moments.choice(those)


async def kill(one: ServedReplica, moments: random.Random, lives: Lives) -> None:
    """Kills it, and starts it again; one in five is killed once more before it serves."""
    async with lives.turns[one.port]:
        await _kill(one, moments, lives)


async def _kill(one: ServedReplica, moments: random.Random, lives: Lives) -> None:

    async def dies() -> None:
        lives.ends(one)
        await one.kill()

    await dies()
    if moments.random() < 0.2:
        starting = asyncio.create_task(one.start())
        await asyncio.sleep(moments.uniform(0, 1.5))
        await dies()
        await starting
        await dies()  # where it had not begun yet
    await one.start()
    lives.begins(one)


async def solved(made: ChaosFloor, team: ChaosTeam) -> None:
    agent = team.agent

    def can() -> bool:
        return any("Solved" in buttons(message.blocks) for message in agent.messages)

    await made.slack.until(can)
    await made.asks(agent, lambda: agent.presses("Solved"))
    await made.told(
        [agent], "Solved", lambda: any("Solved. Well done." in one for one in agent.sees)
    )
