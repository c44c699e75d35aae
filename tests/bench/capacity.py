"""How many hands a minute one workspace carries: `python -m tests.bench.capacity`.

Real `plecs run`, the strict fake of Slack, a minute or two at each rate (PLECS_CAPACITY_SECONDS).
Each hand asks five people (PLECS_CAPACITY_ASKED), fewer while many go up; half a minute later one
of them comes, but to each tenth nobody does. What is counted: seconds from the hand's
acknowledgement to its first ping, from the press to the presser's own card without its button, from
the press to the other cards', and by how much the card that says that nobody is free is late.
"""

import asyncio
import os
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import quantiles

from handlers.escalation.ladder import LADDER
from handlers.escalation.model import Ladder, Member, Ring
from handlers.kit.people import Address, Profile
from storage.database import Database
from storage.migrate import migrate
from storage.work import SqlWork
from tests.chaos.replica import COMING, Arrivals, ServedReplica
from tests.fakes.slack import TEAM, FakeSlack, SlackUser, User, buttons, fake_slack

RATES = tuple(map(int, os.environ.get("PLECS_CAPACITY_RATES", "10,20,40").split(",")))
ASKED = int(os.environ.get("PLECS_CAPACITY_ASKED", "5"))
NOBODY_AFTER = 45
NOBODY_COMES = 10
"""To each hand of so many nobody comes."""

SECONDS = float(os.environ.get("PLECS_CAPACITY_SECONDS", "120"))
COMES_AFTER = 30.0
"""Seconds; or the run's length, if that is shorter."""

_WORKSPACE = f"slack-{TEAM}"


async def main() -> None:
    print(
        "| hands a minute | a ring of | first ping p50, s | p99 | own card p50 | p99 | others' p50 "
        "| p95 | honest card p50 | most | changed | taken away |"
    )
    print("| --- " * 12 + "|")
    for rate in RATES:
        with tempfile.TemporaryDirectory(prefix="plecs-capacity-") as folder:
            told, calls = await measured(Path(folder), rate)
        cells = [
            *(f"{at(told.first, percent):.2f}" for percent in (50, 99)),
            *(f"{at(told.own, percent):.2f}" for percent in (50, 99)),
            *(f"{at(told.others, percent):.1f}" for percent in (50, 95)),
            *(f"{at(told.honest, percent):.2f}" for percent in (50, 99)),
            *(str(calls[method]) for method in ("chat.update", "chat.delete")),
        ]
        print(f"| {rate} | {ASKED} | {' | '.join(cells)} |", flush=True)


@dataclass
class ToldAt:
    """Seconds to first pings, to pressers' own cards, to the others', and by which the card that
    says that nobody is free was late."""

    first: list[float] = field(default_factory=list)
    own: list[float] = field(default_factory=list)
    others: list[float] = field(default_factory=list)
    honest: list[float] = field(default_factory=list)


def at(seconds: list[float], percent: int) -> float:
    return quantiles(seconds, n=100, method="inclusive")[percent - 1]


async def measured(folder: Path, rate: int) -> tuple[ToldAt, Counter[str]]:
    """What was told when, and how often each of Slack's methods was called."""
    told = ToldAt()
    hands = round(rate * SECONDS / 60)
    url = f"sqlite:///{folder}/plecs.db"
    await asyncio.to_thread(migrate, url)
    async with fake_slack() as slack:
        slack.calls = arrivals = Arrivals()
        teams = await asyncio.to_thread(_hire, url, slack, hands + 1)
        plecs = ServedReplica(url, slack.api_url, folder)
        await plecs.start()
        slack.app_url = plecs.events_url
        try:
            await _hand(slack, arrivals, teams[0], 0, ToldAt())  # has the dictionaries read
            await asyncio.gather(
                *(
                    (_hand if number % NOBODY_COMES else _alone)(
                        slack, arrivals, team, (number - 1) * 60 / rate, told
                    )
                    for number, team in enumerate(teams[1:], 1)
                )
            )
        finally:
            await plecs.kill()
    return told, Counter(call.method for call in arrivals)


async def _hand(
    slack: FakeSlack, arrivals: Arrivals, team: list[SlackUser], starts: float, told: ToldAt
) -> None:
    """A hand that somebody comes to."""
    await _up(slack, arrivals, team, starts, told)
    await asyncio.sleep(min(COMES_AFTER, SECONDS) if starts else 0)
    helper, *others = (one for one in team[1:] if arrivals.pings(one.id))
    pressed = time.monotonic()
    await helper.presses(COMING)
    own, *gone = await asyncio.gather(*(_gone(slack, one) for one in (helper, *others)))
    told.own.append(own - pressed)
    told.others += [one - pressed for one in gone]


async def _alone(
    slack: FakeSlack, arrivals: Arrivals, team: list[SlackUser], starts: float, told: ToldAt
) -> None:
    """A hand that nobody comes to."""
    up = await _up(slack, arrivals, team, starts, told)
    await asyncio.sleep(NOBODY_AFTER - 1)
    await slack.until(lambda: any("Nobody is free" in said for said in team[0].sees))
    told.honest.append(time.monotonic() - up - NOBODY_AFTER)


async def _up(
    slack: FakeSlack, arrivals: Arrivals, team: list[SlackUser], starts: float, told: ToldAt
) -> float:
    """When it went up; somebody has heard."""
    agent, *helpers = team
    await asyncio.sleep(starts)
    await agent.types("/hand he threatens me")
    up = time.monotonic()
    await slack.until(lambda: any(arrivals.pings(one.id) for one in helpers))
    told.first.append(max(min(at for one in helpers for at in arrivals.pings(one.id)) - up, 0.0))
    return up


async def _gone(slack: FakeSlack, who: SlackUser) -> float:
    """When nothing before them has the button any more."""
    await slack.until(
        lambda: not any(COMING in buttons(message.blocks) for message in who.messages)
    )
    return time.monotonic()


def _hire(url: str, slack: FakeSlack, teams: int) -> list[list[SlackUser]]:
    """So many agents, each with so many colleagues as a ring asks, whom nobody else asks."""
    database = Database(url)

    def fill(work: SqlWork) -> list[list[SlackUser]]:
        LADDER.put(
            work.settings, _WORKSPACE, Ladder((Ring(0, (Member.TRUSTED,), ASKED),), NOBODY_AFTER)
        )
        made = []
        for number in range(teams):
            users = [
                slack.add(User(f"U{number}N{one}", f"U{number}N{one}")) for one in range(ASKED + 1)
            ]
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
