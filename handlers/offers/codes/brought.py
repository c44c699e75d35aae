"""Gift codes as a table brings them: read with every fault named by its line."""

import csv
from collections.abc import Iterator
from datetime import date
from io import StringIO

from handlers.kit.money import read_cents
from handlers.offers.model import GiftCode

COLUMNS = ("code", "amount", "until")
LONGEST_CODE = 100


class BadCodesError(Exception):
    """The table can't be brought in; `problems` says where and why, a line each. What codes there
    are is said in none."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


def read_codes(table: bytes, currency: str) -> tuple[GiftCode, ...]:
    """The codes of a CSV file with COLUMNS, `until` may be left out. Raises BadCodesError."""
    try:
        text = table.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadCodesError(["this is not UTF-8"]) from None
    first = text.partition("\n")[0]
    reader = csv.DictReader(StringIO(text), delimiter=";" if ";" in first else ",")
    names = [(name or "").strip().lower() for name in reader.fieldnames or ()]
    reader.fieldnames = names
    if missing := [name for name in COLUMNS[:2] if name not in names]:
        raise BadCodesError([f"line 1: no column {name}" for name in missing])
    problems: list[str] = []
    codes = [code for code in _read(reader, currency, problems) if code is not None]
    if len({code.code for code in codes}) < len(codes):
        problems.append("a code stands there twice")
    if not codes and not problems:
        problems.append("no codes in it")
    if problems:
        raise BadCodesError(problems)
    return tuple(codes)


def _read(
    reader: "csv.DictReader[str]", currency: str, problems: list[str]
) -> Iterator[GiftCode | None]:
    for row in reader:
        at = f"line {reader.line_num}"
        code = (row.get("code") or "").strip()
        cents = read_cents(row.get("amount") or "")
        until = (row.get("until") or "").strip()
        if not 4 <= len(code) <= LONGEST_CODE or not code.isprintable():
            problems.append(f"{at}: a code has 4 to {LONGEST_CODE} characters")
        if not cents:
            problems.append(f"{at}: the amount is none; write 10 or 12.50")
        try:
            last = date.fromisoformat(until) if until else None
        except ValueError:
            problems.append(f"{at}: until is no date; write 2027-06-30")
            last = None
        yield GiftCode(code, cents or 0, currency, last)
