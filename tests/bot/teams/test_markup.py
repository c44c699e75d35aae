"""Nothing that people write becomes markup."""

import re

from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from bot.teams.cards import content
from bot.teams.markup import escape
from handlers.kit.cards import (
    Bullets,
    Card,
    Chart,
    Facts,
    Line,
    Note,
    Paragraph,
    Quote,
    Row,
    Strong,
)
from tests.bot.teams.looks import COMING, HERE, JANIS
from tests.fakes.adaptive_cards import card_problems, walk

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
