"""What is kept of each workspace is listed, given out and deleted, and nobody else's with it."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy import func, select
from typer.testing import CliRunner, Result

from bot.command_line import app
from handlers.escalation.model import Cases
from handlers.kit.people import Address, Profile
from storage.database import Database
from storage.schema import metadata
from storage.sealed import Seal
from storage.slack import SlackInstallation, Token
from storage.teams import Reference
from storage.work import SqlWork
from tests.storage.made import NOW, notice, raised, somebody

T = TypeVar("T")

KEY = "the key of these workspaces and of no other"


@pytest.fixture
def url(kept: str, tmp_path: Path) -> str:
    (tmp_path / ".env").write_text(f"DATABASE_URL={kept}\nSECRET_KEY={KEY}\n")
    for workspace in ("T1", "T2"):
        fill(kept, workspace)
    return kept


def fill(url: str, workspace: str) -> None:
    """Two people, a hand with somebody asked, and a notice."""
    database = Database(url, Seal(KEY))
    anna, janis = (somebody(database, f"{name} {workspace}", workspace=workspace) for name in "AJ")
    here = f"paper-{workspace}"
    database.run_now(lambda work: work.of(Cases).add(raised(anna.id, (janis.id,), workspace=here)))
    database.run_now(lambda work: work.outbox.add(here, notice(f"c.{workspace}", janis.id)))
    database.close()


def looked(url: str, look: Callable[[SqlWork], T]) -> T:
    database = Database(url, Seal(KEY))
    try:
        return database.run_now(look)
    finally:
        database.close()


def rows(work: SqlWork) -> dict[str, int]:
    counts = {
        table.name: work.connection.scalar(select(func.count()).select_from(table)) or 0
        for table in metadata.sorted_tables
    }
    return {name: count for name, count in counts.items() if count}


def plecs(*words: str) -> Result:
    return CliRunner().invoke(app, ["workspaces", *words])


def test_one_is_given_out_and_deleted_and_the_other_stays(url: str, tmp_path: Path) -> None:
    listed = plecs("list")
    assert listed.output.splitlines() == ["paper-T1: 2 people", "paper-T2: 2 people"]
    given = plecs("export", "paper-T1", "t1.json")
    assert (given.exit_code, given.output) == (0, "11 rows are in t1.json.\n")
    assert (tmp_path / "t1.json").stat().st_mode & 0o777 == 0o600
    tables = json.loads((tmp_path / "t1.json").read_text())
    assert {name: len(found) for name, found in tables.items()} == {
        "addresses": 2,
        "cases": 1,
        "case_seats": 1,
        "outbox": 1,
        "people": 2,
        "people_names": 4,
    }
    assert "T2" not in json.dumps(tables)

    unsure = CliRunner().invoke(app, ["workspaces", "delete", "paper-T1"], input="n\n")
    assert (unsure.exit_code, "with its 2 people" in unsure.output) == (1, True)
    assert plecs("delete", "paper-T1", "--yes").exit_code == 0
    left = looked(url, rows)
    assert left == {
        "addresses": 2,
        "cases": 1,
        "case_seats": 1,
        "outbox": 1,
        "people": 2,
        "people_names": 4,
        "revisions": 1,
    }
    assert plecs("list").output == "paper-T2: 2 people\n"
    gone = plecs("delete", "paper-T1", "--yes")
    assert (gone.exit_code, gone.output) == (
        1,
        "Nothing is kept of paper-T1: plecs workspaces list\n",
    )


def test_looking_and_giving_out_hold_up_nobody_who_writes(url: str) -> None:
    file = url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        other.execute("DELETE FROM outbox")
        assert plecs("list").output.splitlines() == ["paper-T1: 2 people", "paper-T2: 2 people"]
        given = plecs("export", "paper-T1", "t1.json")
        assert (given.exit_code, given.output) == (0, "11 rows are in t1.json.\n")
        other.execute("ROLLBACK")


def test_with_an_organisation_go_its_tokens_whatever_it_is_called(url: str) -> None:
    places = Address("teams", "tenant", ""), Address("slack", "E0GROUP", "")
    anna = Address("teams", "tenant", "anna")

    def fill_it(work: SqlWork) -> None:
        work.workspaces.join(places)
        work.people.add("teams-tenant", Profile(anna, "Anna"), frozenset())
        work.slack.put(SlackInstallation("E0GROUP", "Group", "", NOW, True), Token("xoxb-1"))
        work.slack.put(SlackInstallation("T7", "Team T7", "", NOW), Token("xoxb-2"))
        # Somebody who has the app, and never wrote.
        work.teams.put(replace(anna, user="ilze"), Reference("https://t", "c", "u", "b"), NOW)

    looked(url, fill_it)
    assert plecs("delete", "teams-tenant", "--yes").exit_code == 0
    assert [one.team for one in looked(url, lambda work: work.slack.all())] == ["T7"]
    left = looked(url, rows)
    assert left.keys().isdisjoint({"teams_conversations", "workspace_places"})


def test_slacks_workspaces_say_since_when_and_until_when(url: str) -> None:
    def install(work: SqlWork) -> None:
        for team in ("T7", "T8"):
            work.slack.put(SlackInstallation(team, f"Team {team}", "", NOW), Token("xoxb-1"))
        work.slack.remove("T8", NOW)

    looked(url, install)
    assert plecs("list").output.splitlines()[2:] == [
        "slack-T7: nobody yet, Team T7, installed 2026-03-02",
        "slack-T8: nobody yet, Team T8, removed 2026-03-02; deleted 2026-04-01",
    ]
    assert plecs("delete", "slack-T8", "--yes").exit_code == 0
    assert [one.team for one in looked(url, lambda work: work.slack.all())] == ["T7"]
