"""Swaps of turns."""

from collections.abc import Sequence

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    ForeignKey,
    String,
    Table,
    delete,
    or_,
    select,
)

from handlers.supervision.turns.model import Swap, Swaps
from storage.effects import Effects
from storage.mapping import Record
from storage.people.tables import people
from storage.schema import CODE, ID, Retention, metadata, person_column, put_all
from storage.supervision.sessions import sessions
from storage.work import SqlWork, repository

swaps: Table = Table(
    "supervision_swaps",
    metadata,
    Column("id", String(32), primary_key=True, info=ID),
    Column("session", ForeignKey(sessions.c.id, ondelete="CASCADE"), nullable=False, index=True),
    person_column("asker", ForeignKey(people.c.id, ondelete="CASCADE"), nullable=False),
    person_column("other", ForeignKey(people.c.id, ondelete="CASCADE"), nullable=False),
    Column("gives", String(16), nullable=False, info=CODE),
    Column("gets", String(16), nullable=False, info=CODE),
    Column("agreed", Boolean, nullable=False),
    info={"retention": Retention(why="As long as the session: turns go around.")},
)


_SWAP = Record(Swap, swaps)


class SqlSwaps:
    """`handlers.supervision.turns.model.Swaps` over a connection."""

    def __init__(self, connection: Connection, effects: Effects) -> None:
        self._connection = connection
        self._effects = effects

    def get(self, swap: str) -> Swap | None:
        return _SWAP.load(self._connection, swap)

    def of(self, sessions: Sequence[str]) -> tuple[Swap, ...]:
        rows = self._connection.execute(
            select(swaps).where(swaps.c.session.in_(sessions)).order_by(swaps.c.id)
        )
        return tuple(map(_SWAP.value, rows))

    def put(self, swap: Swap) -> None:
        put_all(self._connection, swaps, [_SWAP.row(swap)])

    def remove(self, swap: str) -> None:
        self._connection.execute(delete(swaps).where(swaps.c.id == swap))

    def remove_person(self, person: str, sessions: Sequence[str]) -> None:
        theirs = or_(swaps.c.asker == person, swaps.c.other == person)
        self._connection.execute(delete(swaps).where(theirs, swaps.c.session.in_(sessions)))


@repository(Swaps)
def swaps_of(work: SqlWork) -> SqlSwaps:
    return SqlSwaps(work.connection, work.effects)
