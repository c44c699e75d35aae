"""What somebody is thanked for, as it is typed."""

import pytest

from handlers.thanks.model import deed, goes_on, is_for_plecs, to_whom


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("for staying  with me", "staying with me"),
        ("par to, ka paliki", "to, ka paliki"),
        ("FOR: staying", "staying"),
        ("Par, palīdzību", "palīdzību"),
        ("staying for me", "staying for me"),
        # words that only begin so
        ("forty calls today", "forty calls today"),
        ("parunāji ar viņu", "parunāji ar viņu"),
        ("for", ""),
        ("", ""),
    ],
)
def test_the_deed_is_what_stands_behind_for(typed: str, words: str) -> None:
    assert deed(typed) == words


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("Ilze and Jānis for the coffee", "Ilze and Jānis "),
        ("@Ilze, par vakardienu par visu", "@Ilze, "),
        ("Ilze forty times", "Ilze forty times"),
        ("for the coffee", ""),
    ],
)
def test_names_are_what_stands_before_for(typed: str, names: str) -> None:
    assert to_whom(typed) == names


@pytest.mark.parametrize(
    ("words", "goes"),
    [
        *(("and Jānis for the coffee", True), ("UN Jānim", True), ("& Jānis", True)),
        *(("+ Jānis", True), ("android for me", False), ("for you and me", False), ("", False)),
    ],
)
def test_an_and_behind_a_name_may_go_on_with_somebody_else(words: str, goes: bool) -> None:
    assert goes_on(words) is goes


@pytest.mark.parametrize(
    ("typed", "is_for"),
    [
        *(("for your help", True), ("par palīdzību", True), ("a lot", True), ("Tev, tas", True)),
        *(("so much", True), ("", True), ("Ilze", False), ("Ilze a lot", False)),
    ],
)
def test_thanks_that_name_nobody_are_for_plecs(typed: str, is_for: bool) -> None:
    assert is_for_plecs(typed) is is_for
