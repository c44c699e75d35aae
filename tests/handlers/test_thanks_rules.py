"""What somebody is thanked for, as it is typed."""

import pytest

from handlers.thanks.model import deed


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
