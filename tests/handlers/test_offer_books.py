"""The ledger as accounting takes it: beancount itself reads what is written for it."""

import csv
from collections import Counter
from datetime import UTC, datetime, timedelta
from io import StringIO

from beancount import loader
from beancount.core.data import Transaction

from handlers.kit.tables import table
from handlers.offers.ledger.books import COLUMNS, beancount, rows
from handlers.offers.ledger.model import BEGINNING, Booking, LedgerEntry, What

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
STEPS = (
    (What.HELD, "one", "missed_visit", 1_500),
    (What.POSTED, "one", "missed_visit", 1_500),
    (What.HELD, "two", "outage", 2_505),
    (What.EXPIRED, "two", "outage", 2_505),
    (What.REVERSED, "one", "missed_visit", 1_500),
    (What.HELD, "three", "outage", 7),
)


def ledger(**also: str) -> list[LedgerEntry]:
    entries: list[LedgerEntry] = []
    for number, (what, offer, occasion, cents) in enumerate(STEPS, 1):
        booking = Booking(
            what, offer, occasion, "credit", cents, "EUR", "a", "a", "", 1, 1, "usual", "case",
            **also,
        )  # fmt: skip
        before = entries[-1].hash if entries else BEGINNING
        at = NOW + timedelta(days=number)
        entries.append(LedgerEntry("w", number, at, booking, booking.legs, before).sealed())
    return entries


def test_beancount_takes_the_export_and_comes_to_the_same_balances() -> None:
    directives, errors, options = loader.load_string(beancount(ledger()))
    assert errors == []
    assert options["operating_currency"] == ["EUR"]
    transactions = [one for one in directives if isinstance(one, Transaction)]
    assert [one.meta["number"] for one in transactions] == [1, 2, 3, 4, 5, 6]
    assert transactions[0].meta["hash"] == ledger()[0].hash
    balances = Counter[str]()
    for one in transactions:
        for posting in one.postings:
            assert posting.units is not None
            assert posting.units.number is not None
            balances[posting.account] += int(100 * posting.units.number)
    assert balances == {
        "Equity:Offers:Budget": -7,
        "Assets:Offers:Held": 7,
        "Expenses:Offers:Missed-visit": 0,
    }


def test_quotes_and_backslashes_are_read_back() -> None:
    entries = ledger(reason='say "no" \\ yes')
    directives, errors, _ = loader.load_string(beancount(entries))
    assert errors == []
    [first, *_] = [one for one in directives if isinstance(one, Transaction)]
    assert first.meta["reason"] == 'say "no" \\ yes'


def test_the_table_has_a_row_for_each_leg_and_no_cell_is_a_formula() -> None:
    written = table(COLUMNS, rows(ledger(reason="=1+1")), "en").decode("utf-8-sig")
    header, *body = list(csv.reader(StringIO(written)))
    assert tuple(header) == COLUMNS
    assert len(body) == 2 * len(STEPS)
    assert all(not cell.startswith(("=", "+", "-", "@")) for row in body for cell in row)
    debit, credit = COLUMNS.index("debit"), COLUMNS.index("credit")
    assert [(row[debit], row[credit]) for row in body[:2]] == [("", "15.00"), ("15.00", "")]
    assert body[0][COLUMNS.index("reason")] == "'=1+1"
