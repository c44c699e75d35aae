"""`plecs check`: what is set, what is missing, and where to get it."""

import asyncio
import os
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import TypeVar

import typer
from dotenv import dotenv_values
from rich.console import Console
from rich.table import Table

from bot import settings, settings_loading
from bot.cli.keys import is_there, unreachable
from bot.language_model import ModelClient
from bot.refusals import refusal_in_words
from bot.settings import Settings, SettingsError
from handlers.kit.language_models import (
    ModelAnswer,
    ModelTrouble,
    Prompt,
    PromptTurn,
    Speaker,
    Unanswered,
)
from handlers.routes import ROUTES
from scheduling.clock import system_clock
from storage.database import (
    UnreachableError,
    ending_slack_tokens_in,
    not_in_teams,
    refused_in,
    sealed_in,
    see_that_it_is_used,
    slack_tokens_in,
)
from storage.moves import MovedError
from storage.sealed import Seal, Under

T = TypeVar("T")

ENV_FILE = Path(".env")

_NOW = 24
"""Letters of a line in which what a setting is stands: what it means needs the rest."""

_NO_CALENDARS = (
    "PUBLIC_URL is not set: people's own calendars can't read their sessions, coordinators get no "
    "links to files, and charts are written as text. All else works."
)


_COMES_BACK = (
    "Who permits Plecs to set their status comes back to {address}. Slack lets them only if "
    "exactly that stands under OAuth & Permissions > Redirect URLs; nobody but you can see there."
)


_A_WORD = Prompt(
    (
        PromptTurn(Speaker.INSTRUCTIONS, "You answer in JSON."),
        PromptTurn(Speaker.ASKING, 'Answer {"word": "ready"}.'),
    ),
    {
        "type": "object",
        "properties": {"word": {"type": "string"}},
        "required": ["word"],
        "additionalProperties": False,
    },
    longest=40,
)
_MODEL_HELP = {
    ModelTrouble.BUSY: "it takes no more at the moment. Look at its quota, or try again later.",
    ModelTrouble.SILENT: "it takes more than ten seconds. Is it too large for its machine, or "
    "loading?",
    ModelTrouble.UNREACHABLE: "is LLM_URL right, and may this machine connect to it?",
    ModelTrouble.REFUSED: "are LLM_URL, LLM_KEY and LLM_MODEL right? 401 is the key, 404 the "
    "address or the model's name.",
    ModelTrouble.GARBLED: "what it says is no JSON of the shape that was asked for. Plecs needs a "
    "model and a server that know response_format json_schema.",
}


def check() -> None:
    """Read the settings, and say what is missing and where to get it. Tries them with Slack."""
    console = Console()
    console.print(_overview(_present()))
    status = 1
    try:
        found = settings_loading.load(ENV_FILE)
        in_teams, notes = _try_teams(found)
        in_slack, of_slack = try_slack(found)
        sealed, of_keys = _open_sealed(found)
        problems = (
            *in_slack,
            *in_teams,
            *_try_model(found),
            *sealed,
            *_moved(found),
            *_refused(found),
        )
        notes = (*of_slack, *notes, *of_keys)
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

    told = asyncio.run(check_teams(found, _without_the_app(found), now=system_clock()))
    return told.problems, told.notes


def _without_the_app(found: Settings) -> tuple[str, ...]:
    """The names of people in Teams who have not installed Plecs, as far as the database says."""
    return _looked_up(found, lambda url: not_in_teams(url, found.teams_tenant_id)) or ()


def _moved(found: Settings) -> tuple[str, ...]:
    """Whether the database is the one to use."""
    try:
        _looked_up(found, see_that_it_is_used)
    except MovedError as moved:
        return (str(moved),)
    return ()


def _refused(found: Settings) -> tuple[str, ...]:
    """What the platforms refused of late, and refuse still as far as Plecs knows."""
    return tuple(
        f"{refusal_in_words(refusal)}. Plecs tries it again by itself, once it is mended."
        for refusal in _looked_up(found, refused_in) or ()
    )


