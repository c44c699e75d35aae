"""What broke once, as seconds now: `python -m tests.bench.troubles`.

Real `plecs run`, the strict fake of Slack, SQLite (and a PostgreSQL of its own for what only
replicas have). `make chaos` breaks one thing after another; here is what it has no place for.
PLECS_TROUBLES chooses, a regular expression; PLECS_TROUBLES_ROWS is how many rows a start has to
clean away.
"""

import asyncio
import os
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from storage.database import Database
from storage.deliveries import deliveries
from storage.migrate import migrate
from storage.work import SqlWork
from tests.chaos.floor import ChaosFloor, Story, floor
from tests.chaos.replica import ServedReplica
from tests.conftest import fresh_postgres, running_postgres
from tests.fakes.slack import User

CHOSEN = os.environ.get("PLECS_TROUBLES", "")
ROWS = int(os.environ.get("PLECS_TROUBLES_ROWS", "507000"))

HOMES = 260
HANGING = 54
_COUNTED_FOR = 5.0
_DAYS = 2
"""After so many nothing is kept of who raised a hand, and of what they wrote."""

_LINE = b"he threatens me"

_HOLDS = """
import sys
from storage.database import Database

def hold(work):
    work.settings.put("w", "s", {"value": "theirs"})
    print("held", flush=True)
    sys.stdin.readline()

Database(sys.argv[1]).run_now(hold)
"""


async def slow_profiles(folder: Path) -> str:
    """So many people who are not known yet open their start page, and Slack tells of none."""
    async with running(folder, 2) as made:
        await warm(made)
        strangers = [made.slack.add(User(f"UX{one}", f"UX{one}")) for one in range(HOMES)]
        made.slack.fail_next("users.info", "hang", 10_000)
        opened = [
            asyncio.create_task(
                made.slack.event({"type": "app_home_opened", "user": one.id, "tab": "home"})
            )
            for one in strangers
        ]
        await made.slack.until(lambda: len(made.slack.troubles) < 10_000)
        story = await made.hand(made.next_team())
        for one in opened:
            one.cancel()
        await asyncio.gather(*opened, return_exceptions=True)
        return (
            f"acknowledged {story.up - story.typed:.2f} s, first ping {_first(made, story):.2f} s"
        )


