"""A danger to somebody's life is heard, whatever else the words might mean.

Of the two hundred questions those with an odd number measured it only; all were written before it
was made.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from handlers.boundaries.hearing import Heard, heard
from handlers.boundaries.plain import POLICIES
from handlers.kit.danger import danger_in, is_by_ones_own_hand, known_ways, told
from handlers.kit.spelling import words_of
from handlers.kit.ways import Said, words_shipped
from storage.library_yaml import shipped
from storage.policy_search import PolicyIndex
from storage.words import WordForms
from tests.storage.likeness import LISTS, learnt

_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class DangerQuestion:
    meant: str
    language: str
    words: str


def questions() -> list[DangerQuestion]:
    lines = (_FOLDER / "danger_queries.tsv").read_text("utf-8").splitlines()
    return [DangerQuestion(*line.split("\t")) for line in lines]


@pytest.fixture(scope="module")
def index() -> PolicyIndex:
    return PolicyIndex(shipped(POLICIES, date(2026, 11, 22)), WordForms())


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
    assert missed == ["effing and blinding"]


def test_nonsense_gets_no_sure_answer(index: PolicyIndex) -> None:
    nonsense = [one.words for one in questions() if one.meant == "-"]
    assert [words for words in nonsense if meaning(index, words).sure] == []


HALVES = ("seen", "held", "fresh", "later")


def hurried(half: str) -> list[DangerQuestion]:
    """Questions by somebody who had not read the lists, as they are typed in a hurry: "seen" while
    the search was made, "held" back until it was, "fresh" and "later" written after that."""
    lines = (_FOLDER / "hurried_queries.tsv").read_text("utf-8").splitlines()
    asked = [line.split("\t") for line in lines]
    return [DangerQuestion(*one[:3]) for one in asked if one[3] == half]


@pytest.mark.parametrize("half", HALVES)
def test_danger_typed_in_a_hurry_is_heard(index: PolicyIndex, half: str) -> None:
    asked = [one.words for one in hurried(half) if one.meant == "crisis"]
    assert len(asked) == {"seen": 40, "held": 40, "fresh": 22, "later": 0}[half]
    assert [words for words in asked if not meaning(index, words).danger] == []


@pytest.mark.parametrize("half", HALVES)
def test_nobody_who_is_in_a_hurry_is_told_of_a_threat_that_is_none(
    index: PolicyIndex, half: str
) -> None:
    asked = [one for one in hurried(half) if one.meant not in ("threatening", "crisis", "-")]
    found = {one.words: meaning(index, one.words) for one in asked}
    grave = ("threatening", "crisis")
    wrong = [
        words
        for words, one in found.items()
        if one.danger or (one.sure and one.likeliest[0] in grave)
    ]
    not_lawful = [
        one.words for one in asked if one.meant == "not-threat" and not found[one.words].lawful
    ]
    assert (wrong, not_lawful) == ([], [])


def test_what_callers_do_comes_first_when_it_is_typed_in_a_hurry(index: PolicyIndex) -> None:
    missed = [
        one.words
        for half in HALVES
        for one in hurried(half)
        if one.meant not in ("crisis", "not-threat", "-")
        and meaning(index, one.words).likeliest[:1] != (one.meant,)
    ]
    assert missed == ["izkliedz visu klausulē", "cant get him off the phone"]


def test_what_only_sounds_grave_gets_no_sure_answer(index: PolicyIndex) -> None:
    asked = [one.words for half in HALVES for one in hurried(half) if one.meant == "-"]
    found = {words: meaning(index, words) for words in asked}
    surely = [words for words, one in found.items() if one.sure or one.danger is Said.SURELY]
    assert len(asked) == 68
    assert surely == []


ROUNDS = {
    "first": (90, 40),
    "second": (60, 24),
    "third": (60, 18),
    "fourth": (45, 15),
    "fifth": (45, 9),
}


def rarer(written: str) -> list[DangerQuestion]:
    """Rarer ways of telling of a danger to life, and what is near one: each round was written
    before it was known how many would be heard, and the words were mended after it."""
    lines = (_FOLDER / "rarer_queries.tsv").read_text("utf-8").splitlines()
    asked = [line.split("\t") for line in lines]
    return [DangerQuestion(*one[:3]) for one in asked if one[3] == written]


@pytest.mark.parametrize("written", ROUNDS)
def test_danger_told_in_a_rarer_way_is_heard(index: PolicyIndex, written: str) -> None:
    asked = [one.words for one in rarer(written) if one.meant == "crisis"]
    assert len(asked) == ROUNDS[written][0]
    assert [words for words in asked if not meaning(index, words).danger] == []


def test_what_is_near_a_danger_is_not_surely_taken_for_one(index: PolicyIndex) -> None:
    asked = {
        written: [one.words for one in rarer(written) if one.meant == "-"] for written in ROUNDS
    }
    assert {written: len(words) for written, words in asked.items()} == {
        written: many for written, (_, many) in ROUNDS.items()
    }
    found = {words: meaning(index, words).danger for every in asked.values() for words in every}
    assert [words for words, danger in found.items() if danger is Said.SURELY] == []
    assert len([words for words, danger in found.items() if danger is Said.NO]) == 97


WORST = {
    "seen": (54, ()),
    "held": (54, ()),
    "more": (120, ()),
    "other": (80, ()),
    "third": (80, ()),
    "fourth": (60, ()),
    "fifth": (60, ()),
    "sixth": (54, ()),
    "seventh": (80, ()),
    "eighth": (66, ()),
    "ninth": (72, ()),
    "tenth": (65, ()),
    "eleventh": (64, ()),
    "twelfth": (60, ()),
    "thirteenth": (60, ()),
    "fourteenth": (60, ()),
    "fifteenth": (60, ()),
    "sixteenth": (60, ()),
    "seventeenth": (60, ()),
    "eighteenth": (60, ()),
    "nineteenth": (30, ()),
    "twentieth": (80, ()),
    "twenty-first": (79, ()),
    "twenty-second": (80, ()),
    "twenty-third": (80, ()),
    "between": (222, ()),
    "office": (0, ()),
    "twenty-fourth": (40, ()),
    "twenty-fifth": (40, ()),
    "twenty-sixth": (39, ()),
    "twenty-seventh": (40, ()),
    "twenty-eighth": (39, ()),
    "twenty-ninth": (40, ()),
    "every day": (0, ()),
    "thirtieth": (20, ()),
    "cold": (24, ()),
}
"""How many of each round there are, and what is still missed. Heard at the first look, before the
words were mended: 26 of 54 ("seen"), 32 of 54 ("held"), 52 of 80, 75 of 80 and 43 of 60 by known
ways alone; then with words weighed 51 of 54 ("held"), 75 of 80, 80 of 80 and 55 of 60, and 93 of
120 ("more") when half of the weights were there; 59 of 60 ("fifth"), 50 of 54 ("sixth"), 77 of 80
("seventh"), 59 of 66, 67 of 72, 60 of 65, 58 of 64 and 58 of 60 ("twelfth") with all
of them. Of what was written beside these six as no danger, 51 of 134 was taken for one at that
look, 4 of it surely.

