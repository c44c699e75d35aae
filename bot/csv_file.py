"""A CSV file as offices keep it, read row by row, and whole or not at all."""

import csv
import io
import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from handlers.kit.tables import words_of
from handlers.kit.text import fold

_BEGINS_UTF_16 = (BOM_UTF16_LE, BOM_UTF16_BE)
"""How Excel's "Unicode Text" begins."""

_DAY_FIRST = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})\.?", re.ASCII)
_EARLIEST, _LATEST = date(2000, 1, 1), date(2999, 1, 1)
_UNSEEN = "\u200b\u200e\u200f\u2060\ufeff\x1a"


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line of the file (the header is line 1) that cannot be taken, and why."""

    number: int
    reason: str


class BadFileError(Exception):
    """Nothing can be read from this line on."""

    def __init__(self, number: int, reason: str) -> None:
        super().__init__(reason)
        self.line = BadLine(number, reason)


@dataclass(frozen=True, slots=True)
class CsvFile:
    """The names of the columns, folded, on which line they stand, and the rows behind it: each with
    its line, and its cells by column, or why they can't be told apart. Reading them raises
    BadFileError."""

    header: int
    columns: Sequence[str]
    rows: Iterator[tuple[int, Mapping[str, str] | BadLine]]


def opened(content: bytes) -> CsvFile:
    """Cells are separated by commas, semicolons or tabs, as the header shows. Raises
    BadFileError."""
    try:
        text = content.decode("utf-16" if content.startswith(_BEGINS_UTF_16) else "utf-8-sig")
    except UnicodeDecodeError:
        raise BadFileError(1, "is not UTF-8: save the file as “CSV UTF-8”") from None
    if "\0" in text:
        raise BadFileError(1, "is no text: save the file as “CSV UTF-8”")
    before, separator, text = _begins(text)
    rows = _numbered(text, before, separator)
    number, header = next(rows, (before + 1, []))
    columns = [fold(cell).replace("_", " ") for cell in header]
    width = len(columns)
    while columns and not columns[-1]:  # Excel writes columns that were once in use
        columns.pop()
    return CsvFile(number, columns, _by_column(rows, columns, width))


def read_day(text: str) -> date:
    """A day as spreadsheets write one. Raises ValueError."""
    named = _DAY_FIRST.fullmatch(text)
    written = f"{named[3]}-{named[2]:0>2}-{named[1]:0>2}" if named else text
    try:
        found = datetime.strptime(written, "%Y-%m-%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        raise ValueError(f"cannot read the day {text!r}: 2026-12-24, or 24.12.2026") from None
    if not _EARLIEST <= found <= _LATEST:
        raise ValueError(f"{text!r} is no day that anybody plans")
    return found


def _numbered(text: str, before: int, separator: str) -> Iterator[tuple[int, list[str]]]:
    # strict: a quote that is never closed would swallow the rest of the file.
    rows = csv.reader(
        io.StringIO(text, newline=""), delimiter=separator, strict=True, skipinitialspace=True
    )
    begins = before + 1  # a quoted cell may span lines: an editor shows where its row begins
    try:
        for row in rows:
            yield begins, row
            begins = before + rows.line_num + 1
    except csv.Error as error:
        raise BadFileError(begins, f"is not CSV: {error}") from None


def _by_column(
    rows: Iterator[tuple[int, list[str]]], columns: Sequence[str], width: int
) -> Iterator[tuple[int, Mapping[str, str] | BadLine]]:
    for number, written in rows:
        row = [_without_unseen(cell) for cell in written]
        if not any(row):
            continue
        if len(row) > width or any(row[len(columns) :]):
            reason = f"has {len(row)} cells; the header has {len(columns)}"
            yield number, BadLine(number, reason)
            continue
        yield number, {name: words_of(cell) for name, cell in zip(columns, row, strict=False)}


def _begins(text: str) -> tuple[int, str, str]:
    """How many lines stand before the header, what separates cells, and the text from there on.
    Excel's first line `sep=;` says the separator; blank lines say nothing."""
    lines = text.splitlines(keepends=True)
    before, separator = 0, None
    for line in lines:
        if said := re.fullmatch(r'"?sep=(.)"?[,;\t]*\s*', line, re.IGNORECASE):
            separator = said[1]
        elif line.strip(" ,;\t\r\n"):
            break
        before += 1
    header = lines[before] if before < len(lines) else ""
    if separator is None or separator not in header:
        separator = max(",;\t", key=header.count)
    return before, separator, "".join(lines[before:])


def _without_unseen(cell: str) -> str:
    """The cell without blanks around it, and what comes along unseen when it is copied."""
    return cell.strip().strip(_UNSEEN).strip()
