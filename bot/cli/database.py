"""`plecs db`: the database in another place, and kept in a file."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress

from bot.cli.run import refuse, settings_or_exit
from bot.moving import pages
from bot.setting_values import database_address
from bot.settings import Settings
from scheduling.clock import system_clock
from storage.migrate import migrate, tables_version
from storage.moving import Compared, Mover, NotMovedError, open_again, shown
from storage.sealed import Seal

app = typer.Typer(help="Move the database, keep it in a file, put it back.", no_args_is_help=True)


@app.command()
def copy(
    *,
    source: Annotated[
        str, typer.Option("--from", help="The database to leave; DATABASE_URL if left out.")
    ] = "",
    target: Annotated[
        str,
        typer.Option(
            "--to", envvar="COPY_TO", help="The empty one to use from now on (or in COPY_TO)."
        ),
    ],
) -> None:
    """Move everything into an empty database, and compare every row and what people see. The old
    one takes no changes any more; what was interrupted goes on with the same command."""
    found = settings_or_exit()
    new = _address(target)
    old = _address(source) if source else found.database_url
    with _refusing():
        _tell(_mover(found).move(old, new))
    typer.echo(f"Everything is there. Set DATABASE_URL to {shown(new)}, and start Plecs.")
    if found.secret_key_file is not None:
        typer.echo(
            f"Set SECRET_KEY to what stands in {found.secret_key_file}: it opens what is sealed."
        )


@app.command()
def reopen(
    *,
    address: Annotated[
        str, typer.Option("--database", help="Which one; DATABASE_URL if left out.")
    ] = "",
) -> None:
    """Take changes in a database again that was closed by a move: the move is given up."""
    url = _address(address) if address else settings_or_exit().database_url
    with _refusing():
        open_again(url)
    typer.echo(f"{shown(url)} takes changes again.")


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="The file to write: it must not be there yet.")],
) -> None:
    """Keep everything in one file, beside a running Plecs. SECRET_KEY is not in it: keep that in
    another place, because who has both can read everything."""
    found = settings_or_exit()
    with _refusing():
        count = _mover(found).back_up(found.database_url, file)
    typer.echo(f"{count} rows are in {file}, and each was compared.")
    where = found.secret_key_file or "SECRET_KEY of the settings"
    typer.echo(f"What is sealed in it opens with the key in {where}: keep that, elsewhere.")


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="What backup wrote.")],
) -> None:
    """Put a backup into the empty database that DATABASE_URL names. What was interrupted goes on
    with the same command."""
    found = settings_or_exit()
    with tempfile.TemporaryDirectory(prefix="plecs-restore-") as folder, _refusing():
        url = f"sqlite:///{file}"
        version = tables_version(url)
        if version.version is None:
            raise NotMovedError(f"{file} is no backup: plecs db backup writes them.")
        if version.is_behind:  # the backup stays as it is
            url = f"sqlite:///{shutil.copy(file, Path(folder) / 'backup.db')}"
            migrate(url)
        _tell(_mover(found).restore(url, f"the backup {file.name}", found.database_url))
    typer.echo("Everything is back. Start Plecs: hands that were up go on.")
    typer.echo("Whoever was erased after this backup was made is back too: erase them again.")


def _mover(found: Settings) -> Mover:
    now = system_clock()
    return Mover(
        Seal(*found.secrets()),
        system_clock,
        lambda work, people: pages(work, people, now),
        _progress,
    )


def _tell(compared: Compared) -> None:
    typer.echo(
        f"{compared.rows} rows are the same in both, and so is what {compared.people} people with "
        "a hand, a session or a plan see."
    )


@contextmanager
def _progress(what: str, rows: int) -> Iterator[Callable[[int], None]]:
    with Progress() as progress:
        bar = progress.add_task(what, total=rows)
        yield lambda more: progress.advance(bar, more)


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except NotMovedError as error:
        refuse(str(error))


def _address(given: str) -> str:
    try:
        return database_address(given)
    except ValueError as error:
        refuse(f"A database's address {error}.")
