"""What is kept, and for how long, as the tables themselves say, for people to read."""

from collections.abc import Iterator

from sqlalchemy import Table

import storage.everything  # noqa: F401 - importing it defines every table
from storage.schema import Holds, columns_with, metadata, retention_of

_OPENING = """\
# What is kept

Written by `plecs privacy` from the definitions by which Plecs deletes; a test compares the two.
A person's rows are given to them by `plecs people export`, and erased by `plecs people erase`.
*Named*: a person's id stands in the row. *Sealed*: a copy of the database without `SECRET_KEY`
can't read it.

| table | how long, and why | named | sealed | words in the clear |
| --- | --- | --- | --- | --- |
"""


def privacy_page() -> str:
    """All tables, by name, a line each."""
    return _OPENING + "".join(
        f"| {' | '.join(_cells(table))} |\n"
        for table in sorted(metadata.tables.values(), key=lambda table: table.name)
    )


def _cells(table: Table) -> Iterator[str]:
    yield f"`{table.name}`"
    yield retention_of(table).why
    told = [column.name for column in columns_with(table, Holds.PERSON, Holds.PEOPLE)]
    hidden = [
        f"{column.name} (not told of it)" for column in columns_with(table, Holds.HIDDEN_PERSON)
    ]
    yield ", ".join(told + hidden)
    yield ", ".join(column.name for column in table.c if column.info.get("sealed"))
    yield ", ".join(column.name for column in columns_with(table, Holds.WORDS))
