"""`plecs keys`: another SECRET_KEY."""

from collections import Counter
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from bot.cli.run import refuse, settings_or_exit
from bot.secret_key import put_new_first
from bot.settings import Settings
from storage.database import Database, UnreachableError, is_served, sealed_in
from storage.resealing import count_to_look_at, reseal
from storage.sealed import Seal, Under

app = typer.Typer(help="The key that signs and seals.", no_args_is_help=True)

_NOTHING_YET = "There is no database yet, and nothing is sealed."


@app.command()
def new() -> None:
    """Make a new key, where Plecs keeps it beside its database. The one before it is still read."""
    found = settings_or_exit()
    file = found.secret_key_file
    if file is None:
        refuse(
            "SECRET_KEY is set: put the new key before it there, and a comma between. "
            "Make one with: openssl rand -hex 32"
        )
    if is_served(found.database_url):
        refuse("Plecs is running: stop it first, or it would not know the key.")
    if is_there(found):
        kept = _sealed(found, Seal(*found.secrets()))
        if kept[Under.FORMER]:
            told = f"{kept[Under.FORMER]} values are still sealed under the key before the present "
            refuse(f"{told}one: plecs keys rotate")
    put_new_first(file)
    typer.echo("The new key is there. Start Plecs, and then: plecs keys rotate")


@app.command()
def rotate(
    *,
    yes: Annotated[
        bool, typer.Option("--yes", help="Do not ask: every running Plecs knows these keys.")
    ] = False,
) -> None:
    """Bring everything that is kept sealed under the newest key, beside a running Plecs. It may be
    stopped and begun again."""
    found = settings_or_exit()
    if not is_there(found):
        typer.echo(_NOTHING_YET)
        return
    seal, console = Seal(*found.secrets()), Console()
    before = _sealed(found, seal)
    if before[Under.FORMER]:
        if not yes and (found.sqlite_file is None or is_served(found.database_url)):
            typer.confirm(
                "Was every Plecs that runs started with these keys? One that was not could not "
                "read what is sealed anew.",
                abort=True,
            )
        database = Database(found.database_url, seal)
        try:
            with Progress(console=console) as progress:
                bar = progress.add_task("Sealing", total=database.read_now(count_to_look_at))
                done = reseal(database, seal, lambda more: progress.advance(bar, more))
        finally:
            database.close()
        console.print(f"{done} values are sealed under the newest key now.")
    left = _sealed(found, seal) if before[Under.FORMER] else before
    if left[Under.FORMER]:
        refuse(
            f"{left[Under.FORMER]} were sealed under a former key meanwhile: a Plecs still "
            "runs with that one first. Start it anew, and do this again."
        )
    if left[Under.OTHER]:
        refuse(
            f"{left[Under.OTHER]} values are sealed under none of these keys, and stay as "
            "they are: put the key that sealed them into SECRET_KEY, after the first one."
        )
    console.print("Everything is sealed under the newest key.")


def is_there(found: Settings) -> bool:
    """Whether there is a database yet, as far as this machine can tell."""
    return found.sqlite_file is None or found.sqlite_file.exists()


def _sealed(found: Settings, seal: Seal) -> Counter[Under]:
    try:
        return sealed_in(found.database_url, seal)
    except UnreachableError as error:
        refuse(unreachable(error))


def unreachable(error: UnreachableError) -> str:
    """What to tell of a database that does not answer."""
    return f"DATABASE_URL leads to no database that answers: {str(error).splitlines()[0]}"
