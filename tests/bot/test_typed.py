"""What was typed is read as the text of /plecs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.typed import after_plecs


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("hand contracts", "hand contracts"),
        ("/hand", "hand"),
        ("/plecs hand", "hand"),
        ("Plecs", ""),
        ("Plecs, hand", "hand"),
        ("plecs plecs", "plecs"),
        ("**hand** contracts", "hand contracts"),
        ("**hand contracts**", "hand contracts"),
        ("*plecs* _hand_", "hand"),
        ("`/hand`", "hand"),
        ('"hand."', "hand"),
        ("hand.", "hand"),
        ("hand: he said *no*.", "hand he said *no*."),
        ("„roka līgumi”", "roka līgumi"),
        ("“hand” he is “loud”", "hand he is “loud”"),
        ("hand he shouts\nand **cries**", "hand he shouts\nand **cries**"),
        ("it's late", "it's late"),
        ("-", "-"),
        ("?", "?"),
        ("  ", ""),
    ],
)
def test_the_first_word_is_understood_and_the_rest_left(typed: str, text: str) -> None:
    assert after_plecs(typed) == text


@given(st.text(max_size=40))
def test_whatever_is_typed_has_a_text(typed: str) -> None:
    assert len(after_plecs(typed)) <= len(typed)
