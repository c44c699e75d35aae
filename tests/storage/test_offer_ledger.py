"""What the ledger, the limits and the gift codes of offers promise, on both databases."""

from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import BigInteger, String, UpdateBase, bindparam, delete, insert, select, update

from handlers.offers.ledger.model import Booking, ChainFault, Ledger, LedgerEntry, What, faults
from handlers.offers.model import Bound, GiftCode, GiftCodes, Limit, SpendingLimits
from storage.database import Database
from storage.offers.codes import offer_codes
from storage.offers.ledger import offer_entries, offer_heads, offer_legs
from storage.work import SqlWork
from tests.spending import NOW, PLACE, spend, what_is_wrong


@pytest.mark.parametrize("seed", [7])
async def test_whoever_spends_at_once_no_limit_is_exceeded(database: Database, seed: int) -> None:
    came = await spend(database, 120, seed)
    assert what_is_wrong(database) == []
    assert came["held"] > 20
    assert any(said.startswith("full") for said in came)
    assert {"posted", "voided", "expired", "reversed"} <= came.keys()


CHANGES = {
    "at": 1_772_438_400_000_007,
    "what": "voided",
    "offer": "another",
    "occasion": "visit ",
    "kind": "gift_carD",
    "cents": 1_001,
    "currency": "EUr",
    "by": "somebody",
    "agent": "somebody",
    "signer": "somebody",
    "version": 2,
    "limits_version": 2,
    "choice": "usuaL",
    "customer": "casE",
    "code": "c",
    "reason": "mistakE",
    "before": "f" * 64,
    "hash": "f" * 64,
}
"""Another value for each column of an entry."""


def three_entries(database: Database) -> None:
    def write(work: SqlWork) -> None:
        for what in (What.HELD, What.POSTED, What.REVERSED):
            work.of(Ledger).book(PLACE, booked(what), NOW)

    database.run_now(write)


def booked(what: What) -> Booking:
    return Booking(
        what, "one", "visit", "credit", 1_000, "EUR", "a", "a", "s", 1, 1, "usual", "case"
    )


def found(database: Database) -> list[tuple[int, ChainFault]]:
    def look(work: SqlWork) -> list[tuple[int, ChainFault]]:
        return list(faults(work.of(Ledger).entries(PLACE), work.of(Ledger).head(PLACE)))

    return database.run_now(look)


def test_one_byte_that_somebody_changed_is_found_in_any_column(database: Database) -> None:
    three_entries(database)
    assert found(database) == []
    assert set(CHANGES) == set(offer_entries.c.keys()) - {"workspace", "number"}
    second = offer_entries.c.number == 2

    for column, value in CHANGES.items():

        def change(work: SqlWork, column: str = column, value: object = value) -> object:
            was = work.connection.execute(select(offer_entries).where(second)).one()
            typed = bindparam("to", value, type_=String if isinstance(value, str) else BigInteger)
            work.connection.execute(update(offer_entries).where(second).values({column: typed}))
            return getattr(was, column)

        was = database.run_now(change)
        assert {number for number, _ in found(database)} & {2, 3}, column

        def mend(work: SqlWork, column: str = column, was: object = was) -> None:
            work.connection.execute(update(offer_entries).where(second).values({column: was}))

        database.run_now(mend)
    assert found(database) == []


def test_legs_and_entries_that_were_changed_added_or_torn_out_are_found(database: Database) -> None:
    three_entries(database)
    third = offer_legs.c.number == 3
    cents = offer_legs.c.cents

    def tells(*statements: UpdateBase) -> list[tuple[int, ChainFault]]:
        """What is found after these, which are taken back."""

        def look(work: SqlWork) -> list[tuple[int, ChainFault]]:
            for statement in statements:
                work.connection.execute(statement)
            raise ToldEntry(
                list(faults(work.of(Ledger).entries(PLACE), work.of(Ledger).head(PLACE)))
            )

        with pytest.raises(ToldEntry) as told:
            database.run_now(look)
        return told.value.faults

    doubled = update(offer_legs).where(third).values(cents=cents * 2)
    assert tells(doubled) == [(3, ChainFault.CHANGED), (3, ChainFault.LEGS)]
    one_leg = update(offer_legs).where(third, offer_legs.c.leg == 1).values(cents=cents + 1)
    assert tells(one_leg) == [(3, ChainFault.CHANGED), (3, ChainFault.UNBALANCED)]
    without_legs = delete(offer_legs).where(third)
    assert tells(without_legs) == [(3, ChainFault.CHANGED), (3, ChainFault.LEGS)]
    torn_out = tuple(
        delete(table).where(table.c.number == 2) for table in (offer_legs, offer_entries)
    )
    assert tells(*torn_out) == [(3, ChainFault.GAP)]
    cut = tuple(delete(table).where(table.c.number == 3) for table in (offer_legs, offer_entries))
    assert tells(*cut) == [(2, ChainFault.CUT)]


