"""What is found of the approved answers: 120 questions, half of which nobody looked at before."""

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from handlers.draft.model import ANSWERS
from storage.answers import answers_index
from storage.library_search import EntryIndex
from storage.library_yaml import shipped

QUESTIONS = Path(__file__).with_name("answer_questions.tsv")

LEAST = {"tuned lv": (29, 29), "tuned en": (29, 30), "held lv": (23, 26), "held en": (21, 25)}
"""Of thirty each: how many were first, and how many among three, by words alone."""


@pytest.fixture(scope="module")
def index() -> EntryIndex:
    return answers_index(shipped(ANSWERS, date(2026, 11, 28)))


def test_as_many_are_found_as_when_it_was_measured(index: EntryIndex) -> None:
    first, among, asked = Counter[str](), Counter[str](), Counter[str]()
    for line in QUESTIONS.read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        which, language, answer, words = line.split("\t")
        found = index.find(words).likeliest
        asked[f"{which} {language}"] += 1
        first[f"{which} {language}"] += found[:1] == (answer,)
        among[f"{which} {language}"] += answer in found[:3]
    assert set(asked.values()) == {30}
    assert {one for one in LEAST if (first[one], among[one]) < LEAST[one]} == set()


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("nav elektribas", "outage_now"),
        ("skaititaja radijums", "reading_submit"),
        ("solar pannels", "solar"),
        ("rekins", "bill_higher"),
    ],
)
def test_without_diacritics_and_with_a_typo(index: EntryIndex, words: str, answer: str) -> None:
    assert answer in index.find(words).likeliest


def test_each_word_says_what_it_leads_to(index: EntryIndex) -> None:
    because = index.because("saules panelis")
    assert {word: to[0] for word, to in because.items()} == {"saules": "solar", "panelis": "solar"}


def test_nothing_is_found_for_words_that_say_nothing(index: EntryIndex) -> None:
    assert index.find("qwxz") == index.find("is it what") == index.find("")


@pytest.mark.parametrize(
    "words",
    [
        *("recipe for pancakes", "how do I cook potatoes", "best restaurant in town"),
        *("my dog is sick", "who won the football match", "tell me a joke"),
        *("how to fix a bicycle", "capital of France", "pankūku recepte"),
        *("Francijas galvaspilsēta", "gribu doties atvaļinājumā"),
    ],
)
def test_what_is_about_something_else_is_said_to_have_no_answer(
    index: EntryIndex, words: str
) -> None:
    """Of nine more of twenty that were tried something is shown as nearest, and never as sure."""
    assert index.find(words).likeliest == ()
