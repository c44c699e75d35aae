"""How many hands a minute one workspace carries: `python -m tests.bench.capacity`.

Real `plecs run`, the strict fake of Slack, a minute or two at each rate (PLECS_CAPACITY_SECONDS).
Each hand asks five people; half a minute later one of them comes. What is counted: seconds from the
hand's acknowledgement to its first ping, from the press to the presser's own card without its
button, and from the press to the other cards'. Beyond Slack's 50 changes a minute those wait.
"""

import asyncio
import os
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from statistics import quantiles

from handlers.escalation.ladder import LADDER
from handlers.escalation.model import Ladder, Member, Ring
from handlers.kit.people import Address, Profile
from storage.database import Database
from storage.migrate import migrate
from storage.work import SqlWork
from tests.chaos.floor import COMING, Arrivals, Replica
from tests.fakes.slack import TEAM, FakeSlack, SlackUser, User, buttons, fake_slack

RATES = (10, 40)
ASKED = 5
SECONDS = float(os.environ.get("PLECS_CAPACITY_SECONDS", "120"))
COMES_AFTER = 30.0
"""Seconds; or the run's length, if that is shorter."""

_WORKSPACE = f"slack-{TEAM}"


async def main() -> None:
    print("| hands a minute | first ping p50, s | p99 | own card p50 | p99 | others' p50 | p95 |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for rate in RATES:
        with tempfile.TemporaryDirectory(prefix="plecs-capacity-") as folder:
            first, own, others = await measured(Path(folder), rate)
        cells = [
            *(f"{at(first, percent):.2f}" for percent in (50, 99)),
            *(f"{at(own, percent):.2f}" for percent in (50, 99)),
            *(f"{at(others, percent):.1f}" for percent in (50, 95)),
        ]
        print(f"| {rate} | {' | '.join(cells)} |", flush=True)


def at(seconds: list[float], percent: int) -> float:
    return quantiles(seconds, n=100, method="inclusive")[percent - 1]


async def measured(folder: Path, rate: int) -> tuple[list[float], list[float], list[float]]:
    """Seconds to first pings, to pressers' own cards, and to the others'."""
    hands = round(rate * SECONDS / 60)
    url = f"sqlite:///{folder}/plecs.db"
    await asyncio.to_thread(migrate, url)
    async with fake_slack() as slack:
        slack.calls = arrivals = Arrivals()
        teams = await asyncio.to_thread(_hire, url, slack, hands + 1)
        plecs = Replica(url, slack.api_url, folder)
        await plecs.start()
        slack.app_url = plecs.events_url
        try:
            await _hand(slack, arrivals, teams[0], 0, 0)  # the first has the dictionaries read
            told = await asyncio.gather(
                *(
                    _hand(slack, arrivals, team, number * 60 / rate, min(COMES_AFTER, SECONDS))
                    for number, team in enumerate(teams[1:])
                )
            )
        finally:
            await plecs.kill()
    first, own, others = zip(*told, strict=True)
    return [*first], [*own], [one for hand in others for one in hand]


async def _hand(
    slack: FakeSlack, arrivals: Arrivals, team: list[SlackUser], starts: float, comes: float
) -> tuple[float, float, list[float]]:
    agent, *helpers = team
    await asyncio.sleep(starts)
    await agent.types("/hand he threatens me")
    up = time.monotonic()
    await slack.until(lambda: all(arrivals.pings(one.id) for one in helpers))
    first = min(at for one in helpers for at in arrivals.pings(one.id)) - up
    await asyncio.sleep(comes)
    pressed = time.monotonic()
    await helpers[0].presses(COMING)
    own, *others = await asyncio.gather(*(_gone(slack, one) for one in helpers))
    return max(first, 0.0), own - pressed, [one - pressed for one in others]


async def _gone(slack: FakeSlack, who: SlackUser) -> float:
    """When nothing before them has the button any more."""
    await slack.until(
        lambda: not any(COMING in buttons(message.blocks) for message in who.messages)
    )
    return time.monotonic()


def _hire(url: str, slack: FakeSlack, teams: int) -> list[list[SlackUser]]:
    """So many agents, each with five colleagues whom nobody else asks."""
    database = Database(url)

    def fill(work: SqlWork) -> list[list[SlackUser]]:
        LADDER.put(work.settings, _WORKSPACE, Ladder((Ring(0, (Member.TRUSTED,), ASKED),), 600))
        made = []
        for number in range(teams):
            users = [slack.add(User(f"U{number}N{one}", f"U{number}N{one}")) for one in range(6)]
            people = [
                work.people.add(
                    _WORKSPACE, Profile(Address("slack", TEAM, user.id), user.id, "en"), frozenset()
                )
                for user in users
            ]
            trusted = tuple(person.id for person in people[1:])
            work.people.save(replace(people[0], trusted=trusted, helps=False))
            made.append(users)
        return made

    try:
        return database.run_now(fill)
    finally:
        database.close()


if __name__ == "__main__":
    asyncio.run(main())
