"""What breaks, one fault at a time; each begins, and is put right."""

import asyncio
import signal
import sqlite3
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

from handlers.kit.notices import LEASE
from tests.chaos.floor import ChaosFloor
from tests.chaos.network import Network
from tests.chaos.server import ChaosServer

LONG = 12.0
"""Seconds: longer than an agent may wait for the truth."""

_SECONDS = {"5 minutes": 300.0, "an hour": 3600.0, "3 hours": 10800.0}


@dataclass(slots=True)
class Broken:
    """What can be broken in one run: the PostgreSQL server and its network, or the SQLite file.
    `under_way` is a fault that goes on by itself."""

    floor: ChaosFloor
    network: Network | None = None
    server: ChaosServer | None = None
    file: Path | None = None
    under_way: asyncio.Task[None] | None = None
    _holder: sqlite3.Connection | None = field(default=None, init=False)

    def hold_file(self) -> None:
        """What another program does that writes to the file, or a copy that is made of it."""
        assert self.file is not None
        self._holder = sqlite3.connect(self.file, isolation_level=None, check_same_thread=False)
        self._holder.execute("BEGIN IMMEDIATE")

    def release_file(self) -> None:
        assert self._holder is not None
        self._holder.execute("ROLLBACK")
        self._holder.close()


_METHODS = ("chat.postMessage", "chat.update", "conversations.open", "users.info", "views.publish")