async def hanging_sends(folder: Path) -> str:
    """So many pings hang at Slack: how often is something kept all the while, and what of a hand
    that goes up now?"""
    async with running(folder, HANGING // 2 + 1) as made:
        await warm(made)
        made.slack.fail_next("chat.postMessage", "hang", 10_000)
        hands = [asyncio.create_task(made.hand(made.next_team())) for _ in range(HANGING // 2)]
        await made.slack.until(lambda: len(made.slack.troubles) <= 10_000 - HANGING)
        before = _commits(folder)
        await asyncio.sleep(_COUNTED_FOR)
        commits = (_commits(folder) - before) / _COUNTED_FOR
        made.slack.troubles.clear()
        ended = time.monotonic()
        stories = await asyncio.gather(*hands)
        last = max(made.arrivals.pings(one.id)[0] for s in stories for one in s.team.helpers)
        return f"{commits:.0f} commits a second; all pings {last - ended:.2f} s after Slack answers"


async def stopped_in_a_transaction(_folder: Path) -> str:
    """A replica is stopped (SIGSTOP) while it holds a row: how long does another wait for it?"""
    with running_postgres() as server, fresh_postgres(server) as url:
        await asyncio.to_thread(migrate, url)
        database = Database(url)
        command = [sys.executable, "-c", _HOLDS, url]
        with subprocess.Popen(  # noqa: ASYNC220, S603 - our own words
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as other:
            assert other.stdout
            await asyncio.to_thread(other.stdout.readline)
            os.kill(other.pid, signal.SIGSTOP)
            began = time.monotonic()
            await database.run(lambda work: work.settings.put("w", "s", {"value": "ours"}))
            waited = time.monotonic() - began
            other.kill()
        database.close()
    return f"another writes after {waited:.2f} s"


async def clean_up_after_a_start(folder: Path) -> str:
    """A start finds so many rows that have lived long enough: how are hands answered meanwhile?"""
    url = f"sqlite:///{folder}/plecs.db"
    async with running(folder, 40) as made:
        (plecs,) = made.replicas
        await plecs.kill()
        await asyncio.to_thread(_fill, url, ROWS)
        await plecs.start()
        began, answers, pings = time.monotonic(), [], []
        for team in list(made.teams):
            story = await made.hand(team)
            answers.append(story.up - story.typed)
            pings.append(_first(made, story))
            if not await asyncio.to_thread(_left, url):
                break
        while left := await asyncio.to_thread(_left, url):
            await asyncio.sleep(1)
            assert left
        took = time.monotonic() - began
    return (
        f"{ROWS:,} rows in {took:.0f} s; {len(answers)} hands meanwhile, one after the other: "
        f"answered in {max(answers):.2f} s, pinged {max(pings):.2f} s later, at the latest"
    )


async def gone_from_the_files(folder: Path) -> str:
    """A hand of days ago: how long after it was deleted can it still be read in the files?"""
    url = f"sqlite:///{folder}/plecs.db"
    async with running(folder, 2) as made:
        for _ in range(2):
            await made.hand(made.next_team())
        for team in made.teams:
            await made.asks(team.agent, partial(team.agent.presses, "Solved"))
        (plecs,) = made.replicas
        await plecs.kill()
        assert _LINE in _files(folder)
        later = ServedReplica(url, made.slack.api_url, folder, ahead=_DAYS * 86400.0)
        began = time.monotonic()
        await later.start()
        deleted = None
        while _LINE in _files(folder):
            if deleted is None and not await asyncio.to_thread(_kept, url):
                deleted = time.monotonic()
            await asyncio.sleep(0.1)
        gone = time.monotonic()
        await later.kill()
    return (
        f"deleted {(deleted or gone) - began:.1f} s after the start, gone from the files "
        f"{gone - (deleted or gone):.1f} s later"
    )


SCENES: Sequence[tuple[str, Callable[[Path], Awaitable[str]]]] = (
    (f"{HOMES} start pages while users.info does not answer", slow_profiles),
    (f"{HANGING} sends hang", hanging_sends),
    ("a replica is stopped in a transaction", stopped_in_a_transaction),
    ("a start with much to clean away", clean_up_after_a_start),
    ("what was deleted is gone from the files", gone_from_the_files),
)


async def main() -> None:
    for name, scene in SCENES:
        if re.search(CHOSEN, name):
            with tempfile.TemporaryDirectory(prefix="plecs-troubles-") as folder:
                print(f"| {name} | {await scene(Path(folder))} |", flush=True)


@asynccontextmanager
async def running(folder: Path, teams: int) -> AsyncIterator[ChaosFloor]:
    async with floor(f"sqlite:///{folder}/plecs.db", 1, folder, teams, times=20) as made:
        yield made


async def warm(made: ChaosFloor) -> None:
    """The first hand after a start reads dictionaries."""
    await made.hand(made.next_team())


def _first(made: ChaosFloor, story: Story) -> float:
    first = min(made.arrivals.pings(one.id)[0] for one in story.team.helpers)
    return max(0.0, first - story.up)


def _commits(folder: Path) -> int:
    """How many transactions the file's log has seen: SQLite counts them in the log's index."""
    return int.from_bytes((folder / "plecs.db-shm").read_bytes()[8:12], sys.byteorder)


def _fill(url: str, rows: int) -> None:
    database, old = Database(url), datetime.now(UTC) - timedelta(days=3)

    def fill(work: SqlWork) -> None:
        work.connection.execute(
            deliveries.insert(),
            [{"platform": "slack", "delivery": f"Old{one}", "at": old} for one in range(rows)],
        )

    try:
        database.run_now(fill)
    finally:
        database.close()


def _left(url: str) -> bool:
    old = "platform = 'slack' AND delivery BETWEEN 'Old' AND 'Ole'"
    return _asked(url, f"SELECT 1 FROM deliveries WHERE {old} LIMIT 1")  # noqa: S608 - our own


def _kept(url: str) -> bool:
    return _asked(url, "SELECT 1 FROM cases WHERE line <> '' LIMIT 1")


def _asked(url: str, query: str) -> bool:
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
        return connection.execute(query).fetchone() is not None


def _files(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.glob("plecs.db*"))


if __name__ == "__main__":
    asyncio.run(main())
