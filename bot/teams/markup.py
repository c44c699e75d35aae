"""Lines as Teams writes them.

Text from people is escaped here and nowhere else. A TextBlock is Markdown (CommonMark, without
HTML), and holds mentions and dates of its own, so the marks of all three get a backslash. What is
not a TextBlock (labels, titles of buttons and choices) is plain text.
"""

import re
import string
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, assert_never
from urllib.parse import quote

from bot.rendering import RenderContext, UnshowableError, bare, bare_span
from bot.texts import written
from bot.typed import as_words
from handlers.kit.cards import Line, Link, Mention, Moment, Span, Strong, ToType
from handlers.kit.people import Address

Json = dict[str, Any]
"""A piece of JSON in the shape of Teams."""

_SCHEMES = ("https://", "tel:")
_MARKS = re.compile(r"[\\`*_{}\[\]<>~]|&(?=#?\w+;)")
_AT_START = re.compile(r"^(\d{1,9}[.)]|[+-]|#{1,6})[ \t]")
_ALONE = re.compile(r"^(?:(\d{1,9})(?=[.)]$)|(?=(?:[+#]+|[-\s]+|=+)$))")
_IN_ADDRESSES = ":/?#@!$&'+,=%-._~"
"""What stays in a link's address as it is; the rest, brackets above all, is percent-encoded."""


@dataclass(frozen=True, slots=True)
class TeamsContext(RenderContext):
    """The tenant and the reader a card is rendered for, and what it offers and carries.

    `team` are those a people field offers, as user id and name; if there are none, or more than a
    list takes, the field searches the organisation. `carries` goes with every action, for whoever
    reads it when one is pressed; its names begin with "plecs.".
    """

    team: Sequence[tuple[str, str]] = ()
    carries: Mapping[str, str] = field(default_factory=dict)


def escape(text: str) -> str:
    """Text as somebody wrote it, so that a TextBlock shows exactly that. Lines become paragraphs:
    Markdown would run them together."""
    return _paragraphs(marks(text))


@dataclass
class Lines:
    """Writes the lines of one card; whom they mention is gathered on the way."""

    context: TeamsContext
    mentioned: dict[str, str] = field(default_factory=dict)
    """The ids of those who are mentioned, by name."""

    def plain(self, line: Line) -> str:
        """The line for places without markup. Dates of Teams' own are broken up even there."""
        line = tuple(map(self._typed, line))
        return " ".join(_rows(bare(line, self.context.reader))).replace("{{", "{\u200b{")

    def text(self, line: Line) -> Json:
        return text_block(_paragraphs(self._marked(line)))

    def inline(self, line: Line) -> str:
        """The line where only one fits: in a list, a fact, a heading."""
        return at_start(" ".join(_rows(self._marked(line))))

    def _marked(self, line: Line) -> str:
        """The line in Markdown, save for what means something at a line's beginning."""
        line = tuple(self._typed(span) for span in line if self._bare(span))
        spans = [self._mark(span) for span in line]
        for place, span in enumerate(line):
            if isinstance(span, Strong):
                before = self._bare(line[place - 1])[-1:] if place else ""
                after = self._bare(line[place + 1])[:1] if place + 1 < len(line) else ""
                beside = place and isinstance(line[place - 1], Strong)
                if not beside and _can_be_strong(span.text, before, after):
                    spans[place] = f"**{spans[place]}**"
        return "".join(spans)

    def _mark(self, span: Span) -> str:
        match span:
            case str():
                return marks(span)
            case Strong(text):
                return marks(" ".join(_rows(text)))
            case Mention(name, addresses):
                return self._mention(name, addresses)
            case Moment():
                return marks(written(span, self.context.reader))
            case ToType():
                return self._mark(self._typed(span))
            case Link(text, url):
                shown = marks(" ".join(_rows(text)))
                if not url.startswith(_SCHEMES):
                    return shown
                return f"[{shown}]({quote(url, safe=_IN_ADDRESSES)})"
            case _:
                assert_never(span)

    def _mention(self, name: str, addresses: Sequence[Address]) -> str:
        """A link to the person, if they are here. Teams finds whom a mention means by its text:
        so a second person of the same name, and one whose name has marks in it, stay a name."""
        for there in addresses:
            if there.platform != "teams" or there.workspace != self.context.workspace:
                continue
            if escape(name) != name or not name.isprintable():
                break
            if self.mentioned.setdefault(name, there.user) != there.user:
                break
            return f"<at>{name}</at>"
        return marks(name)

    def _typed(self, span: Span) -> Span:
        """What one types stands out as the words that it is: a slash opens a menu of Teams' own."""
        if isinstance(span, ToType):
            return Strong(as_words(span, self.context.reader.locale))
        return span

    def _bare(self, span: Span) -> str:
        return bare_span(span, self.context.reader)


def text_block(text: str) -> Json:
    return {"type": "TextBlock", "text": some(text, "text"), "wrap": True}


def marks(text: str) -> str:
    """With a backslash before each of Markdown's marks, those of mentions and of dates."""
    return _MARKS.sub(r"\\\g<0>", text)


def _paragraphs(marked: str) -> str:
    return "\n\n".join(at_start(row) for row in _rows(marked))


def at_start(row: str) -> str:
    """A row that begins as it reads: no heading, no list, no line, no indented code. Spaces that
    don't break do it, where they can: not every phone knows what a backslash is for."""
    begun = row.lstrip()
    begun = _ALONE.sub(r"\1\\", _AT_START.sub("\\1\u00a0", begun))
    return "\u00a0" * (len(row) - len(row.lstrip())) + begun


def _rows(text: str) -> list[str]:
    """The lines that hold something; what is nothing but space stays a space."""
    rows = [row for row in text.splitlines() if row.strip()]
    return rows or (["\u00a0"] if text else [])


def _can_be_strong(text: str, before: str, after: str) -> bool:
    """Whether two stars at each side would be read as emphasis: CommonMark wants no space inside,
    and a word inside or none outside."""
    if not text.strip() or text != text.strip():
        return False
    return (text[0].isalnum() or _is_apart(before)) and (text[-1].isalnum() or _is_apart(after))


def _is_apart(neighbour: str) -> bool:
    return (
        not neighbour
        or neighbour.isspace()
        or neighbour in string.punctuation
        or unicodedata.category(neighbour).startswith("P")
    )


def some(text: str, what: str) -> str:
    if not text:
        raise UnshowableError(f"the {what} is empty")
    return text


def at_most(count: int, limit: int, what: str) -> None:
    if count > limit:
        raise UnshowableError(f"{count} {what}: Teams takes {limit}")
