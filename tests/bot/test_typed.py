"""What was typed is read as the text of /plecs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.typed import after_plecs, as_command, as_words
from handlers.kit.cards import ToType


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("hand contracts", "hand contracts"),
        ("/hand", "hand"),
        ("/plecs hand", "hand"),
        ("Plecs", ""),
        ("Plecs, hand", "hand"),
        ("plecs plecs", "plecs"),
        ("1. hand contracts", "hand contracts"),
        ("2) **hand**", "hand"),
        ("1.", "1"),
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


@pytest.mark.parametrize(
    ("one", "locale", "command", "words"),
    [
        (ToType("hand"), "en", "/hand", "hand"),
        (ToType("hand"), "lv-LV", "/hand", "roka"),
        (ToType("break", "10"), "lv", "/break 10", "pauze 10"),
        (ToType("away", "2 h"), "en", "/plecs away 2 h", "away 2 h"),
        (ToType("away", "2 h"), "lv", "/plecs prom 2 h", "prom 2 h"),
        (ToType("plecs"), "lv", "/plecs", "plecs"),
    ],
)
def test_what_to_type_is_written_as_it_is_typed_there(
    one: ToType, locale: str, command: str, words: str
) -> None:
    assert (as_command(one, locale), as_words(one, locale)) == (command, words)


@pytest.mark.parametrize("prefix", ["acme", "acme-"])
def test_with_a_prefix_it_is_written_as_the_commands_were_installed(prefix: str) -> None:
    typed = [
        as_command(one, "lv", prefix) for one in (ToType("break", "10"), ToType("away", "2 h"))
    ]
    assert typed == ["/acme-break 10", "/acme-plecs prom 2 h"]
    assert as_command(ToType("plecs"), "lv", prefix) == "/acme-plecs"
