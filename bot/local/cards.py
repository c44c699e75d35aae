"""Cards as HTML."""

from html import escape
from typing import assert_never

from bot.local.markup import LocalContext, data, marked, plain
from handlers.kit.cards import (
    Bullets,
    Button,
    Buttons,
    Card,
    Chart,
    Divider,
    Facts,
    Note,
    Paragraph,
    Part,
    Quote,
    Row,
    Tone,
)


def message(card: Card, context: LocalContext) -> str:
    """The card as it stands in a conversation."""
    return (
        f'<div class="card tone-{card.tone.value}">{_tone(card.tone, context)}'
        f'<h3 class="title">{marked(card.title, context)}</h3>'
        f"{''.join(part(one, context) for one in card.parts)}</div>"
    )


def _tone(tone: Tone, context: LocalContext) -> str:
    match tone:
        case Tone.CALM:
            return ""
        case Tone.URGENT:
            word = marked(context.t("Urgent"), context)
        case Tone.GOOD:
            word = marked(context.t("Good news"), context)
        case Tone.CAREFUL:
            word = marked(context.t("Careful"), context)
        case _:
            assert_never(tone)
    return (
        f'<p class="tone"><svg class="icon" aria-hidden="true">'
        f'<use href="#icon-{tone.value}"></use></svg>{word}</p>'
    )


def part(one: Part, context: LocalContext) -> str:
    """A part of a card, or of what stands over a form's fields."""
    match one:
        case Paragraph(line):
            return f'<p dir="auto">{marked(line, context)}</p>'
        case Quote(line):
            return f'<blockquote dir="auto">{marked(line, context)}</blockquote>'
        case Facts(rows):
            return (
                '<dl class="facts">'
                + "".join(
                    f"<div><dt>{marked(name, context)}</dt>"
                    f'<dd dir="auto">{marked(value, context)}</dd></div>'
                    for name, value in rows
                )
                + "</dl>"
            )
        case Bullets(items, numbered):
            tag = "ol" if numbered else "ul"
            lines = "".join(f'<li dir="auto">{marked(item, context)}</li>' for item in items)
            return f'<{tag} class="bullets">{lines}</{tag}>'
        case Row(line, button):
            return (
                f'<div class="row"><p dir="auto">{marked(line, context)}</p>'
                f"{_button(button, context)}</div>"
            )
        case Buttons(buttons):
            shown = "".join(_button(button, context) for button in buttons)
            return f'<div class="buttons">{shown}</div>'
        case Note(line):
            return f'<p class="note" dir="auto">{marked(line, context)}</p>'
        case Chart():
            return _chart(one, context)
        case Divider():
            return "<hr>"
        case _:
            assert_never(one)


def _chart(chart: Chart, context: LocalContext) -> str:
    """Bars in the page itself: they have its colours, in the light and in the dark."""
    most = max((count for _, count in chart.bars), default=0) or 1
    bars = "".join(
        f'<div class="bar"><dt>{escape(name)}</dt><dd>'
        '<svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect width="{100 * count / most:.1f}" height="10" rx="1"></rect></svg>'
        f"<span>{count}</span></dd></div>"
        for name, count in chart.bars
    )
    return (
        f'<figure class="chart"><figcaption>{marked(chart.title, context)}</figcaption>'
        f'<dl class="bars">{bars}</dl><p class="note">{marked(chart.alt, context)}</p></figure>'
    )


def _button(button: Button, context: LocalContext) -> str:
    confirm = (
        f' data-confirm="{escape(plain(button.confirm, context))}"'
        if button.confirm is not None
        else ""
    )
    return (
        f'<button type="button" class="button {button.look.value}"'
        f' data-does="{escape(button.does)}" data-values="{data(button.values)}"{confirm}>'
        f"{marked(button.label, context)}</button>"
    )
