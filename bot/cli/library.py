"""What a company stands behind, from a file: imported with a preview, exported, adopted."""

import getpass
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, NoReturn, TypeVar

import typer
from rich.console import Console

from bot.cli.run import settings_or_exit
from bot.cli.workspace import WorkspaceOption, workspace_or_exit
from bot.files import BadContentError, content_of, write_for_owner
from bot.services import services
from handlers.kit.reading import shows
from handlers.library.model import (
    Author,
    Change,
    InvalidLibraryError,
    Kept,
    Library,
    LibraryEntry,
    Version,
)
from handlers.library.saving import adopt_drafts, keep_version
from handlers.work import Occasion
from scheduling.clock import system_clock
from storage.database import Database
from storage.library_yaml import loaded, written
from storage.migrate import migrate
from storage.work import SqlWork

S = TypeVar("S")

_LARGEST = 5 * 1024 * 1024
"""Bytes of a library's file."""

YesOption = Annotated[bool, typer.Option("--yes", help="Do not ask before saving.")]


def yaml_file(path: Path) -> object:
    """What a YAML file brings. Raises InvalidLibraryError."""
    return loaded(text_of(path))


def text_of(path: Path) -> str:
    """A file's text, of which a library may be made. Raises InvalidLibraryError."""
    try:
        return content_of(path, _LARGEST).decode("utf-8-sig").replace("\r\n", "\n")
    except BadContentError as error:
        raise InvalidLibraryError([f"this {error}"]) from None
    except UnicodeDecodeError:
        raise InvalidLibraryError(["this is not UTF-8"]) from None


def library_app(
    library: Library[S],
    kind: type[Kept[S]],
    told: str,
    *,
    read: Callable[[Path], object] = yaml_file,
) -> typer.Typer:
    """`plecs NAME import|export|adopt` for a library, which is kept as `kind`; `read` makes plain
    data of what is imported."""
    app = typer.Typer(help=told, no_args_is_help=True)
    app.command("import")(_importing(library, kind, read))
    app.command("export")(_exporting(library, kind))
    app.command("adopt")(_adopting(library, kind))
    return app


def _importing(
    library: Library[S], kind: type[Kept[S]], read: Callable[[Path], object]
) -> Callable[..., None]:
    def import_(
        file: Annotated[Path, typer.Argument(exists=True, readable=True)],
        *,
        workspace: WorkspaceOption = "",
        by: Annotated[str, typer.Option(help="Who does it, for the history.")] = "",
        yes: YesOption = False,
        dry_run: Annotated[
            bool, typer.Option("--dry-run", help="Say what would change, and change nothing.")
        ] = False,
    ) -> None:
        """Replace entries, or add new ones, from a file. Those the file doesn't name stay."""
        console, now = _console(), system_clock()
        with _opened(workspace) as (database, name):
            old = database.read_now(lambda work: work.of(kind).current(name, now))
            number = old.number + 1
            try:
                content = library.amended(old.content, read(file), number, now.date())
            except InvalidLibraryError as error:
                _refuse(console, error.problems)
            author = Author(name=by or getpass.getuser())
            differing = library.changes(old.content, content)
            for line in _preview(library, old.content, content, differing):
                console.print(line, markup=False)
            if not differing:
                console.print(f"Nothing differs from version {old.number}.")
            elif dry_run:
                console.print(f"Nothing was saved: this would be version {number}.")
            elif not yes and not typer.confirm(f"Save this as version {number}?"):
                console.print("Nothing was saved.")
            elif database.run_now(
                lambda work: _save(work, library, kind, old, content, by=author, now=now)
            ):
                console.print(
                    f"Saved as version {number}. What changed is a draft until somebody adopts "
                    f"it: plecs {library.word} adopt --by NAME, or /{library.command} adopt in "
                    "chat."
                )
            else:
                _refuse(console, ("Somebody saved another version meanwhile: look again.",))

    return import_


