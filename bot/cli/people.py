"""`plecs people`: the list of people, from a file."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.console import Console
from rich.progress import Progress

from bot.cli.export import give
from bot.cli.run import content_or_exit, opened, refuse, settings_or_exit
from bot.cli.workspace import places_or_exit
from bot.files import write_for_owner
from bot.people_changes import BusyError, ListChanges, bring_in, written
from bot.people_list import COLUMNS, read_list
from bot.services import services
from handlers import profiles
from handlers.common.topics import topics_of
from handlers.kit.people import Address, Person
from handlers.work import Occasion
from scheduling.clock import system_clock
from storage.cleaning import erase, export
from storage.database import Database
from storage.work import SqlWork

SlackWorkspaceOption = Annotated[
    str, typer.Option(help="The Slack workspace's ID (T...); Slack is asked if left out.")
]
UserArgument = Annotated[str, typer.Argument(help="The person's member ID in Slack (U...).")]

app = typer.Typer(help="The people Plecs knows.", no_args_is_help=True)


@app.command(
    "import",
    help=f"Add and change people by a CSV file with the columns {', '.join(COLUMNS)}. "
    "Columns and cells that are left out leave what is known; a cell with - takes it away. Nothing "
    "is imported unless every line is good.",
)
def import_(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)],
    *,
    workspace: SlackWorkspaceOption = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would change, and change nothing.")
    ] = False,
) -> None:
    """Reads, checks, then writes all of it in one transaction."""
    console = Console()
    with about(workspace) as (database, places):
        topics = database.read_now(
            lambda work: topics_of(work.settings, work.workspaces.of(places[0]))
        )
        listed, bad = read_list(content_or_exit(file), places, topics)
        for line in bad:
            console.print(f"line {line.number}: {line.reason}", markup=False, soft_wrap=True)
        if bad:
            console.print(f"Nothing was imported: {len(bad)} to put right.")
            raise typer.Exit(1)
        with Progress(console=console) as progress:
            bar = progress.add_task("People", total=len(listed))

            def write(work: SqlWork) -> ListChanges:
                return bring_in(
                    Occasion(work, system_clock(), services()),
                    listed,
                    topics,
                    dry_run=dry_run,
                    progress=lambda done: progress.update(bar, completed=done),
                )

            try:
                tally = database.run_now(write)
            except BusyError as busy:
                console.print(
                    f"{busy} is kept twice, and in a call, a talk or a break now. Nothing was "
                    "imported: try again later.",
                    markup=False,
                )
                raise typer.Exit(1) from None
    for changed in tally.lines:
        console.print(changed, markup=False, highlight=False, soft_wrap=True)
    verb = "Would be:" if dry_run else "Imported:"
    console.print(f"{verb} {tally.new} new, {tally.changed} changed, {tally.same} as they were.")


@app.command("list")
def list_(
    file: Annotated[Path, typer.Argument(dir_okay=False, writable=True, help="Ends in .csv.")],
    *,
    workspace: SlackWorkspaceOption = "",
    language: Annotated[
        Literal["lv", "en"], typer.Option(help="Latvian spreadsheets part columns by semicolons.")
    ] = "en",
) -> None:
    """Write everybody to a table, to be changed there and brought in again."""
    with about(workspace) as (database, places):

        def made(work: SqlWork) -> bytes:
            name = work.workspaces.of(places[0])
            on = Occasion(work, system_clock(), services())
            return written(name, places, topics_of(work.settings, name), on, language)

        write_for_owner(file, database.read_now(made))
    typer.echo(f"{file} is written. Change it, then: plecs people import {file} --dry-run")


@app.command("export")
def export_(user: UserArgument, *, workspace: SlackWorkspaceOption = "") -> None:
    """Print everything that is kept of a person, as JSON: theirs to have."""
    with about(workspace) as (database, places):

        def theirs(work: SqlWork) -> dict[str, list[dict[str, Any]]]:
            return export(work.connection, _known(work, places, user).id, work.seal)

        kept = database.read_now(theirs)
    give(kept)


@app.command("erase")
def erase_(
    user: UserArgument,
    *,
    workspace: SlackWorkspaceOption = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask first.")] = False,
) -> None:
    """Erase a person. Counts without names stay; a case they helped with goes on."""
    with about(workspace) as (database, places):
        person = database.read_now(lambda work: _known(work, places, user))
        if not yes:
            typer.confirm(f"Erase everything that is kept of {person.name}?", abort=True)

        def leave(work: SqlWork) -> int:
            profiles.leave(work, person, system_clock(), services())
            return erase(work.connection, person.id)

        rows = database.run_now(leave)
    typer.echo(f"{person.name} is erased: {rows} rows.")


@contextmanager
def about(workspace: str) -> Iterator[tuple[Database, list[Address]]]:
    """The database with its present tables, and the workspaces that a command is about, one a
    platform: those that are set together, or the one."""
    found = settings_or_exit()
    places = places_or_exit(found, workspace)
    with opened(found) as database:
        apart = database.run_now(lambda work: work.workspaces.join(places))
        yield database, [place for place in places if place not in apart]


def _known(work: SqlWork, places: Sequence[Address], user: str) -> Person:
    found = (work.people.at(replace(place, user=user)) for place in places)
    person = next(filter(None, found), None)
    if person is None:
        refuse(f"Plecs knows nobody with the ID {user}.")
    return person
