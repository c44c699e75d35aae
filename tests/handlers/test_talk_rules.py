"""A practice call with a language model: what was said, what leaves, and what is no answer."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from handlers.kit.language_models import ModelTrouble, Prompt, PromptTurn, Speaker
from handlers.practice.model import Scenario, Script
from handlers.practice.talking.model import (
    MOST_SAID,
    SAID_LIMIT,
    SCHEMA,
    SpokenLine,
    Talk,
    answered,
    asked_again,
    prompt_of,
    say,
    unanswered,
)

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)
FIRST = SpokenLine("Why is it twice as much?", 4)
TALK = Talk("t", "w", "anna", "late_bill", 3, "en", NOW, (FIRST,))
WAITING = replace(TALK, said=(FIRST, SpokenLine("Let me look.")), waits=True, changed_at=LATER)
SCENARIO = Scenario(
    *("late_bill", {"lv": "Rēķins", "en": "Bill"}, {"lv": "Zvana.", "en": "The bill is late."}),
    {"lv": "Dusmīgs.", "en": "An angry man."},
    {},
    ("hears_out",),
    Script((), ()),
    owner={"lv": "Zane", "en": "Zane"},
    review=date(2027, 6, 30),
)


def test_after_one_s_own_words_the_caller_is_about_to_answer() -> None:
    before = replace(TALK, trouble=ModelTrouble.SILENT)
    assert say(before, "Let me look.", LATER) == WAITING


def test_what_the_caller_answers_stands_below_with_how_hot_they_are() -> None:
    answer = {"says": "  Fine, \n thank you. ", "heat": 2}
    assert answered(WAITING, answer, LATER) == replace(
        WAITING, said=(*WAITING.said, SpokenLine("Fine, thank you.", 2)), waits=False
    )


@pytest.mark.parametrize("heat", [0, 6, True, "2", None, 2.0])
def test_a_heat_that_is_none_leaves_the_caller_as_hot_as_they_were(heat: object) -> None:
    said = answered(WAITING, {"says": "Well.", "heat": heat}, LATER).said
    assert said[-1] == SpokenLine("Well.", 4)


@pytest.mark.parametrize("heat", [1, 5])
def test_the_coolest_and_the_hottest_are_taken(heat: int) -> None:
    said = answered(WAITING, {"says": "Well.", "heat": heat}, LATER).said
    assert said[-1] == SpokenLine("Well.", heat)


@pytest.mark.parametrize("words", ["", " \n ", None, 5, ["Well."], "\u200b"])
def test_what_is_no_answer_is_as_good_as_none(words: object) -> None:
    garbled = replace(WAITING, waits=False, trouble=ModelTrouble.GARBLED)
    assert answered(WAITING, {"says": words, "heat": 2}, LATER) == garbled


def test_a_long_answer_is_shortened_to_what_a_card_shows() -> None:
    said = answered(WAITING, {"says": "word " * 200, "heat": 2}, LATER).said
    assert len(said[-1].text) <= SAID_LIMIT
    assert said[-1].text.startswith("word word")


def test_after_trouble_it_is_asked_again_with_the_same_words() -> None:
    soon, even_later = LATER + timedelta(seconds=30), LATER + timedelta(minutes=1)
    silent = unanswered(WAITING, ModelTrouble.SILENT, soon)
    assert silent == replace(WAITING, waits=False, trouble=ModelTrouble.SILENT, changed_at=soon)
    assert asked_again(silent, even_later) == replace(WAITING, changed_at=even_later)


def test_the_heat_is_that_of_the_caller_s_last_words() -> None:
    assert WAITING.heat == 4
    assert replace(WAITING, said=(*WAITING.said, SpokenLine("Oh.", 1))).heat == 1


def test_it_is_over_after_eight_replies_and_the_caller_s_last_word() -> None:
    seven = (SpokenLine("I see."), SpokenLine("And?", 3)) * (MOST_SAID - 1)
    eighth = SpokenLine("Goodbye.")
    ends = {
        "seven": replace(TALK, said=(FIRST, *seven)).is_over,
        "the eighth": replace(TALK, said=(FIRST, *seven, eighth)).is_over,
        "their last": replace(TALK, said=(FIRST, *seven, eighth, SpokenLine("Bye.", 2))).is_over,
    }
    assert ends == {"seven": False, "the eighth": False, "their last": True}


@pytest.mark.parametrize(
    ("locale", "spoken", "caller", "knows"),
    [
        ("en", "English", "An angry man.", "The bill is late."),
        ("lv", "Latvian", "Dusmīgs.", "Zvana."),
    ],
)
def test_what_leaves_is_the_scenario_and_what_was_said(
    locale: str, spoken: str, caller: str, knows: str
) -> None:
    talk = replace(WAITING, locale=locale)
    prompt = prompt_of(talk, SCENARIO)
    told = prompt.turns[0]
    assert prompt == Prompt(
        (
            told,
            PromptTurn(Speaker.MODEL, '{"says": "Why is it twice as much?", "heat": 4}'),
            PromptTurn(Speaker.ASKING, "Let me look."),
        ),
        SCHEMA,
        300,
    )
    assert told.speaker is Speaker.INSTRUCTIONS
    assert f"You are this person: {caller} What the one who answers your call knows: {knows}" in (
        told.text
    )
    assert f"Speak {spoken}," in told.text


def test_letters_leave_as_they_are() -> None:
    talk = replace(TALK, said=(SpokenLine("Kāpēc tik dārgi?", 4),))
    assert prompt_of(talk, SCENARIO).turns[1].text == '{"says": "Kāpēc tik dārgi?", "heat": 4}'
