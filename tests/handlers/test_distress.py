"""Plain words by which somebody in a hard call asks for a human are heard; others are not."""

from pathlib import Path

import pytest

from handlers.kit.distress import is_courtesy, is_distress

CORPUS = Path(__file__).with_name("distress_corpus.tsv")


def corpus(language: str) -> list[tuple[str, bool]]:
    lines = (line.split("\t") for line in CORPUS.read_text("utf-8").splitlines())
    return [(text, heard == "yes") for spoken, heard, text in lines if spoken == language]


@pytest.mark.parametrize("language", ["en", "lv", "ru"])
def test_who_calls_for_a_human_is_heard_and_nobody_else(language: str) -> None:
    said = corpus(language)
    assert len(said) > 150
    assert [(text, is_distress(text)) for text, _ in said] == said


ROUNDS = {
    "seen": (30, 15, ()),
    "held": (30, 15, ()),
    "before": (60, 40, ()),
    "after": (60, 40, ()),
    "later": (60, 40, ()),
    "latest": (42, 42, ()),
    "last": (30, 30, ()),
    "hurried": (60, 40, ("screaming deal on the new tariff", "kā pārslēgt zvanu")),
    "hurried again": (60, 40, ("panic over the bill is resolved",)),
    "between": (
        312,
        423,
        (
            "kāds paņēma manu pildspalvu",
            "can anyone send me the form by email",
            "кто-то мог бы вынести мусор",
        ),
    ),
}
"""How many cries of each round there are, how many other lines, and which of these still raise a
hand. Each was measured before it was looked at, and then learnt from. By known ways and weighed
words alone there were heard 51 of 60 cries ("before"), 28 of 60 ("after"), 25 of 60 ("later"), 17
of 42 ("latest") and 19 of 30 ("last"); of the other lines 5, 0, 3, 2 and 1 were taken for cries.
Since what cries have in common counts as well, the last four were 50, 50, 28 and 30 at the first
look, and of the other lines 2, 6, 1 and 0.
"hurried" was 57 of 60 and "hurried again" 54 of 60, since cries have in common what their
words tell of, too; of the other lines 3 and 2. "between" was written to learn from, not to
measure."""


@pytest.mark.parametrize("written", ROUNDS)
def test_a_cry_in_other_words_is_heard_and_hardly_anything_else(written: str) -> None:
    lines = CORPUS.with_name("cries.tsv").read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in lines]
    cries = [words for _, heard, words, one in rows if (heard, one) == ("yes", written)]
    others = [words for _, heard, words, one in rows if (heard, one) == ("no", written)]
    many, more, mistaken = ROUNDS[written]
    assert (len(cries), len(others)) == (many, more)
    assert [words for words in cries if not is_distress(words)] == []
    assert tuple(words for words in others if is_distress(words)) == mistaken


@pytest.mark.parametrize("call", ["anybody?", "Kāds?", "есть кто?", "please come", "URGENT"])
def test_a_call_for_anybody_is_one_only_when_it_is_all_that_is_said(call: str) -> None:
    assert is_distress(call)
    assert not is_distress(f"{call.strip('?')} knows the number of the office in Liepāja")


@pytest.mark.parametrize("polite", ["Paldies!", "good morning", "спасибо"])
def test_thanks_and_greetings_are_only_polite(polite: str) -> None:
    assert is_courtesy(polite)
    assert not is_distress(polite)
