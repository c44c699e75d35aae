"""The tables of the last release, as its code uses them: `python -m tests.storage.released` writes
them down when a release is made, and from then on they only expand.

Until there is a release there are none, and every change is free.
"""

import hashlib
import json
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Table, UniqueConstraint

import storage.everything  # noqa: F401 - importing it defines every table
from storage.schema import metadata

ROOT = Path(__file__).parents[2]
MIGRATIONS = ROOT / "storage" / "migrations" / "versions"
FILE = Path(__file__).with_name("released.json")

TablesInUse = Mapping[str, Any]


def description() -> TablesInUse:
    """Today's tables and migrations, and the version that they are of."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return {
        "version": project["version"],
        "migrations": {
            file.name: hashlib.sha256(file.read_bytes()).hexdigest()
            for file in sorted(MIGRATIONS.glob("0*.py"))
        },
        "tables": tables(),
    }


def tables() -> TablesInUse:
    """What the code makes use of, and what the database holds it to."""
    return {table.name: _table(table) for table in metadata.sorted_tables}


def narrowed(before: TablesInUse, now: TablesInUse) -> Iterator[str]:
    """What a Plecs that knows the tables `before` would stumble over in those of `now`, a line
    each; nothing while they only expand."""
    for name, table in before.items():
        if name not in now:
            yield f"{name} is gone"
            continue
        yield from _narrowed_columns(name, table["columns"], now[name]["columns"])
        if table["key"] != now[name]["key"]:
            yield f"{name} has another key"
        for held in now[name]["unique"]:
            if held not in table["unique"]:
                yield f"{name} has to be unique by {held} now"
    for name, table in now.items():
        known = before.get(name, {}).get("hangs on", ())
        for target, on_delete in table["hangs on"]:
            if target in before and not on_delete and [target, on_delete] not in known:
                yield f"{name} holds rows of {target} that were free to go"


def _narrowed_columns(table: str, before: TablesInUse, now: TablesInUse) -> Iterator[str]:
    for name, column in before.items():
        if name not in now:
            yield f"{table}.{name} is gone"
            continue
        if not _is_as_wide(column["type"], now[name]["type"]):
            yield f"{table}.{name} was {column['type']} and is {now[name]['type']}"
        if column["may be empty"] != now[name]["may be empty"]:
            yield f"{table}.{name} may be empty in one of them alone"
    for name in now.keys() - before.keys():
        if not (now[name]["may be empty"] or now[name]["default"]):
            yield f"{table}.{name} is new, and must be filled by whoever doesn't know it"


def _table(table: Table) -> TablesInUse:
    held = [
        *(one.columns.keys() for one in table.constraints if isinstance(one, UniqueConstraint)),
        *(one.columns.keys() for one in table.indexes if one.unique),
    ]
    return {
        "columns": {column.name: _column(column) for column in table.c},
        "key": [column.name for column in table.primary_key],
        "unique": sorted(held),
        "hangs on": sorted(
            [one.column.table.name, one.ondelete or ""] for one in table.foreign_keys
        ),
    }


def _column(column: Column[Any]) -> TablesInUse:
    return {
        "type": str(column.type),
        "may be empty": bool(column.nullable),
        "default": column.server_default is not None,
    }


def _is_as_wide(before: str, now: str) -> bool:
    """The same kind; text may have become longer."""
    kind, _, length = before.partition("(")
    kind_now, _, length_now = now.partition("(")
    if kind_now == "TEXT" and kind == "VARCHAR":
        return True
    if kind != kind_now:
        return False
    return not length or (bool(length_now) and int(length_now[:-1]) >= int(length[:-1]))


if __name__ == "__main__":
    FILE.write_text(json.dumps(description(), indent=1, sort_keys=True) + "\n")
