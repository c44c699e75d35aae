from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.command_line import app
from handlers.boundaries.model import Policies, PolicySet
from handlers.library.model import Author, Version
from storage.database import Database

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)

LATE = """
crisis:
  owner: &owner {lv: Dežurants, en: Whoever is on duty}
  review: 2030-06-30
  numbers:
    - {number: "112", what: {lv: Glābēji, en: Rescue}}
behaviours:
  silent:
    names: {lv: Klusums, en: Silent}
    meaning: {lv: Neviens nerunā., en: Nobody speaks.}
    allowed: {lv: [Beigt], en: [End it]}
    warnings: []
    ending: {lv: Visu labu., en: Goodbye., ru: Всего доброго.}
    backing: *owner
    owner: *owner
    review: 2030-06-30
    examples: {lv: [klusē], en: [silence]}
"""


@pytest.fixture
def database(kept: str) -> Iterator[Database]:
    database = Database(kept)
    yield database
    database.close()


def import_(tmp_path: Path, text: str, *options: str, says: str = "") -> Result:
    file = tmp_path / "policies.yaml"
    file.write_text(text, "utf-8")
    return CliRunner().invoke(app, ["policy", "import", str(file), *options], input=says)


def current(database: Database) -> Version[PolicySet]:
    return database.run_now(lambda work: work.of(Policies).current("local-demo", NOW))


def _saved(number: int) -> str:
    return (
        f"Saved as version {number}. What changed is a draft until somebody adopts it: "
        "plecs policy adopt --by NAME, or /policy adopt in chat."
    )


def test_a_file_adds_a_behaviour_and_replaces_the_numbers(
    tmp_path: Path, database: Database
) -> None:
    result = import_(tmp_path, LATE, "--yes", "--by", "Marta")
    assert result.exit_code == 0
    printed = result.stdout.splitlines()
    assert printed[0] == "behaviours.silent: new"
    assert "  + ending.lv: Visu labu." in printed
    assert "crisis: numbers, owner, review" in printed
    assert "  - numbers[2].number: 113" in printed
    assert printed[-1] == _saved(2)
    saved = current(database)
    assert (saved.number, saved.by) == (2, Author(name="Marta"))
    assert [each.id for each in saved.content.behaviours][-2:] == ["crisis", "silent"]
    assert [number.digits for number in saved.content.crisis.numbers] == ["112"]
    again = import_(tmp_path, LATE, "--yes")
    assert again.stdout.splitlines() == ["Nothing differs from version 2."]


def test_a_sentence_that_changes_is_shown_as_it_was_and_will_be(
    tmp_path: Path, database: Database
) -> None:
    import_(tmp_path, LATE, "--yes")
    result = import_(tmp_path, LATE.replace("Goodbye.", "Bye."), "--yes", "--by", "Marta")
    assert result.stdout.splitlines() == [
        "behaviours.silent: ending",
        "  - ending.en: Goodbye.",
        "  + ending.en: Bye.",
        _saved(3),
    ]
    assert current(database).number == 3


@pytest.mark.parametrize(
    ("options", "says", "last"),
    [
        (("--dry-run",), "", "Nothing was saved: this would be version 2."),
        ((), "n\n", "Nothing was saved."),
    ],
)
def test_nothing_is_saved_without_a_yes(
    tmp_path: Path, database: Database, options: tuple[str, ...], says: str, last: str
) -> None:
    result = import_(tmp_path, LATE, *options, says=says)
    assert result.stdout.splitlines()[-1] == last
    assert current(database).number == 1


def test_a_yes_saves(tmp_path: Path, database: Database) -> None:
    assert import_(tmp_path, LATE, says="y\n").exit_code == 0
    assert current(database).number == 2


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        (
            LATE.replace("ru: Всего доброго.", "de: Tschüss").replace("2030-06-30", "soon", 1),
            [
                "behaviours.silent.ending.ru: missing",
                "behaviours.silent.ending.de: not known here; possible: en, lv, ru",
                "crisis.review: 'soon' is no date; write 2027-06-30 or \"in 12 months\"",
            ],
        ),
        ("crisis: [", ["line 1: expected the node content, but found '<stream end>'"]),
        ("[red]", ["the file: should be names with values"]),
    ],
)
def test_every_fault_is_named_and_nothing_saved(
    tmp_path: Path, database: Database, text: str, problems: list[str]
) -> None:
    result = import_(tmp_path, text, "--yes")
    assert result.stdout.splitlines() == [*problems, "Nothing was saved."]
    assert result.exit_code == 1
    assert current(database).number == 1


def test_a_file_in_another_encoding_is_refused(tmp_path: Path, database: Database) -> None:
    file = tmp_path / "old.yaml"
    file.write_bytes("behaviours: žņaudz".encode("cp1257"))
    result = CliRunner().invoke(app, ["policy", "import", str(file), "--yes"])
    assert result.stdout.splitlines() == ["this is not UTF-8", "Nothing was saved."]


def test_a_named_person_adopts_what_is_a_draft(tmp_path: Path, database: Database) -> None:
    import_(tmp_path, LATE, "--yes")
    found = CliRunner().invoke(app, ["policy", "adopt", "silent", "rude", "--by", "Zane", "--yes"])
    assert found.stdout.splitlines() == [
        "rude: Rude or shouting, version 1",
        "silent: Silent, version 2",
        "Adopted by Zane. It stands on the cards from now on.",
    ]
    again = CliRunner().invoke(app, ["policy", "adopt", "rude", "--by", "Ilze", "--yes"])
    assert again.stdout.splitlines() == ["Nothing to do: these are adopted."]
    kept = current(database).adoptions
    assert {key: one.by for key, one in kept.items()} == {
        ("rude", 1): Author(name="Zane"),
        ("silent", 2): Author(name="Zane"),
    }
    unknown = CliRunner().invoke(app, ["policy", "adopt", "shy", "--by", "Zane", "--yes"])
    assert (unknown.exit_code, unknown.stdout.splitlines()[0]) == (1, "shy: no such behaviour")
