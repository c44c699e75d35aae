from typer.testing import CliRunner

from bot.command_line import app


def test_a_database_is_brought_up_to_date_once() -> None:
    first = CliRunner().invoke(app, ["migrate"])
    again = CliRunner().invoke(app, ["migrate"])
    assert first.stdout.startswith("The database went from nothing to version ")
    assert again.stdout.endswith(" already.\n")


def test_it_is_told_what_would_be_changed_and_nothing_is() -> None:
    before = CliRunner().invoke(app, ["migrate", "--check"])
    again = CliRunner().invoke(app, ["migrate", "--check"])
    assert (before.exit_code, again.output) == (1, before.output)
    assert before.output.startswith("The database would go from nothing to version ")
    CliRunner().invoke(app, ["migrate"])
    after = CliRunner().invoke(app, ["migrate", "--check"])
    assert (after.exit_code, after.output.endswith(" already.\n")) == (0, True)
