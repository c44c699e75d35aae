"""Whatever breaks of Microsoft's, no hand that was typed to Plecs in Teams is lost, and nobody is
called twice. A part of the faults in the usual run; all of them with PLECS_CHAOS=whole."""

import asyncio
import signal
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from tests.chaos.counted import HANDS, CountedRow, counted, line, table
from tests.chaos.faults import LONG
from tests.chaos.teams import TeamsFloor, teams_floor
from tests.chaos.test_chaos import WHOLE, is_chosen
from tests.fakes.teams import TeamsTrouble

DoInTeams = Callable[[TeamsFloor], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class TeamsFault:
    """`lasts` for so many seconds. `briefly`: in the usual run, too."""

    name: str
    begins: DoInTeams
    ends: DoInTeams
    lasts: float = LONG
    briefly: bool = False


async def _nothing(_floor: TeamsFloor) -> None:
    """As always."""


def _microsoft(trouble: TeamsTrouble, *methods: str) -> tuple[DoInTeams, DoInTeams]:
    async def begins(floor: TeamsFloor) -> None:
        for method in methods:
            floor.teams.fail_next(method, trouble, 10_000)

    async def ends(floor: TeamsFloor) -> None:
        floor.teams.troubles.clear()

    return begins, ends


async def _kill_and_start(floor: TeamsFloor) -> None:
    await floor.replica.kill()
    await floor.replica.start()


async def _stop_and_start(floor: TeamsFloor) -> None:
    floor.replica.signal(signal.SIGTERM)
    await floor.replica.ended()
    await floor.replica.start()


async def _start_without_sign_in(floor: TeamsFloor) -> None:
    floor.teams.fail_next("TOKEN", "hang", 10_000)
    await _kill_and_start(floor)


async def _start_without_keys(floor: TeamsFloor) -> None:
    floor.teams.fail_next("KEYS", "hang", 10_000)
    await _kill_and_start(floor)


async def _mended(floor: TeamsFloor) -> None:
    floor.teams.troubles.clear()


def _clock(by: float) -> tuple[DoInTeams, DoInTeams]:
    """The machine's clock is set while Teams takes nothing, and put right when it does."""
    refuses, takes = _microsoft(500, "POST")

    async def begins(floor: TeamsFloor) -> None:
        floor.replica.set_clock(by)
        await refuses(floor)

    async def ends(floor: TeamsFloor) -> None:
        floor.replica.set_clock(-by)
        await takes(floor)

    return begins, ends


FAULTS = (
    TeamsFault("nothing", _nothing, _nothing, 0),
    TeamsFault("kill -9, started at once", _kill_and_start, _nothing, 0, briefly=True),
    TeamsFault("stopped and started", _stop_and_start, _nothing, 0),
    TeamsFault("a message: 429", *_microsoft(429, "POST")),
    TeamsFault("a message: 500", *_microsoft(500, "POST")),
    TeamsFault("a message: 502", *_microsoft(502, "POST")),
    TeamsFault("a message: 401", *_microsoft(401, "POST")),
    TeamsFault("a message: 403", *_microsoft(403, "POST")),
    TeamsFault("a message: BotDisabledByAdmin", *_microsoft("BotDisabledByAdmin", "POST", "PUT")),
    TeamsFault("a message: no answer", *_microsoft("hang", "POST")),
    TeamsFault("a message: accepted, dropped", *_microsoft("dropped", "POST"), 3),
    TeamsFault("a change: 429", *_microsoft(429, "PUT"), 3),
    TeamsFault("a change: 500", *_microsoft(500, "PUT"), 3),
    TeamsFault("a change: no answer", *_microsoft("hang", "PUT")),
    TeamsFault("the roster: no answer", *_microsoft("hang", "GET")),
    TeamsFault(
        "Teams: no answer, whatever is asked", *_microsoft("hang", "POST", "PUT", "GET", "DELETE")
    ),
    TeamsFault("a start while nobody can sign in", _start_without_sign_in, _mended),
    TeamsFault("a start while Microsoft's keys don't come", _start_without_keys, _mended),
    *(
        TeamsFault(f"the machine's clock {name}, then right", *_clock(by), 3)
        for name, by in (
            ("5 minutes fast", 300.0),
            ("5 minutes slow", -300.0),
            ("3 hours fast", 10_800.0),
            ("3 hours slow", -10_800.0),
        )
    ),
)


async def test_one_process_serves_teams_over_sqlite(tmp_path: Path) -> None:
    faults = [one for one in FAULTS if is_chosen(one.name, usual=one.briefly)]
    rows = []
    async with teams_floor(f"sqlite:///{tmp_path}/plecs.db", tmp_path, HANDS * len(faults)) as made:
        for one in faults:
            rows.append(await _suffered(one, made))
            print(line(rows[-1]), flush=True)  # noqa: T201 - who runs it with -s wants to see it
    print(f"\n{table(rows, 'SQLite, one process, Teams')}")  # noqa: T201 - the same
    for row in rows:
        wrong = (row.lost, row.early, row.after_take, row.two_winners)
        assert wrong == (0, 0, 0, 0), row
        assert row.pings == row.repeated + 2 * HANDS
        assert row.untrue == 0 or not WHOLE, row


async def _suffered(fault: TeamsFault, floor: TeamsFloor) -> CountedRow:
    floor.reads.clear()
    teams = [await floor.next_team() for _ in range(HANDS)]
    await fault.begins(floor)
    raised = [asyncio.create_task(floor.hand(team)) for team in teams]
    await asyncio.sleep(fault.lasts)
    await fault.ends(floor)
    ended = time.monotonic()
    hands = await asyncio.gather(*raised)
    live = await floor.put_right(teams)
    theirs = {one.chat for team in teams for one in (team.agent, *team.helpers)}
    began = min(hand.typed for hand in hands)
    early = sum(at > began and asks and chat not in theirs for at, chat, _, asks in floor.sent.came)
    return counted(fault.name, hands, ended=ended, live=live, early=early)
