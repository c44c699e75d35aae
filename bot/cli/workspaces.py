"""`plecs workspaces`: of which workspaces anything is kept, given out or deleted."""

import json
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import Progress

from bot.cli.run import opened, refuse, settings_or_exit
from bot.files import write_for_owner
from handlers.kit.people import Address
from storage.database import Database
from storage.slack import KEPT_FOR, SlackInstallation
from storage.work import SqlWork
from storage.workspaces import (
    WorkspaceSize,
    count_rows_of,
    delete_some,
    export_workspace,
    workspaces,
)

app = typer.Typer(help="The workspaces that Plecs serves.", no_args_is_help=True)

_AT_ONCE = 200
"""Rows that are deleted in one transaction."""

WorkspaceArgument = Annotated[str, typer.Argument(help="As list writes it: slack-T0123456789.")]


@app.command("list")
def list_() -> None:
    """Of which workspaces anything is kept, a line each: how many people, and since when."""
    with opened(settings_or_exit()) as database:
        found, installed = database.read_now(_all)
    for one in found:
        about = installed.pop(one.id, None)
        typer.echo(f"{one.id}: {one.people} people{_about(about)}")
    for name, about in installed.items():
        typer.echo(f"{name}: nobody yet{_about(about)}")
    if not (found or installed):
        typer.echo("None yet.")


@app.command()
def export(
    workspace: WorkspaceArgument,
    file: Annotated[Path, typer.Argument(help="Where to write it, as JSON.")],
) -> None:
    """Write everything of a workspace into a file, table by table, without what is sealed."""
    with opened(settings_or_exit()) as database:
        _see_that_it_is_there(database, workspace)

        def write(work: SqlWork) -> int:
            tables: dict[str, list[Any]] = {}
            for table, row in export_workspace(work.connection, workspace):
                tables.setdefault(table, []).append(row)
            written = json.dumps(tables, ensure_ascii=False, indent=1, default=_plain)
            write_for_owner(file, written.encode())
            return sum(map(len, tables.values()))

        count = database.read_now(write)
    typer.echo(f"{count} rows are in {file}.")


@app.command()
def delete(
    workspace: WorkspaceArgument,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Delete everything of a workspace: its people, and all that is theirs. There is no undoing."""
    with opened(settings_or_exit()) as database:
        size = _see_that_it_is_there(database, workspace)
        if not yes:
            typer.confirm(
                f"Delete {workspace} with its {size} people? Only a backup brings it back.",
                abort=True,
            )
        total = database.read_now(lambda work: count_rows_of(work.connection, workspace))
        teams = database.read_now(lambda work: _installed_in(workspace, work))
        with Progress() as progress:
            bar = progress.add_task("Deleting", total=total)
            while gone := database.run_now(
                lambda work: delete_some(work.connection, workspace, _AT_ONCE)
            ):
                progress.advance(bar, gone)
        for team in teams:
            database.run_now(partial(_forget, team))
    typer.echo(f"Nothing is kept of {workspace} any more.")


def _all(work: SqlWork) -> tuple[tuple[WorkspaceSize, ...], dict[str, SlackInstallation]]:
    installed = {
        work.workspaces.of(Address("slack", one.team, "")): one for one in work.slack.all()
    }
    return workspaces(work.connection), installed


def _installed_in(workspace: str, work: SqlWork) -> tuple[str, ...]:
    """The teams and organisations in Slack whose people are the workspace's, where Plecs is
    installed."""
    return tuple(
        one.team
        for one in work.slack.all()
        if work.workspaces.of(Address("slack", one.team, "")) == workspace
    )


def _forget(team: str, work: SqlWork) -> None:
    work.slack.forget(team)


def _about(one: SlackInstallation | None) -> str:
    if one is None:
        return ""
    if one.removed_at is not None:
        until = one.removed_at + KEPT_FOR
        return f", {one.name}, removed {one.removed_at:%Y-%m-%d}; deleted {until:%Y-%m-%d}"
    return f", {one.name}, installed {one.installed_at:%Y-%m-%d}"


def _see_that_it_is_there(database: Database, workspace: str) -> int:
    """How many people are known there. Exit status 1 where nothing is kept of it."""
    found, installed = database.read_now(_all)
    sizes = {one.id: one.people for one in found} | dict.fromkeys(
        installed.keys() - {one.id for one in found}, 0
    )
    if workspace not in sizes:
        refuse(f"Nothing is kept of {workspace}: plecs workspaces list")
    return sizes[workspace]


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)