def _exporting(library: Library[S], kind: type[Kept[S]]) -> Callable[..., None]:
    def export(
        file: Annotated[Path, typer.Argument(dir_okay=False, writable=True)],
        *,
        workspace: WorkspaceOption = "",
    ) -> None:
        """Write what holds now to a YAML file, to be changed and imported again."""
        console, now = _console(), system_clock()
        with _opened(workspace) as (database, name):
            held = database.read_now(lambda work: work.of(kind).current(name, now))
        write_for_owner(file, written(library.plain(held.content)).encode())
        console.print(f"{file} has version {held.number}.", markup=False)

    return export


def _adopting(library: Library[S], kind: type[Kept[S]]) -> Callable[..., None]:
    def adopt(
        entries: Annotated[
            list[str] | None, typer.Argument(help="Which, by id; all if left out.")
        ] = None,
        *,
        by: Annotated[str, typer.Option(help="Who answers for it: the name stands on every card.")],
        workspace: WorkspaceOption = "",
        yes: YesOption = False,
    ) -> None:
        """Make drafts hold: agents read that the company stands behind them."""
        console, now, chosen = _console(), system_clock(), entries or ()
        if not shows(by):
            _refuse(console, ("--by is the name of whoever answers for it.",))
        with _opened(workspace) as (database, name):
            seen = database.read_now(lambda work: work.of(kind).current(name, now))
            known = library.entries(seen.content)
            if unknown := sorted(set(chosen) - {one.id for one in known}):
                _refuse(console, [f"{one}: {library.unknown}" for one in unknown])
            drafts = [
                one
                for one in known
                if (not chosen or one.id in chosen) and seen.adopted(one) is None
            ]
            for one in drafts:
                console.print(f"{one.id}: {one.names['en']}, version {one.version}", markup=False)
            if not drafts:
                console.print("Nothing to do: these are adopted.")
            elif not yes and not typer.confirm(f"Does the company stand behind these, says {by}?"):
                console.print("Nothing was saved.")
            elif database.run_now(
                lambda work: _adopt(work, library, kind, seen, drafts, by=Author(name=by), now=now)
            ):
                console.print(f"Adopted by {by}. It stands on the cards from now on.", markup=False)
            else:
                _refuse(console, ("Somebody saved another version meanwhile: look again.",))

    return adopt


@contextmanager
def _opened(workspace: str) -> Iterator[tuple[Database, str]]:
    """The database with today's tables, and the workspace by its id here."""
    found = settings_or_exit()
    here = workspace_or_exit(found, workspace)
    migrate(found.database_url)
    database = Database(found.database_url)
    try:
        yield database, database.read_now(lambda work: work.workspaces.of(here))
    finally:
        database.close()


def _adopt(
    work: SqlWork,
    library: Library[S],
    kind: type[Kept[S]],
    seen: Version[S],
    drafts: Sequence[LibraryEntry],
    *,
    by: Author,
    now: datetime,
) -> bool:
    kept = work.of(kind)
    kept.settle(seen.workspace, now)
    if kept.current(seen.workspace, now).number != seen.number:
        return False
    adopt_drafts(library, kept, seen, drafts, by=by, on=Occasion(work, now, services()))
    return True


def _save(
    work: SqlWork,
    library: Library[S],
    kind: type[Kept[S]],
    seen: Version[S],
    content: S,
    *,
    by: Author,
    now: datetime,
) -> bool:
    kept = work.of(kind)
    if kept.current(seen.workspace, now).number != seen.number:
        return False
    return keep_version(library, kept, seen, content, by=by, on=Occasion(work, now, services()))


def _preview(library: Library[S], old: S, new: S, differing: Sequence[Change]) -> Iterator[str]:
    """What changes, place by place: "-" as it was, "+" as it will be."""
    was, will = dict(_places("", library.plain(old))), dict(_places("", library.plain(new)))
    for change in differing:
        name = f"{library.section}.{change.entry.id}" if change.entry else library.besides
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


def _console() -> Console:
    return Console(soft_wrap=True, highlight=False)


def _refuse(console: Console, problems: Sequence[str]) -> NoReturn:
    for problem in problems:
        console.print(problem, markup=False)
    console.print("Nothing was saved.")
    raise typer.Exit(1)
