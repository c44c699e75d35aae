"""A call that somebody writes down: what is still missing, how long it is kept, and what becomes
of it in the library."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from handlers.kit.deidentify import HIDDEN
from handlers.practice.own.model import (
    Proposal,
    fields_of,
    kept_for,
    plain_scenario,
    written,
)
from handlers.practice.own.rules import CALL, ENDS, PARTS, TURNS, turn_of

EVENING = datetime(2026, 3, 2, 21, 40, tzinfo=UTC)
BLANK = Proposal("c1", "w", "anna", "lv", EVENING)
NAMED = {"names": "Rēķins", "situation": "Rēķins ir divreiz lielāks.", "caller": "Dusmīgs."}


def wholly_written(*locales: str) -> Proposal:
    one = BLANK
    for locale in locales:
        for part in PARTS:
            texts = {field: f"{part} {field} {locale}" for field in fields_of(part)}
            one = written(one, part, locale, texts)
    return one


def test_of_a_blank_call_everything_is_missing() -> None:
    assert BLANK.missing("lv") == PARTS
    assert [BLANK.said(CALL, "names", "lv"), BLANK.name("lv")] == ["", ""]


@pytest.mark.parametrize(
    ("part", "fields"),
    [
        (CALL, ("names", "situation", "caller")),
        (
            "opening",
            (
                *("says", "usual", "usual_because", "good", "good_because"),
                *("bad", "bad_because"),
            ),
        ),
        (
            ENDS,
            (
                *("solved_says", "solved_after", "half_says", "half_after"),
                *("lost_says", "lost_after"),
            ),
        ),
    ],
)
def test_what_has_to_be_written_in_a_part(part: str, fields: tuple[str, ...]) -> None:
    assert fields_of(part) == fields


def test_a_part_is_written_once_all_of_it_is_and_in_that_language_alone() -> None:
    some = written(BLANK, CALL, "lv", {"names": "Rēķins", "situation": "Rēķins ir liels."})
    assert not some.is_written(CALL, "lv")
    whole = written(some, CALL, "lv", {"caller": "Dusmīgs."})
    assert whole.said(CALL, "names", "lv") == "Rēķins"
    assert [whole.is_written(CALL, locale) for locale in ("lv", "en")] == [True, False]
    assert whole.missing("lv") == PARTS[1:]
    assert whole.missing("en") == PARTS


def test_another_language_stands_beside_the_first_and_a_change_in_its_place() -> None:
    one = written(BLANK, CALL, "lv", NAMED)
    both = written(one, CALL, "en", {"names": "The bill"})
    assert [both.said(CALL, "names", locale) for locale in ("lv", "en")] == ["Rēķins", "The bill"]
    changed = written(both, CALL, "lv", {"names": "Lielais rēķins"})
    assert changed.words is not None
    assert changed.words[CALL] == {
        "names": {"lv": "Lielais rēķins", "en": "The bill"},
        "situation": {"lv": "Rēķins ir divreiz lielāks."},
        "caller": {"lv": "Dusmīgs."},
    }
    assert one.said(CALL, "names", "en") == ""  # what was there before is another value


def test_it_is_called_by_its_name_in_ones_own_language_or_else_in_the_other() -> None:
    latvian = written(BLANK, CALL, "lv", NAMED)
    both = written(latvian, CALL, "en", {"names": "The bill"})
    assert [latvian.name("lv"), latvian.name("en")] == ["Rēķins", "Rēķins"]
    assert [both.name("lv"), both.name("en")] == ["Rēķins", "The bill"]


def test_where_something_was_taken_out_somebody_has_to_look_once_more() -> None:
    whole = wholly_written("lv")
    assert whole.missing("lv") == ()
    hid = written(whole, "opening", "lv", {"good": f"{HIDDEN} zvanīja"})
    assert [hid.has_hidden(part, "lv") for part in (CALL, "opening")] == [False, True]
    assert hid.missing("lv") == ("opening",)


def test_of_when_it_was_only_a_day_is_kept_and_that_day_is_whole() -> None:
    kept = kept_for(BLANK, timedelta(days=60), EVENING)
    assert kept == replace(BLANK, keep_until=datetime(2026, 5, 2, tzinfo=UTC))
    riga = EVENING.astimezone(tz=None)
    assert kept_for(BLANK, timedelta(days=60), riga) == kept


def test_each_turn_is_found_by_its_part_and_the_rest_are_none() -> None:
    assert [turn_of(part) for part in PARTS] == [None, *TURNS, None]


def test_in_the_library_it_says_both_languages_and_nothing_of_whose_it_was() -> None:
    one = replace(
        wholly_written("lv", "en"), indicators=("calm", "clear"), shows={"opening": "calm"}
    )
    plain = plain_scenario(one, {"lv": "Koordinatori", "en": "Coordinators"}, "2027-03-02")

    def said(part: str, field: str) -> dict[str, str]:
        return {locale: f"{part} {field} {locale}" for locale in ("en", "lv")}

    def reply(turn: str, name: str, to: str, **more: object) -> dict[str, object]:
        return {"says": said(turn, name), "because": said(turn, f"{name}_because"), "to": to} | more

    script = plain["script"]
    assert {name: of for name, of in plain.items() if name != "script"} == {
        "names": said(CALL, "names"),
        "situation": said(CALL, "situation"),
        "caller": said(CALL, "caller"),
        "examples": {locale: [f"call names {locale}"] for locale in ("en", "lv")},
        "indicators": ["calm", "clear"],
        "owner": {"lv": "Koordinatori", "en": "Coordinators"},
        "review": "2027-03-02",
    }
    assert isinstance(script, dict)
    assert list(script["turns"]) == ["opening", "worse", "matter", "way", "doubt"]
    assert script["turns"]["opening"] == {
        "heat": 4,
        "says": said("opening", "says"),
        "replies": [
            reply("opening", "usual", "worse"),
            reply("opening", "good", "matter", shows="calm"),
            reply("opening", "bad", "worse", bad=True),
        ],
    }
    assert script["turns"]["worse"]["replies"] == [  # what shows nothing names nothing
        reply("worse", "bad", "lost", bad=True),
        reply("worse", "usual", "matter"),
        reply("worse", "good", "matter"),
    ]
    assert script["endings"] == {
        name: {
            "heat": heat,
            "says": said(ENDS, f"{name}_says"),
            "after": said(ENDS, f"{name}_after"),
        }
        for name, heat in (("solved", 1), ("half", 3), ("lost", 5))
    }
    assert "anna" not in str(plain)
