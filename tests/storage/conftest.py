"""Both databases, with every table and nothing in them."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete

from storage.database import Database
from storage.engines import engine_for
from storage.schema import metadata
from storage.sealed import Seal


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
            # Most are empty: to look is quicker than to make each anew, as TRUNCATE does.
            for table in reversed(metadata.sorted_tables):
                connection.execute(delete(table))
    finally:
        engine.dispose()
    return address


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    opened = Database(url, Seal("the secret of these tests"))
    yield opened
    opened.close()
