"""`plecs run` and `plecs migrate`."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Annotated, NoReturn

import typer
import uvloop

from bot import logs
from bot.app import serve
from bot.files import BadContentError, content_of
from bot.settings import Settings, SettingsError
from bot.settings_loading import load
from storage.database import Database
from storage.migrate import TablesVersion, tables_version
from storage.migrate import migrate as migrate_database
from storage.sealed import Seal


def run() -> None:
    """Starts Plecs: for Slack where it is set up, else a workspace in the browser."""
    settings = settings_or_exit()
    logs.configure(settings.log_format)
    try:
        uvloop.run(serve(settings, typer.echo))
    except SettingsError as error:
        refuse(*error.problems, status=error.status)


def migrate(
    *,
    check: Annotated[
        bool,
        typer.Option(
            "--check", help="Change nothing; exit status 1 when there is something to change."
        ),
    ] = False,
) -> None:
    """Brings the database to the present tables. `plecs run` does it too."""
    url = settings_or_exit().database_url
    if check:
        _tell_version(tables_version(url))
        return
    before, after = migrate_database(url)
    typer.echo(
        f"The database is at version {after} already."
        if before == after
        else f"The database went from {before or 'nothing'} to version {after}."
    )


def _tell_version(found: TablesVersion) -> None:
    if not found.is_behind:
        typer.echo(
            f"The database is at version {found.version} already."
            if found.version == found.newest
            else f"The database is at version {found.version}, of a newer Plecs. This one runs on "
            "it, and changes nothing."
        )
        return
    typer.echo(
        f"The database would go from {found.version or 'nothing'} to version {found.newest}."
    )
    if found.version is not None and found.version >= found.runs_from:
        typer.echo(
            f"Those that run on {found.version} may go on meanwhile, and be started again "
            "afterwards: start the newer ones one after the other."
        )
    elif found.version is not None:
        typer.echo("Stop every Plecs that runs on it first: it would not know these tables.")
    raise typer.Exit(1)


def settings_or_exit() -> Settings:
    """The settings; without them, what is missing and where to get it, and exit status 1."""
    try:
        return load()
    except SettingsError as error:
        refuse(*error.problems, status=error.status)


def content_or_exit(file: Path) -> bytes:
    """What stands in a file; else why it can't be read, and exit status 2."""
    try:
        return content_of(file)
    except BadContentError as error:
        refuse(f"{file} {error}", status=2)


@contextmanager
def opened(found: Settings) -> Iterator[Database]:
    """The database with today's tables."""
    migrate_database(found.database_url)
    with closing(Database(found.database_url, Seal(*found.secrets()))) as database:
        yield database


def refuse(*problems: str, status: int = 1) -> NoReturn:
    """Says what is wrong, a line each, and ends with the exit status."""
    for problem in problems:
        typer.secho(problem, fg=typer.colors.RED, err=True)
    raise typer.Exit(status)
