"""Cards and forms become exactly these blocks, and nothing people write becomes markup."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rendering import RenderContext, UnshowableError
from bot.slack.cards import home, message, modal
from bot.slack.forms import field_errors, form
from bot.slack.markup import escape, unescape
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
from handlers.kit.delivery import Reader
from handlers.kit.people import Address
from tests.fakes.block_kit import message_problems, view_problems

HERE = RenderContext("T1", Reader("en", "Europe/Riga"))
IN_LATVIAN = RenderContext("T1", Reader("lv", "Europe/Riga"))
JANIS = Mention("Jānis", (Address("slack", "T1", "U7"), Address("teams", "X", "7")))
NOON = datetime(2025, 7, 1, 9, 0, tzinfo=UTC)
HOSTILE = "<!channel> <@U1> & *b* `c`\n> <https://x.example|x> ```"
ESCAPED = "&lt;!channel&gt; &lt;@U1&gt; &amp; *b* `c`\n&gt; &lt;https://x.example|x&gt; ```"


def blocks(part: Part, context: RenderContext = HERE) -> list[dict[str, Any]]:
    """The blocks of one part, after the card's header."""
    return list(message(Card(("Hand",), (part,)), context)["blocks"][1:])


def marked(text: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text, "emoji": False}


def section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": marked(text)}


COMING = Button(("I'm coming",), "hand.take", {"case": "c1"}, Look.PRIMARY)
COMING_BLOCK = {
    "type": "button",
    "text": plain("I'm coming"),
    "action_id": "hand.take#0",
    "value": '{"case":"c1"}',
    "style": "primary",
}


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        (Paragraph((HOSTILE,)), [section(ESCAPED)]),
        (Paragraph(("Hi ", Strong("a*b <c>\nd"), "")), [section("Hi *a∗b &lt;c&gt; d*")]),
        (Paragraph((JANIS, " comes")), [section("<@U7> comes")]),
        (
            Paragraph((Mention("J<nis", (Address("slack", "T2", "U7"),)),)),
            [section("J&lt;nis")],
        ),
        (
            Paragraph(("at ", Moment(NOON), ", ", Moment(NOON, Style.DATE))),
            [
                section(
                    "at <!date^1751360400^{time}|12:00>, <!date^1751360400^{date_short}|1 Jul 2025>"
                )
            ],
        ),
        (
            Paragraph((Link("a|b>", "https://x.example/?a=1&b=|"),)),
            [section("<https://x.example/?a=1&amp;b=%7C|a|b&gt;>")],
        ),
        (Quote((HOSTILE,)), [section("> " + ESCAPED.replace("\n", "\n> "))]),
        (
            Facts(((("Topic",), ("Bills",)), (("From",), (JANIS,)))),
            [{"type": "section", "fields": [marked("*Topic*\nBills"), marked("*From*\n<@U7>")]}],
        ),
        (Bullets((("a",), ("b",))), [section("• a\n• b")]),
        (Bullets((("a",), ("b",)), numbered=True), [section("1. a\n2. b")]),
        (Row(("Anna",), COMING), [{**section("Anna"), "accessory": COMING_BLOCK}]),
        (
            Buttons((COMING, Button(("Not now",), "hand.decline", {"case": "c1"}))),
            [
                {
                    "type": "actions",
                    "elements": [
                        COMING_BLOCK,
                        {
                            "type": "button",
                            "text": plain("Not now"),
                            "action_id": "hand.decline#1",
                            "value": '{"case":"c1"}',
                        },
                    ],
                }
            ],
        ),
        (
            Buttons((Button(("Cancel",), "hand.cancel", look=Look.DANGER, confirm=("Sure?",)),)),
            [
                {
                    "type": "actions",
                    "elements": [
                        {
                            "type": "button",
                            "text": plain("Cancel"),
                            "action_id": "hand.cancel#0",
                            "value": "{}",
                            "style": "danger",
                            "confirm": {
                                "title": plain("Cancel"),
                                "text": plain("Sure?"),
                                "confirm": plain("Yes"),
                                "deny": plain("No"),
                                "style": "danger",
                            },
                        }
                    ],
                }
            ],
        ),
        (
            Note(("Only you see this & that",)),
            [{"type": "context", "elements": [marked("Only you see this &amp; that")]}],
        ),
        (
            Chart(("Hands",), (("Mon", 4), ("Tue", 1), ("W`", 0)), ("Most on Monday",)),
            [
                section(f"*Hands*\n```Mon {'█' * 20} 4\nTue █████ 1\nW´   0```"),
                {"type": "context", "elements": [marked("Most on Monday")]},
            ],
        ),
        (Divider(), [{"type": "divider"}]),
    ],
    ids=lambda value: type(value).__name__,
)
def test_each_part_becomes_its_blocks(part: Part, expected: list[dict[str, Any]]) -> None:
    assert blocks(part) == expected
    assert message_problems({"text": "x", "blocks": blocks(part)}) == []


