"""From a release on the tables only expand: so two versions run side by side, and one goes back."""

import json
import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from typer.testing import CliRunner

from bot import settings
from bot.command_line import app
from storage.engines import engine_for
from storage.migrate import NewerError, config_for, migrate
from storage.revisions import note_revision
from tests.conftest import fresh_postgres
from tests.storage.released import FILE, ROOT, description, narrowed, tables
from tests.world import open_world, title

LATER = """
import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{newest}"


def upgrade():
    op.create_table("later", sa.Column("id", sa.String(32), primary_key=True))
    op.add_column("cases", sa.Column("mood", sa.Text(), nullable=True))
    op.add_column("people", sa.Column("pets", sa.Integer(), nullable=False, server_default="0"))
"""
"""What a later Plecs may make of the tables."""


def test_the_tables_of_the_last_release_have_only_expanded() -> None:
    released = json.loads(FILE.read_text())
    assert list(narrowed(released["tables"], json.loads(json.dumps(tables())))) == []
    now = description()["migrations"]
    assert {name: now.get(name) for name in released["migrations"]} == released["migrations"]


def test_the_version_is_the_same_wherever_it_stands() -> None:
    released, version = json.loads(FILE.read_text())["version"], description()["version"]
    told = CliRunner().invoke(app, ["--version"])
    assert (told.exit_code, told.output) == (0, f"Plecs {version}\n")
    newest = re.search(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert newest is not None
    heading = newest[1].split()[0]
    # What is written under "Unreleased" is of a version that was not released yet.
    assert heading == ("Unreleased" if version != released else version)


def change(*path: str, to: object) -> Callable[[dict[str, Any]], None]:
    def do(described: dict[str, Any]) -> None:
        *way, last = path
        for step in way:
            described = described[step]
        if to is None:
            del described[last]
        else:
            described[last] = to

    return do


TEXT = {"type": "TEXT", "may be empty": True, "default": False}
FILLED = TEXT | {"may be empty": False, "default": True}


@pytest.mark.parametrize(
    ("do", "told"),
    [
        (change("cases", to=None), ["cases is gone"]),
        (change("cases", "columns", "line", to=None), ["cases.line is gone"]),
        (change("cases", "columns", "mood", to=TEXT), []),
        (
            change("cases", "columns", "mood", to=FILLED),
            [],
        ),
        (
            change("cases", "columns", "mood", to=TEXT | {"may be empty": False}),
            ["cases.mood is new, and must be filled by whoever doesn't know it"],
        ),
        (change("cases", "columns", "state", "type", to="VARCHAR(17)"), []),
        (change("cases", "columns", "state", "type", to="TEXT"), []),
        (
            change("cases", "columns", "state", "type", to="VARCHAR(15)"),
            ["cases.state was VARCHAR(16) and is VARCHAR(15)"],
        ),
        (
            change("cases", "columns", "ring", "type", to="TEXT"),
            ["cases.ring was INTEGER and is TEXT"],
        ),
        (
            change("cases", "columns", "topic", "may be empty", to=False),
            ["cases.topic may be empty in one of them alone"],
        ),
        (change("cases", "key", to=["id", "round"]), ["cases has another key"]),
        (
            change("people", "unique", to=[["name"]]),
            ["people has to be unique by ['name'] now"],
        ),
        (
            change("breaks", "hangs on", to=[["cases", ""], ["people", "CASCADE"]]),
            ["breaks holds rows of cases that were free to go"],
        ),
        (change("breaks", "hangs on", to=[["cases", "CASCADE"], ["people", "CASCADE"]]), []),
    ],
)
def test_what_the_version_before_would_stumble_over_is_named(
    do: Callable[[dict[str, Any]], None], told: list[str]
) -> None:
    before = json.loads(json.dumps(tables()))
    now = deepcopy(before)
    do(now)
    assert list(narrowed(before, now)) == told


# --- one version beside the next ----------------------------------------------------------------


@pytest.fixture(params=["sqlite", "postgresql"])
def later(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database that a later Plecs has brought to its tables."""
    if request.param == "sqlite":
        yield _brought(f"sqlite:///{tmp_path}/later.db", tmp_path)
    else:
        with fresh_postgres(request.getfixturevalue("postgres_server")) as url:
            yield _brought(url, tmp_path)


def _brought(url: str, folder: Path) -> str:
    _, newest = migrate(url)
    versions = folder / "versions"
    versions.mkdir()
    (versions / "9999_later.py").write_text(LATER.format(newest=newest))
    engine = engine_for(url, patient=True)
    with engine.connect() as connection:
        config = config_for(connection)
        ours = ROOT / "storage" / "migrations" / "versions"
        config.set_main_option("path_separator", "os")
        config.set_main_option("version_locations", f"{ours}:{versions}")
        command.upgrade(config, "9999")
        note_revision(connection, "9999", str(newest))
        connection.commit()
    engine.dispose()
    return url


async def test_two_versions_side_by_side_and_the_older_alone(later: str) -> None:
    """One raises a hand in the Plecs that knows less than the tables; the colleague's press comes
    to the other one."""
    assert migrate(later) == ("9999", "9999")
    async with open_world(later) as older:
        await older.person("Anna")
        await older.person("Jānis")
        assert title(await older.says("Anna", "/hand")) == "Your hand is up"
        async with open_world(later, before=older) as newer:
            await newer.presses("Jānis", "I'm coming")
            assert "Jānis is on the way" in newer.titles("Anna")
        await older.presses("Anna", "Solved")
        await older.settle()
        assert older.titles("Jānis") == ["Solved. Thank you for being there."]


def test_tables_on_which_this_one_does_not_run_are_left_alone(
    later: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for one in settings.described():
        monkeypatch.delenv(one.variable, raising=False)
    monkeypatch.setenv("DATABASE_URL", later)
    monkeypatch.setenv("SECRET_KEY", "k" * 32)
    fits = CliRunner().invoke(app, ["migrate", "--check"])
    told = "of a newer Plecs. This one runs on it, and changes nothing.\n"
    assert (fits.exit_code, fits.output) == (0, f"The database is at version 9999, {told}")
    engine = engine_for(later)
    with engine.begin() as connection:
        note_revision(connection, "9999", "9999")
    engine.dispose()
    with pytest.raises(NewerError, match="start the newer Plecs"):
        migrate(later)
