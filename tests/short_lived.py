"""Databases that live as long as a story."""

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Pool, event, make_url
from sqlalchemy.pool import ConnectionPoolEntry

_SHORT_LIVED: set[Path] = set()


def lives_as_long_as_a_story(url: str) -> None:
    """Nothing that is kept there is waited for until it is on the disk."""
    _SHORT_LIVED.add(Path(make_url(url).database or "").resolve())


# Of the pool's: who listens to an engine has each statement make calls to ask, in all that counts
# them.
@event.listens_for(Pool, "checkout")
def wait_for_no_disk(driver: Any, record: ConnectionPoolEntry, _proxy: object) -> None:
    """That it outlives a power cut would prove nothing."""
    if isinstance(driver, sqlite3.Connection) and not record.info.get("looked_at"):
        record.info["looked_at"] = True
        _, _, file = driver.execute("PRAGMA database_list").fetchone()
        if Path(file) in _SHORT_LIVED:
            driver.execute("PRAGMA synchronous=OFF")
