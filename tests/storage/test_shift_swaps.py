"""Swaps of shifts, kept."""

from datetime import date

from handlers.shifts.model import ShiftSwap, ShiftSwaps, SwapState
from storage.database import Database
from tests.storage.made import NOW


def test_a_swap_is_read_where_nothing_may_be_written(database: Database) -> None:
    """So are cards made: PostgreSQL lets nobody hold a row there."""
    day = date(2026, 3, 5)
    one = ShiftSwap("s1", "slack:T1", "anna", "ilze", day, day, "stood", SwapState.ASKED, NOW)
    database.run_now(lambda work: work.of(ShiftSwaps).put(one))

    assert database.read_now(lambda work: work.of(ShiftSwaps).get("s1")) == one
    assert database.run_now(lambda work: work.of(ShiftSwaps).get("s1")) == one
