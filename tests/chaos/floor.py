"""Replicas of `plecs run` over one database, the strict fake of Slack, and people who go on working
whatever breaks: who gets no answer tries again at another replica, as they would in Slack."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Container, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import cycle
from pathlib import Path
from typing import Any, TypeVar

import aiohttp

from handlers.escalation.ladder import LADDER
from handlers.escalation.model import Ladder, Member, Ring
from handlers.kit.people import Address, Profile
from storage.database import Database
from storage.migrate import migrate
from storage.work import SqlWork
from tests.chaos.replica import COMING, Arrivals, ServedReplica
from tests.fakes.slack import (
    TEAM,
    FakeSlack,
    SlackMessage,
    SlackUser,
    User,
    buttons,
    fake_slack,
    words,
)
from tests.patience import LIMIT

T = TypeVar("T")

SECOND_RING = 60
"""Seconds: nobody of it is asked in these stories, for everybody comes before."""

NO_ANSWER = "Slack: the app did not answer"
"""What people read where Slack got no answer of ours in time."""

LATE = "takes longer than usual"

_SLACK_WAITS = 3.0
"""Seconds: then Slack says that the app did not answer, and the person tries again."""

_LATE_WAITS = 20.0
"""Seconds that somebody who was told that it takes longer waits before they try again."""

PATIENCE = 10.0
"""Seconds in which a button that is over goes by itself: Slack may have said that it takes no
changes for seven."""

_WORKSPACE = f"slack-{TEAM}"


@dataclass(frozen=True, slots=True)
class ChaosTeam:
    """Somebody on a call, and the colleagues whom they trust, and whom nobody else asks."""

    agent: SlackUser
    helpers: tuple[SlackUser, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """One hand: when it was typed first, when it was acknowledged, and when somebody's *I'm coming*
    was; and the payloads of all that."""

    team: ChaosTeam
    typed: float
    up: float
    taken: float
    payloads: tuple[dict[str, Any], ...]


@dataclass
class ChaosFloor:
    """Everything of one run. `reads` is what stood newest before each agent, and since when."""

    slack: FakeSlack
    arrivals: Arrivals
    replicas: list[ServedReplica]
    teams: Sequence[ChaosTeam]
    reads: dict[str, list[tuple[float, str]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._next = cycle(self.replicas)
        self._new = iter(self.teams)

    def next_team(self) -> ChaosTeam:
        """One whose agent has not raised a hand yet."""
        return next(self._new)

    async def asks(self, who: SlackUser, does: Callable[[], Awaitable[T]]) -> T:
        """Has somebody try until they are answered."""
        async with asyncio.timeout(LIMIT):
            while True:
                running = next(one for one in self._next if one.runs or not self._any_runs())
                self.slack.app_url = running.events_url
                with suppress(aiohttp.ClientError, OSError, AssertionError):
                    async with asyncio.timeout(_SLACK_WAITS):
                        return await does()
                self._read(who, NO_ANSWER)
                await asyncio.sleep(0.2)

    def _any_runs(self) -> bool:
        return any(one.runs for one in self.replicas)

    async def hand(self, team: ChaosTeam, *, repeats: bool = False) -> Story:
        """Somebody raises a hand; two colleagues press at once, when all were asked. `repeats`: the
        command is delivered four times."""
        agent, typed = team.agent, time.monotonic()
        self.reads[agent.id] = [(typed, NO_ANSWER)]
        commands = await self._raises(team)
        up = time.monotonic()
        if repeats:
            again = (self.slack.deliver("slash_commands", commands[-1]) for _ in range(3))
            await asyncio.gather(*again)
        await self.slack.until(lambda: all(self.asked(helper) for helper in team.helpers))
        pressed = await asyncio.gather(*(self._comes(one) for one in team.helpers[:2]))
        presses = [payload for _, payload in pressed if payload is not None]
        taken = min(at for at, _ in pressed)
        return Story(team, typed, up, taken, (*commands[-1:], *presses))

    async def _raises(self, team: ChaosTeam) -> list[dict[str, Any]]:
        agent = team.agent
        commands: list[dict[str, Any]] = []
        before = {message.ts for message in agent.messages}  # of an earlier hand, and late, maybe
        while not commands or not is_up(agent, before):
            types = partial(agent.types, "/hand he threatens me")
            commands.append(await self.asks(agent, types))
            with suppress(TimeoutError):
                async with asyncio.timeout(_LATE_WAITS):
                    await self.slack.until(lambda: LATE not in "".join(agent.sees[-1:]))
            if not is_up(agent, before):
                await asyncio.sleep(0.2)
        return commands

    async def _comes(self, helper: SlackUser) -> tuple[float, dict[str, Any] | None]:
        async def comes() -> dict[str, Any] | None:
            with suppress(StopIteration, RuntimeError):  # it may be gone: the other was quicker
                return await helper.presses(COMING)
            return None

        payload = await self.asks(helper, comes)
        return time.monotonic(), payload

    async def told(self, who: Sequence[SlackUser], label: str, done: Callable[[], object]) -> None:
        """Waits until it is so. Whoever reads that it failed presses again, as it says there; and
        so does who waits in vain: a press that took longer may have gone with its process."""
        heard = 0

        def changed() -> bool:
            return bool(done()) or sum(map(_sorry, who)) > heard

        async with asyncio.timeout(LIMIT):
            while not done():
                with suppress(TimeoutError):
                    async with asyncio.timeout(_LATE_WAITS):
                        await self.slack.until(changed)
                if done():
                    return
                heard = sum(map(_sorry, who))
                for one in who:
                    with suppress(StopIteration, RuntimeError):  # another was quicker
                        await self.asks(one, partial(one.presses, label))

    def asked(self, helper: SlackUser) -> bool:
        """Whether somewhere before them stands the button."""
        return bool(self._live(helper))

    def _live(self, helper: SlackUser) -> list[SlackMessage]:
        return [message for message in helper.messages if COMING in buttons(message.blocks)]

    async def put_right(self, stories: Sequence[Story], patience: float = PATIENCE) -> int:
        """Waits `patience` seconds for the buttons of what is over to go; those that stay, because
        Slack took the message when nobody was there to hear of it, go when they are pressed.
        Answers how many those were."""
        helpers = [one for story in stories for one in story.team.helpers]

        def all_right() -> bool:
            return not any(map(self.asked, helpers))

        with suppress(TimeoutError):
            async with asyncio.timeout(patience):
                await self.slack.until(all_right)
        left = [(one, message) for one in helpers for message in self._live(one)]
        for one, message in left:
            await self.asks(one, partial(self._press, one, message))
        await self.slack.until(all_right)
        return len(left)

    async def _press(self, helper: SlackUser, message: SlackMessage) -> None:
        if COMING in buttons(message.blocks):
            await helper.presses(COMING, message)

    async def watch(self) -> None:
        """Notes what the agents read, until it is cancelled."""
        while True:
            await self.slack.change()
            self.look()

    def look(self) -> None:
        """Notes what stands newest before each agent, of what is for them alone."""
        for agent in list(self.reads):
            reader = SlackUser(self.slack, agent)
            alone = [one for one in reader.messages if len(one.to) == 1]
            if alone:
                self._read(reader, words(alone[-1].blocks) or alone[-1].text)

    def _read(self, who: SlackUser, what: str) -> None:
        reads = self.reads.get(who.id)
        if reads is not None and reads[-1][1] != what:
            reads.append((time.monotonic(), what))


def _sorry(who: SlackUser) -> int:
    """How often they read that something failed, or that nobody knows."""
    return sum("went wrong" in one or "can't be told" in one for one in who.sees)


def is_up(agent: SlackUser, before: Container[str]) -> bool:
    """Whether they were told that their hand is up, or what came of it, by none of those that stood
    there `before`."""
    up = ("Your hand is up", "Nobody has heard yet", "is on the way")
    new = (message for message in agent.messages if message.ts not in before)
    return any(said in (words(one.blocks) or one.text) for one in new for said in up)


@asynccontextmanager
async def floor(
    url: str,
    replicas: int,
    folder: Path,
    teams: int,
    *,
    second_ring: int = SECOND_RING,
    times: int = 1,
) -> AsyncIterator[ChaosFloor]:
    """Replicas that serve one Slack with so many teams of an agent and two helpers: of so many a
    ring asks both, however many hands go up. After `second_ring` seconds everybody is asked. Slack
    takes `times` as much as the real one."""
    await asyncio.to_thread(migrate, url)
    async with fake_slack() as slack:
        slack.calls = arrivals = Arrivals()
        made = await asyncio.to_thread(_fill, url, slack, teams, second_ring)
        processes = [
            ServedReplica(url, slack.api_url, folder, times=times) for _ in range(replicas)
        ]
        opened = ChaosFloor(slack, arrivals, processes, made)
        watching = asyncio.create_task(opened.watch())
        try:
            await asyncio.gather(*(one.start() for one in processes))
            yield opened
        finally:
            watching.cancel()
            for one in processes:
                one.signal(signal.SIGCONT)
                await one.kill()


def _fill(url: str, slack: FakeSlack, teams: int, second_ring: int) -> list[ChaosTeam]:
    database = Database(url)
    rings = Ring(0, (Member.TRUSTED,), 2), Ring(second_ring, (Member.EVERYBODY,), 5)

    def fill(work: SqlWork) -> list[ChaosTeam]:
        LADDER.put(work.settings, _WORKSPACE, Ladder(rings, second_ring + 30))
        return [_team(work, slack, number) for number in range(teams)]

    try:
        return database.run_now(fill)
    finally:
        database.close()


def _team(work: SqlWork, slack: FakeSlack, number: int) -> ChaosTeam:
    users = [slack.add(User(f"U{number}{one}", f"U{number}{one}")) for one in "AHT"]
    agent, *others = (
        work.people.add(
            _WORKSPACE, Profile(Address("slack", TEAM, user.id), user.id, "en"), frozenset()
        )
        for user in users
    )
    for one in others:
        work.people.save(replace(one, extension=f"{number}"))
    trusted = tuple(one.id for one in others)
    work.people.save(replace(agent, helps=False, trusted=trusted))
    return ChaosTeam(users[0], tuple(users[1:]))
