"""`plecs run`, killed with SIGKILL at random moments of running ladders and started again.

PLECS_KILLS says how often; PLECS_KILL_SEED where the moments come from.
"""

import asyncio
import os
import random
import time
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import median

import aiohttp

from handlers.escalation.ladder import LADDER as KEPT_LADDER
from handlers.escalation.model import Case, Cases, Ladder, Member, Ring
from handlers.kit.people import Address, Profile
from storage.database import Database
from storage.migrate import migrate
from storage.work import SqlWork
from tests.chaos.replica import Arrivals, ServedReplica
from tests.fakes.slack import (
    CLIENT_ID,
    CLIENT_SECRET,
    TEAM,
    FakeSlack,
    SlackUser,
    User,
    fake_slack,
)

KILLS = int(os.environ.get("PLECS_KILLS", "5"))
SEED = int(os.environ.get("PLECS_KILL_SEED", "20260302"))

LADDER = Ladder(
    (
        Ring(0, (Member.TOPIC,), 1),
        Ring(2, (Member.TRUSTED,), 1),
        Ring(4, (Member.TRUSTED,), 2),
    ),
    nobody_after=6,
)
"""Short, so that kills fall everywhere in it. Each agent has a team that nobody else asks: a
ping waits for no other one's pace."""

WITHIN = 5.0
"""Seconds a ping may be late while Plecs runs, on a machine that does nothing else. A second is the
aim: the printed figures tell (`pytest -s`)."""

QUIET_START = 0.6
"""Seconds that a start takes there: whoever takes three times as long for that may take three times
as long for a ping."""

WORKSPACE = f"slack-{TEAM}"
_REMINDER = 40.0  # seconds: what comes so long after the ping is the reminder


async def test_no_ping_is_lost_and_none_is_late(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'plecs.db'}"
    migrate(url)
    async with fake_slack() as slack:
        slack.calls = arrivals = Arrivals(time.time)
        agents = prepare(url, slack, KILLS)
        plecs = Plecs(url, slack, tmp_path)
        try:
            await run_killed(plecs, agents, random.Random(SEED))  # noqa: S311 - moments, no secrets
        finally:
            await plecs.kill()
        figures = measure(cases_of(url, agents), arrivals, plecs)
    print(figures)  # noqa: T201 - who runs it with -s wants to see them
    assert figures.hands == len(agents)
    assert figures.lost == []
    assert figures.worst_seconds <= WITHIN * max(1.0, figures.start_seconds / QUIET_START)
    assert figures.nobody_told == []


@dataclass
class Plecs:
    """`plecs run` as a process, forked off one that has read Python already; `up` are the spans of
    time in which it served."""

    url: str
    slack: FakeSlack
    folder: Path
    up: list[tuple[float, float]] = field(default_factory=list)
    starts: list[float] = field(default_factory=list)
    serving: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        account = {"SLACK_CLIENT_ID": CLIENT_ID, "SLACK_CLIENT_SECRET": CLIENT_SECRET}
        self.replica = ServedReplica(self.url, self.slack.api_url, self.folder, also=account)
        self.port = self.replica.port
        self.slack.app_url = self.replica.events_url
        self.slack.address = f"http://127.0.0.1:{self.port}"
        self.ready_at: float | None = None

    async def start(self) -> None:
        """Starts it; comes back when it serves, or was killed before."""
        begun = time.time()
        await self.replica.start()
        if self.replica.runs:
            self.ready_at = time.time()
            self.starts.append(self.ready_at - begun)
            self.serving.set()

    async def kill(self) -> None:
        self.serving.clear()
        await self.replica.kill()
        if self.ready_at is not None:
            self.up.append((self.ready_at, time.time()))
            self.ready_at = None


async def run_killed(plecs: Plecs, agents: list[SlackUser], moments: random.Random) -> None:
    """As many kills as there are agents: a hand goes up after each start. Then it may run until
    the last ladder has ended, and its agent reads so."""
    hands = []
    for number, agent in enumerate(agents):
        starting = asyncio.create_task(plecs.start())
        # Not in its first half second, in which a new process reads its dictionaries.
        after = moments.uniform(0.5, 2)
        hands.append(asyncio.create_task(raise_hand(plecs, agent, after, number)))
        if moments.random() < 0.2:  # it may also be killed before it serves
            await asyncio.sleep(moments.uniform(0, 1.5))
        else:
            await starting
            await asyncio.sleep(moments.uniform(0.1, 4))
        await plecs.kill()
        await starting
        await plecs.kill()  # where it had not begun yet
    await plecs.start()
    await asyncio.gather(*hands)
    await plecs.slack.until(lambda: told(plecs.slack) >= {agent.id for agent in agents})


