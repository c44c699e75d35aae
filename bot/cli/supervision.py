"""`plecs supervision`: what is known of the groups, as a file."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from bot.cli.run import settings_or_exit
from bot.cli.workspace import workspace_or_exit
from bot.texts import texts
from handlers.supervision.exports import commands as exports
from scheduling.calendars import written
from scheduling.clock import system_clock
from storage.database import Database
from storage.migrate import migrate
from storage.work import SqlWork

app = typer.Typer(help="Supervision groups.", no_args_is_help=True)


@app.callback()
def supervision_options() -> None:
    """Keeps `export` a word of its own while it is the only one."""


@app.command("export")
def export_(
    file: Annotated[
        Path, typer.Argument(dir_okay=False, writable=True, help="Ends in .csv or .ics.")
    ],
    *,
    workspace: Annotated[
        str, typer.Option(help="The Slack workspace's ID (T...); Slack is asked if left out.")
    ] = "",
    language: Annotated[
        Literal["lv", "en"],
        typer.Option(help="Of the headings; Latvian spreadsheets part columns by semicolons."),
    ] = "en",
) -> None:
    """Write groups, dates, seats and counts to a table, or the dates to a calendar."""
    kind = file.suffix.lower()
    if kind not in (".csv", ".ics"):
        raise typer.BadParameter("the file's name must end in .csv or .ics")
    found, now, t = settings_or_exit(), system_clock(), texts(language)
    here = workspace_or_exit(found, workspace)
    migrate(found.database_url)
    database = Database(found.database_url)

    def made(work: SqlWork) -> bytes:
        name = work.workspaces.of(here)
        if kind == ".csv":
            return exports.table(name, work, now, t)
        return written(exports.sheet(name, work, now, t))

    try:
        file.write_bytes(database.run_now(made))
    finally:
        database.close()
    typer.echo(f"{file} is written: counts and dates, and nobody's name.")