def test_a_chart_is_a_picture_where_pictures_can_be_fetched() -> None:
    context = RenderContext(
        "T1", HERE.reader, lambda chart: f"https://p.example/{chart.bars[0][1]}.png"
    )
    assert blocks(Chart(("Hands",), (("Mon", 4),), ("Four on Monday",)), context) == [
        {
            "type": "image",
            "image_url": "https://p.example/4.png",
            "alt_text": "Four on Monday",
            "title": plain("Hands"),
        }
    ]


def test_a_message_says_in_its_notification_what_it_is_about() -> None:
    card = Card(("Hand up",), (), Tone.URGENT, summary=("<!here> ", JANIS))
    assert message(card, HERE) == {
        "text": "&lt;!here&gt; <@U7>",
        "blocks": [{"type": "header", "text": plain("🔴 Hand up")}],
    }


def test_headers_and_labels_know_no_markup_and_name_people() -> None:
    card = Card((JANIS, " <is> ", Moment(NOON, Style.DATETIME)))
    title = message(card, HERE)["blocks"][0]["text"]
    assert title == plain("Jānis <is> 1 Jul 2025, 12:00")


def test_latvian_dates_hold_no_english_months() -> None:
    part = Paragraph((Moment(NOON, Style.DATETIME),))
    [block] = blocks(part, IN_LATVIAN)
    assert block["text"]["text"].startswith("<!date^1751360400^{date_num} {time}|2025. gada 1. jūl")


def test_a_card_in_a_window_and_at_home() -> None:
    card = Card(("Hand up",), (Paragraph(("Hi",)),))
    body = [{"type": "header", "text": plain("Hand up")}, section("Hi")]
    assert home(card, HERE) == {"type": "home", "blocks": body}
    assert modal(card, IN_LATVIAN, {"home": True}) == {
        "type": "modal",
        "title": plain("Plecs"),
        "close": plain("Aizvērt"),
        "private_metadata": '{"home":true}',
        "blocks": body,
    }


ASKS = Form(
    ("Raise a hand",),
    "hand.raise",
    ("Raise",),
    (
        TextField("line", ("Line",), "a < b", limit=300, multiline=True, required=False),
        NumberField("size", ("Size",), 5, 1, 50, hint=("People",)),
        ChoiceField("mode", ("How",), (Option("tip", ("Tip",), ("In chat",)),), ("tip",)),
        ChoiceField("topics", ("Topics",), (Option("a", ("A",)), Option("b", ("B",))), most=2),
        ChoiceField("anchors", ("Anchors",), (Option("a", ("A",)), Option("b", ("B",))), ("b",)),
        DateField("first", ("First",), "2026-11-24"),
        DateField("last", ("Last",), required=False),
        TimeField("at", ("At",), "14:30", hint=("In Riga",)),
        PeopleField("who", ("Who",), (Address("slack", "T1", "U7"), Address("slack", "T2", "U8"))),
        PeopleField("trusted", ("Trusted",), (Address("slack", "T1", "U7"),), most=3),
    ),
    values={"case": "c1"},
    intro=(Paragraph(("Nobody listens in silence.",)),),
)


def test_a_form_is_a_window_with_an_input_a_field() -> None:
    view = form(ASKS, HERE, {"values": dict(ASKS.values)})
    tip, a, b = (
        {"text": plain("Tip"), "value": "tip", "description": plain("In chat")},
        {"text": plain("A"), "value": "a"},
        {"text": plain("B"), "value": "b"},
    )
    assert view_problems(view) == []
    assert {name: view[name] for name in ("type", "callback_id", "private_metadata")} == {
        "type": "modal",
        "callback_id": "hand.raise",
        "private_metadata": '{"values":{"case":"c1"}}',
    }
    assert [view["title"], view["submit"], view["close"]] == [
        plain("Raise a hand"),
        plain("Raise"),
        plain("Cancel"),
    ]
    intro, line, size, *others = view["blocks"]
    assert intro == section("Nobody listens in silence.")
    assert line == {
        "type": "input",
        "block_id": "hand.raise/line",
        "label": plain("Line"),
        "optional": True,
        "element": {
            "type": "plain_text_input",
            "action_id": "line",
            "multiline": True,
            "max_length": 300,
            "initial_value": "a < b",
        },
    }
    assert size == {
        "type": "input",
        "block_id": "hand.raise/size",
        "label": plain("Size"),
        "optional": False,
        "hint": plain("People"),
        "element": {
            "type": "number_input",
            "action_id": "size",
            "is_decimal_allowed": False,
            "min_value": "1",
            "max_value": "50",
            "initial_value": "5",
        },
    }
    assert [block["element"] for block in others] == [
        {"type": "radio_buttons", "action_id": "mode", "options": [tip], "initial_option": tip},
        {"type": "checkboxes", "action_id": "topics", "options": [a, b]},
        {
            "type": "radio_buttons",
            "action_id": "anchors",
            "options": [a, b],
            "initial_option": b,
        },
        {"type": "datepicker", "action_id": "first", "initial_date": "2026-11-24"},
        {"type": "datepicker", "action_id": "last"},
        {"type": "timepicker", "action_id": "at", "initial_time": "14:30"},
        {"type": "users_select", "action_id": "who", "initial_user": "U7"},
        {
            "type": "multi_users_select",
            "action_id": "trusted",
            "max_selected_items": 3,
            "initial_users": ["U7"],
        },
    ]


