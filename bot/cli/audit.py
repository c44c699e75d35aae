"""`plecs audit`: who changed what holds for others."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from bot.cli.export import export
from bot.cli.workspace import WorkspaceOption
from handlers.audit.model import AuditEntry, AuditLog, Changed, name_of
from handlers.kit.people import Person
from handlers.kit.tables import table
from storage.work import SqlWork

_HEADER = ("at", "by", "kind", "what", "of", "before", "after")
_MOST = 1_000_000
"""Entries of 13 months that anybody has."""

app = typer.Typer(help="Who changed settings, roles and boundaries.", no_args_is_help=True)


@app.callback()
def audit_options() -> None:
    """Keeps `export` a word of its own while it is the only one."""


@app.command("export")
def export_(
    file: Annotated[Path, typer.Argument(dir_okay=False, writable=True, help="Ends in .csv.")],
    *,
    workspace: WorkspaceOption = "",
    language: Annotated[
        Literal["lv", "en"], typer.Option(help="Latvian spreadsheets part columns by semicolons.")
    ] = "en",
) -> None:
    """Write the audit log to a table, newest first: 13 months, times in UTC."""

    def made(work: SqlWork, here: str) -> bytes:
        entries = work.of(AuditLog).of(here, 0, _MOST)
        people = work.people.many([one for e in entries for one in (e.by, e.person) if one])
        return table(_HEADER, rows(entries, people, language), language)

    export(file, workspace, made)
    typer.echo(f"{file} is written.")


def rows(
    entries: tuple[AuditEntry, ...], people: Mapping[str, Person], language: str
) -> Iterator[tuple[str, ...]]:
    """The entries as a table has them: what of a library changed by name, with what stood there and
    what does now."""

    def name(person: str | None) -> str:
        found = people.get(person or "")
        return "somebody no longer here" if found is None else found.name

    for entry in entries:
        yield (
            _time(entry.at),
            "command line" if entry.by_command else name(entry.by),
            entry.kind,
            _what(entry),
            name(entry.person) if entry.kind == "roles" else "",
            *_before_and_after(entry, language),
        )


def _what(entry: AuditEntry) -> str:
    if entry.kind in (Changed.LIBRARY, Changed.ADOPTION):
        return "{}, version {}".format(*entry.of_library)
    return entry.subject


def _before_and_after(entry: AuditEntry, language: str) -> tuple[str, str]:
    if entry.kind not in (Changed.LIBRARY, Changed.ADOPTION):
        return _values(entry.before), _values(entry.after)
    names = {key: name_of(parts, language) or key for key, parts in entry.after.items()}
    before = (f"{names.get(key, key)}: {_parts(parts)}" for key, parts in entry.before.items())
    after = (
        f"{names[key]}: {told}" if (told := _parts(parts, without="names")) else names[key]
        for key, parts in entry.after.items()
    )
    return "\n".join(before), "\n".join(after)


def _parts(parts: object, *, without: str = "") -> str:
    """The parts of a library's entry as one reads them."""
    told = parts if isinstance(parts, dict) else {}
    return ", ".join(
        f"{part} {json.dumps(value, ensure_ascii=False)}"
        for part, value in told.items()
        if part != without
    )


def _time(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%S")


def _values(kept: Mapping[str, object]) -> str:
    return json.dumps(dict(kept), ensure_ascii=False) if kept else ""
