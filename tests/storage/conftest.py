"""Both databases, with every table and nothing in them."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from storage.database import Database, engine_for
from storage.migrate import migrate
from storage.schema import metadata
from storage.sealed import Seal


@pytest.fixture(scope="module")
def migrated_postgres(postgres_url: str) -> str:
    migrate(postgres_url)
    return postgres_url


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
    with engine.begin() as connection:
        names = ", ".join(table.name for table in metadata.sorted_tables)
        connection.execute(text(f"TRUNCATE {names}"))
    engine.dispose()
    return address


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    opened = Database(url, Seal("the secret of these tests"))
    yield opened
    opened.close()
