"""Whatever breaks, no hand that was acknowledged is lost, and nobody is called twice.

A part of the faults in the usual run, and briefly; all of them with PLECS_CHAOS=whole, which `make
chaos` sets. PLECS_CHAOS_ONLY, a regular expression, chooses among them by their names.
"""

import os
import re
from collections.abc import Sequence
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

from tests.chaos.counted import HANDS, TEAMS, CountedRow, line, suffer, table
from tests.chaos.faults import FAULTS, OF_POSTGRESQL, OF_SQLITE, Broken, ChaosFault
from tests.chaos.floor import floor
from tests.chaos.network import network
from tests.chaos.server import server

WHOLE = os.environ.get("PLECS_CHAOS") == "whole"
ONLY = os.environ.get("PLECS_CHAOS_ONLY", "")


def is_chosen(name: str, *, usual: bool) -> bool:
    """Whether the fault belongs to this run; `usual`: to each."""
    return bool(re.search(ONLY, name)) and (WHOLE or usual)


def chosen(*faults: ChaosFault) -> list[ChaosFault]:
    return [one for one in faults if is_chosen(one.name, usual=one.briefly is not None)]


async def test_one_process_over_sqlite(tmp_path: Path) -> None:
    faults = chosen(*(one for one in FAULTS if not one.several), *OF_SQLITE)
    file = tmp_path / "plecs.db"
    async with floor(f"sqlite:///{file}", 1, tmp_path, TEAMS * len(faults)) as made:
        rows = await all_of(faults, Broken(made, file=file))
    judge(rows, faults, "SQLite, one process")


async def test_three_replicas_over_postgresql(postgres_server: str, tmp_path: Path) -> None:
    faults = chosen(*FAULTS, *OF_POSTGRESQL)
    parts = conninfo_to_dict(postgres_server)
    with server(postgres_server) as runs:
        async with network(str(parts["host"]), int(parts.get("port") or 5432)) as between:
            url = f"postgresql+psycopg://{runs.name}:plecs@127.0.0.1:{between.port}/{runs.name}"
            async with floor(url, 3, tmp_path, TEAMS * len(faults)) as made:
                rows = await all_of(faults, Broken(made, between, runs))
    judge(rows, faults, "PostgreSQL, three replicas")


async def all_of(faults: Sequence[ChaosFault], broken: Broken) -> list[CountedRow]:
    """One after another; each is shown when it is over."""
    rows = []
    for one in faults:
        lasts = one.lasts if WHOLE or one.briefly is None else one.briefly
        rows.append(await suffer(one, broken, lasts))
        print(line(rows[-1]), flush=True)  # noqa: T201 - who runs it with -s wants to see it
    return rows


def judge(rows: list[CountedRow], faults: list[ChaosFault], over: str) -> None:
    print(f"\n{table(rows, over)}")  # noqa: T201 - who runs it with -s wants to see it
    assert [row.fault for row in rows] == [fault.name for fault in faults]
    for row in rows:
        wrong = (row.lost, row.early, row.after_take, row.two_winners)
        assert wrong == (0, 0, 0, 0), row
        assert row.hands == HANDS
        assert row.pings == row.repeated + 2 * HANDS
        assert row.untrue == 0 or not WHOLE, row
