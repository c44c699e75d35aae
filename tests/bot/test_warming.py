"""What is read from files is read before a transaction begins."""

import asyncio
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

from bot.warming import Warming
from storage.work import SqlWork
from tests.world import World

_ASKS = """
import asyncio, ctypes, sys
from threading import current_thread

from bot.warming import warm_up
from handlers.kit.people import Role
from handlers.routes import ROUTES
from tests.world import open_world

SENTENCE = "he shouts and threatens me, viņš draud, мне страшно, what may I do with the bill"
opened = set()


def heard(event, arguments):
    if event == "open" and current_thread().name.startswith("database-"):
        opened.add(str(arguments[0]))


async def ask_everything():
    async with open_world(sys.argv[1]) as world:
        await world.person("Mara", *Role)
        for number in range(3):
            await world.person(f"Colleague {number}")
        sys.addaudithook(heard)
        for route in (route for route in ROUTES if route.typed):
            for text in ("", SENTENCE):
                await world.engine.desk.ask(world.command("Mara", route.name, text))
            await world.settle()
        await world.says("Mara", "/caller 20000000")


class Allocated(ctypes.Structure):
    _fields_ = [(name, ctypes.c_size_t) for name in (
        "arena", "ordblks", "smblks", "hblks", "hblkhd", "usmblks", "fsmblks", "uordblks",
        "fordblks", "keepcost",
    )]


mallinfo = ctypes.CDLL(None).mallinfo2
mallinfo.restype = Allocated
before = mallinfo()
warm_up()
after = mallinfo()
kept = after.uordblks + after.hblkhd - before.uordblks - before.hblkhd
asyncio.run(ask_everything())
# A zone's file is a page, and there are hundreds.
print(sorted(one for one in opened if "zoneinfo" not in one and not one.endswith(".db")))
print(round(kept / 1_000_000))
"""


_MOST_KEPT = 21
"""Megabytes that are kept of what is read, with the search's and the holidays' code, as the C
library counts them. Python's own count, without what is not Python's, is three fewer, and takes ten
times as long as to read."""


def test_no_transaction_waits_for_a_file(empty_sqlite: Path, tmp_path: Path) -> None:
    """A replica that had just begun, on a busy machine, read its dictionaries inside the first
    hand's transaction, for which PostgreSQL waits four seconds. A fresh process asks everything
    that can be typed. What was read stays in memory, and is no more than is asked."""
    shutil.copy(empty_sqlite, tmp_path / "kept.db")
    command = [sys.executable, "-c", _ASKS, f"sqlite:///{tmp_path / 'kept.db'}"]
    by_malloc = {**os.environ, "PYTHONMALLOC": "malloc"}
    ended = subprocess.run(command, env=by_malloc, capture_output=True, text=True, check=False)  # noqa: S603 - our own words
    assert ended.returncode == 0, ended.stderr[-2000:]
    opened, kept = ended.stdout.splitlines()
    assert opened == "[]"
    assert int(kept) <= _MOST_KEPT


async def test_who_asks_first_is_answered_once_it_is_read(world: World) -> None:
    mara = await world.person("Mara")
    is_read = threading.Event()

    def read() -> None:
        is_read.wait(10)

    def look(work: SqlWork) -> bool:
        return work.people.at(mara.addresses[0]) is not None

    warming = Warming(read)
    world.engine.desk.ask_after(warming.over)
    asking = asyncio.create_task(world.engine.desk.ask(world.command("Mara", "hand")))
    await asyncio.sleep(0)
    # It would stand before this one in their line.
    await world.engine.database.run(look, world.address("Mara").place)
    assert not asking.done()
    is_read.set()
    assert (await asking).stands_for
