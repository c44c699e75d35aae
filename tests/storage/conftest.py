"""Both databases, with every table and nothing in them."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.database import Database
from storage.engines import engine_for
from storage.schema import metadata
from storage.sealed import Seal

_EMPTIED = "; ".join(f'DELETE FROM "{one.name}"' for one in reversed(metadata.sorted_tables))  # noqa: S608 - ours
"""Most are empty: to look is quicker than to make each anew, as TRUNCATE does. Sent at once: one by
one it takes a test six times as long."""


@pytest.fixture
def sqlite_url(empty_sqlite: Path, tmp_path: Path) -> str:
    file = tmp_path / "plecs.db"
    shutil.copy(empty_sqlite, file)
    return f"sqlite:///{file}"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    """The address of an empty database, once for each kind."""
    if request.param == "sqlite":
        address: str = request.getfixturevalue("sqlite_url")
        return address
    address = request.getfixturevalue("migrated_postgres")
    engine = engine_for(address)
    try:
        with engine.begin() as connection:
            connection.exec_driver_sql(_EMPTIED)
    finally:
        engine.dispose()
    return address


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    opened = Database(url, Seal("the secret of these tests"))
    yield opened
    opened.close()
