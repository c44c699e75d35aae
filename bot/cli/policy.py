"""`plecs policy`: what agents may do with abusive callers, from a file."""

import getpass
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot.cli.run import settings_or_exit
from bot.cli.workspace import workspace_or_exit
from handlers.boundaries.model import (
    Author,
    Change,
    Policies,
    PolicyError,
    PolicyFile,
    PolicySet,
    Version,
    amend,
    changes,
    to_plain,
)
from scheduling.clock import system_clock
from storage.database import Database
from storage.migrate import migrate
from storage.policies_yaml import parse
from storage.work import SqlWork

app = typer.Typer(help="What agents may do with abusive callers.", no_args_is_help=True)


@app.callback()
def policy_options() -> None:
    """Keeps `import` a word of its own while it is the only one."""


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)],
    *,
    workspace: Annotated[
        str, typer.Option(help="The Slack workspace's ID (T...); Slack is asked if left out.")
    ] = "",
    by: Annotated[str, typer.Option(help="Who does it, for the history.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before saving.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would change, and change nothing.")
    ] = False,
) -> None:
    """Replace behaviours, or add new ones, from a YAML file. Those the file doesn't name stay.

    handlers/boundaries/default.yaml is what Plecs comes with, to begin from.
    """
    console, now = Console(soft_wrap=True, highlight=False), system_clock()
    found = settings_or_exit()
    here = workspace_or_exit(found, workspace)
    try:
        brought = parse(file.read_text("utf-8"), now.date())
    except (PolicyError, UnicodeDecodeError) as error:
        problems = error.problems if isinstance(error, PolicyError) else ("this is not UTF-8",)
        _refuse(console, problems)
    migrate(found.database_url)
    database = Database(found.database_url)
    try:
        name = database.run_now(lambda work: work.workspaces.of(here))
        old = database.run_now(lambda work: work.of(Policies).current(name, now))
        new = _next(old, brought, now, by or getpass.getuser())
        differing = changes(old.policies, new.policies)
        for line in _preview(old.policies, new.policies, differing):
            console.print(line, markup=False)
        if not differing:
            console.print(f"Nothing differs from version {old.number}.")
        elif dry_run:
            console.print(f"Nothing was saved: this would be version {new.number}.")
        elif not yes and not typer.confirm(f"Save this as version {new.number}?"):
            console.print("Nothing was saved.")
        elif database.run_now(lambda work: _save(work, old, new)):
            console.print(f"Saved as version {new.number}. It holds from now on.")
        else:
            _refuse(console, ("Somebody saved another version meanwhile: look again.",))
    finally:
        database.close()


def _next(old: Version, brought: PolicyFile, now: datetime, by: str) -> Version:
    number = old.number + 1
    policies = amend(old.policies, brought, number)
    return Version(old.workspace, number, now, Author(name=by), policies)


def _save(work: SqlWork, seen: Version, new: Version) -> bool:
    current = work.of(Policies).current(new.workspace, new.saved_at)
    return current.number == seen.number and work.of(Policies).save(new)


def _preview(old: PolicySet, new: PolicySet, differing: Sequence[Change]) -> Iterator[str]:
    """What changes, place by place: "-" as it was, "+" as it will be."""
    was, will = dict(_places("", to_plain(old))), dict(_places("", to_plain(new)))
    for change in differing:
        name = f"behaviours.{change.behaviour.id}" if change.behaviour else "crisis"
        yield f"{name}: {'new' if change.parts is None else ', '.join(change.parts)}"
        for place in dict.fromkeys((*was, *will)):
            before, after = was.get(place), will.get(place)
            if place.startswith(f"{name}.") and before != after:
                short = place.removeprefix(f"{name}.")
                yield from (f"  - {short}: {before}",) if before is not None else ()
                yield from (f"  + {short}: {after}",) if after is not None else ()


def _places(path: str, value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _places(f"{path}.{key}" if path else str(key), inner)
    elif isinstance(value, list):
        for number, inner in enumerate(value, 1):
            yield from _places(f"{path}[{number}]", inner)
    else:
        yield path, str(value)


def _refuse(console: Console, problems: Sequence[str]) -> None:
    for problem in problems:
        console.print(problem, markup=False)
    console.print("Nothing was saved.")
    raise typer.Exit(1)