@pytest.mark.parametrize(
    ("options", "most", "kind"),
    [
        (10, 1, "radio_buttons"),
        (11, 1, "static_select"),
        (10, 10, "checkboxes"),
        (10, 2, "multi_static_select"),
        (100, 100, "multi_static_select"),
    ],
)
def test_many_options_become_a_list(options: int, most: int, kind: str) -> None:
    choices = tuple(Option(str(number), (str(number),)) for number in range(options))
    asked = Form(("F",), "f", ("Send",), (ChoiceField("one", ("One",), choices, most=most),))
    view = form(asked, HERE, {})
    assert view["blocks"][0]["element"]["type"] == kind
    assert view_problems(view) == []


def test_errors_stand_at_their_fields() -> None:
    wrong = Form(
        ("F",), "f", ("Send",), ASKS.fields[:1], errors={"line": ("Too <long>",), "gone": ("No",)}
    )
    assert field_errors(wrong, HERE) == {"f/line": "Too <long>"}
    first, second, third = form(wrong, HERE, {})["blocks"]
    assert [first, second, third["block_id"]] == [
        section("⚠️ No"),
        section("⚠️ Too &lt;long&gt;"),
        "f/line",
    ]


def many(part: Part, number: int) -> Card:
    return Card(("T",), (part,) * number)


@pytest.mark.parametrize(
    "card",
    [
        Card(("x" * 151,)),
        Card(("",)),
        many(Paragraph(("x" * 3001,)), 1),
        many(Paragraph(("<" * 751,)), 1),
        many(Paragraph(("",)), 1),
        many(Facts(((("a",), ("x" * 2001,)),)), 1),
        many(Note(("x" * 3001,)), 1),
        many(Buttons((Button(("x" * 76,), "a"),)), 1),
        many(Buttons((Button(("a",), "a", {"v": "x" * 2000}),)), 1),
        many(Buttons((Button(("a",), "a", confirm=("x" * 301,)),)), 1),
        many(Buttons(()), 1),
        many(Buttons((COMING,) * 26), 1),
        many(Divider(), 50),
    ],
)
def test_a_card_over_the_limits_is_refused(card: Card) -> None:
    with pytest.raises(UnshowableError):
        message(card, HERE)


@pytest.mark.parametrize(
    "asked",
    [
        Form(("x" * 25,), "f", ("Send",), ()),
        Form(("F",), "f", ("x" * 25,), ()),
        Form(("F",), "f", ("Send",), (TextField("t", ("T",), limit=3001),)),
        Form(("F",), "f", ("Send",), (ChoiceField("c", ("C",), ()),)),
        Form(
            ("F",),
            "f",
            ("Send",),
            (ChoiceField("c", ("C",), tuple(Option(str(n), ("o",)) for n in range(101))),),
        ),
        Form(("F",), "f", ("Send",), (), intro=(Divider(),) * 101),
    ],
)
def test_a_form_over_the_limits_is_refused(asked: Form) -> None:
    with pytest.raises(UnshowableError):
        form(asked, HERE, {})


@given(st.text(alphabet=st.sampled_from("<>&|!@#*_`~^ \nabc@U1:/"), min_size=1, max_size=60))
def test_no_text_breaks_out(text: str) -> None:
    line: Line = (text, Strong(text), Mention(text))
    parts = (
        Paragraph(line),
        Quote(line),
        Facts(((line, line),)),
        Bullets((line,)),
        Row(line, COMING),
        Note(line),
        Chart((text,), ((text, 1),), (text,)),
    )
    assert message_problems(message(Card(line, parts), HERE)) == []
    assert unescape(escape(text)) == text


def test_nothing_in_an_address_ends_its_link() -> None:
    odd = Card(("Go",), (Paragraph((Link("there", "https://x.example/a\r|b>c?d=e&f"),)),))
    shown = message(odd, HERE)
    text = shown["blocks"][1]["text"]["text"]
    assert text == "<https://x.example/a%0D%7Cb%3Ec?d=e&amp;f|there>"
