"""Tables as CSV files, for spreadsheets: words in them stay words."""

import csv
import unicodedata
from collections.abc import Iterable, Sequence
from io import StringIO

from handlers.kit.text import BLANK, normalized

_FORMULAS = ("=", "+", "-", "−", "@")
"""With these a spreadsheet takes a cell for something to work out or to run; some look for them
behind blanks and what is not seen, and in their wide forms, too."""


def table(header: Sequence[str], rows: Iterable[Sequence[str | int]], locale: str) -> bytes:
    """A table as CSV, in UTF-8 with the mark that Excel knows it by. Latvian spreadsheets part
    columns by semicolons."""
    out = StringIO()
    writer = csv.writer(out, delimiter=";" if locale == "lv" else ",", lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([cell(value) for value in row] for row in rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8", "replace")


def cell(value: str | int) -> str | int:
    """The value, and words never as a formula: spreadsheets take them for one by how they begin."""
    return "'" + value if isinstance(value, str) and _looks_like_a_formula(value) else value


def words_of(cell: str) -> str:
    """The words of a cell that `cell` made."""
    is_quoted = cell.startswith("'") and _looks_like_a_formula(cell[1:])
    return cell[1:] if is_quoted else cell


def _looks_like_a_formula(words: str) -> bool:
    """So do words that would be taken for quoted ones when they are read again."""
    words = words.lstrip("'")
    seen = "".join(one for one in words if _is_seen(one)).lstrip()
    return words[:1].isspace() or normalized("NFKC", seen[:1]) in _FORMULAS


def _is_seen(letter: str) -> bool:
    return letter not in BLANK and unicodedata.category(letter)[0] not in "CM"
