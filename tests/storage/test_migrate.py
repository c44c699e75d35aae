"""The tables that migrations make are the tables that the code uses."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

import storage.everything  # noqa: F401 - importing it defines every table
from storage.engines import engine_for
from storage.migrate import migrate
from storage.migrations import is_used
from storage.schema import metadata
from tests.conftest import fresh_postgres


@pytest.fixture(params=["sqlite", "postgresql"])
def nothing(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database with nothing in it."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/folder/plecs.db"
    else:
        with fresh_postgres(request.getfixturevalue("postgres_server")) as url:
            yield url


def test_from_nothing_to_the_present_tables(nothing: str) -> None:
    before, after = migrate(nothing)
    assert before is None
    assert migrate(nothing) == (after, after)
    engine = engine_for(nothing)
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_object": is_used}
        )
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_replicas_that_start_together_migrate_once(postgres_server: str) -> None:
    with fresh_postgres(postgres_server) as url, ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(lambda _: migrate(url), range(4)))
    befores, (newest, *rest) = zip(*outcomes, strict=True)
    assert rest == [newest] * 3
    assert sorted(befores, key=str) == [newest, newest, newest, None]


def test_what_no_migration_makes_is_named_with_the_command_that_writes_it(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/plecs.db"
    migrate(url)
    engine = engine_for(url)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE heartbeats")
    engine.dispose()
    with pytest.raises(LookupError) as raised:
        migrate(url)
    assert str(raised.value) == (
        "No migration makes heartbeats.at, heartbeats.process: "
        'write it with python -m storage.migrations "what changed"'
    )
