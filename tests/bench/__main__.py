"""How fast Plecs is beside what it stands on: `make bench`.

Each server runs alone, in a process of its own, in rounds that take turns, so that the machine's
moods meet all of them. What a round does first, unmeasured: it lets the server meet everybody,
as one that has run for a day has. Absolute figures are this machine's. The ratios travel, as far
as nothing else runs: bare Bolt sleeps up to 10 ms a request, and Plecs does not. What does not
depend on the neighbours is the processor time a request takes.
"""

import asyncio
import os
import re
import signal
import sqlite3
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from itertools import cycle
from pathlib import Path
from statistics import median, quantiles

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from handlers.common.topics import topics_of
from handlers.kit.about import pack
from handlers.kit.notices import Notice
from handlers.kit.people import Address
from handlers.known.model import OFFER
from storage.work import SqlWork
from tests.bench import calls
from tests.bench.company import PEOPLE, Company, found
from tests.bench.load import (
    BenchServer,
    LoadRound,
    PressedButton,
    TypedCommand,
    at_a_pace,
    in_turn,
    token_of,
)
from tests.bench.servers import Bench, hand_of, instant_slack, meet, plecs, process, told
from tests.patience import LIMIT
from tests.ports import free_port

ROUNDS = 3
AGENTS, SLICES = 200, 6
"""So many raise a hand at once, and take it down, unmeasured, so often in a round: more than a
tenth of a company never has a hand up."""

HANDS = AGENTS * SLICES
QUESTIONS = ("swearing", "viņš kliedz un draud", "he threatens to come here", "runā par seksu")

PINGED_HANDS, PER_SECOND = 200, 20.0
PING_ROUNDS = 2
DUE = 100_000
"""Messages that are due in a workspace of their own meanwhile, and wait for Slack's pace."""

WORKSPACES = 10
"""A hand asks five people at once and Slack lets 200 messages a minute into a workspace, which
Plecs keeps to: the hands go up in all but the first, which is large, and the last, where much is
due."""

KILLS = 10
"""Each of the two is killed so often while hands go up."""

AIMS = {
    "/hand of bare Bolt": 0.25,
    "/hand of the peer": 20.0,
    "/hand's p99 of the peer's": 0.05,
    "/policy of bare Bolt": 0.6,
    "ping's p99 of a round trip's": 5.0,
    "ping's p99, much due, of idle": 1.2,
}
"""Of one figure the other, in the same run; a p99 should be at most that, a rate at least."""


