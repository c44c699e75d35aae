"""What a start takes, and what a process keeps: `python -m tests.bench.start [TIMES]`.

`plecs run` for each door on a SQLite database that was there. Counted is the processor's time of
the whole process until `/readyz` answers 200 (its `utime` and `stime` of /proc/PID/stat), the same
once all is read that is read beforehand, and the memory that is resident then; the medians of some
starts. Times of the processor, too, are longer on a machine that has much else to do.
"""

import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from urllib.error import URLError

from tests.bench.load import SECRET, token_of
from tests.patience import LIMIT
from tests.ports import free_port

_TIMES = 5
_SETTLED = 5.0
"""Seconds after which nothing of a start is under way any more."""

_ID = "00000000-0000-0000-0000-000000000001"
_TICK = os.sysconf("SC_CLK_TCK")


def _doors(port: int, slack_port: int) -> Mapping[str, Mapping[str, str]]:
    slack = {
        "SLACK_BOT_TOKEN": token_of("T1"),
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_API_URL": f"http://127.0.0.1:{slack_port}/api/",
    }
    teams = {
        "TEAMS_APP_ID": _ID,
        "TEAMS_APP_PASSWORD": SECRET,
        "TEAMS_TENANT_ID": _ID,
        "PUBLIC_URL": f"http://127.0.0.1:{port}",
    }
    return {"local": {}, "slack": slack, "teams": teams}


def _processor(process: int) -> float:
    """Seconds that it had so far."""
    after_the_name = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(after_the_name[11]) + int(after_the_name[12])) / _TICK


def _resident(process: int) -> float:
    """Megabytes."""
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("Rss:"))


def _start(door: str, folder: Path, slack_port: int) -> tuple[float, float, float]:
    """Seconds of the processor until it is ready, and until all is read; megabytes then."""
    port = free_port()
    environment = {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": f"sqlite:///{folder / 'plecs.db'}",
        "PORT": str(port),
        "SECRET_KEY": SECRET,
        **_doors(port, slack_port)[door],
    }
    with (folder / "log").open("w") as log:
        started = subprocess.Popen(
            [sys.executable, "-m", "bot", "run"], env=environment, stdout=log, stderr=log
        )
    try:
        end = time.monotonic() + LIMIT
        while not _is_ready(port):
            if started.poll() is not None or time.monotonic() > end:
                raise SystemExit((folder / "log").read_text())
            time.sleep(0.01)
        ready = _processor(started.pid)
        time.sleep(_SETTLED)
        return ready, _processor(started.pid), _resident(started.pid)
    finally:
        started.terminate()
        started.wait()


def _is_ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2):
            return True
    except (URLError, OSError):
        return False


def main(times: int = _TIMES) -> None:
    slack_port = free_port()
    command = [sys.executable, "-m", "tests.bench.instant_slack", str(slack_port)]
    slack = subprocess.Popen(command)  # noqa: S603 - our own words
    try:
        for door in _doors(0, slack_port):
            with tempfile.TemporaryDirectory() as folder:
                _start(door, Path(folder), slack_port)  # makes the database
                rounds = [_start(door, Path(folder), slack_port) for _ in range(times)]
            ready, read, resident = map(median, zip(*rounds, strict=True))
            print(f"{door}: ready {ready:.2f} s, all read {read:.2f} s, {resident:.0f} MB")
    finally:
        slack.terminate()
        slack.wait()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
