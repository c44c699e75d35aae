"""A machine for one `plecs run`: its own clock, its own files, a Slack with its own limits.

It is a process of its own, forked off one in which everything is imported: a thousand starts would
else be a thousand times two seconds of reading Python. Nothing runs in that one.
"""

import os
import sys
import threading
import time
from dataclasses import replace
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import time_machine

from bot.command_line import main as plecs
from bot.slack.send import SLACK_PACE, SlackPlatform
from handlers.kit.delivery import Rate

MACHINES = get_context("forkserver")
MACHINES.set_forkserver_preload(["__main__", __name__, "bot.slack.front", "storage.postgresql"])


def run(
    settings: dict[str, str],
    log: Path,
    *,
    clock: "Connection[Any]",
    ahead: float,
    times: int,
    microsoft: str,
) -> None:
    """Runs Plecs with these settings and no others. The clock is so many seconds `ahead`, and is
    set by what comes from `clock`. Slack takes `times` as much of it as the real one, for runs
    that would wait for its limits longer than for anything else. `microsoft`: where it is here."""
    os.environ.clear()
    os.environ.update(settings)
    os.chdir(log.parent)
    written = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(written, stream.fileno())
    SlackPlatform.pace = replace(
        SLACK_PACE,
        workspace_new=_more(SLACK_PACE.workspace_new, times),
        workspace_change=_more(SLACK_PACE.workspace_change, times),
        workspace_opening=_more(SLACK_PACE.workspace_opening, times),
    )
    if microsoft:
        _move_microsoft(microsoft)
    sys.argv = ["plecs", "run"]
    _keep_what_nobody_sets()
    with time_machine.travel(time.time() + ahead) as wall:
        threading.Thread(target=_set, args=(wall, clock), daemon=True).start()
        plecs()


def _move_microsoft(to: str) -> None:
    """Nobody sets where Microsoft is, so no setting says so: this machine's network would."""
    from bot.teams.front import Microsoft, TeamsFront

    there = Microsoft(f"{to}/login", f"{to}/openid/configuration", f"{to}/emea/", f"{to}/graph")
    defaults = TeamsFront.__init__.__kwdefaults__
    assert defaults is not None
    defaults["microsoft"] = there


def _keep_what_nobody_sets() -> None:
    """A clock that is set leaves `time.monotonic` alone, which time-machine would not."""
    real = time.monotonic
    for module in list(sys.modules.values()):
        for name, value in list(vars(module).items()):
            if value is real:
                setattr(module, name, _monotonic)


def _monotonic() -> float:
    return time.clock_gettime(time.CLOCK_MONOTONIC)


def _set(wall: time_machine.Traveller, clock: "Connection[Any]") -> None:
    try:
        while True:
            wall.shift(clock.recv())
    except EOFError:  # whoever runs the tests was killed: nobody else stops this
        os._exit(1)


def _more(rate: Rate, times: int) -> Rate:
    return replace(rate, count=rate.count * times, burst=rate.burst * times)
