"""The `plecs` command."""

import typer

from bot.cli import check, keys, language, manifest, people, policy, run, supervision, teams

app = typer.Typer(
    name="plecs",
    help="Stands beside the people who answer customers' calls.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(run.run)
app.command()(run.migrate)
app.command()(check.check)
app.add_typer(people.app, name="people")
app.add_typer(policy.app, name="policy")
app.add_typer(supervision.app, name="supervision")
app.command("manifest")(manifest.write)
app.add_typer(teams.app, name="teams")
app.add_typer(keys.app, name="keys")
app.add_typer(language.app, name="language")


@app.callback()
def main_options() -> None:
    """Settings come from the environment or from .env; `plecs check` says what is missing."""


def main() -> None:
    """Runs the command line; every command is documented by `plecs --help`."""
    app()


if __name__ == "__main__":
    main()
