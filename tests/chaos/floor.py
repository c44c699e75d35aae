"""Replicas of `plecs run` over one database, the strict fake of Slack, and people who go on working
whatever breaks: who gets no answer tries again at another replica, as they would in Slack."""

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from itertools import cycle
from pathlib import Path
from socket import socket

import aiohttp

from handlers.escalation.ladder import LADDER
from handlers.escalation.model import Ladder, Member, Ring
from handlers.kit.people import Address, Profile
from storage.database import Database
from storage.migrate import migrate
from storage.work import SqlWork
from tests.fakes.slack import (
    BOT_TOKEN,
    SIGNING_SECRET,
    TEAM,
    Call,
    FakeSlack,
    SlackUser,
    User,
    buttons,
    fake_slack,
)
from tests.patience import LIMIT

COMING = "I'm coming"
SECOND_RING = 60
"""Seconds: nobody of it is asked in these stories, for everybody comes before."""

_SLACK_WAITS = 3.0
"""Seconds: then Slack says that the app did not answer, and the person tries again."""

_WORKSPACE = f"slack-{TEAM}"


@dataclass
class Arrivals(list[Call]):
    """Slack's calls, with when each came."""

    times: list[float] = field(default_factory=list)

    def append(self, call: Call) -> None:
        self.times.append(time.monotonic())
        super().append(call)

    def pings(self, user: str) -> list[float]:
        """When the person was asked to come."""
        return [
            at
            for at, call in zip(self.times, self, strict=True)
            if call.method == "chat.postMessage"
            and call.args["channel"] == user
            and COMING in json.dumps(call.args["blocks"])
        ]


@dataclass
class Replica:
    """One process."""

    url: str
    slack_url: str
    folder: Path

    def __post_init__(self) -> None:
        with socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.process: asyncio.subprocess.Process | None = None

    @property
    def runs(self) -> bool:
        return self.process is not None and self.process.returncode is None

    @property
    def events_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/slack/events"

    async def start(self) -> None:
        with (self.folder / f"plecs-{self.port}.log").open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", "run"),
                cwd=self.folder,
                env={
                    "PATH": os.environ["PATH"],
                    "DATABASE_URL": self.url,
                    "PORT": str(self.port),
                    "SECRET_KEY": "the secret of all replicas of this floor",
                    "SLACK_BOT_TOKEN": BOT_TOKEN,
                    "SLACK_SIGNING_SECRET": SIGNING_SECRET,
                    "SLACK_API_URL": self.slack_url,
                },
                stdout=log,
                stderr=log,
            )
        async with aiohttp.ClientSession() as session, asyncio.timeout(LIMIT):
            while self.runs and not await self._is_ready(session):  # noqa: ASYNC110 - another program
                await asyncio.sleep(0.05)

    async def _is_ready(self, session: aiohttp.ClientSession) -> bool:
        with suppress(aiohttp.ClientError):
            async with session.get(f"http://127.0.0.1:{self.port}/readyz") as answer:
                return answer.status == 200
        return False

    def signal(self, which: signal.Signals) -> None:
        assert self.process is not None
        if self.runs:
            self.process.send_signal(which)

    async def kill(self) -> None:
        self.signal(signal.SIGKILL)
        await self.ended()

    async def ended(self) -> None:
        assert self.process is not None
        await self.process.wait()


@dataclass(frozen=True, slots=True)
class Team:
    """Somebody on a call, and two colleagues whom nobody else asks."""

    agent: SlackUser
    helpers: tuple[SlackUser, SlackUser]
    topic: str


@dataclass(frozen=True, slots=True)
class Story:
    """One hand: when it was acknowledged, and when somebody's *I'm coming* was."""

    team: Team
    up: float
    taken: float


