"""The ledger as other programs take it: a table for accounting, and text for beancount."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC

from handlers.kit.money import in_books
from handlers.offers.ledger.model import BUDGET, HELD, LedgerEntry, What

COLUMNS = (
    *("number", "at", "what", "offer", "occasion", "kind", "account", "debit", "credit"),
    *("currency", "agent", "signer", "by", "choice", "reason", "customer", "version"),
    *("limits version", "code", "before", "hash"),
)

_ACCOUNTS = {BUDGET: "Equity:Offers:Budget", HELD: "Assets:Offers:Held"}


def rows(entries: Iterable[LedgerEntry]) -> Iterator[Sequence[str | int]]:
    """A row for each leg. Amounts are never negative: they stand in debit or in credit."""
    for entry in entries:
        one = entry.booking
        for leg in entry.legs:
            amount = in_books(abs(leg.cents))
            yield (
                entry.number,
                entry.at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S"),
                one.what,
                one.offer,
                one.occasion,
                one.kind,
                leg.account,
                amount if leg.cents > 0 else "",
                amount if leg.cents < 0 else "",
                one.currency,
                one.agent,
                one.signer,
                one.by,
                one.choice,
                one.reason,
                one.customer,
                one.version,
                one.limits_version,
                one.code,
                entry.before,
                entry.hash,
            )


def beancount(entries: Iterable[LedgerEntry]) -> str:
    """The entries as a beancount file: a transaction each, after the accounts they need."""
    written = list(entries)
    lines = ['option "title" "Offers"']
    lines += (
        f'option "operating_currency" "{one}"'
        for one in dict.fromkeys(entry.booking.currency for entry in written)
    )
    opened: set[str] = set()
    for entry in written:
        day = entry.at.astimezone(UTC).date().isoformat()
        for leg in entry.legs:
            if leg.account not in opened:
                opened.add(leg.account)
                lines += ["", f"{day} open {_account(leg.account)}"]
        lines += ["", *_transaction(entry, day)]
    return "\n".join(lines) + "\n"


def _transaction(entry: LedgerEntry, day: str) -> Iterator[str]:
    one = entry.booking
    # "!" marks what still waits for something: the customer's answer.
    flag = "!" if one.what is What.HELD else "*"
    yield f'{day} {flag} "{one.what}" "{one.occasion}"'
    meta: dict[str, str | int] = {
        "number": entry.number,
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "offer": one.offer,
        "kind": one.kind,
        "agent": one.agent,
        "signer": one.signer,
        "by": one.by,
        "choice": one.choice,
        "reason": one.reason,
        "customer": one.customer,
        "version": one.version,
        "limits-version": one.limits_version,
        "code": one.code,
        "before": entry.before,
        "hash": entry.hash,
    }
    for name, value in meta.items():
        if value != "":
            yield f"  {name}: {value if isinstance(value, int) else _quoted(value)}"
    for leg in entry.legs:
        yield f"  {_account(leg.account)}  {in_books(leg.cents)} {one.currency}"


def _account(account: str) -> str:
    """An account as beancount writes one: "given:missed_visit" is Expenses:Offers:Missed-visit."""
    if account in _ACCOUNTS:
        return _ACCOUNTS[account]
    return f"Expenses:Offers:{account.partition(':')[2].capitalize().replace('_', '-')}"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
