"""The ledger's chain: what an entry's hash is made of, and what does not hold in a chain."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from handlers.offers.ledger.model import (
    BEGINNING,
    Booking,
    ChainFault,
    Head,
    LedgerEntry,
    Leg,
    What,
    faults,
)

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
BOOKING = Booking(
    *(What.HELD, "o", "outage", "credit", 1_500, "EUR", "a", "a", "s", 3, 4, "usual", "case"),
    reason="kļūda",
)


def chain(length: int) -> list[LedgerEntry]:
    entries: list[LedgerEntry] = []
    for number in range(1, length + 1):
        before = entries[-1].hash if entries else BEGINNING
        at = NOW + timedelta(minutes=number)
        entries.append(LedgerEntry("w", number, at, BOOKING, BOOKING.legs, before).sealed())
    return entries


def head(entries: list[LedgerEntry]) -> Head:
    return Head(entries[-1].number, entries[-1].hash)


@pytest.mark.parametrize(
    ("what", "legs"),
    [
        (What.HELD, (Leg("budget", -1_500), Leg("held", 1_500))),
        (What.POSTED, (Leg("held", -1_500), Leg("given:outage", 1_500))),
        (What.EXPIRED, (Leg("held", -1_500), Leg("budget", 1_500))),
        (What.VOIDED, (Leg("held", -1_500), Leg("budget", 1_500))),
        (What.REVERSED, (Leg("given:outage", -1_500), Leg("budget", 1_500))),
    ],
)
def test_what_leaves_one_account_comes_to_another(what: What, legs: tuple[Leg, Leg]) -> None:
    assert replace(BOOKING, what=what).legs == legs


def test_an_entry_s_hash_is_that_of_all_it_says_as_plain_json() -> None:
    """What stands in a ledger is proved by this, whatever Plecs becomes."""
    written = (
        '["w",1,"2026-03-02T08:01:00.000000+00:00",["held","o","outage","credit",1500,"EUR","a",'
        '"a","s",3,4,"usual","case","","kļūda"],[["budget",-1500],["held",1500]],"'
        + "0" * 64
        + '"]'
    )
    [entry] = chain(1)
    assert entry.hash == hashlib.sha256(written.encode()).hexdigest()
    elsewhere = entry.at.astimezone(timezone(timedelta(hours=2)))
    assert replace(entry, at=elsewhere).hash_of_all() == entry.hash


class TestFaults:
    WHOLE = chain(3)

    def found(
        self, *entries: LedgerEntry, end: Head | None = None, held: dict[int, str] | None = None
    ) -> list[tuple[int, ChainFault]]:
        return list(faults(entries, end or head(self.WHOLE), held))

    def test_there_are_none_in_what_was_written(self) -> None:
        assert self.found(*self.WHOLE) == []
        assert self.found(*self.WHOLE, held={2: self.WHOLE[1].hash, 3: self.WHOLE[2].hash}) == []
        assert self.found(end=Head()) == []

    def test_a_missing_entry_is_a_gap_or_an_end_that_was_cut_off(self) -> None:
        first, second, third = self.WHOLE
        assert self.found(first, third) == [(3, ChainFault.GAP)]
        assert self.found(second, third) == [(2, ChainFault.GAP)]
        assert self.found(first, second) == [(2, ChainFault.CUT)]
        assert self.found() == [(0, ChainFault.CUT)]

    def test_a_changed_entry_has_another_hash_and_the_next_one_does_not_hang_on_it(self) -> None:
        first, second, third = self.WHOLE
        changed = replace(second, booking=replace(BOOKING, by="b"))
        assert self.found(first, changed, third) == [(2, ChainFault.CHANGED)]
        assert self.found(first, changed.sealed(), third) == [(3, ChainFault.UNCHAINED)]

    def test_legs_are_zero_together_and_those_of_what_it_does(self) -> None:
        first, second, third = self.WHOLE
        more = replace(second, legs=(Leg("budget", -1_500), Leg("held", 1_501)))
        assert self.found(first, more, third) == [
            (2, ChainFault.CHANGED),
            (2, ChainFault.UNBALANCED),
        ]
        others = replace(second, legs=(Leg("held", -1_500), Leg("budget", 1_500)))
        assert self.found(first, others, third) == [(2, ChainFault.CHANGED), (2, ChainFault.LEGS)]

    def test_a_hash_that_somebody_wrote_down_tells_a_whole_chain_made_anew(self) -> None:
        assert self.found(*self.WHOLE, held={2: "x"}) == [(2, ChainFault.OTHER_HASH)]
        assert self.found(*self.WHOLE, held={3: "x", 1: "y"}) == [
            (1, ChainFault.OTHER_HASH),
            (3, ChainFault.OTHER_HASH),
        ]

    def test_so_it_does_where_the_newest_entries_and_the_head_are_missing(self) -> None:
        first, second, third = self.WHOLE
        written_down = {3: third.hash}
        assert self.found(first, second, end=head([second]), held=written_down) == [
            (2, ChainFault.CUT)
        ]
        assert self.found(first, second, end=head([second]), held={2: second.hash}) == []
