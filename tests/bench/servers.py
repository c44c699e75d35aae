"""The servers that are measured, each a process of its own, and one Slack that answers at once."""

import asyncio
import os
import shutil
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from storage.database import Database
from storage.sealed import Seal
from storage.work import SqlWork
from tests.bench.company import Company
from tests.bench.load import SECRET, BenchServer, TypedCommand, in_turn, token_of
from tests.patience import LIMIT
from tests.ports import free_port, listening

_TOPICS = ("contracts", "rēķins", "meters", "outages", "tariffs", "solar", "pārcelšanās", "debt")


@dataclass(frozen=True, slots=True)
class Bench:
    """What all servers of one run share."""

    folder: Path
    slack_port: int
    companies: tuple[Company, ...]

    @property
    def company(self) -> Company:
        return self.companies[0]


async def meet(bench: Bench, server: BenchServer, team: str, users: Sequence[str]) -> None:
    """Has Plecs see everybody once, and look up their do-not-disturb, as it does the first time."""
    before = (await told(bench))["calls"].get("dnd.info", 0)
    await in_turn(server, [TypedCommand(team, user, "/plecs", "", "") for user in users])
    async with asyncio.timeout(LIMIT):
        while (await told(bench))["calls"].get("dnd.info", 0) < before + len(users):
            await asyncio.sleep(0.05)


def hand_of(team: str, user: str, number: int, topic: int) -> TypedCommand:
    text = f"{_TOPICS[topic % len(_TOPICS)]} nr{number}x he shouts and won't stop"
    return TypedCommand(team, user, "/hand", text, "hand.cancel")


async def told(bench: Bench) -> dict[str, dict[str, float]]:
    """When each hand's first message came to Slack, which ones were said not to be up, and how
    often each method was called."""
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{bench.slack_port}/told") as answer,
    ):
        heard: dict[str, dict[str, float]] = await answer.json()
        return heard


@asynccontextmanager
async def plecs(
    bench: Bench, before: Callable[[SqlWork], None] | None = None
) -> AsyncIterator[BenchServer]:
    """A whole Plecs over a copy of the companies. `before`: what else is kept there."""
    async with aiohttp.ClientSession() as session:
        await session.post(f"http://127.0.0.1:{bench.slack_port}/forget")
    shutil.copy(bench.folder / "people.db", bench.folder / "plecs.db")
    url = f"sqlite:///{bench.folder / 'plecs.db'}"
    if before is not None:
        with closing(Database(url, Seal(SECRET))) as database:
            await asyncio.to_thread(database.run_now, before)
    async with replica(bench, url) as server:
        yield server
    for file in bench.folder.glob("plecs.db*"):
        file.unlink()


@asynccontextmanager
async def replica(bench: Bench, url: str) -> AsyncIterator[BenchServer]:
    """One that serves the database at `url`, installed in the workspace of each company."""
    port = free_port()
    many = {
        "DATABASE_URL": url,
        "SLACK_BOT_TOKEN": "",
        "SLACK_CLIENT_ID": "bench",
        "SLACK_CLIENT_SECRET": SECRET,
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
    }
    async with process(bench, port, "-m", "bot", "run", **many) as server:
        yield server


@asynccontextmanager
async def instant_slack(bench: Bench) -> AsyncIterator[None]:
    """Slack's side, while the context lasts."""
    port = bench.slack_port
    async with process(bench, port, "-m", "tests.bench.instant_slack", str(port)):
        yield


@asynccontextmanager
async def process(
    bench: Bench, port: int, *arguments: str, **settings: str
) -> AsyncIterator[BenchServer]:
    """A process that listens on the port, until the context ends."""
    file = bench.folder / "naive.db"
    environment = os.environ | {
        "DATABASE_URL": f"sqlite:///{bench.folder / 'plecs.db'}",
        "BENCH_DATABASE": str(file),
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "PUBLIC_URL": "",
        "ADMINS": "",
        "SECRET_KEY": SECRET,
        "SLACK_BOT_TOKEN": token_of(bench.company.team),
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_API_URL": f"http://127.0.0.1:{bench.slack_port}/api/",
        "LOG_FORMAT": "json",
        **settings,
    }
    with (bench.folder / "log").open("a") as log:
        started = await asyncio.create_subprocess_exec(
            sys.executable, *arguments, env=environment, stdout=log, stderr=log
        )
    try:
        await listening(port, started)
        yield BenchServer(port, started.pid)
    finally:
        if started.returncode is None:
            started.terminate()
        try:
            await asyncio.wait_for(started.wait(), 20)
        except TimeoutError:
            started.kill()
            await started.wait()
        for left in file.parent.glob(f"{file.name}*"):
            left.unlink()
