"""How well the search hears people, measured by questions written before it was made.

Lines 1 and 4 of every four were looked at while it was made; the others only measured it.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from handlers.boundaries.plain import POLICIES
from handlers.library.model import Found
from storage.library_yaml import shipped
from storage.policy_search import PolicyIndex
from storage.words import WordForms

_QUESTIONS = Path(__file__).with_name("policy_queries.tsv")


@dataclass(frozen=True, slots=True)
class PolicyQuestion:
    meant: str
    words: str


@pytest.fixture(scope="module")
def index() -> PolicyIndex:
    return PolicyIndex(shipped(POLICIES, date(2026, 11, 22)), WordForms())


def questions() -> tuple[PolicyQuestion, ...]:
    lines = _QUESTIONS.read_text("utf-8").splitlines()
    return tuple(PolicyQuestion(*line.split("\t")) for line in lines)


def test_the_right_boundary_comes_first(index: PolicyIndex) -> None:
    real = [question for question in questions() if question.meant != "-"]
    seen = [each for number, each in enumerate(real) if number % 4 in {0, 3}]
    unseen = [each for number, each in enumerate(real) if number % 4 in {1, 2}]
    assert (len(seen), len(unseen)) == (40, 40)
    assert (missed(index, seen), missed(index, unseen)) == (
        [],
        ["nepartrauc runat un neklausas"],
    )


def test_a_sure_answer_is_seldom_wrong(index: PolicyIndex) -> None:
    real = [question for question in questions() if question.meant != "-"]
    found = [(question, index.find(question.words)) for question in real]
    sure = [question for question, result in found if result.sure]
    wrong = [each.words for each, result in found if result.sure and not is_right(each, result)]
    assert len(sure) >= 70
    assert wrong == ["nepartrauc runat un neklausas"]


def test_nonsense_gets_no_sure_answer(index: PolicyIndex) -> None:
    nonsense = [question.words for question in questions() if question.meant == "-"]
    assert len(nonsense) == 20
    assert [words for words in nonsense if index.find(words).sure] == []


@pytest.mark.parametrize("words", ["kā iet vistām", "vista un gailis", "aita", "cow", "коза"])
def test_an_animal_alone_is_not_surely_an_insult(index: PolicyIndex, words: str) -> None:
    assert not index.find(words).sure


@pytest.mark.parametrize("words", ["nosauca par govi", "called me a cow", "назвал козой"])
def test_who_is_called_an_animal_is_insulted(index: PolicyIndex, words: str) -> None:
    assert index.find(words).likeliest[0] == "insulting"


@pytest.mark.parametrize(
    "words", ["", "   ", "!!! ... ???", "un tas ir", "🙂🙂", "\x00\n", "(" * 400]
)
def test_nothing_said_is_nothing_found(index: PolicyIndex, words: str) -> None:
    assert index.find(words) == Found()


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("viņš kliedz un draud", "threatening"),
        ("VIŅŠ KLIEDZ UN DRAUD", "threatening"),
        ("vins kliedz un draud", "threatening"),
        ("swears and wants to die", "crisis"),
    ],
)
def test_the_graver_of_two_is_meant(index: PolicyIndex, words: str, meant: str) -> None:
    found = index.find(words)
    assert (found.likeliest[0], found.sure) == (meant, True)


@pytest.mark.parametrize(
    "words",
    [
        "после прививки распухло лицо",
        "печь топили, всех мутит и клонит в сон",
        "lorry ploughed into the bus stop",
        "he tried to post three letters",
    ],
)
def test_one_word_of_many_makes_no_answer_sure(index: PolicyIndex, words: str) -> None:
    assert not index.find(words).sure


def test_a_long_story_is_cut_not_refused(index: PolicyIndex) -> None:
    assert index.find("swearing " + "blah " * 5000).likeliest[0] == "rude"


def missed(index: PolicyIndex, asked: list[PolicyQuestion]) -> list[str]:
    return [each.words for each in asked if not is_right(each, index.find(each.words))]


def is_right(question: PolicyQuestion, found: Found) -> bool:
    return found.likeliest[:1] == (question.meant,)
