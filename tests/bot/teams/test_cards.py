"""Cards and forms become exactly these Adaptive Cards, and nothing people write becomes markup."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from bot.teams.cards import (
    Page,
    Refresh,
    UnshowableError,
    content,
    dialog,
    escape,
    filled,
    message,
)
from handlers.kit.cards import (
    Bullets,
    Button,
    Buttons,
    Card,
    Chart,
    ChoiceField,
    DateField,
    Divider,
    Facts,
    Form,
    Line,
    Link,
    Look,
    Mention,
    Moment,
    Note,
    NumberField,
    Option,
    Paragraph,
    Part,
    PeopleField,
    Quote,
    Row,
    Strong,
    Style,
    TextField,
    TimeField,
    Tone,
)
from handlers.kit.people import Address
from handlers.kit.ports import Reader
from tests.bot.local.fakes import FORM, GALLERY
from tests.fakes.adaptive_cards import card_problems, message_problems, walk

TEAM = (("id-janis", "Jānis Liepa"), ("id-liga", "Līga Bērziņa"))
HERE = Page("X", Reader("en", "Europe/Riga"), team=TEAM)
IN_LATVIAN = replace(HERE, reader=Reader("lv", "Europe/Riga"))
JANIS = Mention("Jānis", (Address("slack", "T1", "U7"), Address("teams", "X", "id-janis")))
NOON = datetime(2025, 7, 1, 9, 0, tzinfo=UTC)
COMING = Button(("I'm coming",), "hand.take", {"case": "c1"}, Look.PRIMARY)


def text(shown: str, **also: Any) -> dict[str, Any]:
    return {"type": "TextBlock", "text": shown, "wrap": True, **also}


def execute(title: str, verb: str, data: dict[str, str], **also: Any) -> dict[str, Any]:
    shared = {"title": title, "associatedInputs": "none", **also}
    return {
        "type": "Action.Execute",
        **shared,
        "verb": verb,
        "data": data,
        "fallback": {"type": "Action.Submit", **shared, "data": {**data, "plecs.does": verb}},
    }


def item(sign: str, shown: str, spacing: str = "Default") -> dict[str, Any]:
    body = {"type": "Column", "width": "stretch", "spacing": "Small", "items": [text(shown)]}
    columns = [{"type": "Column", "width": "auto", "items": [text(sign)]}, body]
    return {"type": "ColumnSet", "spacing": spacing, "columns": columns}


TAKE = execute("I'm coming", "hand.take", {"case": "c1"}, style="positive")
SMALL = {"size": "Small", "isSubtle": True}


def elements(part: Part, page: Page = HERE) -> list[dict[str, Any]]:
    """What stands under the heading."""
    made = message(Card(("T",), (part,)), page)
    assert message_problems(made) == []
    body: list[dict[str, Any]] = made["attachments"][0]["content"]["body"]
    return body[1:]


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        (
            Paragraph(("a *b* ", Strong("c_d"), " ", Mention("Jānis"), "\n# 1\n2. x\n\n   y")),
            [text("a \\*b\\* **c\\_d** Jānis\n\n#\u00a01\n\n2.\u00a0x\n\n\u00a0\u00a0\u00a0y")],
        ),
        (Paragraph((Moment(NOON, Style.DATETIME),)), [text("1 Jul 2025, 12:00")]),
        (
            Paragraph((Link("112", "tel:112"), " ", Link("a]", "https://x.example/?a=(1)&b"))),
            [text("[112](tel:112) [a\\]](https://x.example/?a=%281%29&b)")],
        ),
        (Paragraph((Link("press me", "javascript:alert(1)"),)), [text("press me")]),
        (
            Quote(("I hear that this is hard.",)),
            [
                {
                    "type": "Container",
                    "style": "emphasis",
                    "items": [text("I hear that this is hard.")],
                }
            ],
        ),
        (
            Facts(((("Topic",), ("bills\n& more",)),)),
            [{"type": "FactSet", "facts": [{"title": "Topic", "value": "bills & more"}]}],
        ),
        (Bullets((("one",), ("- two",))), [item("•", "one"), item("•", "-\u00a0two", "Small")]),
        (
            Bullets((("one",), ("two",)), numbered=True),
            [item("1\\.", "one"), item("2\\.", "two", "Small")],
        ),
        (
            Row(("line",), COMING),
            [
                {
                    "type": "ColumnSet",
                    "columns": [
                        {
                            "type": "Column",
                            "width": "stretch",
                            "items": [text("line")],
                            "verticalContentAlignment": "Center",
                        },
                        {
                            "type": "Column",
                            "width": "auto",
                            "items": [{"type": "ActionSet", "actions": [TAKE]}],
                            "verticalContentAlignment": "Center",
                        },
                    ],
                }
            ],
        ),
        (
            Row(("line",), Button(("Too long to stand beside",), "go")),
            [
                text("line"),
                {
                    "type": "ActionSet",
                    "actions": [execute("Too long to stand beside", "go", {})],
                    "spacing": "Small",
                },
            ],
        ),
        (
            Buttons((COMING, Button(("Cancel",), "hand.cancel", {}, Look.DANGER, ("Sure?",)))),
            [
                {
                    "type": "ActionSet",
                    "actions": [
                        TAKE,
                        {
                            "type": "Action.ToggleVisibility",
                            "targetElements": ["question-1"],
                            "title": "Cancel",
                            "style": "destructive",
                        },
                    ],
                },
                {
                    "type": "Container",
                    "id": "question-1",
                    "isVisible": False,
                    "style": "emphasis",
                    "items": [
                        text("Sure?"),
                        {
                            "type": "ActionSet",
                            "actions": [
                                execute("Yes", "hand.cancel", {}, style="destructive"),
                                {
                                    "type": "Action.ToggleVisibility",
                                    "targetElements": ["question-1"],
                                    "title": "No",
                                },
                            ],
                        },
                    ],
                },
            ],
        ),
        (Note(("Only you see this.",)), [text("Only you see this.", **SMALL)]),
        (
            Chart(("Hands",), (("Mon", 4), ("Tue", 1), ("Wed", 0)), ("Most on Monday",)),
            [
                text("Hands", weight="Bolder"),
                {
                    "type": "FactSet",
                    "facts": [
                        {"title": "Mon", "value": f"{'█' * 12} 4"},
                        {"title": "Tue", "value": "███ 1"},
                        {"title": "Wed", "value": "0"},
                    ],
                    "spacing": "Small",
                },
                text("Most on Monday", **SMALL),
            ],
        ),
    ],
    ids=lambda value: type(value).__name__,
)
def test_each_part_becomes_its_elements(part: Part, expected: list[dict[str, Any]]) -> None:
    assert elements(part) == expected


def test_buttons_are_in_rows_that_fit_a_phone() -> None:
    labels = ("A tip will do", "Please listen in", "Take over", "Down", "x" * 40, "y")
    rows = elements(Buttons(tuple(Button((label,), "go") for label in labels)))
    assert [[one["title"] for one in row["actions"]] for row in rows] == [
        ["A tip will do"],
        ["Please listen in", "Take over"],
        ["Down"],
        ["x" * 40],
        ["y"],
    ]


def test_a_chart_is_a_picture_where_pictures_can_be_fetched() -> None:
    page = replace(HERE, chart_url=lambda chart: f"https://p.example/{chart.bars[0][1]}.png")
    assert elements(Chart(("Hands",), (("Mon", 4),), ("Four on <Monday>",)), page) == [
        text("Hands", weight="Bolder"),
        {
            "type": "Image",
            "url": "https://p.example/4.png",
            "altText": "Four on <Monday>",
            "size": "Stretch",
            "spacing": "Small",
        },
    ]


def test_a_divider_is_a_line_above_what_follows() -> None:
    shown = content(Card(("T",), (Divider(), Note(("a",)), Note(("b",)), Divider())), HERE)
    assert [one.get("separator", False) for one in shown["body"]] == [False, True, False]


def test_a_whole_message() -> None:
    card = Card(("Hand up",), (), Tone.URGENT, summary=("<b> {{DATE(x)}} ", JANIS))
    assert message(card, IN_LATVIAN) == {
        "type": "message",
        "summary": "<b> {\u200b{DATE(x)}} Jānis",
        "attachments": [
            {
                "contentType": "application/vnd.microsoft.card.adaptive",
                "content": {
                    "type": "AdaptiveCard",
                    "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
                    "version": "1.5",
                    "lang": "lv",
                    "speak": "&lt;b&gt; {\u200b{DATE(x)}} Jānis",
                    "fallbackText": "\\<b\\> \\{\u200b\\{DATE(x)\\}\\} Jānis",
                    "body": [
                        {
                            "type": "Container",
                            "style": "attention",
                            "bleed": True,
                            "items": [
                                text("🔴 Steidzami", size="Small", weight="Bolder"),
                                text(
                                    "Hand up",
                                    size="Large",
                                    weight="Bolder",
                                    style="heading",
                                    spacing="None",
                                ),
                            ],
                        }
                    ],
                    "msteams": {"width": "Full"},
                },
            }
        ],
    }


@pytest.mark.parametrize(
    ("tone", "style", "word"),
    [
        (Tone.URGENT, "attention", "Urgent"),
        (Tone.GOOD, "good", "Good news"),
        (Tone.CAREFUL, "warning", "Careful"),
    ],
)
def test_a_tone_is_said_in_words(tone: Tone, style: str, word: str) -> None:
    [head] = content(Card(("T",), (), tone), HERE)["body"]
    assert (head["style"], head["items"][0]["text"][-len(word) :]) == (style, word)


def test_a_mention_is_linked_where_the_person_is_in_this_tenant() -> None:
    namesake = Mention("Jānis", (Address("teams", "X", "id-other"),))
    marked = Mention("J_nis", (Address("teams", "X", "id-marked"),))
    elsewhere = Mention("Līga", (Address("teams", "Y", "id-liga"),))
    line: Line = (JANIS, " <at>Jānis</at> ", namesake, " ", JANIS, " ", marked, " ", elsewhere)
    shown = content(Card(("T",), (Paragraph(line),)), HERE)
    assert shown["body"][1] == text(
        "<at>Jānis</at> \\<at\\>Jānis\\</at\\> Jānis <at>Jānis</at> J\\_nis Līga"
    )
    assert shown["msteams"]["entities"] == [
        {
            "type": "mention",
            "text": "<at>Jānis</at>",
            "mention": {"id": "id-janis", "name": "Jānis"},
        }
    ]


def test_a_card_is_made_again_when_it_is_seen() -> None:
    shown = content(Card(("T",)), HERE, Refresh("again", {"key": "k"}, ("29:a",)))
    assert card_problems(shown) == []
    assert shown["refresh"] == {
        "action": {"type": "Action.Execute", "verb": "again", "data": {"key": "k"}},
        "userIds": ["29:a"],
    }
    assert "userIds" not in content(Card(("T",)), HERE, Refresh("again", {}))["refresh"]


ASKS = Form(
    ("Raise a hand",),
    "hand.raise",
    ("Raise",),
    (
        TextField("line", ("Line",), "a < b", limit=300, multiline=True, required=False),
        NumberField("size", ("Size",), 5, 1, 50, hint=("People",)),
        ChoiceField("mode", ("How",), (Option("tip", ("Tip",), ("In chat",)),), ("tip",)),
        ChoiceField("topics", ("Topics",), (Option("a", ("A",)), Option("b", ("B",))), most=2),
        ChoiceField("anchor", ("Anchor",), (Option("a", ("A",)),), required=False),
        PeopleField("who", ("Who",), (Address("teams", "X", "id-liga"),)),
        PeopleField("trusted", ("Trusted",), (Address("teams", "Y", "id-liga"),), most=1),
    ),
    values={"case": "c1"},
    intro=(Paragraph(("Nobody listens in silence.",)),),
)


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
    [submit] = shown["actions"]
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


def test_in_a_dialog_everything_is_submitted() -> None:
    answer = dialog(replace(ASKS, intro=GALLERY.parts), HERE)["task"]
    assert (answer["type"], answer["value"]["title"]) == ("continue", "Raise a hand")
    card = answer["value"]["card"]["content"]
    assert card_problems(card, in_dialog=True) == []
    assert [one["type"] for one in card["body"] if one.get("style") == "heading"] == []
    told = dialog(Card(("Nothing to do",)), HERE)["task"]["value"]["card"]["content"]
    assert card_problems(told, in_dialog=True) == []


def test_the_gallery_in_both_languages() -> None:
    for page in (HERE, IN_LATVIAN):
        assert message_problems(message(GALLERY, page)) == []
        assert message_problems(message(FORM, page)) == []


@pytest.mark.parametrize(
    ("data", "values"),
    [
        ({"case": "1", "plecs.does": "hand.take", "msteams": {"a": 1}}, {"case": "1"}),
        ({"topics[]": "a,b , c,"}, {"topics": ("a", "b", "c")}),
        ({"topics[]": ""}, {"topics": ()}),
        ({"size": 5, "other": 5.0, "half": 0.5}, {"size": "5", "other": "5", "half": "0.5"}),
        ({"anchor": "-", "list": ["x"], "none": None, "deep": {"a": "b"}}, {"anchor": ""}),
    ],
)
def test_what_was_filled_in_is_read_back(
    data: dict[str, Any], values: dict[str, str | tuple[str, ...]]
) -> None:
    assert filled(data) == values


def many(part: Part, number: int = 1) -> Card:
    return Card(("T",), (part,) * number)


@pytest.mark.parametrize(
    "shown",
    [
        Card(("",)),
        many(Paragraph(("",))),
        many(Paragraph(("x" * 41_000,))),
        many(Buttons(())),
        many(Buttons((COMING,) * 7)),
        many(Buttons((Button(("",), "a"),))),
        many(Buttons((Button(("a",), "a", {"plecs.does": "b"}),))),
        Form(("F",), "f", ("Send",), (ChoiceField("c", ("C",), ()),)),
        Form(
            ("F",),
            "f",
            ("Send",),
            (ChoiceField("c", ("C",), tuple(Option(str(n), ("o",)) for n in range(101))),),
        ),
        Form(("F",), "f", ("S",), (ChoiceField("c", ("C",), (Option("a,b", ("o",)),), most=2),)),
        Form(("F",), "f", ("S",), (ChoiceField("c", ("C",), (Option("", ("o",)),)),)),
    ],
)
def test_a_card_over_the_limits_is_refused(shown: Card | Form) -> None:
    with pytest.raises(UnshowableError):
        message(shown, HERE)


def test_a_refresh_is_for_sixty_at_most() -> None:
    with pytest.raises(UnshowableError):
        content(Card(("T",)), HERE, Refresh("again", {}, ("29:a",) * 61))


HOSTILE = st.one_of(
    st.text(
        alphabet=st.sampled_from("<>&|!@#*_`~^ \n\t\r-+=.()[]{}\\1a\u00e4\u202e:/;"), max_size=40
    ),
    st.sampled_from(
        [
            "<at>Jānis</at>",
            "</at><at>",
            "<b>b</b><img src=x onerror=alert(1)>",
            "[a](https://evil.example)",
            "![a](https://evil.example/x.png)",
            "{{DATE(2025-07-01T09:00:00Z,SHORT)}}",
            "<https://evil.example>",
            "&lt;at&gt; &#42;",
            "a\n===\n| a | b |\n|---|---|\n| 1 | 2 |",
            "\u202eright to left\u202c",
            "# a\n> b\n1. c\n- d\n    e\n```\nf\n```",
            "***\n___\n~~x~~",
        ]
    ),
)
_MARKDOWN = MarkdownIt("default")


def read(markdown: str) -> tuple[str, set[str]]:
    """What a reader sees of it, and all that it was made of."""
    seen, kinds = [], set()
    for block in _MARKDOWN.parse(markdown.replace("\r", "\n")):
        kinds.add(block.type)
        for token in block.children or ():
            kinds.add(token.type)
            seen.append("\n" if token.type in ("softbreak", "hardbreak") else token.content)
        if block.type == "inline":
            seen.append("\n")
    return _spaceless("".join(seen)), kinds


def _spaceless(text: str) -> str:
    """Without the spaces and line ends, which Markdown treats as it likes."""
    return re.sub(r"\s|\0|\ufffd", "", text)


TEXT = {"paragraph_open", "inline", "paragraph_close", "text", "text_special"}


@given(HOSTILE)
@example("*<at>" * 2_000)
def test_people_see_exactly_what_was_written(words: str) -> None:
    seen, kinds = read(escape(words))
    assert (seen, kinds - TEXT) == (_spaceless(words), set())
    assert not re.search(r"<at>|(?<!\\)<|\{\{", escape(words))


@given(HOSTILE, HOSTILE, HOSTILE)
def test_no_text_breaks_out(first: str, strong: str, last: str) -> None:
    line: Line = (first, Strong(strong), JANIS, last)
    whole: Line = ("x", *line)
    shown = content(
        Card(
            whole,
            (
                Paragraph(whole),
                Quote(whole),
                Facts(((whole, whole),)),
                Bullets((whole, whole)),
                Row(whole, COMING),
                Note(whole),
                Chart(whole, (("a" + first, 1),), whole),
            ),
        ),
        HERE,
    )
    assert card_problems(shown) == []
    assert shown["msteams"]["entities"] == [
        {
            "type": "mention",
            "text": "<at>Jānis</at>",
            "mention": {"id": "id-janis", "name": "Jānis"},
        }
    ]
    for one in walk(shown):
        if one["type"] != "TextBlock":
            continue
        _, kinds = read(one["text"].replace("<at>Jānis</at>", "Jānis"))
        assert kinds - TEXT <= {"strong_open", "strong_close"}
        bare = one["text"].replace("<at>Jānis</at>", "")
        assert not re.search(r"\{\{|<", re.sub(r"\\<", "", bare))
    assert read(shown["body"][1]["text"].replace("<at>Jānis</at>", "Jānis"))[0] == _spaceless(
        "x" + first + strong + "Jānis" + last
    )
