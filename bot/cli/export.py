"""What is made of a workspace's rows in one transaction, on the command line."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from bot.cli.run import opened, settings_or_exit
from bot.cli.workspace import workspace_or_exit
from storage.work import SqlWork

T = TypeVar("T")


def export(file: Path, workspace: str, made: Callable[[SqlWork, str], bytes]) -> None:
    """Writes what is made of one state of the workspace, by its id here, beside whoever writes.
    Exit status 1 where it can't be told which one that is."""
    file.write_bytes(seen_in_workspace(workspace, made))


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
