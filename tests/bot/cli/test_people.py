import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.command_line import app
from handlers.kit.hours import parse_hours
from handlers.kit.people import Address, Person, Role
from storage.database import Database

GOOD = (
    "name,platform user,roles,topics,hours\n"
    "Jānis Ozols,janis,supervisor,līgumi,Mon-Fri 08:00-17:00\n"
    "Anna Kalniņa,anna,,,\n"
)


@pytest.fixture
def database(kept: str) -> Iterator[Database]:
    database = Database(kept)
    yield database
    database.close()


def import_(tmp_path: Path, text: str, *options: str) -> Result:
    file = tmp_path / "people.csv"
    file.write_text(text)
    return CliRunner().invoke(app, ["people", "import", str(file), *options])


def known(database: Database, user: str) -> Person | None:
    return database.run_now(lambda work: work.people.at(Address("local", "demo", user)))


def test_people_are_brought_in_and_once_more_changes_nothing(
    tmp_path: Path, database: Database
) -> None:
    first = import_(tmp_path, GOOD)
    assert first.stdout.splitlines()[-1] == "Imported: 2 new, 0 changed, 0 as they were."
    janis = known(database, "janis")
    assert janis is not None
    assert janis == Person(
        janis.id,
        "local-demo",
        "Jānis Ozols",
        (Address("local", "demo", "janis"),),
        frozenset({Role.AGENT, Role.SUPERVISOR}),
        ("contracts",),
        hours=parse_hours("Mon-Fri 08:00-17:00"),
    )
    again = import_(tmp_path, GOOD.replace("supervisor", "coordinator"))
    assert again.stdout.splitlines()[-1] == "Imported: 0 new, 1 changed, 1 as they were."


def test_a_dry_run_counts_and_changes_nothing(tmp_path: Path, database: Database) -> None:
    result = import_(tmp_path, GOOD, "--dry-run")
    assert result.stdout.splitlines()[-1] == "Would be: 2 new, 0 changed, 0 as they were."
    assert known(database, "janis") is None


def test_everybody_is_written_to_a_table_changed_there_and_brought_in_again(
    tmp_path: Path, database: Database
) -> None:
    import_(tmp_path, GOOD)
    file = tmp_path / "out.csv"
    for language, separator in (("en", ","), ("lv", ";")):
        CliRunner().invoke(app, ["people", "list", str(file), "--language", language])
        table = file.read_bytes().decode("utf-8-sig")
        assert [line.split(separator) for line in table.splitlines()] == [
            [
                *("name", "platform user", "roles", "topics", "position", "extension", "manager"),
                *("locale", "zone", "hours"),
            ],
            ["Anna Kalniņa", "anna", "", "", "", "", "", "lv", "Europe/Riga", ""],
            [
                *("Jānis Ozols", "janis", "supervisor", "contracts", "", "", ""),
                *("lv", "Europe/Riga", "Mon-Fri 08:00-17:00"),
            ],
        ]
        same = import_(tmp_path, table)
        assert same.stdout.splitlines()[-1] == "Imported: 0 new, 0 changed, 2 as they were."
    edited = table.replace("supervisor;contracts", "coordinator;-").replace("anna;;", "anna;;bills")
    told = import_(tmp_path, edited, "--dry-run").stdout.splitlines()
    assert told[-3:] == [
        "~ Anna Kalniņa: topics none → bills",
        "~ Jānis Ozols: roles supervisor → coordinator; topics contracts → none",
        "Would be: 0 new, 2 changed, 0 as they were.",
    ]


def test_one_bad_line_keeps_all_out(tmp_path: Path, database: Database) -> None:
    result = import_(tmp_path, GOOD + "Ilze,ilze,boss,,mornings\n")
    assert result.stdout.splitlines() == [
        "line 4: 'boss' is no role. There are: agent, supervisor, coordinator, admin",
        "line 4: cannot read the hours 'mornings'. They look like Mon-Fri 08:00-17:00",
        "Nothing was imported: 2 to put right.",
    ]
    assert result.exit_code == 1
    assert known(database, "janis") is None


def test_a_person_may_have_what_is_kept_of_them_and_be_erased(
    tmp_path: Path, database: Database
) -> None:
    import_(tmp_path, GOOD)
    told = CliRunner().invoke(app, ["people", "export", "janis"])
    kept = json.loads(told.stdout)
    assert [row["name"] for row in kept["people"]] == ["Jānis Ozols"]
    assert [row["user"] for row in kept["addresses"]] == ["janis"]

    unsure = CliRunner().invoke(app, ["people", "erase", "janis"], input="n\n")
    assert unsure.exit_code == 1
    assert known(database, "janis") is not None
    gone = CliRunner().invoke(app, ["people", "erase", "janis", "--yes"])
    assert gone.stdout.startswith("Jānis Ozols is erased:")
    assert known(database, "janis") is None
    again = CliRunner().invoke(app, ["people", "erase", "janis", "--yes"])
    assert (again.exit_code, again.stderr) == (1, "Plecs knows nobody with the ID janis.\n")
