"""`plecs check`: what is set, what is missing, and where to get it."""

import asyncio
import os
from collections.abc import Collection
from pathlib import Path

import typer
from dotenv import dotenv_values
from rich.console import Console
from rich.table import Table

from bot import settings
from bot.cli.keys import unreachable
from bot.refusals import refusal_in_words
from bot.settings import Settings, SettingsError
from bot.slack.check import check as check_slack
from bot.slack.manifest import manifest
from handlers.router import ROUTES
from storage.database import UnreachableError, not_in_teams, refused_in, sealed_in
from storage.sealed import Seal, Under

ENV_FILE = Path(".env")

_NO_CALENDARS = (
    "PUBLIC_URL is not set: people's own calendars can't read their sessions, coordinators get no "
    "links to files, and charts are written as text. All else works."
)


def check() -> None:
    """Read the settings, and say what is missing and where to get it. Tries them with Slack."""
    console = Console()
    console.print(_overview(_present()))
    status = 1
    try:
        found = settings.load(ENV_FILE)
        in_teams, notes = _try_teams(found)
        sealed, of_keys = _open_sealed(found)
        problems = (*_try_out(found), *in_teams, *sealed, *_refused(found))
        notes = (*notes, *of_keys)
    except SettingsError as error:
        problems, notes, status = error.problems, (), error.status
    for problem in problems:
        console.print(f"- {problem}", markup=False, soft_wrap=True)
    if problems:
        raise typer.Exit(status)
    console.print(f"All is well. `plecs run` {_serves(found)}.")
    for note in notes:
        console.print(note, markup=False, soft_wrap=True)
    if found.reachable_url is None:
        console.print(_NO_CALENDARS, markup=False, soft_wrap=True)


def _serves(found: Settings) -> str:
    served = [name for name, is_set in (("Slack", found.slack), ("Teams", found.teams)) if is_set]
    return (
        f"serves {' and '.join(served)}"
        if served
        else "opens the local workspace: neither Slack nor Teams is set"
    )


def _try_teams(found: Settings) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What Teams has against these settings, and what is good to know; nothing without Teams."""
    if not found.teams:
        return (), ()
    from bot.teams.check import check as check_teams  # noqa: PLC0415 - it loads for half a second

    told = asyncio.run(check_teams(found, _without_the_app(found)))
    return told.problems, told.notes


def _without_the_app(found: Settings) -> tuple[str, ...]:
    """The names of people in Teams who have not installed Plecs, as far as the database says."""
    if found.sqlite_file is not None and not found.sqlite_file.exists():
        return ()
    try:
        return not_in_teams(found.database_url, found.teams_tenant_id)
    except UnreachableError:
        return ()  # it is told with the rest of what the database lacks


def _refused(found: Settings) -> tuple[str, ...]:
    """What the platforms refused of late, and refuse still as far as Plecs knows."""
    if found.sqlite_file is not None and not found.sqlite_file.exists():
        return ()
    try:
        refusals = refused_in(found.database_url)
    except UnreachableError:
        return ()  # it is told with the rest of what the database lacks
    return tuple(
        f"{refusal_in_words(refusal)}. Plecs tries it again by itself, once it is mended."
        for refusal in refusals
    )


def _open_sealed(found: Settings) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Whether what is kept sealed can be opened; and what is good to know of its keys."""
    if found.sqlite_file is not None and not found.sqlite_file.exists():
        return (), ()
    keys = found.secrets()
    try:
        sealed = sealed_in(found.database_url, Seal(*keys))
    except UnreachableError as error:
        return (unreachable(error),), ()
    problems, notes = list[str](), list[str]()
    if others := sealed[Under.OTHER]:
        problems.append(
            f"SECRET_KEY is not the one that sealed {others} tokens and the like: for Plecs they "
            "are not there. Put the former key back, after a comma; or else people give their "
            "permissions again."
        )
    if former := sealed[Under.FORMER]:
        notes.append(
            f"{former} tokens and the like are still sealed under a former key of SECRET_KEY: "
            "plecs keys rotate"
        )
    elif len(keys) > 1 and not others:
        notes.append(
            "Nothing is sealed under a former key of SECRET_KEY any more. It still opens links "
            "that were given out before: leave it out 30 days after the change."
        )
    return tuple(problems), tuple(notes)


def _present() -> frozenset[str]:
    """The variables that the environment or the file sets, to anything but nothing."""
    try:
        together = dotenv_values(ENV_FILE) | os.environ
    except UnicodeDecodeError:  # it is told with what else is wrong
        together = {**os.environ}
    return frozenset(name.upper() for name, value in together.items() if value)


def _overview(present: Collection[str]) -> Table:
    """Every setting; of a secret, and of all else, only whether it is set."""
    table = Table(box=None, pad_edge=False)
    table.add_column("setting", no_wrap=True)
    table.add_column("now", no_wrap=True)
    table.add_column("meaning, and what to do")
    for one in settings.described():
        is_set = one.variable in present
        table.add_row(
            one.variable,
            "set" if is_set else one.default or "not set",
            one.meaning if is_set or one.default else f"{one.meaning} {one.remedy}",
        )
    return table


def _try_out(found: Settings) -> tuple[str, ...]:
    """What Slack has against these settings; nothing without Slack."""
    if found.slack_bot_token is None:
        return ()
    token = found.slack_bot_token.get_secret_value()
    return tuple(asyncio.run(check_slack(token, found.slack_api_url, manifest(ROUTES))))