Since what sentences have in common counts as well: 57 of 60 ("fourteenth"), 59, 58, 59 and 55
("eighteenth"), and without it the same were 58, 58, 56, 56 and 55. "thirteenth", 58 of 60, was
asked just before; "nineteenth", 30 of 30, when bills weighed less against it. Of the 40 lines
beside each of those five that are no danger 14, 15, 5, 4 and 2 were taken for one (4, 3, 0, 0 and
0 surely), and 20, 20, 7, 8 and 3 without it. From "sixteenth" on each situation is told in three
languages. From "twentieth" on the first looks were 80 of 80, 78 of 79, 77 of 80 and 77 of 80: the
last of them since likeness counts the things that words tell of, and not only how they begin; of
the 80 lines beside each, which came as near as they could, 15, 35, 28 and 25 were taken for one (3,
6, 3 and 2 surely; some told of one, and are not kept). "between" was written to learn from, not to
measure. "office" is what colleagues say to
each other: 39 of its 150 lines were taken for a danger at the first look, and 7 more surely.

"twenty-fourth" to "twenty-seventh" were 40, 39, 39 and 40 at the first look, and "twenty-eighth"
and "twenty-ninth", asked after words of every day were told from misspelt ones, 39 and 39. "every
day" is 300 lines, a hundred a language, of which 63 were taken for a danger at the first look, 16
of them surely; those on which words of every day were mended; 60 that came as near as they could,
asked after it: 16, 5 of them surely; and some like those sentences of Plecs' own that were taken
for one. The last 40 of it were asked with "thirtieth", of which 20 were heard: 7, none surely.
"cold" is what an outage in winter does to children, old people and the sick: 20 of 24 at the first
look."""


def worst(written: str) -> list[DangerQuestion]:
    """Dangers as they are told when nobody thinks of a list: by the way, in pieces, with one hand;
    and what is said on the same days. Each round was written before it was asked."""
    lines = (_FOLDER / "worst_queries.tsv").read_text("utf-8").splitlines()
    asked = [line.split("\t") for line in lines]
    return [DangerQuestion(*one[:3]) for one in asked if one[3] == written]


@pytest.mark.parametrize("written", WORST)
def test_danger_that_is_told_by_the_way_is_heard(index: PolicyIndex, written: str) -> None:
    asked = [one.words for one in worst(written) if one.meant == "crisis"]
    many, missed = WORST[written]
    assert len(asked) == many
    assert tuple(words for words in asked if not meaning(index, words).danger) == missed


def ordinary() -> list[str]:
    """What is said every day at a supplier's: bills, meters, outages, things that die."""
    lines = (_FOLDER / "ordinary_queries.tsv").read_text("utf-8").splitlines()
    more = [one.words for written in WORST for one in worst(written) if one.meant == "-"]
    return [*(line.split("\t")[2] for line in lines), *more]


