"""Forms become exactly these inputs."""

from dataclasses import replace

import pytest

from bot.teams.cards import content
from handlers.kit.cards import (
    ChoiceField,
    DateField,
    Form,
    Option,
    PeopleField,
    TimeField,
)
from handlers.kit.people import Address
from tests.bot.teams.looks import ASKS, HERE, SMALL, execute, text
from tests.fakes.adaptive_cards import card_problems


def test_a_form_is_a_card_with_inputs() -> None:
    shown = content(ASKS, HERE)
    assert card_problems(shown) == []
    choices = [{"title": "Jānis Liepa", "value": "id-janis"}]
    choices.append({"title": "Līga Bērziņa", "value": "id-liga"})
    needed = {"isRequired": True, "errorMessage": "Please choose."}
    one = {"type": "Input.ChoiceSet", "isMultiSelect": False, "wrap": True}
    compact = {**one, "style": "compact", "placeholder": "Choose"}
    assert shown["body"][1:] == [
        text("Nobody listens in silence."),
        {
            "type": "Input.Text",
            "id": "line",
            "label": "Line",
            "isRequired": False,
            "errorMessage": "Please fill this in.",
            "isMultiline": True,
            "maxLength": 300,
            "value": "a < b",
        },
        text("At most 300 characters.", **SMALL, spacing="Small"),
        {
            "type": "Input.Number",
            "id": "size",
            "label": "Size",
            "isRequired": True,
            "errorMessage": "A whole number from 1 to 50.",
            "min": 1,
            "max": 50,
            "value": 5,
        },
        text("People", **SMALL, spacing="Small"),
        {
            **one,
            **needed,
            "id": "mode",
            "label": "How",
            "choices": [{"title": "Tip – In chat", "value": "tip"}],
            "style": "expanded",
            "value": "tip",
        },
        {
            **one,
            **needed,
            "id": "topics[]",
            "label": "Topics",
            "choices": [{"title": "A", "value": "a"}, {"title": "B", "value": "b"}],
            "isMultiSelect": True,
            "style": "expanded",
        },
        {
            **compact,
            "id": "anchor",
            "label": "Anchor",
            "isRequired": False,
            "errorMessage": "Please choose.",
            "choices": [{"title": "–", "value": "-"}, {"title": "A", "value": "a"}],
        },
        {**compact, **needed, "id": "who", "label": "Who", "choices": choices, "value": "id-liga"},
        {**compact, **needed, "id": "trusted", "label": "Trusted", "choices": choices},
    ]
    submit, cancel = shown["actions"]
    assert (cancel["title"], cancel["verb"], cancel["associatedInputs"]) == (
        "Cancel",
        "plecs.cancel",
        "none",
    )
    assert submit == execute("Raise", "hand.raise", {"case": "c1"}, style="positive") | {
        "associatedInputs": "auto",
        "fallback": submit["fallback"],
    }
    assert submit["fallback"] == {
        "type": "Action.Submit",
        "title": "Raise",
        "associatedInputs": "auto",
        "style": "positive",
        "data": {"case": "c1", "plecs.does": "hand.raise"},
    }


def test_a_day_and_a_time() -> None:
    day, time = DateField("day", ("Day",), "2026-11-22"), TimeField("at", ("At",), required=False)
    _, *made = content(Form(("F",), "f", ("Send",), (day, time)), HERE)["body"]
    wrong = {"errorMessage": "Please choose."}
    assert made == [
        {"type": "Input.Date", "id": "day", "label": "Day", "isRequired": True, **wrong}
        | {"value": "2026-11-22"},
        {"type": "Input.Time", "id": "at", "label": "At", "isRequired": False, **wrong},
    ]


def test_who_fills_it_in_is_not_offered_where_a_colleague_is_meant() -> None:
    team = replace(HERE, team=(("u1", "Anna"), ("u2", "Līga")))
    field = PeopleField("who", ("Who",), without=(Address("teams", "X", "u1"),))
    shown = content(Form(("F",), "f", ("Send",), (field,)), team)
    assert shown["body"][1]["choices"] == [{"title": "Līga", "value": "u2"}]


def test_who_is_alone_is_told_so_where_a_colleague_is_asked_for() -> None:
    alone = replace(HERE, team=(("u1", "Anna"),))
    field = PeopleField("who", ("Who",), without=(Address("teams", "X", "u1"),))
    shown = content(Form(("F",), "f", ("Send",), (field,)), alone)
    assert card_problems(shown) == []
    assert shown["body"][1:] == [
        text("Who", weight="Bolder"),
        text(
            "There is nobody yet whom you could choose. Whoever has this app, or writes to me "
            "once, stands here.",
            isSubtle=True,
        ),
    ]


def test_people_are_searched_for_where_there_are_too_many_for_a_list() -> None:
    crowd = replace(HERE, team=tuple((f"u{n}", f"P{n}") for n in range(101)))
    field = PeopleField("who", ("Who",), (Address("teams", "X", "u7"),), most=3)
    shown = content(Form(("F",), "f", ("Send",), (field,)), crowd)
    assert card_problems(shown) == []
    assert shown["body"][1:] == [
        {
            "type": "Input.ChoiceSet",
            "id": "who[]",
            "label": "Who",
            "isRequired": True,
            "errorMessage": "Please choose.",
            "choices": [],
            "choices.data": {"type": "Data.Query", "dataset": "graph.microsoft.com/users"},
            "isMultiSelect": True,
            "value": "u7",
        },
        text("At most 3.", **SMALL, spacing="Small"),
    ]


@pytest.mark.parametrize(
    ("label", "options", "most", "style"),
    [
        ("n", 7, 1, "expanded"),
        ("n", 8, 1, "compact"),
        ("n", 100, 100, "compact"),
        ("n*", 2, 1, "compact"),
    ],
)
def test_many_options_become_a_list(label: str, options: int, most: int, style: str) -> None:
    choices = tuple(Option(str(number), (f"{number}{label}",)) for number in range(options))
    asked = Form(("F",), "f", ("Send",), (ChoiceField("one", ("One",), choices, most=most),))
    shown = content(asked, HERE)
    assert card_problems(shown) == []
    assert shown["body"][1]["style"] == style


def test_errors_stand_at_their_fields_and_the_words_stay() -> None:
    wrong = replace(ASKS, intro=(), fields=ASKS.fields[:1])
    wrong = replace(wrong, errors={"line": ("Too <long>",), "gone": ("No",)})
    red = {"color": "Attention", "weight": "Bolder"}
    _heading, *above, field, _ = content(wrong, HERE)["body"]
    assert above == [
        text("⚠️ Please look at the marked fields.", **red),
        text("⚠️ No", **red),
        text("⚠️ Too \\<long\\>", **red),
    ]
    assert (field["id"], field["value"]) == ("line", "a < b")
