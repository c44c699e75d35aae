"""The `plecs` command."""

import errno

import typer

from bot.cli import (
    check,
    keys,
    language,
    manifest,
    people,
    policy,
    privacy,
    run,
    supervision,
    teams,
)
from storage.database import UnreachableError

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
app.command()(privacy.privacy)
app.add_typer(language.app, name="language")


@app.callback()
def main_options() -> None:
    """Settings come from the environment or from .env; `plecs check` says what is missing."""


def main() -> None:
    """Runs the command line; every command is documented by `plecs --help`. What this machine
    refuses is one line with what to do, and exit status 2."""
    try:
        app()
    except UnreachableError as error:
        told = keys.unreachable(error)
    except OSError as error:
        told = _refused(error)
    else:
        return
    typer.secho(told, fg=typer.colors.RED, err=True)
    raise SystemExit(2)


def _refused(error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"{error.strerror}. Stop what listens there, or set another PORT."
    if error.errno in (errno.EADDRNOTAVAIL, errno.EACCES, errno.EPERM) and not error.filename:
        return f"HOST and PORT can't be listened on: {error.strerror}. Set others."
    return (
        f"{error.filename or 'A file'} can't be used: {error.strerror}. Let whoever runs Plecs "
        "write there, make room, or set DATABASE_URL to another place."
    )


if __name__ == "__main__":
    main()