@dataclass
class Floor:
    """Everything of one run."""

    slack: FakeSlack
    arrivals: Arrivals
    replicas: list[Replica]
    teams: Iterator[Team]

    def __post_init__(self) -> None:
        self._next = cycle(self.replicas)

    async def asks(self, does: Callable[[], Awaitable[object]]) -> float:
        """Has somebody try until they are answered; answers when they were."""
        async with asyncio.timeout(LIMIT):
            while True:
                running = next(one for one in self._next if one.runs or not self._any_runs())
                self.slack.app_url = running.events_url
                with suppress(aiohttp.ClientError, OSError, AssertionError):
                    async with asyncio.timeout(_SLACK_WAITS):
                        await does()
                    return time.monotonic()
                await asyncio.sleep(0.2)

    def _any_runs(self) -> bool:
        return any(one.runs for one in self.replicas)

    async def hand(self, *, repeats: bool = False) -> Story:
        """Somebody raises a hand; both colleagues press at once, when both were asked."""
        team = next(self.teams)
        agent, helpers = team.agent, team.helpers

        typed: list[dict[str, str]] = []

        async def raised() -> None:
            if not _is_up(agent):  # a late answer may have come meanwhile
                typed.append(await agent.types(f"/hand {team.topic} he threatens me"))
            assert _is_up(agent)

        up = await self.asks(raised)
        if repeats and typed:
            again = (self.slack.deliver("slash_commands", typed[-1]) for _ in range(3))
            await asyncio.gather(*again)
        await self.slack.until(lambda: all(self.asked(helper) for helper in helpers))
        taken = await asyncio.gather(
            *(self.asks(lambda helper=helper: self._comes(helper)) for helper in helpers)  # type: ignore[misc] # a lambda's default
        )
        return Story(team, up, min(taken))

    async def _comes(self, helper: SlackUser) -> None:
        with suppress(StopIteration, RuntimeError):  # the button may be gone: the other was quicker
            if self.asked(helper):
                await helper.presses(COMING)

    def asked(self, helper: SlackUser) -> bool:
        """Whether somewhere before them stands the button."""
        return any(COMING in buttons(message.blocks) for message in helper.messages)


def _is_up(agent: SlackUser) -> bool:
    return any("hand is up" in one for one in agent.sees)


@asynccontextmanager
async def floor(url: str, replicas: int, folder: Path, teams: int) -> AsyncIterator[Floor]:
    """Replicas that serve one Slack with so many teams."""
    await asyncio.to_thread(migrate, url)
    async with fake_slack() as slack:
        slack.calls = arrivals = Arrivals()
        made = await asyncio.to_thread(_fill, url, slack, teams)
        processes = [Replica(url, slack.api_url, folder) for _ in range(replicas)]
        try:
            await asyncio.gather(*(one.start() for one in processes))
            yield Floor(slack, arrivals, processes, iter(made))
        finally:
            for one in processes:
                one.signal(signal.SIGCONT)
                await one.kill()


def _fill(url: str, slack: FakeSlack, teams: int) -> list[Team]:
    database = Database(url)

    def fill(work: SqlWork) -> list[Team]:
        LADDER.put(
            work.settings,
            _WORKSPACE,
            Ladder((Ring(0, (Member.TOPIC,), 2), Ring(SECOND_RING, (Member.EVERYBODY,), 5)), 90),
        )
        topics = [[f"team{number}"] * 3 for number in range(teams)]
        work.settings.put(_WORKSPACE, "topics", {"topics": topics})
        made = []
        for number in range(teams):
            topic = f"team{number}"
            users = [slack.add(User(f"U{number}{one}", f"U{number}{one}")) for one in "AHT"]
            for user in users:
                profile = Profile(Address("slack", TEAM, user.id), user.id, "en")
                person = work.people.add(_WORKSPACE, profile, frozenset())
                helps = user is not users[0]
                work.people.save(replace(person, helps=helps, topics=(topic,) if helps else ()))
            made.append(Team(users[0], (users[1], users[2]), topic))
        return made

    try:
        return database.run_now(fill)
    finally:
        database.close()
