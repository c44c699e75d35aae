"""Cards and forms become exactly these Adaptive Cards, and nothing people write becomes markup."""

from dataclasses import replace
from typing import Any

import pytest

from bot.rendering import UnshowableError
from bot.teams.cards import Refresh, content, dialog, message
from bot.teams.markup import TeamsContext
from handlers.kit.cards import (
    Bullets,
    Button,
    Buttons,
    Card,
    Chart,
    ChoiceField,
    Divider,
    Facts,
    Form,
    Line,
    Link,
    Look,
    Mention,
    Moment,
    Note,
    Option,
    Paragraph,
    Part,
    Quote,
    Row,
    Strong,
    Style,
    Tone,
)
from handlers.kit.people import Address
from tests.bot.local.fakes import FORM, GALLERY
from tests.bot.teams.looks import (
    ASKS,
    COMING,
    HERE,
    IN_LATVIAN,
    JANIS,
    NOON,
    SMALL,
    execute,
    item,
    text,
)
from tests.fakes.adaptive_cards import card_problems, message_problems

TAKE = execute("I'm coming", "hand.take", {"case": "c1"}, style="positive")


def elements(part: Part, context: TeamsContext = HERE) -> list[dict[str, Any]]:
    """What stands under the heading."""
    made = message(Card(("T",), (part,)), context)
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
    context = replace(HERE, chart_url=lambda chart: f"https://p.example/{chart.bars[0][1]}.png")
    assert elements(Chart(("Hands",), (("Mon", 4),), ("Four on <Monday>",)), context) == [
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
        (Tone.GOOD, "good", "✅ T"),
        (Tone.CAREFUL, "warning", "Careful"),
    ],
)
def test_a_tone_is_never_said_by_colour_alone(tone: Tone, style: str, word: str) -> None:
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


def test_in_a_dialog_everything_is_submitted() -> None:
    answer = dialog(replace(ASKS, intro=GALLERY.parts), HERE)["task"]
    assert (answer["type"], answer["value"]["title"]) == ("continue", "Raise a hand")
    card = answer["value"]["card"]["content"]
    assert card_problems(card, in_dialog=True) == []
    assert [one["type"] for one in card["body"] if one.get("style") == "heading"] == []
    told = dialog(Card(("Nothing to do",)), HERE)["task"]["value"]["card"]["content"]
    assert card_problems(told, in_dialog=True) == []


def test_the_gallery_in_both_languages() -> None:
    for context in (HERE, IN_LATVIAN):
        assert message_problems(message(GALLERY, context)) == []
        assert message_problems(message(FORM, context)) == []


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
