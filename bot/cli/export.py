"""What is made of a workspace's rows in one transaction, on the command line; and what is kept of
somebody, given to them."""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import typer

from bot.cli.run import opened, refuse, settings_or_exit
from bot.cli.workspace import workspace_or_exit
from bot.files import write_for_owner
from handlers.kit.unread import Unread
from storage.work import SqlWork

T = TypeVar("T")


def export(file: Path, workspace: str, made: Callable[[SqlWork, str], bytes]) -> None:
    """Writes what is made of one state of the workspace, by its id here, beside whoever writes.
    Exit status 1 where it can't be told which one that is."""
    write_for_owner(file, seen_in_workspace(workspace, made))


def seen_in_workspace(workspace: str, made: Callable[[SqlWork, str], T]) -> T:
    """What is made of one state of the workspace, by its id here."""
    found = settings_or_exit()
    here = workspace_or_exit(found, workspace)
    with opened(found) as database:
        return database.read_now(lambda work: made(work, work.workspaces.of(here)))


def in_workspace(workspace: str, made: Callable[[SqlWork, str], T]) -> T:
    """What is made in one transaction of the workspace's, by its id here."""
    found = settings_or_exit()
    here = workspace_or_exit(found, workspace)
    with opened(found) as database:
        return database.run_now(lambda work: made(work, work.workspaces.of(here)))


def give(kept: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    """Prints all that is kept of somebody as JSON. Exit status 1, with the remedy, where words are
    missing in it: whoever is given the half of it should not take it for all."""
    typer.echo(json.dumps(kept, ensure_ascii=False, indent=2, default=str))
    values = [value for rows in kept.values() for row in rows for value in row.values()]
    if missing := sum(isinstance(value, Unread) for value in values):
        told = (
            f"Not all of it: {missing} of these texts are only “…”, for another SECRET_KEY sealed "
            "them. Put the former key back, after a comma, and export again."
        )
        refuse(told)
