"""What many share: `python -m tests.bench.shared [fairness|replicas]`.

Fairness: two workspaces in one process. In one of them hand after hand goes up, as fast as they are
taken; in the other one a second, before that, meanwhile, and right after, when more is due in the
first than Slack takes in an hour. Told is how long the other's hands take to their first ping. Then
the same with questions (/policy) instead of the many hands.

Replicas: one, two and three over one PostgreSQL (TEST_POSTGRES_URL, or one of this run's own, on
this machine), in so many workspaces that no pace holds anything up. A machine with fewer cores than
processes says little by what is done in a second; what travels is the processor time of a hand, at
the replicas and at the database: by these it is told which is busy first, and with how many.
"""

import asyncio
import os
import re
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, replace
from itertools import cycle, islice
from pathlib import Path
from statistics import median

import psycopg

from tests.bench.company import Company, found
from tests.bench.load import (
    NUMBER,
    BenchServer,
    LoadConnection,
    TypedCommand,
    at_a_pace,
    in_turn,
    signed,
)
from tests.bench.servers import Bench, hand_of, instant_slack, meet, plecs, replica, told
from tests.conftest import fresh_postgres, running_postgres
from tests.patience import LIMIT
from tests.ports import free_port

FLOODS = {"hands": 16, "questions": 128}
"""Connections through which each kind of flood comes."""

FLOODED, OTHERS = 600, 80
"""How many people the two workspaces have."""

HANDS = 10
"""In the other workspace, one a second, in each of the three parts."""

WORKSPACES, EACH = 48, 34
"""Of the replicas' run, and how many people each has."""

AT_ONCE = 96
"""Hands that go up with one, two and three replicas each, none of them of the same person."""

_FLOODED_FROM = 10**6
"""The first number of a hand in the flood: others' have none as high."""

_MESSAGE = "chat.postMessage"


async def fairness() -> None:
    """Says by how much a flood in one workspace delays another's first pings."""
    with tempfile.TemporaryDirectory(prefix="plecs-bench-") as folder:
        url = f"sqlite:///{folder}/people.db"
        companies = await asyncio.to_thread(found, url, FLOODED, OTHERS, anchors=2)
        bench = Bench(Path(folder), free_port(), companies)
        async with instant_slack(bench):
            for kind in FLOODS:
                async with plecs(bench) as server:
                    await _flooded(bench, server, kind)


async def _flooded(bench: Bench, server: BenchServer, kind: str) -> None:
    flooded, other = bench.companies
    users = other.agents[: 3 * HANDS + 1]
    await meet(bench, server, other.team, users)
    asked = [_hand(bench, other, user, number) for number, user in enumerate(users)]
    await _waits(bench, server, asked[:1])  # what is loaded for the first is loaded
    waits = {"before": await _waits(bench, server, asked[1 : HANDS + 1])}
    begun, flood = time.monotonic(), Flood(bench, server, flooded, kind)
    flooding = asyncio.create_task(flood.run())
    waits["meanwhile"] = await _waits(bench, server, asked[HANDS + 1 : 2 * HANDS + 1])
    flood.is_over = True
    await flooding
    rate = flood.count / (time.monotonic() - begun)
    waits["right after"] = await _waits(bench, server, asked[2 * HANDS + 1 :])
    print(f"\nthe flood: {flood.count} {kind}, {rate:.0f} a second; load {_load()}\n")
    print("| the other's first pings | median, s | longest, s |\n| --- | --- | --- |")
    for part, seconds in waits.items():
        print(f"| {part} | {median(seconds):.3f} | {max(seconds):.3f} |")
    later = median(waits["meanwhile"]) - median(waits["before"])
    print(f"\nlater by {later:.3f} s while it lasts (aim: 0.2)", flush=True)


@dataclass
class Flood:
    """Hand after hand, or question after question, of everybody in a workspace, until it
    `is_over`."""

    bench: Bench
    server: BenchServer
    company: Company
    kind: str
    count: int = 0
    is_over: bool = False

    async def run(self) -> None:
        users = cycle(self.company.agents)
        async with asyncio.timeout(LIMIT):
            await asyncio.gather(*(self._client(users) for _ in range(FLOODS[self.kind])))

    async def _client(self, users: Iterator[str]) -> None:
        connection = await LoadConnection.open(self.server.port)
        while not self.is_over:
            await connection.ask(signed(self._asked(next(users)), self.server.port), b"")
            self.count += 1
        await connection.close()

    def _asked(self, user: str) -> TypedCommand:
        if self.kind == "questions":
            return TypedCommand(self.company.team, user, "/policy", "he shouts and threatens", "")
        return _hand(self.bench, self.company, user, _FLOODED_FROM + self.count)


async def _waits(bench: Bench, server: BenchServer, asked: Sequence[TypedCommand]) -> list[float]:
    """Seconds from each hand's leaving here, one a second, to its first message at Slack."""
    sent = await at_a_pace(server.port, asked, 1.0)
    first_at = await _heard(bench, asked)
    return [first_at[one] - left for one, left in zip(asked, sent, strict=True) if one in first_at]


