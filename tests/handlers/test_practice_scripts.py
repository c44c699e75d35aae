"""What a file of scenarios may say: a tree without dead ends, in both languages; and what ships."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest

from handlers.common.competences import COMPETENCES
from handlers.library.model import InvalidLibraryError
from handlers.practice import model
from handlers.practice.model import HOTTEST, REPLIES, DialogueTurn, Run, Scenario, ScriptEnding
from handlers.practice.plain import SCENARIOS
from storage.library_yaml import shipped
from tests.storage.made import NOW

TODAY = date(2026, 11, 28)
SHIPPED = shipped(SCENARIOS, TODAY)

Spoils = Callable[[dict[str, Any]], object]


def said(words: str) -> dict[str, str]:
    return {"lv": words, "en": words}


def plain_turn(*leads: str, heat: int = 3) -> dict[str, Any]:
    """A turn whose replies lead there; the last one is the bad model."""
    replies: list[dict[str, Any]] = [
        {"says": said("Jā"), "because": said("Tā ir"), "to": to} for to in leads
    ]
    replies[-1]["bad"] = True
    return {"heat": heat, "says": said("Labdien"), "replies": replies}


def whole() -> dict[str, Any]:
    """A scenario of five turns, one after the other."""
    onward = ("b", "c", "d", "e", "good")
    turns = {turn: plain_turn(*(to,) * 3) for turn, to in zip("abcde", onward, strict=True)}
    turns["e"] = plain_turn("good", "good", "bad")
    ending = {"says": said("Paldies"), "after": said("Viss labi")}
    return {
        "names": said("Zvans"),
        "situation": said("Kāds zvana."),
        "caller": said("Jūs zvanāt."),
        "examples": {"lv": ["zvana"], "en": ["calls"]},
        "indicators": ["hears_out"],
        "script": {
            "turns": turns,
            "endings": {"good": {"heat": 1, **ending}, "bad": {"heat": 5, **ending}},
        },
        "owner": said("Zane"),
        "review": "2027-06-30",
    }


def faults(change: Spoils) -> list[str]:
    """What is wrong with the scenario once it was changed so, without where scenarios stand."""
    data = whole()
    change(data["script"])
    try:
        SCENARIOS.read({"scenarios": {"one": data}}, TODAY)
    except InvalidLibraryError as error:
        return [one.removeprefix("scenarios.one.script.") for one in error.problems]
    return []


def lead(turn: str, *leads: str) -> Spoils:
    return lambda script: script["turns"].update({turn: plain_turn(*leads)})


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda _script: None, []),
        (
            lead("b", "c", "nowhere", "c"),
            ["turns.b.replies[2].to: leads to 'nowhere', which is no turn and no ending"],
        ),
        (
            lead("d", "good", "good", "good"),
            [
                "turns.e: no way leads there",
                "endings.bad: no way leads there",
                "turns: the longest way has 4, should be 5 at least",
            ],
        ),
        (lead("c", "d", "b", "d"), ["turns: goes round in a circle: b > c > b"]),
        (lead("c", "c", "d", "d"), ["turns: goes round in a circle: c > c"]),
        (lead("a", "b", "good", "b"), ["turns: a way ends after 1, should be 2 at least"]),
        (
            lambda script: script["turns"]["b"]["replies"].pop(),
            ["turns.b.replies: 2, should be 3"],
        ),
        (
            lambda script: script["turns"]["b"]["replies"][0].update(bad=True),
            ["turns.b.replies: 2 are bad models, should be 1"],
        ),
        (
            lambda script: script["turns"]["b"]["replies"][2].pop("bad"),
            ["turns.b.replies: 0 are bad models, should be 1"],
        ),
        (
            lambda script: script["turns"]["a"].update(heat=4),
            ["turns.a.replies[3]: a bad model, and the caller is cooler after it"],
        ),
        (lambda script: script["turns"]["b"].update(heat=6), ["turns.b.heat: 6, should be 1 to 5"]),
        (
            lambda script: script["turns"]["b"].update(heat=True),
            ["turns.b.heat: True, should be 1 to 5"],
        ),
        (
            lambda script: script["turns"]["b"]["says"].pop("lv"),
            ["turns.b.says.lv: missing"],
        ),
        (
            lambda script: script["turns"]["b"]["replies"][1]["because"].pop("en"),
            ["turns.b.replies[2].because.en: missing"],
        ),
        (lambda script: script["endings"]["bad"].pop("after"), ["endings.bad.after: missing"]),
        (
            lambda script: script["turns"].pop("e"),
            [
                "turns: 4, should be 5 to 8",
                *(
                    f"turns.d.replies[{n}].to: leads to 'e', which is no turn and no ending"
                    for n in (1, 2, 3)
                ),
            ],
        ),
        (
            lambda script: script["turns"].update({f"x_{n}": plain_turn("b") for n in "abcd"}),
            ["turns.x_a.replies: 1, should be 3"],
        ),
        (
            lambda script: script["endings"].update(a=script["endings"]["bad"]),
            ["endings.a: a turn is called so as well"],
        ),
    ],
)
def test_a_fault_of_the_tree_is_named_where_it_stands(change: Spoils, told: list[str]) -> None:
    found = faults(change)
    assert found[: len(told)] == told
    assert bool(found) == bool(told)


def test_nine_turns_are_too_many() -> None:
    more = {f"x_{one}": plain_turn("b", "b", "b") for one in "abcd"}
    assert faults(lambda script: script["turns"].update(more)) == ["turns: 9, should be 5 to 8"]


def test_what_is_missing_altogether_is_named_once() -> None:
    data = whole()
    del data["script"]
    with pytest.raises(InvalidLibraryError) as caught:
        SCENARIOS.read({"scenarios": {"one": data}}, TODAY)
    assert caught.value.problems == ("scenarios.one.script: missing",)


def test_eight_calls_ship() -> None:
    assert [one.id for one in SHIPPED] == [
        "bill_twice",
        "colleague_promised",
        "crying",
        "favour",
        "missed_visit",
        "senior",
        "shouting",
        "threat",
    ]


def run_of(scenario: Scenario) -> Run:
    return Run("r", "T1", "p", scenario.id, 1, NOW)


@pytest.mark.parametrize("scenario", SHIPPED, ids=lambda one: one.id)
def test_every_way_through_what_ships_comes_to_an_end_and_a_bad_model_never_cools(
    scenario: Scenario,
) -> None:
    ended: set[str] = set()
    for replies in product(range(REPLIES), repeat=3):
        run = run_of(scenario)
        for n in range(model.MOST_TURNS):
            run = model.say(run, replies[n % 3], scenario.script, NOW)
        assert run.ended, "eight replies are enough for any way"
        ended.add(run.ended)
        assert isinstance(model.place(scenario.script, run.path), ScriptEnding)
        for step in model.steps(scenario.script, run):
            assert 1 <= step.turn.heat <= HOTTEST
            assert not step.reply.bad or step.after >= step.turn.heat
    assert len(ended) > 1


@pytest.mark.parametrize("scenario", SHIPPED, ids=lambda one: one.id)
def test_what_ships_is_an_example_of_what_is_in_the_dictionary(scenario: Scenario) -> None:
    [orientation] = shipped(COMPETENCES, TODAY)
    shows = {one.code for one in orientation.shows}
    lacks = {one.code for one in orientation.lacks}
    assert set(scenario.indicators) <= shows
    for turn in scenario.script.turns:
        for reply in turn.replies:
            assert reply.shows in (lacks if reply.bad else shows | lacks | {""})
    assert {reply.shows for turn in scenario.script.turns for reply in turn.replies} & {
        *scenario.indicators
    }


def test_the_dictionary_has_what_the_centre_knows() -> None:
    [orientation] = shipped(COMPETENCES, TODAY)
    assert (len(orientation.shows), len(orientation.lacks)) == (11, 7)
    assert [len(orientation.develop[one]) for one in ("lv", "en")] == [5, 5]
    assert [len(orientation.lead[one]) for one in ("lv", "en")] == [4, 4]
    trained = {code for one in SHIPPED for code in one.trains}
    assert {one.code for one in orientation.shows} <= trained, "each can be practised"


def test_a_reply_is_one_turn_on_and_no_end_of_the_call() -> None:
    begun, later = run_of(SHIPPED[0]), NOW + timedelta(minutes=3)
    on = model.say(begun, 2, SHIPPED[0].script, later)
    assert on == replace(begun, path=(2,), changed_at=later)


def test_a_step_back_is_remembered_once_and_the_way_goes_on_from_there() -> None:
    scenario = SHIPPED[0]
    first = model.say(run_of(scenario), 2, scenario.script, NOW)
    back = model.step_back(first, NOW)
    assert (back.path, back.tried) == ((), ((2,),))
    twice = model.step_back(model.say(back, 2, scenario.script, NOW), NOW)
    assert twice.tried == ((2,),)
    assert model.step_back(back, NOW) == back, "before the first turn there is nothing"
    on = model.say(twice, 1, scenario.script, NOW)
    [step] = model.steps(scenario.script, on)
    opening = scenario.script.turns[0]
    assert step.others == ((opening.replies[2], 5),)
    assert isinstance(model.place(scenario.script, on.path), DialogueTurn)
    assert model.say(on, REPLIES, scenario.script, NOW) == on, "there is no fourth reply"


def test_a_step_back_is_one_turn_out_of_the_ending_too() -> None:
    over = replace(
        run_of(SHIPPED[0]), path=(2, 1, 0), tried=((1,), (2, 1)), ended="lost", changed_at=NOW
    )
    later = NOW + timedelta(minutes=3)
    once = model.step_back(over, later)
    assert once == replace(
        over, path=(2, 1), tried=((1,), (2, 1), (2, 1, 0)), ended="", changed_at=later
    )
    assert model.step_back(once, later) == replace(once, path=(2,))


def test_the_calls_that_fit_best_come_first() -> None:
    found = model.fitting(SHIPPED, ("hears_out", "settles"))
    assert [one.id for one in found][:2] == ["bill_twice", "shouting"]
    assert model.fitting(SHIPPED, ("customer",)) == (SHIPPED[1],)
    assert model.fitting(SHIPPED, ("nothing",)) == ()
