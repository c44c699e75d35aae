"""`plecs shifts`: who works when, from the planners' own programs."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from bot.cli.people import SlackWorkspaceOption, about
from bot.cli.run import content_or_exit
from bot.csv_file import BadLine
from bot.services import services
from bot.shift_events import read_calendar
from bot.shift_list import COLUMNS, FindsPerson, ShiftList, read_shifts
from handlers.availability.rest import wall_time
from handlers.availability.shifts import ShiftSource
from handlers.calls.model import Calls
from handlers.kit.people import Address, Person
from handlers.kit.rota import Planned
from handlers.shifts.bringing import PlanChanges, Planning, at_work, bring_in
from handlers.work import Occasion
from scheduling.clock import system_clock
from storage.work import SqlWork

app = typer.Typer(help="Shifts on dates: they go before people's weekly hours.")


@app.callback()
def shifts_options() -> None:
    """Keeps `import` a word of its own while it is the only one."""


@app.command(
    "import",
    help=f"Plan shifts by a CSV file with the columns {', '.join(COLUMNS)} (person: an e-mail "
    "address, an extension, the platform's ID or the whole name; kind: work, desk work, training, "
    "absence or free), or by a calendar (.ics) of one person or of all who take part in it. "
    "From the file's first day to its last its people have nothing else to do; "
    "days that people corrected themselves stay. Nothing is planned unless every line is good.",
)
def import_(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)],
    *,
    workspace: SlackWorkspaceOption = "",
    person: Annotated[
        str, typer.Option(help="Whose calendar it is, where its events don't say.")
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would change, and change nothing.")
    ] = False,
    over_corrections: Annotated[
        bool, typer.Option("--over-corrections", help="Replace what people corrected, too.")
    ] = False,
) -> None:
    """Reads, checks, then writes all of it in one transaction."""
    console = Console()
    content = content_or_exit(file)
    with about(workspace) as (database, places):
        is_calendar = file.suffix.lower() == ".ics"

        def read(work: SqlWork) -> tuple[ShiftList | None, tuple[BadLine, ...]]:
            def who(told: str) -> Person | None:
                return _known(work, places, told)

            return (
                _read_calendar(content, who, person) if is_calendar else read_shifts(content, who)
            )

        listed, bad = database.read_now(read)
        unit = "event" if is_calendar else "line"
        for line in bad:
            console.print(f"{unit} {line.number}: {line.reason}", markup=False, soft_wrap=True)
        if listed is None:
            console.print(f"Nothing was planned: {len(bad)} to put right.")
            raise typer.Exit(1)
        planning = Planning(listed.first, listed.last, listed.by_person, ShiftSource.FILE)
        with Progress(console=console) as progress:
            bar = progress.add_task("People", total=len(listed.by_person))

            def write(work: SqlWork) -> PlanChanges:
                changes = bring_in(
                    Occasion(work, system_clock(), services()),
                    work.workspaces.of(places[0]),
                    planning,
                    over_said=over_corrections,
                    progress=lambda done: progress.update(bar, completed=done),
                )
                if dry_run:
                    raise _WouldBeError(changes)
                return changes

            try:
                changes = database.run_now(write)
            except _WouldBeError as undone:
                changes = undone.changes
    _tell(console, changes)
    verb = "Would be planned" if dry_run else "Planned"
    console.print(
        f"{verb} from {listed.first} to {listed.last}: {listed.lines} {unit}s of "
        f"{len(listed.by_person)} people. Days: {changes.new} new, {changes.changed} changed, "
        f"{changes.same} as they were, {changes.said} left as people corrected them.",
        soft_wrap=True,
    )


def _read_calendar(
    content: bytes, who: FindsPerson, owner: str
) -> tuple[ShiftList | None, tuple[BadLine, ...]]:
    known = who(owner) if owner else None
    if owner and known is None:
        return None, (BadLine(0, f"{owner!r} is nobody here, or several"),)
    return read_calendar(content, who, known, system_clock().date())


def _tell(console: Console, changes: PlanChanges) -> None:
    """The first days that differ, and how often rest is too short."""
    for one, day, before, after in changes.shown:
        told = f"~ {one.name} {day}: {_told(before, one)} -> {_told(after, one)}"
        console.print(told, markup=False, highlight=False, soft_wrap=True)
    if changes.changed > len(changes.shown):
        console.print(f"and {changes.changed - len(changes.shown)} days more.")
    if changes.rests:
        console.print(
            f"Rest is too short {len(changes.rests)} times: coordinators see where by /plecs shift "
            "rest."
        )


class _WouldBeError(Exception):
    """Takes back what was done, and says what that was."""

    def __init__(self, changes: PlanChanges) -> None:
        super().__init__()
        self.changes = changes


def _told(entries: tuple[Planned, ...], person: Person) -> str:
    spans = (
        f"{wall_time(one.start, person.zone):%H:%M}-{wall_time(one.end, person.zone):%H:%M} "
        f"{one.kind}"
        for one in at_work(entries)
    )
    return ", ".join(spans) or "free"


def _known(work: SqlWork, places: list[Address], told: str) -> Person | None:
    """Whom an e-mail address, an extension, a platform's ID or a whole name means."""
    at = (work.people.at(Address(one.platform, one.workspace, told)) for one in places)
    found = next(filter(None, at), None)
    known = found or work.of(Calls).known_as(told, work.workspaces.of(places[0]))
    return known if known is not None and known.belongs else None
