"""How words are compared, whatever keyboard, program or telephone they come from."""

import string
import unicodedata
from functools import cmp_to_key

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.kit.text import Without, bare, fold, lines_of, sort_key

SAME = [
    ("Ilze", "  ILZE\u00a0", "il\u200bze", "\ufeffIlze", "I\u00adlze", "Ilze\ufe0f", "Ilze\u2060"),
    ("Anna", "An\u3164na", "\u2800Anna", "Anna\u115f", "An\uffa0na", "A\u034fnna"),
    ("Anna Liepa", "anna\u00a0liepa", "Anna\tLiepa", "Anna \n Liepa", "Anna\u2003Liepa"),
    ("O’Brien", "O'Brien", "OʼBrien", "O`Brien", "O´Brien", "o‘brien", "OBrien", "O′Brien"),
    ("Bērziņa-Kalniņa", "Berzina–Kalnina", "BĒRZIŅA‑KALNIŅA", "bērziņa−kalniņa"),
    ("Łukasz", "lukasz", "ŁUKASZ", "Ƚukasz"),
    ("Ǥirts Ɉansons", "girts jansons"),
    ("Bjørn", "Bjorn", "BJØRN"),
    ("Strauß", "STRAUSS", "strauss", "STRAUẞ"),
    ("Kılıç", "kilic", "KILIC", "Kiliç"),
    ("İlze", "ilze"),
    ("Ægir", "aegir"),
    ("Þóra", "thora"),
    ("Đorđe", "dorde"),
    ("ŉora", "nora"),
    ("“labi”", '"labi"', "„labi“", "«labi»", "‹labi›", "❝labi❞", "〝labi〞"),
    ("ﬁrma", "firma"),
    ("Ａｎｎａ", "anna"),
    ("Jānis", unicodedata.normalize("NFD", "Jānis"), "janis"),
]
DIFFERENT = [("Anna", "Ana"), ("Jānis", "Jonis"), ("a b", "ab"), ("a-b", "ab"), ("1", "2")]


