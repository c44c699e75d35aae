"""A file of policies: each fault is named where it stands, each limit is the last that is good."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from handlers.boundaries.model import Behaviour, PolicyFile, PolicySet, amend
from handlers.boundaries.plain import behaviour_to_plain, read_file, read_policies, to_plain
from handlers.common.crisis import CrisisNumber, CrisisNumbers
from handlers.library.model import InvalidLibraryError

TODAY = date(2026, 11, 22)
BOTH = {"lv": "Jā", "en": "Yes"}
SPOKEN = {**BOTH, "ru": "Да"}
WORDS = "should be words; in quotes, if there is a colon in them"
PAIRS = "should be names with values"

LATE = Behaviour(
    id="late",
    names={"lv": "Vēlu", "en": "Late"},
    meaning={"lv": "Zvana naktī", "en": "Calls at night"},
    allowed={"lv": ("Beigt",), "en": ("End it", "Say so")},
    warnings=({"lv": "Lūdzu", "en": "Please", "ru": "Прошу"},),
    ending={"lv": "Beidzu", "en": "I end", "ru": "Конец"},
    backing={"lv": "Esam ar tevi", "en": "We are with you"},
    owner={"lv": "Juridiskais", "en": "Legal"},
    review=date(2027, 6, 30),
    examples={"lv": ("vēlu",), "en": ("late", "at night")},
    emergency={"lv": ("Zvani 112",), "en": ("Call 112",)},
)
CRISIS = CrisisNumbers(
    (CrisisNumber("+371 6722 2922", {"lv": "Skalbes", "en": "Skalbes"}), CrisisNumber("112", BOTH)),
    owner={"lv": "HR", "en": "People"},
    review=date(2027, 1, 31),
)


def plain() -> dict[str, Any]:
    return to_plain(PolicySet((LATE,), CRISIS))


def problems(data: object) -> tuple[str, ...]:
    """What reading it says; nothing when it is read."""
    try:
        read_file(data, TODAY)
    except InvalidLibraryError as error:
        return error.problems
    return ()


def changed(path: str, change: Callable[[Any], Any]) -> dict[str, Any]:
    """The file with one value in another shape; `...` takes it away."""
    data = plain()
    *way, last = path.split(".")
    place: Any = data
    for step in way:
        place = place[int(step)] if isinstance(place, list) else place[step]
    key: Any = int(last) if isinstance(place, list) else last
    value = change(place[key])
    if value is ...:
        del place[key]
    else:
        place[key] = value
    return data


def test_a_whole_file_as_it_is_written() -> None:
    assert plain() == {
        "behaviours": {
            "late": {
                "names": {"lv": "Vēlu", "en": "Late"},
                "meaning": {"lv": "Zvana naktī", "en": "Calls at night"},
                "allowed": {"lv": ["Beigt"], "en": ["End it", "Say so"]},
                "warnings": [{"lv": "Lūdzu", "en": "Please", "ru": "Прошу"}],
                "ending": {"lv": "Beidzu", "en": "I end", "ru": "Конец"},
                "backing": {"lv": "Esam ar tevi", "en": "We are with you"},
                "owner": {"lv": "Juridiskais", "en": "Legal"},
                "review": "2027-06-30",
                "examples": {"lv": ["vēlu"], "en": ["late", "at night"]},
                "emergency": {"lv": ["Zvani 112"], "en": ["Call 112"]},
            }
        },
        "crisis": {
            "numbers": [
                {"number": "+371 6722 2922", "what": {"lv": "Skalbes", "en": "Skalbes"}},
                {"number": "112", "what": {"lv": "Jā", "en": "Yes"}},
            ],
            "owner": {"lv": "HR", "en": "People"},
            "review": "2027-01-31",
        },
    }
    assert read_policies(plain(), TODAY) == PolicySet((LATE,), CRISIS)


def test_where_there_is_no_threat_to_life_nothing_is_written_of_one() -> None:
    mild = replace(LATE, emergency={})
    assert "emergency" not in behaviour_to_plain(mild)
    read = read_file({"behaviours": {"late": behaviour_to_plain(mild)}}, TODAY)
    assert read == PolicyFile((mild,), None)


@pytest.mark.parametrize("today", [date(2026, 11, 22), date(2026, 11, 1)])
def test_a_set_counts_its_months_from_today(today: date) -> None:
    for path in ("behaviours.late.review", "crisis.review"):
        data = changed(path, lambda _: " in 3 months ")
        read = read_policies(data, today)
        dates = {
            "behaviours.late.review": read.behaviours[0].review,
            "crisis.review": read.crisis.review,
        }
        assert dates[path] == date(2027, 2, today.day)


def test_a_long_month_s_end_becomes_the_28th() -> None:
    data = changed("crisis.review", lambda _: "in 1 months")
    read = [read_policies(data, date(2026, 1, day)).crisis.review for day in (27, 28, 29, 31)]
    assert read == [date(2026, 2, 27), *[date(2026, 2, 28)] * 3]


FIELDS = (
    "names", "meaning", "allowed", "warnings", "ending", "backing", "owner", "review", "examples",
)  # fmt: skip


@pytest.mark.parametrize(
    "path", [*(f"behaviours.late.{field}" for field in FIELDS),
        "crisis.numbers", "crisis.owner", "crisis.review"],
)  # fmt: skip
def test_each_thing_that_is_missing_is_named_once(path: str) -> None:
    left_out = changed(path, lambda _: ...)
    only = [f"{path}: missing"]
    if path == "crisis.numbers":
        only.append("crisis.numbers: 0, should be 1 to 6")
    assert problems(left_out) == tuple(only)


@pytest.mark.parametrize("field", ["number", "what"])
def test_half_a_number_is_no_number(field: str) -> None:
    assert problems(changed(f"crisis.numbers.1.{field}", lambda _: ...)) == (
        f"crisis.numbers[2].{field}: missing",
    )


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("behaviours", f"behaviours: {PAIRS}"),
        ("behaviours.late", f"behaviours.late: {PAIRS}"),
        *((f"behaviours.late.{field}", f"behaviours.late.{field}: {PAIRS}") for field in (
            "names", "meaning", "allowed", "ending", "backing", "owner", "examples", "emergency",
        )),
        ("behaviours.late.warnings", "behaviours.late.warnings: should be a list"),
        ("behaviours.late.warnings.0", f"behaviours.late.warnings[1]: {PAIRS}"),
        ("behaviours.late.allowed.en", "behaviours.late.allowed.en: should be a list"),
        ("behaviours.late.emergency.lv", "behaviours.late.emergency.lv: should be a list"),
        ("behaviours.late.examples.lv", "behaviours.late.examples.lv: should be a list"),
        ("crisis", f"crisis: {PAIRS}"),
        ("crisis.owner", f"crisis.owner: {PAIRS}"),
        ("crisis.numbers", "crisis.numbers: should be a list"),
        ("crisis.numbers.1", f"crisis.numbers[2]: {PAIRS}"),
        ("crisis.numbers.1.what", f"crisis.numbers[2].what: {PAIRS}"),
    ],
)  # fmt: skip
def test_each_thing_of_another_kind_is_named_by_its_place(path: str, said: str) -> None:
    assert problems(changed(path, lambda _: 7))[0] == said


@pytest.mark.parametrize(
    ("path", "place"),
    [
        *((f"behaviours.late.{field}.en", f"behaviours.late.{field}.en") for field in (
            "names", "meaning", "ending", "backing", "owner",
        )),
        ("behaviours.late.warnings.0.ru", "behaviours.late.warnings[1].ru"),
        ("behaviours.late.allowed.en.1", "behaviours.late.allowed.en[2]"),
        ("behaviours.late.examples.en.1", "behaviours.late.examples.en[2]"),
        ("behaviours.late.emergency.lv.0", "behaviours.late.emergency.lv[1]"),
        ("crisis.owner.lv", "crisis.owner.lv"),
        ("crisis.numbers.0.what.lv", "crisis.numbers[1].what.lv"),
    ],
)  # fmt: skip
def test_every_text_has_words_and_a_limit(path: str, place: str) -> None:
    most = 28 if ".names." in path else 400
    assert problems(changed(path, lambda _: 7)) == (f"{place}: {WORDS}",)
    assert problems(changed(path, lambda _: " ")) == (f"{place}: {WORDS}",)
    assert problems(changed(path, lambda _: "x" * most)) == ()
    assert problems(changed(path, lambda _: "x" * (most + 1))) == (
        f"{place}: {most + 1} characters, at most {most}",
    )


def test_spaces_and_lines_in_a_text_are_one_space() -> None:
    data = changed("crisis.owner.lv", lambda _: "  Droša \n darba  vieta ")
    assert read_policies(data, TODAY).crisis.owner["lv"] == "Droša darba vieta"


@pytest.mark.parametrize("path", ["behaviours.late.review", "crisis.review"])
@pytest.mark.parametrize("value", ["soon", 7, datetime(2027, 6, 30), "in 100 months", "2027-13-01"])  # noqa: DTZ001 - as YAML gives it
def test_what_is_no_date_says_how_to_write_one(path: str, value: object) -> None:
    assert problems(changed(path, lambda _: value)) == (
        f'{path}: {value!r} is no date; write 2027-06-30 or "in 12 months"',
    )


@pytest.mark.parametrize(
    ("digits", "good"),
    [
        ("112", True),
        (" 113 ", True),
        (113, True),
        ("+371 67222922", True),
        ("1" * 15, True),
        ("1" * 16, False),
        ("1", False),
        ("", False),
        ("67-22", False),
        ("+", False),
    ],
)
def test_what_can_be_dialled(digits: object, good: bool) -> None:
    read = problems(changed("crisis.numbers.0.number", lambda _: digits))
    said = f"crisis.numbers[1].number: {str(digits).strip()!r} is no telephone number"
    assert read == (() if good else (said,))


@pytest.mark.parametrize(
    ("path", "most", "said"),
    [
        ("behaviours.late.warnings", 4, "5, at most 4"),
        ("behaviours.late.allowed.lv", 10, "11 lines, should be 1 to 10"),
        ("behaviours.late.emergency.en", 10, "11 lines, should be 1 to 10"),
        ("behaviours.late.examples.en", 120, "121 lines, should be 1 to 120"),
        ("crisis.numbers", 6, "7, should be 1 to 6"),
    ],
)
def test_the_most_of_each_list_is_good_and_one_more_is_not(path: str, most: int, said: str) -> None:
    assert problems(changed(path, lambda old: old[:1] * most)) == ()
    assert problems(changed(path, lambda old: old[:1] * (most + 1))) == (f"{path}: {said}",)


@pytest.mark.parametrize("path", ["allowed.lv", "examples.en", "emergency.lv"])
def test_an_empty_list_is_none(path: str) -> None:
    most = 120 if path == "examples.en" else 10
    assert problems(changed(f"behaviours.late.{path}", lambda _: [])) == (
        f"behaviours.late.{path}: 0 lines, should be 1 to {most}",
    )


def test_a_boundary_without_warnings_is_good() -> None:
    assert problems(changed("behaviours.late.warnings", lambda _: [])) == ()


def test_two_thousand_characters_together_fit_a_form() -> None:
    """Each line with the break behind it."""
    fits = ["x" * 399] * 5
    assert problems(changed("behaviours.late.examples.en", lambda _: fits)) == ()
    assert problems(changed("behaviours.late.examples.en", lambda _: [*fits[:4], "x" * 400])) == (
        "behaviours.late.examples.en: more than 2000 characters together",
    )


@pytest.mark.parametrize(
    ("key", "good"),
    [("a", True), ("a" * 40, True), ("a" * 41, False), ("a_b", True), ("_a", False), ("Ab", False)],
)
def test_an_id_is_small_letters(key: str, good: bool) -> None:
    read = problems({"behaviours": {key: behaviour_to_plain(LATE)}})
    assert read == (
        () if good else (f"behaviours.{key}: an id is small letters a-z and _, at most 40",)
    )


def test_fifteen_behaviours_at_most() -> None:
    def file(number: int) -> dict[str, Any]:
        return {"behaviours": {chr(97 + n): behaviour_to_plain(LATE) for n in range(number)}}

    assert problems(file(15)) == ()
    assert problems(file(16)) == ("behaviours: 16, at most 15",)


@pytest.mark.parametrize(
    ("path", "known"),
    [
        ("", "behaviours, crisis"),
        ("behaviours.late", ", ".join(sorted([*FIELDS, "emergency"]))),
        ("behaviours.late.names", "en, lv"),
        ("behaviours.late.ending", "en, lv, ru"),
        ("crisis", "numbers, owner, review"),
        ("crisis.numbers.0", "number, what"),
    ],
)
def test_what_is_not_known_is_named_with_what_would_be(path: str, known: str) -> None:
    place = path.replace(".0", "[1]")
    data = {**plain(), "xx": 1} if not path else changed(path, lambda old: {**old, "xx": 1})
    at = f"{place}." if place else ""
    assert problems(data) == (f"{at}xx: not known here; possible: {known}",)


def test_a_file_may_bring_half_and_a_set_may_not() -> None:
    assert read_file({"crisis": plain()["crisis"]}, TODAY) == PolicyFile((), CRISIS)
    assert problems({}) == ("nothing to read: give behaviours, crisis, or both",)
    assert problems({"behaviours": {}}) == ("nothing to read: give behaviours, crisis, or both",)
    assert problems({"behaviours": 7}) == (f"behaviours: {PAIRS}",)
    for half, missing in (("behaviours", "crisis"), ("crisis", "behaviours")):
        with pytest.raises(InvalidLibraryError) as error:
            read_policies({half: plain()[half]}, TODAY)
        assert error.value.problems == (f"{missing}: missing",)


def test_faults_are_said_one_a_line() -> None:
    error = InvalidLibraryError(["a: missing", "b: missing"])
    assert str(error) == "a: missing\nb: missing"


def test_what_comes_again_unchanged_keeps_the_version_it_had() -> None:
    old = PolicySet((replace(LATE, version=3), replace(LATE, id="rude", version=2)), CRISIS)
    new_names = replace(LATE, id="rude", names=BOTH)
    amended = amend(old, PolicyFile((LATE, new_names), None), 9)
    assert amended.behaviours == (replace(LATE, version=3), replace(new_names, version=9))
    assert amended.crisis == CRISIS
