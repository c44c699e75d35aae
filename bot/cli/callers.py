"""`plecs callers`: what is kept of a caller, and its end."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from bot.callers import KeyedPseudonyms
from bot.cli.export import give
from bot.cli.run import opened, refuse, settings_or_exit
from handlers.callers.erasing import erase
from handlers.common.objections import Objections
from handlers.kit.callers import Caller
from scheduling.clock import system_clock
from storage.cleaning import export_caller
from storage.database import Database
from storage.sealed import Under, count_sealed

_ANOTHER_KEY = (
    "Another SECRET_KEY was in use here, and what is kept of a caller under that one is not found. "
    "Put it back, after a comma, and do this again."
)

app = typer.Typer(help="Callers, by their number.", no_args_is_help=True)

NumberArgument = Annotated[
    str, typer.Argument(help="The number, with its country's code: +371 ...")
]


@app.command("export")
def export_(number: NumberArgument) -> None:
    """Print everything that is kept of a caller, as JSON: theirs to have."""
    with _of(number) as (database, caller):
        kept = database.read_now(lambda work: export_caller(work.connection, caller, work.seal))
    give(kept)


@app.command("erase")
def erase_(
    number: NumberArgument,
    *,
    objects: Annotated[
        bool, typer.Option("--objects", help="They object: nothing is kept from now on, either.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask first.")] = False,
) -> None:
    """Erase what is kept of a caller."""
    if not yes:
        typer.confirm("Erase everything that is kept of this caller?", abort=True)
    with _of(number) as (database, caller):
        rows = database.run_now(lambda work: erase(caller, work, system_clock(), objects=objects))
    also = ", and nothing is kept from now on" if objects else ""
    typer.echo(f"The caller is erased: {rows} rows{also}.")


@app.command("allow")
def allow(number: NumberArgument) -> None:
    """Take an objection back: the caller may be remembered again."""
    with _of(number) as (database, caller):
        stood = database.run_now(lambda work: work.of(Objections).take_back(caller))
    typer.echo("The caller may be remembered again." if stood else "There was no objection.")


@contextmanager
def _of(number: str) -> Iterator[tuple[Database, Caller]]:
    """The database, and whoever has the number; exit status 1 for what is none, and afterwards
    where a key is missing: under that one they may be kept all the same."""
    found = settings_or_exit()
    caller = KeyedPseudonyms(*found.secrets()).ever(number, system_clock())
    if caller is None:
        refuse("That is no valid number.")
    with opened(found) as database:
        yield database, caller
        sealed = database.read_now(lambda work: count_sealed(work.connection, work.seal))
    if sealed[Under.OTHER]:
        refuse(_ANOTHER_KEY)
