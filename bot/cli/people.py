"""`plecs people`: the list of people, from a file."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from bot.cli.run import settings_or_exit
from bot.cli.workspace import workspace_or_exit
from bot.people_list import COLUMNS, Tally, bring_in, read_list
from handlers.people.model import topics_of
from storage.database import Database
from storage.migrate import migrate
from storage.work import SqlWork

app = typer.Typer(help="The people Plecs knows.", no_args_is_help=True)


@app.command(
    "import",
    help=f"Add and change people by a CSV file with the columns {', '.join(COLUMNS)}. "
    "Columns and cells that are left out leave what is known. Nothing is imported unless every "
    "line is good.",
)
def import_(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)],
    *,
    workspace: Annotated[
        str, typer.Option(help="The Slack workspace's ID (T...); Slack is asked if left out.")
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would change, and change nothing.")
    ] = False,
) -> None:
    """Reads, checks, then writes all of it in one transaction."""
    console = Console()
    found = settings_or_exit()
    here = workspace_or_exit(found, workspace)
    migrate(found.database_url)
    database = Database(found.database_url)
    try:
        topics = database.run_now(
            lambda work: topics_of(work.settings, work.people.workspace_of(here))
        )
        listed, bad = read_list(file.read_bytes(), here.platform, here.workspace, topics)
        for line in bad:
            console.print(f"line {line.number}: {line.reason}", markup=False, soft_wrap=True)
        if bad:
            console.print(f"Nothing was imported: {len(bad)} to put right.")
            raise typer.Exit(1)
        with Progress(console=console) as progress:
            bar = progress.add_task("People", total=len(listed))

            def write(work: SqlWork) -> Tally:
                return bring_in(
                    work.people,
                    listed,
                    dry_run=dry_run,
                    progress=lambda done: progress.update(bar, completed=done),
                )

            tally = database.run_now(write)
    finally:
        database.close()
    verb = "Would be:" if dry_run else "Imported:"
    console.print(f"{verb} {tally.new} new, {tally.changed} changed, {tally.same} as they were.")