class ToldEntry(Exception):  # noqa: N818 - no error: it takes a transaction back
    def __init__(self, faults: list[tuple[int, ChainFault]]) -> None:
        super().__init__()
        self.faults = faults


def test_a_long_ledger_is_read_whole_and_in_order(database: Database) -> None:
    """It is read some at a time."""
    number = 1_203

    def write(work: SqlWork) -> None:
        last = work.of(Ledger).book(PLACE, booked(What.HELD), NOW)
        entries, legs = [], []
        for place in range(2, number + 1):
            booking = replace(last.booking, offer=f"offer {place}")
            after = replace(last, number=place, booking=booking, before=last.hash).sealed()
            entries.append(asdict(after.booking) | _in_its_place(after))
            legs += [
                _in_its_place(after) | {"leg": side, "account": leg.account, "cents": leg.cents}
                for side, leg in enumerate(after.legs)
            ]
            last = after
        keys = {"workspace", "number", "leg", "account", "cents"}
        work.connection.execute(insert(offer_entries), entries)
        work.connection.execute(
            insert(offer_legs), [{key: leg[key] for key in keys} for leg in legs]
        )
        work.connection.execute(update(offer_heads).values(number=last.number, hash=last.hash))

    database.run_now(write)
    assert found(database) == []
    read = database.read_now(lambda work: [e.number for e in work.of(Ledger).entries(PLACE)])
    assert read == list(range(1, number + 1))


def _in_its_place(entry: LedgerEntry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in ("workspace", "number", "at", "before", "hash")}


def test_a_chain_made_anew_is_told_by_a_hash_that_was_written_down(database: Database) -> None:
    three_entries(database)

    def look(work: SqlWork) -> list[tuple[int, ChainFault]]:
        ledger = work.of(Ledger)
        entries, head = list(ledger.entries(PLACE)), ledger.head(PLACE)
        assert list(faults(entries, head, {2: entries[1].hash})) == []
        held = {2: "0" * 64, 9: "0" * 64}
        return list(faults(entries, head, held))

    assert database.run_now(look) == [(2, ChainFault.OTHER_HASH), (3, ChainFault.CUT)]


async def test_a_limit_that_was_lowered_gives_no_more_and_takes_back(database: Database) -> None:
    limit = Limit(Bound.BUDGET, "", "2026-03", "EUR")

    def spend_some(work: SqlWork) -> list[object]:
        limits = work.of(SpendingLimits)
        said: list[object] = [limits.take(PLACE, limit, 1_000, 800, NOW)]
        said += [limits.take(PLACE, limit, 500, 1, NOW), limits.taken(PLACE, limit)]
        limits.release(PLACE, limit, 700)
        said += [limits.take(PLACE, limit, 500, 400, NOW), limits.take(PLACE, limit, 500, 1, NOW)]
        return [*said, limits.taken(PLACE, limit)]

    assert await database.run(spend_some) == [True, False, 800, True, False, 500]


async def test_a_code_is_one_offers_alone_shown_for_a_while_and_given_back_unseen(
    database: Database,
) -> None:
    day = NOW.date()
    cards = [
        GiftCode("LATER-1", 2_500, "EUR", day + timedelta(days=90)),
        GiftCode("SOON-22", 2_500, "EUR", day + timedelta(days=9)),
        GiftCode("GONE-33", 2_500, "EUR", day - timedelta(days=1)),
    ]

    def lead(work: SqlWork) -> list[object]:
        codes = work.of(GiftCodes)
        new = [codes.bring_in(PLACE, cards, NOW), codes.bring_in(PLACE, cards, NOW)]
        soon = codes.reserve(PLACE, "one", 2_500, "EUR", day)
        later = codes.reserve(PLACE, "two", 2_500, "EUR", day)
        none = codes.reserve(PLACE, "three", 2_500, "EUR", day)
        seen = [codes.show(soon, NOW + timedelta(minutes=n)) for n in (0, 14, 15)]
        back = [codes.give_back(soon), codes.give_back(later)]
        again = codes.reserve(PLACE, "three", 2_500, "EUR", day)
        codes.handed_over(soon)
        return [new, none, seen, back, again == later, codes.show(soon, NOW)]

    seen = ["SOON-22", "SOON-22", None]
    assert await database.run(lead) == [[3, 0], "", seen, [False, True], True, None]
    text = select(offer_codes.c.code)
    kept = await database.run(lambda work: [*work.connection.scalars(text)])
    assert not [one for one in kept if "LATER" in one]