Do = Callable[[Broken], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class ChaosFault:
    """`lasts` for so many seconds, in the usual run for `briefly`: None leaves it out there.
    `several`: it takes replicas that go on. `repeats`: Slack delivers each command four times, and
    at the end all that was pressed and typed once more, the last first."""

    name: str
    begins: Do
    ends: Do
    lasts: float = 3.0
    briefly: float | None = None
    several: bool = False
    repeats: bool = False


async def _nothing(_broken: Broken) -> None:
    """As always."""


# --- Slack --------------------------------------------------------------------------------------


def _slack(method: str, trouble: str) -> tuple[Do, Do]:
    async def begins(broken: Broken) -> None:
        broken.floor.slack.fail_next(method, trouble, 10_000)

    async def ends(broken: Broken) -> None:
        broken.floor.slack.troubles.clear()

    return begins, ends


def _slack_silent() -> tuple[Do, Do]:
    ways = [_slack(one, "hang") for one in _METHODS]

    async def begins(broken: Broken) -> None:
        for begin, _ in ways:
            await begin(broken)

    return begins, ways[0][1]


# --- processes ----------------------------------------------------------------------------------


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


async def _roll_under_way(broken: Broken) -> None:
    broken.under_way = asyncio.create_task(_roll(broken))


async def _rolled(broken: Broken) -> None:
    assert broken.under_way is not None
    await broken.under_way


# --- clocks -------------------------------------------------------------------------------------


def _machines(by: float) -> tuple[Do, Do]:
    """Every machine's clock is set while Slack takes nothing, so that all that leaves is put off by
    the wrong time; and is put right when Slack is."""
    refuses, takes = _slack("chat.postMessage", "500")

    async def begins(broken: Broken) -> None:
        for one in broken.floor.replicas:
            one.set_clock(by)
        await refuses(broken)

    async def ends(broken: Broken) -> None:
        for one in broken.floor.replicas:
            one.set_clock(-by)
        await takes(broken)

    return begins, ends


def _database_clock(by: float) -> tuple[Do, Do]:
    """The same with the clock of the database."""
    refuses, takes = _slack("chat.postMessage", "500")

    async def begins(broken: Broken) -> None:
        assert broken.server is not None
        await asyncio.to_thread(broken.server.set_clock, by)
        await refuses(broken)

    async def ends(broken: Broken) -> None:
        assert broken.server is not None
        await asyncio.to_thread(broken.server.set_clock, 0)
        await takes(broken)

    return begins, ends


async def _apart(broken: Broken) -> None:
    for one, by in zip(broken.floor.replicas, (-120, 0, 120), strict=True):
        one.set_clock(by)


async def _together(broken: Broken) -> None:
    for one in broken.floor.replicas:
        one.set_clock(-one.ahead)


# --- databases ----------------------------------------------------------------------------------


async def _files_full(broken: Broken) -> None:
    for one in broken.floor.replicas:
        one.files_grow(may=False)


async def _files_free(broken: Broken) -> None:
    for one in broken.floor.replicas:
        one.files_grow(may=True)


async def _hold(broken: Broken) -> None:
    await asyncio.to_thread(broken.hold_file)


async def _let_go(broken: Broken) -> None:
    await asyncio.to_thread(broken.release_file)


async def _black_hole(broken: Broken) -> None:
    assert broken.network is not None
    broken.network.open.clear()


async def _network_back(broken: Broken) -> None:
    assert broken.network is not None
    broken.network.open.set()


def _server(
    begins: Callable[[ChaosServer], None], ends: Callable[[ChaosServer], None]
) -> tuple[Do, Do]:
    async def begun(broken: Broken) -> None:
        assert broken.server is not None
        await asyncio.to_thread(begins, broken.server)

    async def ended(broken: Broken) -> None:
        assert broken.server is not None
        await asyncio.to_thread(ends, broken.server)

    return begun, ended


async def _cut_again_and_again(broken: Broken) -> None:
    async def cut() -> None:
        assert broken.server is not None
        while True:
            await asyncio.to_thread(broken.server.end_connections)
            await asyncio.sleep(0.3)

    broken.under_way = asyncio.create_task(cut())


async def _cut_no_more(broken: Broken) -> None:
    assert broken.under_way is not None
    broken.under_way.cancel()


FAULTS = (
    ChaosFault("nothing", _nothing, _nothing, 0),
    ChaosFault(
        "all delivered again and again, out of order", _nothing, _nothing, 0, 0, repeats=True
    ),
    ChaosFault("kill -9 of one replica", _kill_one, _start_one, several=True),
    ChaosFault("kill -9 of all, started at once", _kill_all_and_start, _nothing, 0),
    ChaosFault(
        "one replica stopped past the lease",
        _stop_one,
        _go_on,
        LEASE.total_seconds() + 5,
        several=True,
    ),
    ChaosFault("rolling stop", _roll_under_way, _rolled, 1),
    ChaosFault("chat.postMessage: 429", *_slack("chat.postMessage", "429"), LONG),
    ChaosFault("chat.postMessage: 500", *_slack("chat.postMessage", "500"), LONG, 1),
    ChaosFault("chat.postMessage: no answer", *_slack("chat.postMessage", "hang"), LONG),
    ChaosFault("chat.postMessage: accepted, dropped", *_slack("chat.postMessage", "reset")),
    *(
        ChaosFault(f"chat.postMessage: {word}", *_slack("chat.postMessage", word), LONG)
        for word in ("missing_scope", "token_revoked", "internal_error")
    ),
    ChaosFault("chat.update: 429", *_slack("chat.update", "429")),
    ChaosFault("chat.update: missing_scope", *_slack("chat.update", "missing_scope")),
    ChaosFault("chat.update: no answer", *_slack("chat.update", "hang")),
    ChaosFault("conversations.open: 429", *_slack("conversations.open", "429")),
    ChaosFault(
        "conversations.open: missing_scope",
        *_slack("conversations.open", "missing_scope"),
        briefly=1,
    ),
    ChaosFault("conversations.open: no answer", *_slack("conversations.open", "hang"), 6),
    ChaosFault("Slack: no answer, whatever is asked", *_slack_silent(), LONG),
    ChaosFault("response_url: gone", *_slack("response_url", "404")),
    ChaosFault("users.info: no answer", *_slack("users.info", "hang")),
    *(
        ChaosFault(f"machines' clocks {name} {way}, then right", *_machines(sign * by))
        for name, by in _SECONDS.items()
        for way, sign in (("fast", 1), ("slow", -1))
    ),
)

OF_SQLITE = (
    ChaosFault("the disk is full", _files_full, _files_free, LONG, 1),
    ChaosFault("another program holds the file", _hold, _let_go, LONG),
)

OF_POSTGRESQL = (
    ChaosFault("the database's network gone", _black_hole, _network_back, LONG),
    ChaosFault(
        "the database takes no writes",
        *_server(ChaosServer.read_only, ChaosServer.writable),
        LONG,
        2,
    ),
    ChaosFault("the database's disk is full", *_server(ChaosServer.full, ChaosServer.roomy), LONG),
    ChaosFault(
        "no more than two connections", *_server(ChaosServer.crowded, ChaosServer.spacious), LONG
    ),
    ChaosFault("every connection ended, again and again", _cut_again_and_again, _cut_no_more),
    ChaosFault("machines' clocks 2 minutes apart", _apart, _together, several=True),
    *(
        ChaosFault(f"the database's clock {name} {way}, then right", *_database_clock(sign * by))
        for name, by in _SECONDS.items()
        for way, sign in (("fast", 1), ("slow", -1))
    ),
)
