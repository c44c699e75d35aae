"""`plecs report`: a week in numbers."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from bot.cli.export import export
from bot.cli.workspace import WorkspaceOption
from bot.services import services
from bot.texts import texts
from handlers.reports.commands import counted_in, written
from handlers.reports.model import WEEKS_BACK
from handlers.work import Occasion
from scheduling.clock import system_clock
from storage.work import SqlWork

app = typer.Typer(help="The week in numbers, nobody by name.", no_args_is_help=True)


@app.callback()
def report_options() -> None:
    """Keeps `export` a word of its own while it is the only one."""


@app.command("export")
def export_(
    file: Annotated[Path, typer.Argument(dir_okay=False, writable=True, help="Ends in .csv.")],
    *,
    workspace: WorkspaceOption = "",
    back: Annotated[
        int, typer.Option(min=0, max=WEEKS_BACK, help="How many weeks before this one.")
    ] = 1,
    zone: Annotated[str, typer.Option(help="By whose clocks a week begins.")] = "Europe/Riga",
    language: Annotated[
        Literal["lv", "en"],
        typer.Option(help="Of the words; Latvian spreadsheets part columns by semicolons."),
    ] = "en",
) -> None:
    """Write a week's figures to a table."""

    def made(work: SqlWork, here: str) -> bytes:
        on = Occasion(work, system_clock(), services())
        return written(*counted_in(on, here, zone, back), texts(language))

    export(file, workspace, made)
    typer.echo(f"{file} is written: counts, and nobody's name.")
