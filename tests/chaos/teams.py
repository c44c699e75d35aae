"""One process of `plecs run`, the strict fake of Teams, and people who go on whatever breaks
there: who gets no answer tries again."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TypeVar

import aiohttp

from handlers.escalation.ladder import LADDER
from handlers.escalation.model import Ladder, Member, Ring
from handlers.kit.people import Address, Profile
from storage.database import Database
from storage.migrate import migrate
from storage.work import SqlWork
from tests.chaos.counted import CountedHand
from tests.chaos.floor import PATIENCE, SECOND_RING
from tests.chaos.replica import COMING, ServedReplica, pings_of
from tests.fakes.teams import (
    APP_ID,
    PASSWORD,
    TENANT,
    FakeTeams,
    TeamsMessage,
    TeamsUser,
    buttons,
    fake_teams,
)
from tests.patience import LIMIT

T = TypeVar("T")

NO_ANSWER = "Teams: the app did not answer"
"""What people see where Teams got no answer of ours in time, or nothing was written to them."""

_TEAMS_WAITS = 5.0
"""Seconds: then Teams says so, and the person tries again."""

_PERSON_WAITS = 8.0
"""Seconds that somebody waits for a line of Plecs' before they type once more."""

_WORKSPACE = f"teams-{TENANT}"


class SentMessages(list[TeamsMessage]):
    """What stands in Teams, with all that ever came, and when: what is put into a chat's place or
    taken away has come all the same."""

    def __init__(self) -> None:
        super().__init__()
        self.came: list[tuple[float, str, str, bool]] = []

    def append(self, message: TeamsMessage) -> None:
        asks = COMING in buttons(message.card)
        self.came.append((time.monotonic(), message.conversation, message.text, asks))
        super().append(message)

    def asking(self, user: TeamsUser) -> list[float]:
        """When anything asked them to come."""
        return [at for at, chat, _, asks in self.came if chat == user.chat and asks]

    def pings(self, user: TeamsUser) -> list[float]:
        """When they were asked to come."""
        return pings_of(
            (at, said) for at, chat, said, asks in self.came if chat == user.chat and asks
        )


@dataclass(frozen=True, slots=True)
class TeamsTeam:
    """Somebody on a call, and the two colleagues whom they trust, and whom nobody else asks."""

    agent: TeamsUser
    helpers: tuple[TeamsUser, TeamsUser]


