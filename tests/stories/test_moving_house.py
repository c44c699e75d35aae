"""The database moves to another place, or comes back from a backup, and nobody's hand is lost."""

import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot import settings
from bot.command_line import app
from handlers.kit.people import Role
from storage import engines, moves
from storage.migrate import migrate
from storage.moves import MovedError
from tests.conftest import fresh_postgres
from tests.stories.supervision_sessions import meeting
from tests.world import MONDAY_TEN, SECRET, World, card, lines, open_world


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own, with no settings from this machine."""
    monkeypatch.chdir(tmp_path)
    for one in settings.described():
        monkeypatch.delenv(one.variable, raising=False)
    return tmp_path


@pytest.fixture
def postgres(postgres_server: str) -> Iterator[str]:
    with fresh_postgres(postgres_server) as url:
        yield url.replace("postgresql+psycopg", "postgresql")


def plecs(url: str, *words: str, key: str = SECRET) -> Result:
    Path(".env").write_text(f"DATABASE_URL={url}\nSECRET_KEY={key}\n")
    return CliRunner().invoke(app, ["db", *words])


def mode_of(file: str) -> int:
    return Path(file).stat().st_mode & 0o777


async def a_morning(world: World) -> None:
    """Anna's hand is up and the first was asked; she has a plan, and a session in a week."""
    await meeting(world)
    await world.person("Boss", Role.SUPERVISOR)
    await world.ask(world.command("Anna", "supervision.calendar"))
    await world.says("Anna", "/plecs plan")
    await world.presses("Anna", "5 minutes each hour")
    await world.says("Anna", "/hand he threatens me")
    assert "Anna needs a colleague" in world.titles("Boss")


@asynccontextmanager
async def goes_on(world: World, url: str) -> AsyncIterator[World]:
    """The same people and messages, with the database there."""
    async with open_world(url, before=world) as again:
        await again.settle()
        yield again


async def what_was_begun_is_finished(world: World) -> None:
    """The ring climbs, one comes, and what else Anna had is there."""
    assert "Anna needs a colleague" not in world.titles("Jānis")
    await world.forward(minutes=2)
    assert "Anna needs a colleague" in world.titles("Jānis")
    await world.presses("Jānis", "I'm coming")
    assert "Jānis is on the way" in world.titles("Anna")
    await world.presses("Anna", "Solved")
    assert "Breaks: 5 min every 60 min" in lines(card(await world.says("Anna", "/plecs plan")))
    assert "Lanterns" in lines(card(await world.says("Anna", "/supervision")))
    calendar = world.command("Anna", "supervision.calendar.shown")
    given, *_ = world.replies["Anna"]
    assert await world.ask(calendar) == given


async def test_from_a_file_to_postgresql_in_the_middle_of_a_hand(
    world: World, postgres: str, tmp_path: Path
) -> None:
    await a_morning(world)
    old = str(world.engine.database.engine.url)
    assert world.engine.database.claim_sole_use()
    busy = plecs(old, "copy", "--to", postgres)
    assert (busy.exit_code, busy.output) == (1, f"Plecs is running on {old}: stop it first.\n")
    world.engine.database.close()

    wrong = plecs(old, "copy", "--to", postgres, key="x" * 32)
    assert (wrong.exit_code, "does not open" in wrong.output) == (1, True)
    moved = plecs(old, "copy", "--to", postgres)
    assert moved.exit_code == 0, moved.output
    assert "so is what 6 people with a hand, a session or a plan see" in moved.output
    assert moved.output.splitlines()[-1].startswith("Everything is there. Set DATABASE_URL to ")

    with pytest.raises(MovedError, match=r"has moved to postgresql://.* set DATABASE_URL to that"):
        migrate(old)
    checked = CliRunner().invoke(app, ["check"])
    assert (checked.exit_code, "has moved to postgresql" in checked.output) == (1, True)
    with closing(sqlite3.connect(tmp_path / "world.db")) as kept:
        for change in ("DELETE FROM people", "UPDATE cases SET line = ''"):
            with pytest.raises(sqlite3.IntegrityError, match="plecs: closed"):
                kept.execute(change)
    again = plecs(old, "copy", "--to", postgres)
    assert (again.exit_code, "Everything has moved to" in again.output) == (1, True)
    with closing(sqlite3.connect(tmp_path / "world.db")) as kept, kept:
        # As it is where the very last step was not reached.
        assert kept.execute("UPDATE moves SET done = 0 WHERE way = 'to'").rowcount == 1
    finished = plecs(old, "copy", "--to", postgres)
    assert (finished.exit_code, "Everything has moved to" in finished.output) == (1, True)
    with pytest.raises(MovedError, match="has moved to"):
        migrate(old)
    async with goes_on(world, postgres) as there:
        await what_was_begun_is_finished(there)
    opened = plecs(old, "reopen")
    assert (opened.exit_code, opened.output) == (0, f"{old} takes changes again.\n")
    full = plecs(old, "copy", "--to", postgres)
    assert (full.exit_code, "it must be empty" in full.output) == (1, True)


async def test_a_backup_of_either_is_put_into_an_empty_place_of_the_other_kind(
    world: World, postgres: str, tmp_path: Path
) -> None:
    await a_morning(world)
    file = str(world.engine.database.engine.url)
    made = plecs(file, "backup", "first.db")
    assert made.exit_code == 0, made.output
    assert (mode_of("first.db"), SECRET in made.output) == (0o600, False)
    assert plecs(file, "backup", "first.db").exit_code == 1
    world.engine.database.close()

    other = plecs(postgres, "restore", "first.db", key="y" * 32)
    assert (other.exit_code, "set SECRET_KEY to the one that sealed" in other.output) == (1, True)
    back = plecs(postgres, "restore", "first.db")
    assert back.exit_code == 0, back.output
    twice = plecs(postgres, "restore", "first.db")
    assert (twice.exit_code, "it must be empty" in twice.output) == (1, True)

    assert plecs(postgres, "backup", "second.db").exit_code == 0
    empty = f"sqlite:///{tmp_path}/new/plecs.db"
    assert plecs(empty, "restore", "second.db").exit_code == 0
    async with goes_on(world, empty) as there:
        await what_was_begun_is_finished(there)


def test_a_backup_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "empty.db").touch()
    for url, told in (
        (f"sqlite:///{tmp_path}/none.db", "There is no database at"),
        (f"sqlite:///{tmp_path}/empty.db", "There is nothing at"),
    ):
        made = plecs(url, "backup", "kept.db")
        assert (made.exit_code, told in made.output) == (1, True)
    with closing(sqlite3.connect(tmp_path / "empty.db")) as kept:
        assert kept.execute("SELECT name FROM sqlite_master").fetchall() == []
    assert not {"none.db", "kept.db", "kept.db.part"} & {one.name for one in tmp_path.iterdir()}


def test_what_others_write_to_all_the_time_is_not_closed(empty_sqlite: Path) -> None:
    with (
        closing(sqlite3.connect(empty_sqlite, isolation_level=None)) as other,
        engines.opened(f"sqlite:///{empty_sqlite}") as engine,
        engine.connect() as connection,
    ):
        other.execute("BEGIN IMMEDIATE")
        connection.exec_driver_sql("PRAGMA busy_timeout=0")
        with pytest.raises(moves.WrittenToError):
            moves.close(connection, "elsewhere", MONDAY_TEN)
        other.execute("ROLLBACK")
        other.execute("DELETE FROM people")
