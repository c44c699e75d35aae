"""Gift cards' codes as a CSV file brings them: read with every fault named by its line, and no code
said in any."""

from collections.abc import Mapping, Sequence

from bot.csv_file import BadFileError, BadLine, opened, read_day
from handlers.kit.money import read_cents
from handlers.offers.model import GiftCode

COLUMNS = ("code", "amount", "until")
LONGEST_CODE = 100


def read_codes(content: bytes, currency: str) -> tuple[tuple[GiftCode, ...], tuple[BadLine, ...]]:
    """The codes of a file with COLUMNS, of which `until` may be left out; and the bad lines."""
    codes: list[GiftCode] = []
    bad: list[BadLine] = []
    try:
        file = opened(content)
        if lacking := [name for name in COLUMNS[:2] if name not in file.columns]:
            return (), (BadLine(file.header, f"has no column {' and no column '.join(lacking)}"),)
        for number, cells in file.rows:
            if isinstance(cells, BadLine):
                bad.append(cells)
            else:
                code, faults = _code(cells, currency)
                bad += (BadLine(number, reason) for reason in faults)
                codes.append(code)
    except BadFileError as error:
        return (), (error.line,)
    if len({code.code for code in codes}) < len(codes):
        bad.append(BadLine(file.header, "a code stands below it twice"))
    if not codes and not bad:
        bad.append(BadLine(file.header, "no codes stand below it"))
    return tuple(codes), tuple(bad)


def _code(cells: Mapping[str, str], currency: str) -> tuple[GiftCode, Sequence[str]]:
    """What a line says, and what is wrong with it."""
    code, cents = cells.get("code", ""), read_cents(cells.get("amount", ""))
    until, last, faults = cells.get("until", ""), None, list[str]()
    if not 4 <= len(code) <= LONGEST_CODE or not code.isprintable():
        faults.append(f"a code has 4 to {LONGEST_CODE} characters")
    if not cents:
        faults.append("the amount is none; write 10 or 12.50")
    try:
        last = read_day(until) if until else None
    except ValueError:
        faults.append("until is no date; write 2027-06-30")
    return GiftCode(code, cents or 0, currency, last), faults
