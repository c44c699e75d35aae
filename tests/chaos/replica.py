"""One process of Plecs, and what it tells Slack's fake when."""

import asyncio
import json
import os
import resource
import signal
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import aiohttp

from tests.chaos.machine import MACHINES, run
from tests.fakes.slack import BOT_TOKEN, SIGNING_SECRET, MethodCall
from tests.patience import LIMIT
from tests.ports import free_port

COMING = "I'm coming"
REMINDS = "is still waiting"


@dataclass
class Arrivals(list[MethodCall]):
    """Slack's calls, with when each came by the clock."""

    clock: Callable[[], float] = time.monotonic
    times: list[float] = field(default_factory=list)

    def append(self, call: MethodCall) -> None:
        self.times.append(self.clock())
        super().append(call)

    def clear(self) -> None:
        self.times.clear()
        super().clear()

    def messages(self) -> Iterator[tuple[float, MethodCall]]:
        """The new messages, with when each came."""
        for at, call in zip(self.times, self, strict=True):
            if call.method == "chat.postMessage":
                yield at, call

    def asking(self, user: str) -> Iterator[tuple[float, str]]:
        """What asked the person to come, as it was sent, and when."""
        for at, call in self.messages():
            told = json.dumps(call.args["blocks"])
            if call.args["channel"] == user and COMING in told:
                yield at, told

    def pings(self, user: str) -> list[float]:
        """When the person was asked to come."""
        return pings_of(self.asking(user))


def pings_of(asking: Iterable[tuple[float, str]]) -> list[float]:
    """When somebody was asked to come, of all that asked them and when; that they were reminded of
    it is another message. The first is none, however late: who could not be asked before reads that
    somebody still waits."""
    return [at for number, (at, told) in enumerate(asking) if number == 0 or REMINDS not in told]


@dataclass
class ServedReplica:
    """`plecs run` over the database. Its machine's clock is `ahead` by so many seconds, and Slack
    takes `times` as much as the real one; without `slack_url` it serves none. `also`: settings
    besides. `microsoft`: where Microsoft's services are, for Teams."""

    url: str
    slack_url: str
    folder: Path
    ahead: float = 0.0
    times: int = 1
    also: Mapping[str, str] = field(default_factory=dict)
    microsoft: str = ""

    def __post_init__(self) -> None:
        self.port = free_port()
        self._process: ForkServerProcess | None = None
        self.serves = False
        """Whether it has said so since it was started last."""

    @property
    def runs(self) -> bool:
        return self._process is not None and self._process.is_alive()

    @property
    def events_url(self) -> str:
        path = "slack/events" if self.slack_url else "teams/messages"
        return f"http://127.0.0.1:{self.port}/{path}"

    @property
    def log(self) -> Path:
        """What it says."""
        return self.folder / f"plecs-{self.port}.log"

    @property
    def settings(self) -> dict[str, str]:
        """What it is told, and nothing else of this machine."""
        slack = {
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_SIGNING_SECRET": SIGNING_SECRET,
            "SLACK_API_URL": self.slack_url,
        }
        return {
            "PATH": os.environ["PATH"],
            "DATABASE_URL": self.url,
            "PORT": str(self.port),
            "SECRET_KEY": "the secret of all replicas of this floor",
            **(slack if self.slack_url else {}),
            "PUBLIC_URL": f"http://127.0.0.1:{self.port}",
            **self.also,
        }

    async def start(self) -> None:
        """Starts it; comes back when it is ready, or has ended."""
        await self.begin()
        async with aiohttp.ClientSession() as session, asyncio.timeout(LIMIT):
            while self.runs and not await self._is_ready(session):  # noqa: ASYNC110 - another program
                await asyncio.sleep(0.05)
        self.serves = self.runs

    async def begin(self) -> None:
        """Starts the process."""
        there, self._clock = MACHINES.Pipe(duplex=False)
        process = MACHINES.Process(
            target=run,
            args=(self.settings, self.log),
            kwargs={
                "clock": there,
                "ahead": self.ahead,
                "times": self.times,
                "microsoft": self.microsoft,
            },
            daemon=True,
        )
        await asyncio.to_thread(process.start)
        self._process = process

    async def _is_ready(self, session: aiohttp.ClientSession) -> bool:
        with suppress(aiohttp.ClientError):
            async with session.get(f"http://127.0.0.1:{self.port}/readyz") as answer:
                return answer.status == 200
        return False

    def set_clock(self, by: float) -> None:
        """Sets its machine's clock by so many seconds, from now on."""
        self.ahead += by
        if self.runs:
            self._clock.send(by)

    def files_grow(self, *, may: bool) -> None:
        """What a full disk does, to its database and to its log; or there is room again."""
        _, most = resource.prlimit(self.number, resource.RLIMIT_FSIZE)
        resource.prlimit(self.number, resource.RLIMIT_FSIZE, (most if may else 0, most))

    @property
    def number(self) -> int:
        """The process's."""
        assert self._process is not None
        assert self._process.pid is not None
        return self._process.pid

    def signal(self, which: signal.Signals) -> None:
        if self.runs:
            os.kill(self.number, which)

    async def kill(self) -> None:
        self.serves = False
        self.signal(signal.SIGKILL)
        await self.ended()

    async def ended(self) -> None:
        if self._process is not None:
            await asyncio.to_thread(self._process.join)
