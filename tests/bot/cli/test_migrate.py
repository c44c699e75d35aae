from typer.testing import CliRunner

from bot.__main__ import app


def test_a_database_is_brought_up_to_date_once() -> None:
    first = CliRunner().invoke(app, ["migrate"])
    again = CliRunner().invoke(app, ["migrate"])
    assert first.stdout.startswith("The database went from nothing to version ")
    assert again.stdout.endswith(" already.\n")