@pytest.mark.parametrize("written", SAME, ids=lambda all_of_them: all_of_them[0])
def test_what_is_the_same_is_the_same(written: tuple[str, ...]) -> None:
    assert {fold(one) for one in written} == {fold(written[0])}


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_what_differs_differs(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(st.text(string.ascii_letters + string.digits, min_size=1))
def test_a_plain_word_is_folded_as_it_is_among_others(word: str) -> None:
    assert f"a {fold(word)}" == fold(f"ā {word}")


UNSEEN = st.sampled_from("\u200b\u200d\u2060\ufeff\u00ad\u202e\ufe0f\u0301\x00")
SPACES = st.sampled_from(" \u00a0\t\n\u2003\u202f\u3000")


@given(st.text())
def test_what_is_folded_is_folded(text: str) -> None:
    folded = fold(text)
    assert fold(folded) == folded
    assert folded == " ".join(folded.split())
    assert fold(unicodedata.normalize("NFC", text)) == folded
    assert fold(unicodedata.normalize("NFD", text)) == folded
    assert fold(text.upper().lower()) == fold(text.lower())


@given(st.lists(st.text("abcāčšžABCĀ", min_size=1), min_size=1), st.data())
def test_spaces_and_what_nobody_sees_change_nothing(words: list[str], data: st.DataObject) -> None:
    plainly = " ".join(words)
    written = "".join(
        one if not one.isspace() else data.draw(st.text(SPACES, min_size=1)) for one in plainly
    )
    at = data.draw(st.integers(0, len(written)))
    written = written[:at] + data.draw(st.text(UNSEEN)) + written[at:]
    assert fold(written) == fold(plainly)


@pytest.mark.parametrize(
    ("written", "word"),
    [
        *((sign + "līgumi" + after, "līgumi") for sign, after in ("“”", "„”", "‘’", "``", "«»")),
        *((f"{sign}līgumi", "līgumi") for sign in ("–", "•", "- ", "/", "*", "#", "\u200b", "@")),
        *((f"līgumi{sign}", "līgumi") for sign in (".", ":", "?!", "…", ",", "\ufeff", ";")),
        ("līg\u200bumi", "līgumi"),
        (unicodedata.normalize("NFD", "rēķini"), "rēķini"),
        ("O’Brien", "O’Brien"),
        ("Bērziņa-Kalniņa,", "Bērziņa-Kalniņa"),
        ("–", ""),
        ("\u200b", ""),
        ("", ""),
    ],
)
def test_a_word_is_bare_without_what_stands_around_it(written: str, word: str) -> None:
    assert bare(written) == word


@given(st.text())
def test_what_is_bare_is_bare(text: str) -> None:
    assert bare(bare(text)) == bare(text)


ALPHABET = "aābcčdeēfgģhiīyjkķlļmnņoōpqrŗsštuūvwxzž"
"""As a Latvian dictionary has it."""
ALIKE = [{"a", "ā"}, {"e", "ē"}, {"i", "ī", "y"}, {"o", "ō"}, {"u", "ū"}]
DICTIONARY = [
    *("Ābele", "Abi", "Cīrulis", "Czaja", "Čakste", "Dauka", "Gulbis", "Ģēģere", "Hermanis"),
    *("Ylva", "Ilze", "Īve", "Yvonna", "Jānis", "Kuzma", "Ķeniņš", "Lūsis", "Ļaudona", "Mazais"),
    *("Nyman", "Nora", "Ņikita", "Ozols", "Ruta", "Ŗeba", "Szabo", "Šalme", "Tālis", "Zīle"),
    "Žagars",
]


def slowly(one: str, other: str) -> int:
    """Which of two names stands before the other: letter by letter, as somebody looks it up."""
    for a, b in zip(one, other, strict=False):
        if a != b and {a, b} - {" "} and not any({a, b} <= same for same in ALIKE):
            return -1 if (" " + ALPHABET).index(a) < (" " + ALPHABET).index(b) else 1
    if len(one) != len(other):
        return len(one) - len(other)
    return (one > other) - (one < other)


def test_names_stand_as_in_a_dictionary() -> None:
    by_code_point = sorted(DICTIONARY)
    assert by_code_point != DICTIONARY
    assert sorted(by_code_point, key=sort_key) == DICTIONARY


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("Anna", "Anna Liepa"),
        ("Anna Liepa", "Annabella"),
        ("Liepa", "Liepā"),
        ("Cz", "Ča"),
        ("c🫱", "č"),
        ("cж", "č"),
        ("Lizete", "Lyzete"),
        ("Lyzete", "Lizetija"),
        ("zzz", "Žagars"),
        ("ČAKSTE", "Dauka"),
        ("“Citrons”", "Čakste"),
        ("Anna-Kate Z.", "Anna Katrīna"),
    ],
)
def test_which_stands_first(first: str, then: str) -> None:
    assert sort_key(first) < sort_key(then)
    decomposed = unicodedata.normalize("NFD", then)
    assert sort_key(decomposed) == sort_key(then)


@given(st.lists(st.text(ALPHABET + " ").map(lambda text: " ".join(text.split()))))
def test_names_stand_as_somebody_looks_them_up(names: list[str]) -> None:
    assert sorted(names, key=sort_key) == sorted(names, key=cmp_to_key(slowly))


@given(st.lists(st.text()))
def test_keys_compare_alike_as_text_and_as_bytes(names: list[str]) -> None:
    keys = [sort_key(name) for name in names if not any(0xD800 <= ord(x) < 0xE000 for x in name)]
    assert sorted(keys) == sorted(keys, key=str.encode)


def test_lines_are_those_that_hold_anything_with_single_blanks() -> None:
    assert lines_of("  one  two \n\n \t\nthree\r\n") == ["one two", "three"]
    assert lines_of(" \n ") == []


def test_a_table_takes_out_letters_and_categories_and_nothing_else() -> None:
    assert "a\u0301b–x!".translate(Without(("Mn",), "x!")) == "ab–"
    assert "x\u200by".translate(Without(("Cf", "Lu"))) == "xy"