@dataclass
class TeamsFloor:
    """Everything of one run. `reads` is what stood newest before each agent, and since when."""

    teams: FakeTeams
    sent: SentMessages
    replica: ServedReplica
    made: Sequence[TeamsTeam]
    reads: dict[str, list[tuple[float, str]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._new = iter(self.made)
        self._stood: dict[str, int] = {}

    async def next_team(self) -> TeamsTeam:
        """One whose agent has not raised a hand yet; each has added Plecs, and was welcomed."""
        team = next(self._new)
        everybody = team.agent, *team.helpers
        for user in everybody:
            await user.installs()
        await self.teams.until(lambda: all(one.messages for one in everybody))
        return team

    async def asks(self, who: TeamsUser, does: Callable[[], Awaitable[T]]) -> T:
        """Has somebody try until they are answered."""
        async with asyncio.timeout(LIMIT):
            while True:
                with suppress(aiohttp.ClientError, OSError, AssertionError):
                    async with asyncio.timeout(_TEAMS_WAITS):
                        return await does()
                self._read(who, NO_ANSWER)
                await asyncio.sleep(0.2)

    async def hand(self, team: TeamsTeam) -> CountedHand:
        """Somebody raises a hand; both colleagues press at once, when both were asked. It is over
        when the agent reads who comes."""
        agent, typed = team.agent, time.monotonic()
        self.reads[agent.user] = [(typed, NO_ANSWER)]
        self._stood[agent.user] = len(agent.messages)
        up = 0.0
        async with asyncio.timeout(LIMIT):
            while not (up and _is_up(agent)):
                await self.asks(agent, partial(agent.says, "hand he threatens me"))
                up = up or time.monotonic()
                with suppress(TimeoutError):
                    async with asyncio.timeout(_PERSON_WAITS):
                        await self.teams.until(partial(_is_up, agent))
        await self.teams.until(lambda: all(map(self.sent.pings, team.helpers)))
        taken = min(await asyncio.gather(*(self._comes(one) for one in team.helpers)))
        await self._reads_who_comes(team)
        return CountedHand(
            typed,
            up,
            taken,
            asked=[self.sent.pings(one) for one in team.helpers],
            asking=[self.sent.asking(one) for one in team.helpers],
            winners=len(winners(team)),
            # Where each has it apart there is only the name.
            reads=[
                (at, said.replace(f"{agent.name} and ", f"{agent.name} is on the way "))
                for at, said in self.reads[agent.user]
            ],
        )

    async def _comes(self, helper: TeamsUser) -> float:
        await self.asks(helper, partial(_press, helper))
        return time.monotonic()

    async def _reads_who_comes(self, team: TeamsTeam) -> None:
        """Whoever waits in vain presses once more: a press that took longer may have gone."""
        async with asyncio.timeout(LIMIT):
            while not winners(team):
                with suppress(TimeoutError):
                    async with asyncio.timeout(_PERSON_WAITS):
                        await self.teams.until(lambda: winners(team))
                        return
                for one in team.helpers:
                    await self._comes(one)

    async def put_right(self, teams: Sequence[TeamsTeam]) -> int:
        """Waits for the buttons of what is over to go; those that stay go when they are pressed.
        Answers how many those were."""
        helpers = [one for team in teams for one in team.helpers]

        def live() -> list[TeamsUser]:
            return [one for one in helpers if any(map(_asks, one.messages))]

        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                await self.teams.until(lambda: not live())
        left = [(one, message) for one in live() for message in one.messages if _asks(message)]
        for one, message in left:
            await self.asks(one, partial(one.presses, COMING, message))
        await self.teams.until(lambda: not live())
        return len(left)

    async def watch(self) -> None:
        """Notes what the agents read, until it is cancelled."""
        while True:
            await self.teams.change()
            for user in list(self.reads):
                agent = self.teams.users[user]
                if new := agent.messages[self._stood[user] :]:
                    self._read(agent, new[-1].text)

    def _read(self, who: TeamsUser, what: str) -> None:
        reads = self.reads.get(who.user)
        if reads is not None and reads[-1][1] != what:
            reads.append((time.monotonic(), what))


def _asks(message: TeamsMessage) -> bool:
    return COMING in buttons(message.card)


async def _press(helper: TeamsUser) -> None:
    if any(map(_asks, helper.messages)):  # it may be gone: the other was quicker
        await helper.presses(COMING)


def _is_up(agent: TeamsUser) -> bool:
    up = ("Your hand is up", "Nobody has heard yet", "is on the way")
    return any(said in one.text for one in agent.messages for said in up)


def winners(team: TeamsTeam) -> set[str]:
    """Whom the agent has been told of."""
    told = "\n".join(message.text for message in team.agent.messages)
    return {one.user for one in team.helpers if f"{one.name} is on the way" in told}


@asynccontextmanager
async def teams_floor(url: str, folder: Path, teams: int) -> AsyncIterator[TeamsFloor]:
    """A process that serves one Teams with so many teams of an agent and two helpers."""
    await asyncio.to_thread(migrate, url)
    async with fake_teams() as fake:
        fake.messages = sent = SentMessages()
        made = await asyncio.to_thread(_fill, url, fake, teams)
        also = {
            "TEAMS_APP_ID": APP_ID,
            "TEAMS_APP_PASSWORD": PASSWORD,
            "TEAMS_TENANT_ID": TENANT,
        }
        replica = ServedReplica(url, "", folder, also=also, microsoft=fake.url)
        fake.app_url = replica.events_url
        opened = TeamsFloor(fake, sent, replica, made)
        watching = asyncio.create_task(opened.watch())
        try:
            await replica.start()
            yield opened
        finally:
            watching.cancel()
            await replica.kill()


def _fill(url: str, teams: FakeTeams, number: int) -> list[TeamsTeam]:
    database = Database(url)
    rings = Ring(0, (Member.TRUSTED,), 2), Ring(SECOND_RING, (Member.EVERYBODY,), 5)

    def fill(work: SqlWork) -> list[TeamsTeam]:
        LADDER.put(work.settings, _WORKSPACE, Ladder(rings, SECOND_RING + 30))
        return [_team(work, teams, one) for one in range(number)]

    try:
        return database.run_now(fill)
    finally:
        database.close()


def _team(work: SqlWork, teams: FakeTeams, number: int) -> TeamsTeam:
    agent, one, two = (teams.add(f"u{number}{who}", f"U{number}{who}") for who in "AHT")
    known = [
        work.people.add(_WORKSPACE, Profile(_at(user), user.name, "en"), frozenset())
        for user in (agent, one, two)
    ]
    for helper in known[1:]:
        work.people.save(replace(helper, extension=f"{number}"))
    trusted = tuple(helper.id for helper in known[1:])
    work.people.save(replace(known[0], helps=False, trusted=trusted))
    return TeamsTeam(agent, (one, two))


def _at(user: TeamsUser) -> Address:
    return Address("teams", TENANT, user.user)
