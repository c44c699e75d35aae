"""`plecs supervision`: what is known of the groups, as a file."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from bot.cli.export import export
from bot.cli.workspace import WorkspaceOption
from bot.texts import texts
from handlers.supervision.exports import commands as exports
from scheduling.calendars import written
from scheduling.clock import system_clock
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
    workspace: WorkspaceOption = "",
    language: Annotated[
        Literal["lv", "en"],
        typer.Option(help="Of the headings; Latvian spreadsheets part columns by semicolons."),
    ] = "en",
) -> None:
    """Write groups, dates, seats and counts to a table, or the dates to a calendar."""
    kind = file.suffix.lower()
    if kind not in (".csv", ".ics"):
        raise typer.BadParameter("the file's name must end in .csv or .ics")
    now, t = system_clock(), texts(language)

    def made(work: SqlWork, here: str) -> bytes:
        if kind == ".csv":
            return exports.table(here, work, now, t)
        return written(exports.sheet(here, work, now, t))

    export(file, workspace, made)
    typer.echo(f"{file} is written: counts and dates, and nobody's name.")
