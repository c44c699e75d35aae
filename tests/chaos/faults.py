"""What breaks, one fault at a time; each begins, and is put right."""

import asyncio
import signal
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import psycopg
from psycopg import sql

from tests.chaos.floor import Floor
from tests.chaos.network import Network

LEASE = 20.0
"""Seconds a claim lasts (scheduling/delivery.py)."""


@dataclass(frozen=True, slots=True)
class Broken:
    """What can be broken in one run. `database` is the PostgreSQL one's address and name."""

    floor: Floor
    network: Network | None = None
    database: tuple[str, str] = ("", "")


Do = Callable[[Broken], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Fault:
    """`lasts` for so many seconds. `several`: it takes replicas that go on. `repeats`: Slack
    delivers each command four times. `doubles`: what was accepted and not heard of stands there
    twice, one with its button until somebody presses it."""

    name: str
    begins: Do
    ends: Do
    lasts: float = 3.0
    several: bool = False
    repeats: bool = False
    doubles: bool = False


async def _nothing(_broken: Broken) -> None:
    """As always."""


def _slack(method: str, trouble: str) -> tuple[Do, Do]:
    async def begins(broken: Broken) -> None:
        broken.floor.slack.fail_next(method, trouble, 10_000)

    async def ends(broken: Broken) -> None:
        broken.floor.slack.troubles.clear()

    return begins, ends


async def _kill_one(broken: Broken) -> None:
    await broken.floor.replicas[0].kill()


async def _start_one(broken: Broken) -> None:
    await broken.floor.replicas[0].start()


async def _kill_all_and_start(broken: Broken) -> None:
    for one in broken.floor.replicas:
        await one.kill()
    await asyncio.gather(*(one.start() for one in broken.floor.replicas))


async def _stop_one(broken: Broken) -> None:
    broken.floor.replicas[0].signal(signal.SIGSTOP)


async def _go_on(broken: Broken) -> None:
    broken.floor.replicas[0].signal(signal.SIGCONT)


async def _roll(broken: Broken) -> None:
    for one in broken.floor.replicas:
        one.signal(signal.SIGTERM)
        await one.ended()
        await one.start()


async def _black_hole(broken: Broken) -> None:
    assert broken.network is not None
    broken.network.open.clear()


async def _network_back(broken: Broken) -> None:
    assert broken.network is not None
    broken.network.open.set()


async def _read_only(broken: Broken) -> None:
    await asyncio.to_thread(_writes, *broken.database, are="on")


async def _writable(broken: Broken) -> None:
    await asyncio.to_thread(_writes, *broken.database, are="off")


def _writes(server: str, name: str, are: str) -> None:
    """Has the database take no writes ("on"), or take them again, of all connections."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(
            sql.SQL("ALTER DATABASE {} SET default_transaction_read_only = {}").format(
                sql.Identifier(name), sql.SQL(are)
            )
        )
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,)
        )


FAULTS = (
    Fault("nothing", _nothing, _nothing, 0),
    Fault("each command delivered four times", _nothing, _nothing, 0, repeats=True),
    Fault("kill -9 of one replica", _kill_one, _start_one, several=True),
    Fault("kill -9 of all, started at once", _kill_all_and_start, _nothing, 0),
    Fault("one replica stopped past the lease", _stop_one, _go_on, LEASE + 5, several=True),
    Fault("rolling stop", _roll, _nothing, 0),
    Fault("chat.postMessage: 429", *_slack("chat.postMessage", "429")),
    Fault("chat.postMessage: 500", *_slack("chat.postMessage", "500")),
    Fault("chat.postMessage: no answer", *_slack("chat.postMessage", "hang"), lasts=6),
    Fault(
        "chat.postMessage: accepted, dropped", *_slack("chat.postMessage", "reset"), doubles=True
    ),
    Fault("chat.postMessage: missing_scope", *_slack("chat.postMessage", "missing_scope")),
    Fault("chat.update: 429", *_slack("chat.update", "429")),
    Fault("chat.update: missing_scope", *_slack("chat.update", "missing_scope")),
    Fault("conversations.open: 429", *_slack("conversations.open", "429")),
    Fault("conversations.open: missing_scope", *_slack("conversations.open", "missing_scope")),
    Fault("users.info: no answer", *_slack("users.info", "hang")),
)

OF_POSTGRESQL = (
    Fault("the database's network gone", _black_hole, _network_back, 12),
    Fault("the database takes no writes", _read_only, _writable, 8),
)

CUT = frozenset(
    {
        "nothing",
        "each command delivered four times",
        "kill -9 of one replica",
        "kill -9 of all, started at once",
        "chat.postMessage: 500",
        "conversations.open: missing_scope",
        "chat.update: missing_scope",
        "the database takes no writes",
    }
)
"""What stands for the rest in the usual test run."""
