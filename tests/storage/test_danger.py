"""A danger to somebody's life is heard, whatever else the words might mean.

Of the two hundred questions those with an odd number measured it only; all were written before it
was made.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from handlers.boundaries.hearing import Heard, heard
from handlers.kit.danger import danger_in
from handlers.kit.ways import Said
from storage.policies_yaml import shipped
from storage.policy_search import PolicyIndex
from storage.words import WordForms

_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Question:
    meant: str
    language: str
    words: str


def questions() -> list[Question]:
    lines = (_FOLDER / "danger_queries.tsv").read_text("utf-8").splitlines()
    return [Question(*line.split("\t")) for line in lines]


@pytest.fixture(scope="module")
def index() -> PolicyIndex:
    return PolicyIndex(shipped(date(2026, 11, 22)), WordForms())


def meaning(index: PolicyIndex, words: str) -> Heard:
    return heard(words, index.find(words))


def test_every_danger_to_life_is_heard_and_nothing_else_is_taken_for_one(
    index: PolicyIndex,
) -> None:
    asked = questions()
    missed = [one.words for one in asked if one.meant == "crisis" and not danger_in(one.words)]
    mistaken = [one.words for one in asked if one.meant != "crisis" and danger_in(one.words)]
    assert (missed, mistaken) == ([], [])


def test_a_lawful_threat_is_never_taken_for_violence(index: PolicyIndex) -> None:
    lawful = [one.words for one in questions() if one.meant == "not-threat"]
    assert len(lawful) == 32
    found = {words: meaning(index, words) for words in lawful}
    assert {words: one.lawful for words, one in found.items()} == dict.fromkeys(lawful, True)
    assert [words for words, one in found.items() if "threatening" in one.likeliest] == []


def test_what_callers_do_comes_first_in_three_languages(index: PolicyIndex) -> None:
    asked = [one for one in questions() if one.meant not in ("crisis", "not-threat", "-")]
    missed = [one.words for one in asked if meaning(index, one.words).likeliest[:1] != (one.meant,)]
    assert len(asked) == 68
    assert missed == [
        "jautā vai es viņam nepaceltu kājas",
        "nošaus mūs visus",
        "effing and blinding",
        "said go back where you came from",
        "will wait for me after work",
    ]


def test_nonsense_gets_no_sure_answer(index: PolicyIndex) -> None:
    nonsense = [one.words for one in questions() if one.meant == "-"]
    assert [words for words in nonsense if meaning(index, words).sure] == []


@pytest.mark.parametrize(
    "words",
    [
        "GRIB NOGALINĀT SEVI",
        "grib nogalinat sevi",
        "grib nogalināt paši sevi",
        "pashnaaviiba",
        "sucide",
        "she isn’t breathing",
        "she isn't   breathing!!!",
        "klients: „negribu vairs dzīvot“",
        "самоубиство",
    ],
)
def test_it_is_heard_however_it_is_written(words: str) -> None:
    assert danger_in(words) is Said.SURELY


@pytest.mark.parametrize(
    "words",
    [
        "draud mani nogalināt",
        "solās sadedzināt mūsu biroju",
        "threatened to burn the office",
        "угрожает убить меня",
        "повесил трубку",
        "my phone battery is dying",
        "nosauca mani par idioti",
        "kill the browser tab",
        "saules paneļi uz jumta",
        "bloody idiot",
        "vīrs nomira, jāpārraksta līgums",
    ],
)
def test_what_only_sounds_like_it_is_not(words: str) -> None:
    assert danger_in(words) is Said.NO


def test_a_threat_beside_a_lawful_one_is_still_a_threat(index: PolicyIndex) -> None:
    found = meaning(index, "draud ar tiesu un saka ka nositīs mani")
    assert (found.lawful, found.likeliest[:1]) == (False, ("threatening",))


def test_a_workspace_adds_its_own_words() -> None:
    words = "apakšstacijā dūmo otrais transformators"
    assert danger_in("apakšstacijas vads", ("apakšstac vad",)) is Said.SURELY
    assert danger_in("apakšstacijas rēķins", ("apakšstac vad",)) is Said.NO
    assert danger_in(words, ("",)) is Said.SURELY


def test_a_long_story_costs_no_more_than_its_beginning() -> None:
    assert danger_in("a" * 100_000) is Said.NO
    assert danger_in("nav elpas " + "vārds " * 50_000) is Said.SURELY
