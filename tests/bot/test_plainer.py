"""A card that can't be shown is sent plainer, never given up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.plainer import plainer, plainly
from bot.rendering import RenderContext, UnshowableError
from bot.slack import cards as slack
from bot.teams import cards as teams
from bot.teams.markup import TeamsContext
from handlers.kit.cards import (
    Bullets,
    Button,
    Buttons,
    Card,
    Chart,
    Divider,
    Facts,
    Line,
    Link,
    Mention,
    Note,
    Paragraph,
    Part,
    Quote,
    Row,
    Strong,
)
from handlers.kit.delivery import Reader
from handlers.kit.people import Address
from tests.fakes.adaptive_cards import message_problems as teams_problems
from tests.fakes.block_kit import message_problems as slack_problems

READER = Reader("en", "Europe/Riga")
IN_SLACK = RenderContext("T1", READER)
IN_TEAMS = TeamsContext("X", READER, carries={"plecs.notice": "hand.ping:1:" + "p" * 200})

NAME = "Anna " * 40


def test_a_name_too_long_for_a_heading_is_cut_and_all_else_stays() -> None:
    coming = Button(("I'm coming",), "hand.take", {"case": "c1"})
    card = Card((NAME, "asks for you"), (Paragraph(("clause 14",)), Buttons((coming,))))
    cut = "Anna " * 27 + "Anna…"
    assert plainer(card, READER) == Card((cut,), card.parts)


@pytest.mark.parametrize(
    ("whole", "simple"),
    [
        (Paragraph(("x" * 4_000,)), [Paragraph(("x" * 339 + "…",))]),
        (Paragraph((" ",)), []),
        (Facts(((("Topic",), ("bills",)),)), [Paragraph(("Topic", ": ", "bills"))]),
        (Bullets((("a",), ("b",))), [Paragraph(("• ", "a")), Paragraph(("• ", "b"))]),
        (
            Row(("Anna",), Button(("See",), "x")),
            [Paragraph(("Anna",)), Buttons((Button(("See",), "x"),))],
        ),
        (Chart(("Hands",), (("Mon", 4),), ("Four on Monday",)), [Note(("Four on Monday",))]),
        (Divider(), []),
        (Buttons((Button(("x" * 100,), "x"),)), [Buttons((Button(("x" * 69 + "…",), "x"),))]),
        (Buttons((Button(("x",), "x", {"v": "x" * 2_000}),)), []),
    ],
)
def test_each_part_has_a_simple_form(whole: Part, simple: list[Part]) -> None:
    made = plainer(Card(("T",), (whole,)), READER)
    assert list(made.parts) == simple


words = st.text(max_size=30) | st.builds(
    lambda one, times: one * times,
    st.sampled_from(["x", "&", "*", "😀", "<@U1>", "\n", "a\n", " ", "`", "_", "ļ "]),
    st.integers(0, 1_500),
)
spans = (
    words
    | st.builds(Strong, words)
    | st.builds(Link, words, words.map(lambda text: f"https://x.example/{text}"))
    | st.builds(Mention, words, st.just((Address("slack", "T1", "U1"), Address("teams", "X", "u"))))
)
lines: st.SearchStrategy[Line] = st.lists(spans, max_size=8).map(tuple)
pressed = st.builds(
    Button,
    lines,
    st.sampled_from(["hand.take", "x" * 300]),
    st.dictionaries(st.sampled_from(["case", "plecs.does", "v"]), words, max_size=2),
    confirm=st.none() | lines,
)
parts = (
    st.builds(Paragraph, lines)
    | st.builds(Quote, lines)
    | st.builds(Note, lines)
    | st.just(Divider())
    | st.builds(Facts, st.lists(st.tuples(lines, lines), max_size=12).map(tuple))
    | st.builds(Bullets, st.lists(lines, max_size=30).map(tuple))
    | st.builds(Row, lines, pressed)
    | st.builds(Buttons, st.lists(pressed, max_size=30).map(tuple))
    | st.builds(Chart, lines, st.just((("Mon", 4),)), lines)
)
cards = st.builds(Card, lines, st.lists(parts, max_size=40).map(tuple), summary=st.none() | lines)


@given(cards)
def test_whatever_a_card_holds_it_is_shown_everywhere(card: Card) -> None:
    simple = plainer(card, READER)
    assert slack_problems(slack.message(simple, IN_SLACK)) == []
    assert teams_problems(teams.message(simple, IN_TEAMS)) == []
    slack.home(simple, IN_SLACK)
    slack.modal(simple, IN_SLACK, {})
    teams.dialog(simple, IN_TEAMS)


def test_the_longest_card_fits() -> None:
    long = "&" * 10_000
    row = Row((long,), Button((long,), "hand.take", {"v": "x" * 390}, confirm=(long,)))
    line: Line = (long, Link("x", "https://x.example/" + "ļ" * 80))
    card = Card((long,), (row,) * 20 + (Facts(((line, line),) * 40),), summary=(long,))
    simple = plainer(card, READER)
    assert slack_problems(slack.message(simple, IN_SLACK)) == []
    assert teams_problems(teams.message(simple, IN_TEAMS)) == []


def test_a_card_that_can_be_shown_is_left_as_it_is() -> None:
    def render(card: Card) -> Card:
        if len(card.parts) > 1:
            raise UnshowableError("too much")
        return card

    whole = Card((NAME,), (Paragraph(("one",)),))
    assert plainly(render, whole, READER, "slack") is whole
