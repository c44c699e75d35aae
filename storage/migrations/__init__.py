"""Alembic's migrations: one module a change of the tables."""

LEAVING: frozenset[str] = frozenset()
"""Columns ("table.column") that no code reads or writes any more, but the release before did. They
can be empty, or have a default; the migration after the next release drops them."""


def is_used(one: object, name: str | None, kind: str, *_: object) -> bool:
    """Whether the code has to know of it: Alembic asks for each thing that it finds."""
    table = getattr(getattr(one, "table", None), "name", "")
    return not (kind == "column" and f"{table}.{name}" in LEAVING)
