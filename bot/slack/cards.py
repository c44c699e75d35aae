"""Cards as Slack's Block Kit.

Limits are Slack's: https://docs.slack.dev/reference/block-kit
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from bot.rendering import RenderContext, UnshowableError
from bot.slack.markup import (
    SECTION,
    Block,
    at_most,
    escape,
    marked,
    mrkdwn,
    plain_text,
    section,
    strong,
    unmarked,
    within,
)
from handlers.kit.cards import (
    Bullets,
    Button,
    Buttons,
    Card,
    Chart,
    Divider,
    Facts,
    Line,
    Look,
    Note,
    Paragraph,
    Part,
    Quote,
    Row,
    Tone,
)

BLOCKS_IN_MESSAGE = 50
BLOCKS_IN_VIEW = 100
_FIELD, _FIELDS_IN_SECTION, _CONTEXT = 2000, 10, 3000
_HEADER, _ALT, _IMAGE_TITLE = 150, 2000, 2000
_BUTTON, _BUTTON_VALUE, _BUTTONS_IN_BLOCK = 75, 2000, 25
_CONFIRM_TITLE, _CONFIRM_TEXT, _CONFIRM_BUTTON = 100, 300, 30
_METADATA = 3000
ID = 255
"""Characters of a route, which is the id of what asks it."""
WINDOW_TITLE = 24
"""Characters of a window's title, and of the buttons at its foot."""

_BAR = 20

_TONES = {Tone.CALM: "", Tone.URGENT: "🔴 ", Tone.GOOD: "✅ ", Tone.CAREFUL: "⚠️ "}


def message(card: Card, context: RenderContext) -> Block:
    """The arguments `text` (what a notification says) and `blocks` of a message."""
    return {
        "text": within(marked(card.summary or card.title, context), SECTION, "summary"),
        "blocks": _counted(_card(card, context), BLOCKS_IN_MESSAGE),
    }


def delivered(content: Block, key: str) -> Block:
    """The message with what its buttons bring back: which notice it is. A key that is too long for
    that is left out: such a message is for more people than any of ours."""
    if len(key) + 4 > ID:
        return content
    return content | {
        "blocks": [
            block | {"block_id": f"{number}#{key}"} if _has_buttons(block) else block
            for number, block in enumerate(content["blocks"])
        ]
    }


def home(card: Card, context: RenderContext) -> Block:
    """The view of the App Home."""
    return {"type": "home", "blocks": _counted(_card(card, context), BLOCKS_IN_VIEW)}


def modal(card: Card, context: RenderContext, kept: Mapping[str, Any]) -> Block:
    """The view that shows a card in a modal; `kept` comes back with what is pressed in it."""
    return window(("Plecs",), context.t("Close"), _card(card, context), context, kept)


def window(
    title: Line,
    close: Line,
    blocks: Iterable[Block],
    context: RenderContext,
    kept: Mapping[str, Any],
) -> Block:
    """A modal around the blocks."""
    return {
        "type": "modal",
        "title": plain_text(title, context, WINDOW_TITLE),
        "close": plain_text(close, context, WINDOW_TITLE),
        "private_metadata": within(_json(kept), _METADATA, "metadata"),
        "blocks": _counted(blocks, BLOCKS_IN_VIEW),
    }


def _card(card: Card, context: RenderContext) -> Iterator[Block]:
    yield {
        "type": "header",
        "text": plain_text((_TONES[card.tone], *card.title), context, _HEADER),
    }
    for part in card.parts:
        yield from blocks_of(part, context)


def blocks_of(part: Part, context: RenderContext) -> Iterator[Block]:
    """The part of a card, or of what stands above a form's fields."""
    match part:
        case Paragraph(line):
            yield section(marked(line, context))
        case Quote(line):
            yield section("\n".join(f"> {row}" for row in marked(line, context).split("\n")))
        case Facts(rows):
            fields = [
                mrkdwn(
                    f"*{strong(unmarked(name, context))}*\n{marked(value, context)}",
                    _FIELD,
                )
                for name, value in rows
            ]
            for start in range(0, len(fields), _FIELDS_IN_SECTION):
                yield {"type": "section", "fields": fields[start : start + _FIELDS_IN_SECTION]}
        case Bullets(items, numbered):
            signs = (f"{number}." if numbered else "•" for number in range(1, len(items) + 1))
            yield section(
                "\n".join(
                    f"{sign} {marked(item, context)}"
                    for sign, item in zip(signs, items, strict=True)
                )
            )
        case Row(line, button):
            yield {**section(marked(line, context)), "accessory": _button(button, 0, context)}
        case Buttons(buttons):
            elements = [_button(button, number, context) for number, button in enumerate(buttons)]
            if not 0 < len(elements) <= _BUTTONS_IN_BLOCK:
                raise UnshowableError(f"{len(elements)} buttons in one row")
            yield {"type": "actions", "elements": elements}
        case Note(line):
            yield {"type": "context", "elements": [mrkdwn(marked(line, context), _CONTEXT)]}
        case Chart():
            yield from _chart(part, context)
        case Divider():
            yield {"type": "divider"}


def _has_buttons(block: Block) -> bool:
    return block["type"] == "actions" or "accessory" in block


def _chart(chart: Chart, context: RenderContext) -> Iterator[Block]:
    url = context.chart_url(chart)
    if url is not None:
        yield {
            "type": "image",
            "image_url": url,
            "alt_text": within(
                unmarked(chart.alt, context),
                _ALT,
                "description of a picture",
            ),
            "title": plain_text(chart.title, context, _IMAGE_TITLE),
        }
        return
    yield section(f"*{strong(unmarked(chart.title, context))}*\n```{_bars(chart)}```")
    yield {"type": "context", "elements": [mrkdwn(marked(chart.alt, context), _CONTEXT)]}


def _bars(chart: Chart) -> str:
    """Bars as text. Half a character is the finest step; something is never drawn as nothing."""
    widest = max((len(label) for label, _ in chart.bars), default=0)
    most = max((count for _, count in chart.bars), default=0) or 1
    lines = []
    for label, count in chart.bars:
        halves = max(round(2 * _BAR * count / most), 1 if count else 0)
        bar = "█" * (halves // 2) + "▌" * (halves % 2)
        # Backticks would end the block that keeps the bars in line.
        lines.append(
            f"{escape(label).replace('`', '´')}{' ' * (widest - len(label))} {bar} {count}"
        )
    return "\n".join(lines)


def _button(button: Button, number: int, context: RenderContext) -> Block:
    rendered: Block = {
        "type": "button",
        "text": plain_text(button.label, context, _BUTTON),
        "action_id": within(f"{button.does}#{number}", ID, "route"),
        "value": within(_json(button.values), _BUTTON_VALUE, "button's values"),
    }
    if button.look is not Look.PLAIN:
        rendered["style"] = button.look.value
    if button.confirm is not None:
        rendered["confirm"] = {
            "title": plain_text(button.label, context, _CONFIRM_TITLE),
            "text": plain_text(button.confirm, context, _CONFIRM_TEXT),
            "confirm": plain_text(context.t("Yes"), context, _CONFIRM_BUTTON),
            "deny": plain_text(context.t("No"), context, _CONFIRM_BUTTON),
        }
        if button.look is not Look.PLAIN:
            rendered["confirm"]["style"] = button.look.value
    return rendered


def _json(value: Mapping[str, Any]) -> str:
    return json.dumps(dict(value), ensure_ascii=False, separators=(",", ":"))


def _counted(blocks: Iterable[Block], limit: int) -> list[Block]:
    counted = list(blocks)
    at_most(len(counted), limit, "blocks")
    return counted
