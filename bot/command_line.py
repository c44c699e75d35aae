"""What `plecs` can be told: its commands, and what this machine refuses."""

import errno
from importlib.metadata import version as version_of
from socket import gaierror
from typing import Annotated

import typer

from bot import logs
from bot.cli import (
    answers,
    audit,
    callers,
    calls,
    calm,
    check,
    competences,
    database,
    keys,
    language,
    learn,
    manifest,
    offers,
    people,
    policy,
    practice,
    privacy,
    report,
    run,
    shifts,
    supervision,
    teams,
    workspaces,
)
from storage.database import UnreachableError, answering
from storage.migrate import NewerError
from storage.moves import MovedError

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
app.add_typer(shifts.app, name="shifts")
app.add_typer(policy.app, name="policy")
app.add_typer(calm.app, name="calm")
app.add_typer(answers.app, name="answers")
app.add_typer(learn.app, name="learn")
app.add_typer(competences.app, name="competences")
app.add_typer(practice.app, name="practice")
app.add_typer(offers.app, name="offers")
app.add_typer(supervision.app, name="supervision")
app.add_typer(calls.app, name="calls")
app.add_typer(callers.app, name="callers")
app.add_typer(database.app, name="db")
app.command("manifest")(manifest.write)
app.add_typer(workspaces.app, name="workspaces")
app.add_typer(teams.app, name="teams")
app.add_typer(keys.app, name="keys")
app.command()(privacy.privacy)
app.add_typer(audit.app, name="audit")
app.add_typer(report.app, name="report")
app.add_typer(language.app, name="language")


def _version(*, asked: bool) -> None:
    if asked:
        typer.echo(f"Plecs {version_of('plecs')}")
        raise typer.Exit


@app.callback()
def main_options(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say which it is.")
    ] = False,
) -> None:
    """Settings come from the environment or from .env; `plecs check` says what is missing."""


def main() -> None:
    """Runs the command line; every command is documented by `plecs --help`. What this machine
    refuses is one line with what to do, and exit status 2. Logs stand beside what is printed, not
    in it."""
    logs.configure("console")
    try:
        with answering():
            app()
    except UnreachableError as error:
        told = keys.unreachable(error)
    except (NewerError, MovedError) as error:
        told = str(error)
    except OSError as error:
        told = _refused(error)
    else:
        return
    typer.secho(told, fg=typer.colors.RED, err=True)
    raise SystemExit(2)


def _refused(error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"{error.strerror}. Stop what listens there, or set another PORT."
    is_address = error.errno in (errno.EADDRNOTAVAIL, errno.EACCES, errno.EPERM)
    if isinstance(error, gaierror) or (is_address and not error.filename):
        return f"HOST and PORT can't be listened on: {error.strerror}. Set others."
    return (
        f"{error.filename or 'A file'} can't be used: {error.strerror}. Let whoever runs Plecs "
        "write there, make room, or set DATABASE_URL to another place."
    )
