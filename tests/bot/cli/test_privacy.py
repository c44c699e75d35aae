"""The page that says what is kept, and the tables that say the same."""

from pathlib import Path

from typer.testing import CliRunner

from bot.command_line import app
from storage.schema import metadata, retention_of

PAGE = Path(__file__).parents[3] / "docs" / "privacy.md"


def test_the_page_is_what_the_tables_say() -> None:
    written = CliRunner().invoke(app, ["privacy"])
    assert written.exit_code == 0
    assert PAGE.read_text() == written.output, "run: .venv/bin/plecs privacy > docs/privacy.md"


def test_each_table_has_its_line_with_its_reason() -> None:
    lines = PAGE.read_text().splitlines()
    for table in metadata.sorted_tables:
        [line] = [line for line in lines if line.startswith(f"| `{table.name}` |")]
        assert retention_of(table).why in line
    assert "| `vent_blocks` | Until the person takes it back." in PAGE.read_text()
    [blocks] = [line for line in lines if line.startswith("| `vent_blocks` |")]
    assert "blocked (not told of it)" in blocks