async def main() -> None:
    with tempfile.TemporaryDirectory(prefix="plecs-bench-") as folder:
        sizes = (PEOPLE, *([PEOPLE // 8] * (WORKSPACES - 1)))
        companies = await asyncio.to_thread(found, f"sqlite:///{folder}/people.db", *sizes)
        bench = Bench(Path(folder), free_port(), companies)
        async with instant_slack(bench):
            rounds: dict[str, list[LoadRound]] = {name: [] for name in _MEASURED}
            for number in range(ROUNDS):
                for name, measure in _MEASURED.items():
                    rounds[name].append(await measure(bench))
                    print(f"round {number + 1} {name}: {rounds[name][-1].rate:,.0f}/s", flush=True)
            trips = await round_trips(bench)
            waits: dict[int, list[float]] = {0: [], DUE: []}
            for due in (0, DUE) * PING_ROUNDS:
                waits[due] += await ping(bench, due)
            lost = {"peer": await _killed_peer(bench), "hand": await _killed_plecs(bench)}
    _tell(rounds, trips, waits)
    _tell_losses(lost)


async def bare(bench: Bench) -> LoadRound:
    return await _floor(bench, "bare")


async def naive(bench: Bench) -> LoadRound:
    return await _floor(bench, "naive")


async def written(bench: Bench) -> LoadRound:
    """What a user would write instead; fewer hands, for it takes its time."""
    return await _floor(bench, "peer", slices=1)


async def hand(bench: Bench) -> LoadRound:
    """Everybody raises a hand, again and again."""
    team, agents = bench.company.team, bench.company.agents[:AGENTS]
    async with plecs(bench) as server:
        await meet(bench, server, team, agents)
        measured = LoadRound(0, 0, 0, (), ())
        for number in range(SLICES + 1):
            hands = [hand_of(team, user, n, n + number) for n, user in enumerate(agents)]
            raised = await in_turn(server, hands)
            if number:  # the first is there to warm up
                measured += raised
            url = f"http://127.0.0.1:{bench.slack_port}/api/respond"
            pressed = [PressedButton(team, user, "hand.cancel", url) for user in agents]
            await in_turn(server, pressed)
            await asyncio.sleep(0.5)
    cases = {re.findall(rb'\\"case\\":\\"(\w+)', answer)[0] for answer in measured.answers}
    assert len(cases) == HANDS, f"{len(cases)} hands went up, not {HANDS}"
    return measured


async def policy(bench: Bench) -> LoadRound:
    """Everybody asks one of a few questions."""
    async with plecs(bench) as server:
        agents = bench.company.agents[:AGENTS]
        await meet(bench, server, bench.company.team, agents)
        questions = [
            TypedCommand(
                bench.company.team, user, "/policy", QUESTIONS[n % len(QUESTIONS)], "policy."
            )
            for n, user in enumerate(agents * (SLICES + 1))
        ]
        await in_turn(server, questions[:AGENTS])
        return await in_turn(server, questions[AGENTS:])


_MEASURED = {"bare": bare, "naive": naive, "peer": written, "hand": hand, "policy": policy}


async def round_trips(bench: Bench) -> list[float]:
    """Seconds that an empty call to the same Slack takes, by the client that Plecs has, as often
    and at the same pace."""
    base = f"http://127.0.0.1:{bench.slack_port}/api/"
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(token=token_of("T"), base_url=base, session=session)
        took: list[float] = []
        begun = time.monotonic()
        for number in range(PINGED_HANDS):
            await asyncio.sleep(begun + number / PER_SECOND - time.monotonic())
            asked = time.monotonic()
            await client.api_test()
            took.append(time.monotonic() - asked)
    return took


async def ping(bench: Bench, due: int) -> list[float]:
    """Seconds from each hand's leaving here to its first message at Slack, while so many messages
    are `due` in one more workspace."""
    _, *companies, waiting = bench.companies
    async with plecs(bench, partial(_have_due, waiting, due)) as server:
        hands = []
        for number in range(PINGED_HANDS):
            company = companies[number % len(companies)]
            user = company.agents[number // len(companies)]
            hands.append(hand_of(company.team, user, number, number // len(companies)))
        for company in companies:
            met = [one.user for one in hands if one.team == company.team]
            await meet(bench, server, company.team, met)
        first = hand_of(bench.company.team, bench.company.agents[0], PINGED_HANDS, 0)
        await in_turn(server, [first])  # all that is asked for the first time is with this one
        sent = await at_a_pace(server.port, hands, PER_SECOND)
        async with asyncio.timeout(LIMIT):
            while len(first_at := (await told(bench))["first_at"]) <= PINGED_HANDS:
                await asyncio.sleep(0.5)
    return [first_at[f"nr{number}x"] - at for number, at in enumerate(sent)]


def _have_due(company: Company, many: int, work: SqlWork) -> None:
    """That many questions to the company's people, each about another hour."""
    workspace, now = f"slack-{company.team}", datetime.now(UTC)
    topic = topics_of(work.settings, workspace)[0].id
    people = [work.people.at(Address("slack", company.team, user)) for user in company.agents[:200]]
    everybody = cycle([one.id for one in people if one is not None])
    for first in range(0, many, 1000):
        hours = range(first, min(first + 1000, many))
        told = (Notice(OFFER, pack(topic, hour), (next(everybody),), now) for hour in hours)
        work.outbox.add(workspace, *told)


async def _killed_plecs(bench: Bench) -> tuple[int, int]:
    """After kills: how many hands are kept as calling, and for how many of them nobody would be
    asked any more, because no step of theirs stands anywhere."""
    calling = lost = 0
    for number in range(KILLS):
        async with plecs(bench) as server:
            await _killed_among_hands(bench, server, number)
            with closing(sqlite3.connect(bench.folder / "plecs.db")) as kept:
                steps = kept.execute("SELECT step_at FROM cases WHERE state = 'calling'").fetchall()
        calling += len(steps)
        lost += steps.count((None,))
    return calling, lost


async def _killed_peer(bench: Bench) -> tuple[int, int]:
    """The same: there each has a job, or nothing follows."""
    calling = lost = 0
    for number in range(KILLS):
        port, file = free_port(), bench.folder / "naive.db"
        async with process(bench, port, "-m", "tests.bench.floors", "peer", str(port)) as server:
            await _killed_among_hands(bench, server, number)
            with closing(sqlite3.connect(file)) as kept:
                (hands,) = kept.execute("SELECT count(*) FROM cases").fetchone()
            with closing(sqlite3.connect(f"{file}.jobs")) as kept:
                (jobs,) = kept.execute("SELECT count(*) FROM apscheduler_jobs").fetchone()
        calling += hands
        lost += hands - jobs
    return calling, lost


async def _killed_among_hands(bench: Bench, server: BenchServer, number: int) -> None:
    """The first hand is up; half a second to a second and a half into others', the process is gone.
    (What a process loads for its first hand may take longer than that.) What is kept is looked at,
    not what is answered: where all is slow, Plecs says that the hand is not up yet."""
    company = bench.company
    hands = [
        replace(hand_of(company.team, user, n, n), expect="")
        for n, user in enumerate(company.agents)
    ]
    await in_turn(server, hands[:1])
    raising = asyncio.create_task(in_turn(server, hands[1:]))
    await asyncio.sleep(0.5 + number / KILLS)
    os.kill(server.process, signal.SIGKILL)
    with suppress(OSError, EOFError):
        await raising
        raise AssertionError("every hand was up before the process was gone")
    await asyncio.sleep(0.2)  # the system lets go of its files


async def _floor(bench: Bench, kind: str, slices: int = SLICES) -> LoadRound:
    port = free_port()
    arguments = ("-m", "tests.bench.floors", kind, str(port))
    async with process(bench, port, *arguments) as server:
        typed = [
            TypedCommand(bench.company.team, user, "/hand", "contracts", "Your hand is up")
            for user in bench.company.agents[:AGENTS] * (slices + 1)
        ]
        await in_turn(server, typed[:AGENTS])
        return await in_turn(server, typed[AGENTS:])


def _tell(
    rounds: dict[str, list[LoadRound]],
    trips: Sequence[float],
    waits: dict[int, list[float]],
) -> None:
    """The table, bad figures too."""
    rate = {name: median(one.rate for one in each) for name, each in rounds.items()}
    slow = {name: median(_p99(one.seconds) for one in each) for name, each in rounds.items()}
    busy = {
        name: median(r.processor / len(r.seconds) for r in each) for name, each in rounds.items()
    }
    own = {name: median(r.clients / r.took for r in each) for name, each in rounds.items()}
    heads = (
        f"{'requests/s':>12}{'p99, ms':>10}{'x bare':>9}{'x naive':>9}{'processor, ms':>15}"
        f"{'clients, % of a core':>22}"
    )
    print(f"\n{'':34}{heads}")
    for name, title in (
        ("bare", "bare Bolt, which only acks"),
        ("naive", "with a naive durable commit"),
        ("peer", "a /hand as one would write it"),
        ("hand", "Plecs /hand"),
        ("policy", "Plecs /policy words"),
    ):
        print(
            f"{title:34}{rate[name]:>12,.0f}{slow[name] * 1000:>10,.1f}"
            f"{rate[name] / rate['bare']:>9.2f}{rate[name] / rate['naive']:>9.2f}"
            f"{busy[name] * 1000:>15.2f}{own[name] * 100:>22.0f}"
        )
    print(f"\nat {PER_SECOND:.0f} a second:")
    for what, seconds in (
        ("an empty round trip", trips),
        ("a hand's first message", waits[0]),
        (f"the same, {DUE:,} due", waits[DUE]),
    ):
        p50, p99 = median(seconds) * 1000, _p99(seconds) * 1000
        print(f"  {what:28}p50 {p50:6.1f} ms   p99 {p99:6.1f} ms")
    measured = {
        "/hand of bare Bolt": rate["hand"] / rate["bare"],
        "/hand of the peer": rate["hand"] / rate["peer"],
        "/hand's p99 of the peer's": slow["hand"] / slow["peer"],
        "/policy of bare Bolt": rate["policy"] / rate["bare"],
        "ping's p99 of a round trip's": _p99(waits[0]) / _p99(trips),
        "ping's p99, much due, of idle": _p99(waits[DUE]) / _p99(waits[0]),
    }
    print("\naims:")
    for what, aim in AIMS.items():
        met = measured[what] <= aim if "p99" in what else measured[what] >= aim
        print(f"  {what:30}{measured[what]:>8.2f}  (aim {aim:g})  {'met' if met else 'MISSED'}")


def _tell_losses(lost: dict[str, tuple[int, int]]) -> None:
    for name, title in (("peer", "a /hand as one would write it"), ("hand", "Plecs")):
        hands, gone = lost[name]
        print(f"{KILLS} kills, {title}: {hands} hands kept as calling, lost {gone}")
    assert all(hands for hands, _ in lost.values()), "nobody's hand was up at any kill"


def _p99(seconds: Sequence[float]) -> float:
    return quantiles(seconds, n=100)[98]


if __name__ == "__main__":
    keeps_to_its_budget = calls.main()
    asyncio.run(main())
    sys.exit(0 if keeps_to_its_budget else 1)
