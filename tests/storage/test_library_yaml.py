from datetime import date
from pathlib import Path

import pytest

from handlers.boundaries.plain import POLICIES
from handlers.library.model import READ_IN, SPOKEN, InvalidLibraryError
from storage.library_yaml import loaded, plain_shipped, shipped, texts_shipped

TODAY = date(2026, 11, 22)
ROOT = Path(__file__).parents[2]
PACKAGES = {".".join(one.relative_to(ROOT).parts[:-1]) for one in ROOT.glob("handlers/**/*.yaml")}


def test_what_ships_is_complete() -> None:
    policies = shipped(POLICIES, TODAY)
    assert [(each.id, len(each.warnings)) for each in policies.behaviours] == [
        ("rude", 2),
        ("persistent", 2),
        ("intoxicated", 1),
        ("insulting", 2),
        ("sexual", 1),
        ("discriminating", 1),
        ("threatening", 0),
        ("danger", 0),
        ("crisis", 0),
    ]
    assert [number.digits for number in policies.crisis.numbers] == ["112", "113", "116123"]
    emergencies = [each.id for each in policies.behaviours if each.emergency]
    assert emergencies == ["threatening", "danger", "crisis"]
    for each in policies.behaviours:
        assert {*each.names, *each.allowed, *each.backing, *each.owner} == set(READ_IN)
        assert all(set(sentence) == set(SPOKEN) for sentence in (*each.warnings, each.ending))
        assert each.review > TODAY


@pytest.mark.parametrize("package", sorted(PACKAGES))
def test_what_ships_is_what_the_strict_reader_reads(package: str) -> None:
    """It ships through a quicker one, which would lose a name that is written twice."""
    assert plain_shipped(package) == tuple(map(loaded, texts_shipped(package)))


def test_a_name_written_twice_is_a_fault_and_not_a_loss() -> None:
    text = "crisis:\n  review: 2027-01-01\n  review: 2028-01-01\n"
    with pytest.raises(InvalidLibraryError) as caught:
        POLICIES.read(loaded(text), TODAY)
    assert caught.value.problems == ("line 3: 'review' is written twice",)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("behaviours: [", "line 1: expected the node content, but found '<stream end>'"),
        ("a: b: c", "line 1: mapping values are not allowed here"),
        ("", "the file: should be names with values"),
        ("crisis: !!python/object:os.system {}", "line 1: could not determine a constructor"),
    ],
)
def test_bad_yaml_says_where(text: str, problem: str) -> None:
    with pytest.raises(InvalidLibraryError) as caught:
        POLICIES.read(loaded(text), TODAY)
    assert caught.value.problems[0].startswith(problem)


BOMB = "a0: &a0 [x, x]\n" + "".join(f"a{n + 1}: &a{n + 1} [*a{n}, *a{n}]\n" for n in range(30))
ENDLESS = "write it out: what *names stand for unfolds without end"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        *((one, ENDLESS) for one in (BOMB, "answers: &a {x: *a}", "answers: &a [*a]")),
        *((f"a: {one * 600}", "this is nested too deeply") for one in ("[", "{a: ")),
        *(
            (f"a:\n  b: {one}", "line 2: can't be read as what it looks like: put it in quotes")
            for one in ("2026-13-45", "1" * 5000, "!!int x", "!!float x", "!!timestamp x")
        ),
    ],
)
def test_what_is_odd_is_told_on_a_line(text: str, problem: str) -> None:
    with pytest.raises(InvalidLibraryError) as caught:
        loaded(text)
    assert caught.value.problems == (problem,)


def test_names_that_a_terminal_would_obey_are_not_printed() -> None:
    assert InvalidLibraryError(["a\x1b[2J\nb"]).problems == ("a [2J b",)
