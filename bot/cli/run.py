"""`plecs run` and `plecs migrate`."""

import asyncio
from typing import NoReturn

import typer

from bot import logs
from bot.app import serve
from bot.settings import Settings, SettingsError, load
from storage.migrate import migrate as migrate_database


def run() -> None:
    """Starts Plecs: for Slack where it is set up, else a workspace in the browser."""
    settings = settings_or_exit()
    logs.configure(settings.log_format)
    try:
        asyncio.run(serve(settings, typer.echo))
    except SettingsError as error:
        refuse(error)


def migrate() -> None:
    """Brings the database to the present tables. `plecs run` does it too."""
    before, after = migrate_database(settings_or_exit().database_url)
    typer.echo(
        f"The database is at version {after} already."
        if before == after
        else f"The database went from {before or 'nothing'} to version {after}."
    )


def settings_or_exit() -> Settings:
    """The settings; without them, what is missing and where to get it, and exit status 1."""
    try:
        return load()
    except SettingsError as error:
        refuse(error)


def refuse(error: SettingsError) -> NoReturn:
    """Says what is wrong, a line each, and ends."""
    for problem in error.problems:
        typer.secho(problem, fg=typer.colors.RED, err=True)
    raise typer.Exit(error.status)
