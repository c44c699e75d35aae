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


def test_a_cry_in_other_words_is_nearly_always_heard_and_nothing_else() -> None:
    lines = CORPUS.with_name("cries.tsv").read_text("utf-8").splitlines()
    said = [(text, heard) for _, heard, text, _ in (line.split("\t") for line in lines)]
    cries = [text for text, heard in said if heard == "yes"]
    assert len(cries) == 60
    assert [text for text in cries if not is_distress(text)] == []
    assert [text for text, heard in said if heard == "no" and is_distress(text)] == []


@pytest.mark.parametrize("call", ["anybody?", "Kāds?", "есть кто?", "please come", "URGENT"])
def test_a_call_for_anybody_is_one_only_when_it_is_all_that_is_said(call: str) -> None:
    assert is_distress(call)
    assert not is_distress(f"{call.strip('?')} knows the number of the office in Liepāja")


@pytest.mark.parametrize("polite", ["Paldies!", "good morning", "спасибо"])
def test_thanks_and_greetings_are_only_polite(polite: str) -> None:
    assert is_courtesy(polite)
    assert not is_distress(polite)
