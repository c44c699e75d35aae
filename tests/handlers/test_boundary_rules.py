"""The rules of a boundary, and reading one from plain data with every fault named."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.boundaries.model import (
    ENDED,
    Behaviour,
    PolicyFile,
    PolicySet,
    Receipt,
    amend,
    can_be_taken_back,
    changes,
    is_of_an_earlier_call,
    may_end,
    notices_of,
    still_to_say,
)
from handlers.boundaries.plain import POLICIES, read_file, read_policies, to_plain
from handlers.kit.notices import Notice
from handlers.library.model import Change, InvalidLibraryError, check_first
from storage.library_yaml import shipped

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SHIPPED = shipped(POLICIES, TODAY)


def boundary(name: str) -> Behaviour:
    found = SHIPPED.get(name)
    assert found is not None
    return found


def plain() -> dict[str, Any]:
    """A complete small file, for one fault to be put into."""
    both = {"lv": "Jā", "en": "Yes"}
    spoken = {**both, "ru": "Да"}
    data: dict[str, Any] = json.loads(
        json.dumps(
            {
                "crisis": {
                    "owner": both,
                    "review": "2027-06-30",
                    "numbers": [{"number": "112", "what": both}],
                },
                "behaviours": {
                    "late": {
                        "names": both,
                        "meaning": both,
                        "allowed": {"lv": ["Beigt"], "en": ["End it"]},
                        "warnings": [spoken],
                        "ending": spoken,
                        "backing": both,
                        "owner": both,
                        "review": "2027-06-30",
                        "examples": {"lv": ["vēlu"], "en": ["late"]},
                    }
                },
            }
        )
    )
    return data


def test_every_warning_comes_before_the_ending() -> None:
    rude = boundary("rude")
    first, second = rude.warnings
    assert still_to_say(rude, 0) == (first, second, rude.ending)
    assert still_to_say(rude, 1) == (second, rude.ending)
    assert still_to_say(rude, 2) == (rude.ending,)
    assert [may_end(rude, warned) for warned in (0, 1, 2)] == [False, False, True]


def test_a_threat_needs_no_warning() -> None:
    assert boundary("threatening").warnings == ()
    assert may_end(boundary("threatening"), 0)


@given(warned=st.integers(0, 50), name=st.sampled_from([each.id for each in SHIPPED.behaviours]))
def test_there_is_always_something_to_say_and_it_ends_with_the_ending(
    warned: int, name: str
) -> None:
    behaviour = boundary(name)
    left = still_to_say(behaviour, warned)
    assert left[-1] == behaviour.ending
    assert (len(left) == 1) == may_end(behaviour, warned)


def test_the_review_date_itself_still_holds() -> None:
    assert not check_first(date(2026, 11, 22), TODAY)
    assert check_first(date(2026, 11, 21), TODAY)


def test_supervisors_are_told_of_an_ending_but_not_the_agent_who_is_one() -> None:
    receipt = Receipt("r1", "w", "anna", "c1", NOW, 2, boundary("rude"), adopted=True)
    assert notices_of(receipt, ["anna", "marta"]) == (Notice(ENDED, "r1", ("marta",), NOW),)


def receipt(ended_at: datetime = NOW) -> Receipt:
    return Receipt("r", "w", "anna", "card", ended_at, 2, boundary("rude"), adopted=True)


def test_an_ending_can_be_taken_back_for_ten_minutes_and_once() -> None:
    ended = receipt()
    times = (timedelta(0), timedelta(minutes=10), timedelta(minutes=10, seconds=1))
    assert [can_be_taken_back(ended, NOW + passed) for passed in times] == [True, True, False]
    assert not can_be_taken_back(replace(ended, void_at=NOW), NOW)


class TestAnEarlierCallsCard:
    def test_a_card_of_ten_minutes_or_of_nobody_knows_when_may_be_one(self) -> None:
        ages = (timedelta(minutes=10), timedelta(minutes=10, seconds=1))
        assert [is_of_an_earlier_call(NOW - age, None, NOW) for age in ages] == [False, True]
        assert is_of_an_earlier_call(None, None, NOW)

    def test_so_is_one_after_which_the_agent_ended_a_call(self) -> None:
        shown = NOW - timedelta(minutes=5)
        after, before = receipt(shown + timedelta(seconds=1)), receipt(shown)
        assert is_of_an_earlier_call(shown, after, NOW)
        assert not is_of_an_earlier_call(shown, before, NOW)
        assert not is_of_an_earlier_call(shown, replace(after, void_at=NOW), NOW)


def test_a_danger_has_its_own_boundary_or_else_the_gravest_that_says_what_to_do() -> None:
    steps = {"lv": ("Zvani 112",), "en": ("Call 112",)}
    rude = replace(boundary("rude"), emergency={})
    own, threat = replace(rude, id="crisis", emergency=steps), replace(rude, id="threat")
    grave = replace(threat, emergency=steps)
    danger = replace(rude, id="danger", emergency=steps)

    def found(*behaviours: Behaviour) -> Behaviour | None:
        return replace(SHIPPED, behaviours=behaviours).emergency("crisis")

    assert found(rude, own, grave) == own
    assert found(rude, replace(own, emergency={}), grave, danger, rude) == danger
    assert found(grave, rude) == grave
    assert found(rude, threat) is None


def test_a_behaviour_that_there_is_not_is_none() -> None:
    assert SHIPPED.get("x") is None


def test_an_amendment_replaces_adds_and_stamps_only_what_differs() -> None:
    milder = replace(boundary("insulting"), warnings=boundary("insulting").warnings[:1])
    new = replace(boundary("rude"), id="silent")
    file = PolicyFile((milder, boundary("sexual"), new), None)
    amended = amend(SHIPPED, file, 7)
    assert [each.id for each in amended.behaviours] == [
        *(each.id for each in SHIPPED.behaviours), "silent",
    ]  # fmt: skip
    assert {each.id: each.version for each in amended.behaviours if each.version != 1} == {
        "insulting": 7,
        "silent": 7,
    }
    assert changes(SHIPPED, amended) == (
        Change(replace(milder, version=7), ("warnings",)),
        Change(replace(new, version=7), None),
    )


def test_new_crisis_numbers_are_a_change_of_their_own() -> None:
    crisis = replace(SHIPPED.crisis, review=date(2028, 1, 1))
    amended = amend(SHIPPED, PolicyFile((), crisis), 2)
    assert amended.behaviours == SHIPPED.behaviours
    assert changes(SHIPPED, amended) == (Change(None, ("review",)),)


def test_plain_data_and_back_is_the_same() -> None:
    assert read_policies(to_plain(SHIPPED), date(2001, 1, 1)) == SHIPPED


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2027-06-30", date(2027, 6, 30)),
        (date(2027, 6, 30), date(2027, 6, 30)),
        ("in 1 months", date(2026, 12, 22)),
        ("in 2 months", date(2027, 1, 22)),
        ("in 12 months", date(2027, 11, 22)),
        ("in 24 months", date(2028, 11, 22)),
    ],
)
def test_a_review_date_is_a_date_or_counts_from_today(written: object, read: date) -> None:
    data = plain()
    data["behaviours"]["late"]["review"] = written
    assert read_file(data, TODAY).behaviours[0].review == read


@given(day=st.dates(date(2000, 1, 1), date(2100, 1, 1)), months=st.integers(1, 99))
def test_counting_months_never_fails_and_never_goes_back(day: date, months: int) -> None:
    data = plain()
    data["behaviours"]["late"]["review"] = f"in {months} months"
    assert read_file(data, day).behaviours[0].review > day


def _set(path: str, value: object) -> dict[str, Any]:
    data = plain()
    *way, last = path.split(".")
    place: Any = data
    for step in way:
        place = place[int(step)] if isinstance(place, list) else place[step]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return data


@pytest.mark.parametrize(
    ("path", "value", "problem"),
    [
        ("behaviours.late.ending", ..., "behaviours.late.ending: missing"),
        (
            "behaviours.late.warnings",
            [{"lv": "Nē", "en": "No"}],
            "behaviours.late.warnings[1].ru: missing",
        ),
        (
            "behaviours.late.names.en",
            "A name that is far too long for a button",
            "behaviours.late.names.en: 40 characters, at most 28",
        ),
        (
            "behaviours.late.ending.lv",
            " ",
            "behaviours.late.ending.lv: should be words; in quotes, if there is a colon in them",
        ),
        (
            "behaviours.late.meaning.lv",
            {"Ja": "nē"},
            "behaviours.late.meaning.lv: should be words; in quotes, if there is a colon in them",
        ),
        (
            "behaviours.late.names",
            None,
            "behaviours.late.names: should be names with values",
        ),
        (
            "behaviours.late.review",
            "next year",
            "behaviours.late.review: 'next year' is no date; write 2027-06-30 or \"in 12 months\"",
        ),
        ("behaviours.late.warnings", "Nē", "behaviours.late.warnings: should be a list"),
        (
            "behaviours.late.warnings",
            [{"lv": "a", "en": "b", "ru": "c"}] * 5,
            "behaviours.late.warnings: 5, at most 4",
        ),
        (
            "behaviours.late.examples.lv",
            [],
            "behaviours.late.examples.lv: 0 lines, should be 1 to 120",
        ),
        (
            "behaviours.late.examples.en",
            ["x" * 390] * 6,
            "behaviours.late.examples.en: more than 2000 characters together",
        ),
        ("behaviours.late", "mild", "behaviours.late: should be names with values"),
        ("crisis.numbers", [], "crisis.numbers: 0, should be 1 to 6"),
        (
            "crisis.numbers.0.number",
            "call me",
            "crisis.numbers[1].number: 'call me' is no telephone number",
        ),
        ("more", "x", "more: not known here; possible: behaviours, crisis"),
    ],
)
def test_a_fault_says_where_it_is(path: str, value: object, problem: str) -> None:
    with pytest.raises(InvalidLibraryError) as caught:
        read_file(_set(path, value), TODAY)
    assert caught.value.problems == (problem,)


def test_all_faults_come_at_once() -> None:
    data = plain()
    data["behaviours"]["Late!"] = data["behaviours"].pop("late")
    data["behaviours"]["Late!"]["names"] = {"lv": "Vēlu"}
    del data["crisis"]["owner"]
    with pytest.raises(InvalidLibraryError) as caught:
        read_file(data, TODAY)
    assert caught.value.problems == (
        "behaviours.Late!: an id is small letters a-z and _, at most 40",
        "behaviours.Late!.names.en: missing",
        "crisis.owner: missing",
    )


@pytest.mark.parametrize("data", [None, "text", 7, [], [1]])
def test_what_is_no_file_at_all_is_said_kindly(data: object) -> None:
    with pytest.raises(InvalidLibraryError, match="the file: should be names with values"):
        read_file(data, TODAY)


def test_an_empty_file_and_half_a_set_are_refused() -> None:
    with pytest.raises(InvalidLibraryError, match="nothing to read"):
        read_file({}, TODAY)
    without = plain()
    del without["crisis"]
    with pytest.raises(InvalidLibraryError, match="crisis: missing"):
        read_policies(without, TODAY)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)


@given(path=st.sampled_from(["behaviours.late.names", "behaviours.late.warnings",
    "behaviours.late.allowed", "behaviours.late.review", "behaviours.late", "behaviours",
    "crisis", "crisis.numbers"]), value=_JSON)  # fmt: skip
def test_whatever_stands_there_is_read_whole_or_refused(path: str, value: object) -> None:
    try:
        file = read_file(_set(path, value), TODAY)
    except InvalidLibraryError:
        return
    policies = PolicySet(file.behaviours, file.crisis or SHIPPED.crisis)
    again = read_file(to_plain(policies), TODAY)
    assert again.behaviours == file.behaviours
