"""Gift cards' codes, from a table as offices write one."""

from datetime import date

import pytest

from bot.code_list import read_codes
from bot.csv_file import BadLine
from handlers.offers.model import GiftCode

READ = (
    GiftCode("AAAA-1", 1_000, "EUR", date(2027, 1, 31)),
    GiftCode("BBBB-2", 1_250, "EUR", None),
)


@pytest.mark.parametrize(
    "table",
    [
        "\ufeffCode;Amount;Until\r\nAAAA-1;10;2027-01-31\r\nBBBB-2;12,50;\r\n",
        "sep=;\r\nCode;Amount;Until;\r\nAAAA-1;10;31.01.2027;\r\nBBBB-2;12,50;;\r\n;;;\r\n",
        "\r\n\r\ncode\tamount\tuntil\r\nAAAA-1\t10\t31/01/2027\r\n\r\n BBBB-2 \t12.50\t\u200b\r\n",
        "code,amount,until\nAAAA-1,10,31.1.2027.\nBBBB-2,12.50\n",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_codes_are_read_from_a_table_as_spreadsheets_write_one(table: str, encoding: str) -> None:
    assert read_codes(table.encode(encoding), "EUR") == (READ, ())


def test_a_table_that_is_none_is_refused_without_saying_a_code() -> None:
    table = "code,amount,until\nAAAA-1,x,soon\nAAAA-1,1,\nB,2,\nCCCC-3\n"
    _, bad = read_codes(table.encode(), "EUR")
    assert bad == (
        BadLine(2, "the amount is none; write 10 or 12.50"),
        BadLine(2, "until is no date; write 2027-06-30"),
        BadLine(4, "a code has 4 to 100 characters"),
        BadLine(5, "the amount is none; write 10 or 12.50"),
        BadLine(1, "a code stands below it twice"),
    )
    for odd in (b"", b"\xff\xfe", b"a,b\n", b"code,amount\n", b"c\x00de", b"x" * 200_000):
        assert read_codes(odd, "EUR")[1] != ()