def test_an_ordinary_day_is_no_danger(index: PolicyIndex) -> None:
    found = {words: meaning(index, words) for words in ordinary()}
    assert len(found) == 1979
    assert [words for words, one in found.items() if one.danger is Said.SURELY] == []
    assert len([words for words, one in found.items() if one.danger]) == 249


def test_an_ordinary_day_is_never_taken_for_what_is_grave(index: PolicyIndex) -> None:
    grave = ("threatening", "crisis", "danger")
    found = {words: meaning(index, words) for words in ordinary()}
    wrong = [words for words, one in found.items() if one.sure and one.likeliest[0] in grave]
    assert wrong == []


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
        "samoubijstvo",
        "ne dyshit",
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


@pytest.mark.parametrize(
    "words",
    [
        "собака порвала провод",
        "трактор порвал кабель",
        "ветер оборвал линию",
        "мыши перегрызли провод",
        "ekskavators pārrāva kabeli",
        "vētra nogāza stabu",
        "kad krāsos stabu",
        "termiņi mūs nokaus",
        "the storm tore the line down",
        "говорит черным тут не место",
        "нет места для второго счётчика",
    ],
)
def test_what_weather_animals_and_machines_do_is_no_threat(index: PolicyIndex, words: str) -> None:
    assert "threatening" not in meaning(index, words).likeliest


@pytest.mark.parametrize(
    "words",
    [
        "порвёт меня говорит",
        "сказал спустит на меня собаку и порвёт",
        "mani sasitīs ar koku",
        "he will hit me with his car",
    ],
)
def test_what_is_done_to_somebody_with_them_is_still_one(index: PolicyIndex, words: str) -> None:
    assert meaning(index, words).likeliest[:1] == ("threatening",)


@pytest.mark.parametrize(
    "words",
    [
        "winter minus 15 degrees, three children at home",
        "you left a family with kids in the dark in january",
        "children are home from school",
        "ārā mīnus 15, mājās trīs bērni",
        "на улице минус 15, трое детей",
        "throat closing after peanuts",
    ],
)
def test_words_out_of_several_threats_make_none(index: PolicyIndex, words: str) -> None:
    assert not meaning(index, words).sure


@pytest.mark.parametrize(
    "words",
    [
        "will break my legs",
        "atnāks pie mums ar nazi",
        "знает где я живу",
        "waits outside the office",
    ],
)
def test_two_words_of_one_threat_make_it_sure(index: PolicyIndex, words: str) -> None:
    found = meaning(index, words)
    assert (found.likeliest[0], found.sure) == ("threatening", True)


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("mistake", "mirsta"),
        ("notiek", "notriek"),
        ("citus", "cietus"),
        ("rating", "raping"),
        ("exploring", "explod"),
        ("paskaitīju", "paškaitējums"),
        ("klients nevēlas", "bērns neceļas"),
    ],
)
def test_a_word_of_every_day_is_no_misspelling_of_a_grave_one(word: str, meant: str) -> None:
    assert danger_in(meant) is Said.SURELY
    assert danger_in(f"{word}: {word}") is Said.NO


def test_a_workspace_adds_its_own_words() -> None:
    words = "apakšstacijā dūmo otrais transformators"
    assert danger_in("apakšstacijas vads", ("apakšstac vad",)) is Said.SURELY
    assert danger_in("apakšstacijas rēķins", ("apakšstac vad",)) is Said.NO
    assert danger_in(words, ("",)) is Said.SURELY


def test_a_long_story_costs_no_more_than_its_beginning() -> None:
    assert danger_in("a" * 100_000) is Said.NO
    assert danger_in("nav elpas " + "vārds " * 50_000) is Said.SURELY


@pytest.mark.parametrize(
    ("words", "is_own"),
    [
        ("she took pills", True),
        ("grib nogalināt sevi", True),
        ("написал прощальное письмо детям", True),
        ("she took pills and isn't breathing", False),
        ("sagriezusi rokas, viss asinīs", False),
        ("deg māja", False),
        ("не дышит", False),
        ("he shouts", False),
    ],
)
def test_ones_own_hand_is_told_from_every_other_danger(words: str, is_own: bool) -> None:
    assert is_by_ones_own_hand(words_of(words)) is is_own


@pytest.mark.parametrize("name", LISTS)
def test_what_sentences_have_in_common_is_learnt_from_all_of_them(name: str) -> None:
    kept = [line for line in words_shipped(f"alike_{name}").splitlines() if line[0] != "#"]
    shipped_tenths = {
        one: int(tenths)
        for tenths, together in (line.split(": ") for line in kept)
        for one in together.split()
    }
    anew = learnt(name)
    # Another machine's arithmetic may round a tenth of a point otherwise.
    moved = {
        one
        for one in {*anew, *shipped_tenths}
        if abs(anew.get(one, 0) - shipped_tenths.get(one, 0)) > 1
    }
    assert moved == set(), "python -m tests.storage.likeness makes the list anew"


def test_what_only_sentences_have_in_common_is_never_sure() -> None:
    words = words_of("he was left alone, bigger than before")
    assert (known_ways().said(words), told(words).said < Said.SURELY) == (Said.NO, True)