def _open_sealed(found: Settings) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Whether what is kept sealed can be opened; and what is good to know of its keys."""
    if not is_there(found):
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
            "that were given out before: leave it out 30 days after the change. Which callers "
            "objected, and what one was given within twelve months, is known by the key of that "
            "day: where that is kept, leave the former one in."
        )
    return tuple(problems), tuple(notes)


def _present() -> frozenset[str]:
    """The variables that the environment or the file sets, to anything but nothing."""
    try:
        together = dotenv_values(ENV_FILE) | os.environ
    except (OSError, UnicodeDecodeError):  # it is told with what else is wrong
        together = {**os.environ}
    return frozenset(name.upper() for name, value in together.items() if value)


def _overview(present: Collection[str]) -> Table:
    """Every setting; of a secret, and of all else, only whether it is set."""
    names = [one.variable for one in settings.described()]
    table = Table(box=None, pad_edge=False)
    # In the narrowest window, too, a name stands whole: it is what one copies.
    table.add_column("setting", no_wrap=True, min_width=max(len(one) for one in names))
    table.add_column("now", overflow="fold", max_width=_NOW)
    table.add_column("meaning, and what to do")
    for one in settings.described():
        is_set = one.variable in present
        table.add_row(
            one.variable,
            "set" if is_set else one.default or "not set",
            one.meaning if is_set or one.default else f"{one.meaning} {one.remedy}",
        )
    return table


def try_slack(found: Settings) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What Slack has against these settings, and what only its pages can tell; nothing without
    Slack."""
    from bot.slack.check import check as check_slack  # noqa: PLC0415 - Slack's library is large
    from bot.slack.check import check_client  # noqa: PLC0415 - the same
    from bot.slack.manifest import manifest  # noqa: PLC0415 - the same
    from bot.slack.statuses import INSTALL, REDIRECT  # noqa: PLC0415 - the same

    tokens, api = _tokens(found), found.slack_api_url
    problems = [
        f"{where}{problem}"
        for where, token in tokens.items()
        for problem in asyncio.run(check_slack(token, api, manifest(ROUTES)))
    ]
    if found.slack_client_secret is None:
        return tuple(problems), ()
    secret = found.slack_client_secret.get_secret_value()
    problems += asyncio.run(check_client(found.slack_client_id, secret, api))
    for one in _looked_up(found, ending_slack_tokens_in) or ():
        problems.append(
            f"{one.team}: Slack gives no new token since {one.since:%Y-%m-%d %H:%M} UTC "
            f"({one.word}), and the present one ends {one.at:%Y-%m-%d %H:%M} UTC: install Plecs "
            f"there again, from {found.public_url}{INSTALL}"
        )
    notes = [_COMES_BACK.format(address=found.public_url + REDIRECT)]
    if found.many_workspaces:
        notes.append(f"Workspaces in which it is installed: {len(tokens)}.")
    return tuple(problems), tuple(notes)


def _try_model(found: Settings) -> tuple[str, ...]:
    """What keeps the language model from answering; nothing where none is set."""
    if not found.llm_url:
        return ()
    client = ModelClient(found.llm_url, found.model_key(), found.llm_model)

    async def ask() -> ModelAnswer:
        try:
            return await client.answer(_A_WORD)
        finally:
            await client.close()

    answer = asyncio.run(ask())
    if not isinstance(answer, Unanswered):
        return ()
    what_helps = _MODEL_HELP[answer.trouble]
    return (f"The model at LLM_URL does not answer ({answer.word}): {what_helps}",)


def _tokens(found: Settings) -> Mapping[str, str]:
    """What Plecs speaks to Slack with, by what tells of which workspace it is."""
    if found.slack_bot_token is not None:
        return {"": found.slack_bot_token.get_secret_value()}
    if not found.many_workspaces:
        return {}

    def kept(url: str) -> Mapping[str, str]:
        return slack_tokens_in(url, Seal(*found.secrets()))

    tokens = _looked_up(found, kept) or {}
    return {f"{team}: ": token for team, token in tokens.items()}


def _looked_up(found: Settings, look: Callable[[str], T]) -> T | None:
    """What the database tells; None where it is not there yet, or does not answer: that is told
    with the rest of what it lacks."""
    if not is_there(found):
        return None
    try:
        return look(found.database_url)
    except UnreachableError:
        return None
