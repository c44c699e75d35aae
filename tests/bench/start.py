"""What a start takes, and what a process keeps: `python -m tests.bench.start [TIMES]`.

`plecs run` for each door on a SQLite database that was there. Counted is the processor's time of
the whole process until `/readyz` answers 200 (its `utime` and `stime` of /proc/PID/stat), the same
once all is read that is read beforehand, and the memory that is resident then; the medians of some
starts. Times of the processor, too, are longer on a machine that has much else to do.
"""

import asyncio
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from statistics import median

import aiohttp

from tests.bench.company import Company
from tests.bench.load import SECRET
from tests.bench.servers import Bench, instant_slack, process
from tests.patience import LIMIT
from tests.ports import free_port

_TIMES = 5
_SETTLED = 5.0
"""Seconds after which nothing of a start is under way any more."""

_ID = "00000000-0000-0000-0000-000000000001"
_NO_SLACK = {"SLACK_BOT_TOKEN": "", "SLACK_SIGNING_SECRET": "", "SLACK_API_URL": ""}
_DOORS: Mapping[str, Mapping[str, str]] = {
    "local": _NO_SLACK,
    "slack": {},
    "teams": _NO_SLACK
    | {
        "TEAMS_APP_ID": _ID,
        "TEAMS_APP_PASSWORD": SECRET,
        "TEAMS_TENANT_ID": _ID,
        "PUBLIC_URL": "http://127.0.0.1",
    },
}


async def main(times: int = _TIMES) -> None:
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder), free_port(), (Company("T1", ()),))
        async with instant_slack(bench):
            for door in _DOORS:
                await _start(bench, door)  # makes the database
                rounds = [await _start(bench, door) for _ in range(times)]
                ready, read, resident = map(median, zip(*rounds, strict=True))
                print(f"{door}: ready {ready:.2f} s, all read {read:.2f} s, {resident:.0f} MB")


async def _start(bench: Bench, door: str) -> tuple[float, float, float]:
    """Seconds of the processor until it is ready, and until all is read; megabytes then."""
    port = free_port()
    settings = {"DATABASE_URL": f"sqlite:///{bench.folder / door}.db", **_DOORS[door]}
    async with process(bench, port, "-m", "bot", "run", **settings) as server:
        await _ready(port)
        ready = server.processor()
        await asyncio.sleep(_SETTLED)
        return ready, server.processor(), _resident(server.process)


async def _ready(port: int) -> None:
    async with asyncio.timeout(LIMIT), aiohttp.ClientSession() as session:
        while True:
            async with session.get(f"http://127.0.0.1:{port}/readyz") as answer:
                if answer.status == 200:
                    return
            await asyncio.sleep(0.01)


def _resident(process: int) -> float:
    """Megabytes."""
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("Rss:"))


if __name__ == "__main__":
    asyncio.run(main(*map(int, sys.argv[1:])))
