"""Swaps of shifts that two agreed on, or were asked for."""

from datetime import timedelta

from sqlalchemy import Column, Connection, String, Table, and_, delete, or_

from handlers.shifts.model import ShiftSwap, ShiftSwaps, SwapState
from storage.mapping import DAY, Record
from storage.schema import (
    CODE,
    HAPPENED,
    ID,
    Instant,
    Retention,
    metadata,
    person_column,
    put_all,
)
from storage.work import SqlWork, repository

_KEPT = timedelta(days=90)
_NO_KEPT = timedelta(days=1)
"""So long whoever asked can read the answer; then nobody can tell that there was a no."""

shift_swaps: Table = Table(
    "shift_swaps",
    metadata,
    Column("id", String(32), primary_key=True, info=ID),
    Column("workspace", String(80), nullable=False, info=ID),
    person_column("asker", String(32), nullable=False, index=True),
    person_column("other", String(32), nullable=False, index=True),
    Column("gives", String(10), nullable=False, info=CODE),
    Column("takes", String(10), nullable=False, info=CODE),
    Column("stood", String(16), nullable=False, info=CODE),
    Column("state", String(12), nullable=False, info=CODE),
    Column("at", Instant, nullable=False, index=True, info=HAPPENED),
    info={
        "retention": Retention(
            why="Three months after it was asked or agreed on; a day after somebody said no or "
            "took it back. With whoever of the two is erased.",
            ended=lambda now: or_(
                shift_swaps.c.at < now - _KEPT,
                and_(
                    shift_swaps.c.state.in_((SwapState.DECLINED, SwapState.TAKEN_BACK)),
                    shift_swaps.c.at < now - _NO_KEPT,
                ),
            ),
            erase=lambda person: (
                delete(shift_swaps).where(
                    or_(shift_swaps.c.asker == person, shift_swaps.c.other == person)
                ),
            ),
        )
    },
)
_SWAP = Record(ShiftSwap, shift_swaps, as_={"gives": DAY, "takes": DAY})


class SqlShiftSwaps:
    """`handlers.shifts.model.ShiftSwaps` over a connection."""

    def __init__(self, connection: Connection, *, writes: bool) -> None:
        self._connection = connection
        self._writes = writes

    def get(self, swap: str) -> ShiftSwap | None:
        return _SWAP.load(self._connection, swap, hold=self._writes)

    def put(self, swap: ShiftSwap) -> None:
        put_all(self._connection, shift_swaps, [_SWAP.row(swap)])


@repository(ShiftSwaps)
def swaps_of(work: SqlWork) -> SqlShiftSwaps:
    return SqlShiftSwaps(work.connection, writes=work.writes)
