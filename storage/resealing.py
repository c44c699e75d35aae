"""Sealing anew what a former SECRET_KEY sealed."""

from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar

from sqlalchemy import Column, bindparam, func, select, update

from storage.schema import rows_after
from storage.sealed import Seal, Under, has_words, sealed_columns
from storage.work import SqlWork

T = TypeVar("T")

_TOGETHER = 200
"""Values in one transaction: whoever raises a hand meanwhile waits a few milliseconds."""


class Runner(Protocol):
    """`storage.database.Database`, as far as it is needed here."""

    def run_now(self, fn: Callable[[SqlWork], T]) -> T: ...


def count_to_look_at(work: SqlWork) -> int:
    """How many values `reseal` will look at."""
    connection = work.connection
    return sum(
        connection.scalar(select(func.count()).where(has_words(column))) or 0
        for column in sealed_columns(connection)
    )


def reseal(database: Runner, seal: Seal, looked_at: Callable[[int], None]) -> int:
    """Brings everything that a former key of the seal sealed under its newest one; answers how
    many values that were. `looked_at` is told how many more have been looked at.

    It goes in small transactions, beside any number of running processes: a value that changes
    meanwhile keeps the change. Stopped in the middle, it is simply begun anew. What none of the
    keys opens stays as it is.
    """
    done = 0
    for column in database.run_now(lambda work: tuple(sealed_columns(work.connection))):
        after: Sequence[Any] | None = None
        while True:
            looked, changed, after = database.run_now(_next_batch(column, seal, after))
            done += changed
            looked_at(looked)
            if looked < _TOGETHER:
                break
    return done


_Batch = tuple[int, int, Sequence[Any] | None]


def _next_batch(
    column: Column[str], seal: Seal, after: Sequence[Any] | None
) -> Callable[[SqlWork], _Batch]:
    """What looks at the next values of the column, in the order of their rows' keys, after the row
    with the key `after`. Answers how many there were, how many were sealed anew, and the last
    row's key."""
    keys = list(column.table.primary_key)
    rows = select(*keys, column).where(has_words(column)).order_by(*keys).limit(_TOGETHER)
    if after is not None:
        rows = rows.where(rows_after(column.table, after))
    # Only what still stands as it was read: what somebody wrote meanwhile is newer, and sealed.
    put = (
        update(column.table)
        .where(
            *(key == bindparam(f"key_{number}") for number, key in enumerate(keys)),
            column == bindparam("was"),
        )
        .values({column: bindparam("becomes")})
    )

    def look(work: SqlWork) -> _Batch:
        found = work.connection.execute(rows).all()
        changes = [
            {f"key_{number}": value for number, value in enumerate(key)}
            | {"was": sealed, "becomes": seal.anew(sealed)}
            for *key, sealed in found
            if seal.under(sealed) is Under.FORMER
        ]
        if changes:
            work.connection.execute(put, changes)
            work.effects.forgot = True  # nothing under the former key stays in the file
        return len(found), len(changes), found[-1][:-1] if found else after

    return look
