import pytest

from storage.words import WordForms, plain, stem, words_in

words = WordForms()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("līgums", "līgumiem"),
        ("līgums", "ligumu"),
        ("rēķins", "rēķinā"),
        ("draud", "draudēja"),
        ("kliedz", "kliedza"),
        ("threat", "threats"),
        ("threatens", "threatening"),
        ("contract", "Contracts"),
        ("bill", "bills"),
        ("Pašnāvība", "pasnavibas"),
    ],
)
def test_written_forms_of_one_word_meet(one: str, other: str) -> None:
    assert words.forms(one) & words.forms(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("līgums", "līgava"), ("draudi", "draugi"), ("contract", "contact"), ("bill", "kill")],
)
def test_different_words_do_not(one: str, other: str) -> None:
    assert not words.forms(one) & words.forms(other)


def test_words_are_taken_out_of_a_text_as_written() -> None:
    assert words_in("Viņš «kliedz» un draud - won't stop, 3 reizes!") == (
        "Viņš", "kliedz", "un", "draud", "won't", "stop", "3", "reizes",
    )  # fmt: skip


def test_plain_forgets_case_diacritics_and_apostrophes() -> None:
    assert plain("Žņaudzējčūska WON’T") == "znaudzejcuska wont"


def test_a_stem_keeps_four_letters() -> None:
    assert [stem(word) for word in ("mana", "sarunas", "as", "")] == ["mana", "sarun", "as", ""]