def told(slack: FakeSlack) -> set[str]:
    """Who reads that nobody is free: on their one card, wherever it stands, at the address of their
    command or in their chat."""
    return {
        user
        for message in slack.messages
        if "Nobody is free" in message.text or "neviens nav brīvs" in message.text
        for user in message.to
    }


async def raise_hand(plecs: Plecs, agent: SlackUser, after: float, number: int) -> None:
    """The agent tries until Slack doesn't say that the app did not answer, nor Plecs that it is
    not done yet."""
    while True:
        await plecs.serving.wait()
        await asyncio.sleep(after)
        with suppress(aiohttp.ClientError, OSError):
            await agent.types(f"/hand team{number} he threatens me")
            if "takes longer than usual" not in agent.sees[-1]:
                return


def prepare(url: str, slack: FakeSlack, teams: int) -> list[SlackUser]:
    """As many agents, each with a topic of their own, one anchor for it and three colleagues."""
    database = Database(url)

    def fill(work: SqlWork) -> list[SlackUser]:
        KEPT_LADDER.put(work.settings, WORKSPACE, LADDER)
        topics = [[f"team{number}"] * 3 for number in range(teams)]
        work.settings.put(WORKSPACE, "topics", {"topics": topics})
        agents = []
        for number in range(teams):
            agent, anchor, *trusted = (
                work.people.add(
                    WORKSPACE, Profile(Address("slack", TEAM, user), user, "en"), frozenset()
                )
                for user in (f"U{number}{letter}" for letter in "AHTUV")
            )
            ids = tuple(person.id for person in trusted)
            work.people.save(replace(agent, trusted=ids, helps=False))
            work.people.save(replace(anchor, topics=(f"team{number}",)))
            agents.append(slack.add(User(f"U{number}A", f"U{number}A")))
            for letter in "HTUV":
                slack.add(User(f"U{number}{letter}", f"U{number}{letter}"))
        return agents

    try:
        return database.run_now(fill)
    finally:
        database.close()


def cases_of(url: str, agents: list[SlackUser]) -> dict[str, tuple[Case, dict[str, int]]]:
    """Each agent's case, and the ring of each user in it."""
    database = Database(url)

    def read(work: SqlWork) -> dict[str, tuple[Case, dict[str, int]]]:
        found = {}
        for agent in agents:
            person = work.people.at(Address("slack", TEAM, agent.id))
            assert person is not None
            (case,) = work.of(Cases).own(person.id, 9)
            whole = work.of(Cases).get(case.id)
            assert whole is not None
            people = work.people.many([seat.person for seat in whole.seats])
            rings = {people[seat.person].addresses[0].user: seat.ring for seat in whole.seats}
            found[agent.id] = whole, rings
        return found

    try:
        return database.run_now(read)
    finally:
        database.close()


@dataclass(frozen=True, slots=True)
class KillFigures:
    """What came of it. `lost` and `nobody_told` name users; `repeats` are messages that came
    again, of `pings` in all; `start_seconds` is what a start takes, the median."""

    hands: int
    kills: int
    pings: int
    lost: list[str]
    nobody_told: list[str]
    worst_seconds: float
    late_by_ring: dict[int, float]
    repeats: int
    start_seconds: float


def measure(
    cases: dict[str, tuple[Case, dict[str, int]]],
    arrivals: Arrivals,
    plecs: Plecs,
) -> KillFigures:
    came: dict[str, list[float]] = {}
    for at, call in arrivals.messages():
        came.setdefault(call.args["channel"], []).append(at)
    lost: list[str] = []
    late: dict[int, float] = {}
    repeats = 0
    for case, rings in cases.values():
        for user, ring in rings.items():
            if user not in came:
                lost.append(user)
                continue
            due = case.raised_at.timestamp() + case.delays[ring]
            first, *more = came[user]
            late[ring] = max(late.get(ring, 0.0), waited(due, first, plecs.up))
            repeats += sum(at - first < _REMINDER for at in more)
    return KillFigures(
        hands=len(cases),
        kills=len(cases),
        pings=sum(len(rings) for _, rings in cases.values()),
        lost=lost,
        nobody_told=sorted(cases.keys() - told(plecs.slack)),
        worst_seconds=round(max(late.values()), 3),
        late_by_ring={ring: round(late[ring], 3) for ring in sorted(late)},
        repeats=repeats,
        start_seconds=round(median(plecs.starts), 3),
    )


def waited(due: float, came: float, up: list[tuple[float, float]]) -> float:
    """The longest that Plecs ran on end between when a ping was due and when it came."""
    return max((min(end, came) - max(start, due) for start, end in up), default=0.0)
