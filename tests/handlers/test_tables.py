"""Words in a table stay words."""

import csv
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from handlers.kit.tables import cell, words_of


@pytest.mark.parametrize(
    "words",
    [
        *("=1+1", "+371 20000000", "-2", "@SUM(A1)", "\t=1", " =1", "\u00a0=1", "\r\n=1", "＝1"),
        *("\u200b=1", "\ufeff+1", "\u200e-1", "\u00ad@x", "\u0000=1", "\u200b\t=1", "﹢1"),
        *("\u3164=1", "\u2800+1", "\u115f-1", "−2", "⁼1", "\x0b=1", "\u2028@x"),
    ],
)
def test_what_would_be_worked_out_is_quoted(words: str) -> None:
    assert cell(words) == "'" + words


@given(st.text())
@example("'=1")
@example("''")
def test_nothing_begins_as_a_formula_and_nothing_is_lost(words: str) -> None:
    out = io.StringIO()
    csv.writer(out).writerow([cell(words), "next"])
    [[read, following]] = csv.reader(io.StringIO(out.getvalue(), newline=""))
    assert not read.lstrip().startswith(tuple("=+-@＝＋－＠"))
    assert words_of(read) == words
    assert following == "next"


def test_numbers_stay_numbers() -> None:
    assert cell(-1) == -1
