"""Whatever breaks, no hand that was acknowledged is lost, and nobody is called twice.

A part of the faults in the usual run; all of them with PLECS_CHAOS=whole, which `make chaos` sets.
"""

import os
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import make_url

from tests.chaos.counted import HANDS, Row, suffer, table
from tests.chaos.faults import CUT, FAULTS, OF_POSTGRESQL, Broken, Fault
from tests.chaos.floor import floor
from tests.chaos.network import network

WHOLE = os.environ.get("PLECS_CHAOS") == "whole"


def chosen(*faults: Fault) -> list[Fault]:
    return [one for one in faults if WHOLE or one.name in CUT]


async def test_one_process_over_sqlite(tmp_path: Path) -> None:
    faults = chosen(*(one for one in FAULTS if not one.several))
    url = f"sqlite:///{tmp_path}/plecs.db"
    async with floor(url, 1, tmp_path, HANDS * len(faults)) as made:
        rows = [await suffer(one, Broken(made)) for one in faults]
    judge(rows, faults, "SQLite, one process")


async def test_three_replicas_over_postgresql(
    postgres_server: str, postgres_url: str, tmp_path: Path
) -> None:
    faults = chosen(*FAULTS, *OF_POSTGRESQL)
    parts = conninfo_to_dict(postgres_server)
    name = str(make_url(postgres_url).database)
    async with network(str(parts["host"]), int(parts.get("port") or 5432)) as between:
        user = f"{parts.get('user', '')}:{parts.get('password', '')}"
        url = f"postgresql+psycopg://{user}@127.0.0.1:{between.port}/{name}"
        async with floor(url, 3, tmp_path, HANDS * len(faults)) as made:
            broken = Broken(made, between, (postgres_server, name))
            rows = [await suffer(one, broken) for one in faults]
    judge(rows, faults, "PostgreSQL, three replicas")


def judge(rows: list[Row], faults: list[Fault], over: str) -> None:
    print(f"\n{table(rows, over)}")  # noqa: T201 - who runs it with -s wants to see it
    for row, fault in zip(rows, faults, strict=True):
        wrong = (row.lost, row.early, row.after_take, row.two_winners)
        assert wrong == (0, 0, 0, 0), row
        assert row.hands == HANDS
        assert row.live == 0 or fault.doubles, row
