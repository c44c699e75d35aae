"""Lines as HTML, and what people typed.

Everything that people or translators wrote goes through `escape`, so that it stays text; the
page may put the result into the document as it is.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import assert_never

from bot.local.team import WORKSPACE
from bot.rendering import RenderContext, bare, bare_span
from bot.typed import as_words
from handlers.kit.cards import Line, Link, Mention, Moment, Span, Strong, ToType
from handlers.kit.delivery import Reader
from handlers.kit.people import Person

_PLAIN_SCHEMES = ("https://", "http://", "tel:")


@dataclass(frozen=True, slots=True)
class LocalContext(RenderContext):
    """Whom a card is rendered for. `team` are those a people field offers, by their user ids;
    `slash` is what a word begins with where it is typed."""

    team: Sequence[tuple[str, Person]] = ()
    slash: str = "/"


def seen_by(reader: Reader, team: Sequence[tuple[str, Person]] = ()) -> LocalContext:
    """The context for somebody of the one workspace that there is."""
    return LocalContext(WORKSPACE, reader, team=team)


def marked(line: Line, context: LocalContext) -> str:
    """The line as HTML."""
    return "".join(_mark(span, context) for span in line)


def plain(line: Line, context: LocalContext) -> str:
    """The line as bare text, for places without markup. Not escaped."""
    spans = (_typed(span, context) if isinstance(span, ToType) else span for span in line)
    return bare(tuple(spans), context.reader)


def words(text: str) -> str:
    """What somebody typed, as they typed it."""
    return f'<p dir="auto">{escape(text)}</p>'


def data(values: Mapping[str, str]) -> str:
    """What a button or a form carries, as an attribute has it."""
    return escape(json.dumps(dict(values), ensure_ascii=False))


def _mark(span: Span, context: LocalContext) -> str:
    match span:
        case str():
            return escape(span)
        case Strong(text):
            return f"<strong>{escape(text)}</strong>"
        case Mention(name):
            return f'<span class="mention">{escape(name)}</span>'
        case Moment(at, style):
            shown = escape(bare_span(span, context.reader))
            return f'<time datetime="{at.isoformat()}" data-style="{style}">{shown}</time>'
        case ToType():
            return f"<code>{escape(_typed(span, context))}</code>"
        case Link(text, url):
            if not url.startswith(_PLAIN_SCHEMES):
                return escape(text)
            away = ' target="_blank" rel="noreferrer"' if not url.startswith("tel:") else ""
            return f'<a href="{escape(url)}"{away}>{escape(text)}</a>'
        case _:
            assert_never(span)


def _typed(one: ToType, context: LocalContext) -> str:
    """As it is typed in the page: every word has a slash of its own here, in both languages."""
    return f"{context.slash}{as_words(one, context.reader.locale)}"