async def _heard(bench: Bench, asked: Sequence[TypedCommand]) -> dict[TypedCommand, float]:
    """When Slack had the first message of each hand. Those that are missing went up never, and
    their agents were told so."""
    numbers = {found[0]: one for one in asked if (found := re.findall(NUMBER, one.text))}
    async with asyncio.timeout(LIMIT):
        heard = await told(bench)
        while not heard["first_at"].keys() | heard["not_up"].keys() >= numbers.keys():
            await asyncio.sleep(0.2)
            heard = await told(bench)
    first_at = heard["first_at"]
    return {one: first_at[number] for number, one in numbers.items() if number in first_at}


def _hand(bench: Bench, company: Company, user: str, number: int) -> TypedCommand:
    """Whatever is answered: where all is slow, Plecs says that it takes longer, and then whether it
    is up."""
    later = f"http://127.0.0.1:{bench.slack_port}/answers/nr{number}x"
    asked = hand_of(company.team, user, number, number)
    return replace(asked, expect="", response_url=later)


async def replicas() -> None:
    """Says what a hand costs the replicas and the database, with one, two and three of them."""
    with (
        tempfile.TemporaryDirectory(prefix="plecs-bench-") as folder,
        running_postgres() as postgres,
        fresh_postgres(postgres) as url,
    ):
        companies = await asyncio.to_thread(found, url, *[EACH] * WORKSPACES, anchors=2)
        bench = Bench(Path(folder), free_port(), companies)
        agents = zip(*(company.agents for company in companies), strict=True)
        asked = (
            _hand(bench, company, user, number)
            for number, (company, user) in enumerate(
                pair for users in agents for pair in zip(companies, users, strict=True)
            )
        )
        of_a_hand = "a hand: replicas, ms | PostgreSQL, ms"
        print(f"| replicas | hands/s | messages/s | {of_a_hand} | not up | load |")
        print("| --- " * 7 + "|")
        async with instant_slack(bench):
            for many in (1, 2, 3):
                async with AsyncExitStack() as stack:
                    servers = [
                        await stack.enter_async_context(replica(bench, url)) for _ in range(many)
                    ]
                    for server in servers:  # what is loaded for the first hand is loaded
                        await in_turn(server, list(islice(asked, 2)))
                    cells = await _shared(bench, url, servers, list(islice(asked, AT_ONCE)))
                print(f"| {many} | {' | '.join(cells)} | {_load()} |", flush=True)


async def _shared(
    bench: Bench, url: str, servers: Sequence[BenchServer], asked: Sequence[TypedCommand]
) -> tuple[str, ...]:
    """What comes of the hands, which all replicas raise together: the cells of a row."""
    sent = (await told(bench))["calls"].get(_MESSAGE, 0)
    used = [server.processor() for server in servers]
    used_there = await asyncio.to_thread(_database_processor, url)
    begun = time.monotonic()
    await _raised(servers, asked)
    took = time.monotonic() - begun
    up = await _heard(bench, asked)
    through = max(up.values()) - begun
    sent = (await told(bench))["calls"][_MESSAGE] - sent
    here = sum(server.processor() for server in servers) - sum(used)
    there = await asyncio.to_thread(_database_processor, url) - used_there
    return (
        f"{len(asked) / took:.0f}",
        f"{sent / through:.0f}",
        f"{here / len(asked) * 1000:.1f}",
        f"{there / len(asked) * 1000:.1f}",
        f"{len(asked) - len(up)}",
    )


async def _raised(
    servers: Sequence[BenchServer], asked: Sequence[TypedCommand]
) -> Sequence[TypedCommand]:
    many = len(servers)
    await asyncio.gather(*(in_turn(one, asked[n::many]) for n, one in enumerate(servers)))
    return asked


def _database_processor(url: str) -> float:
    """Seconds of processor time that PostgreSQL has used, on this machine: its first process, with
    those that ended, and those that run (fields 4 and 14 to 17 of Linux's proc(5))."""
    with psycopg.connect(url.replace("+psycopg", "", 1)) as connection:
        row = connection.execute("SELECT pg_backend_pid()").fetchone()
        assert row is not None
        first = int(_fields(row[0])[1])
        running = Path(f"/proc/{first}/task/{first}/children").read_text().split()
    ticks = sum(map(int, _fields(first)[11:15]))
    for process in running:
        with suppress(FileNotFoundError):  # it ended just now
            ticks += sum(map(int, _fields(int(process))[11:13]))
    return ticks / os.sysconf("SC_CLK_TCK")


def _fields(process: int) -> list[str]:
    return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()


def _load() -> str:
    return f"{os.getloadavg()[0]:.0f}"


if __name__ == "__main__":
    for name in sys.argv[1:] or ("fairness", "replicas"):
        asyncio.run({"fairness": fairness, "replicas": replicas}[name]())
