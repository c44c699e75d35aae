"""A card that can't be shown as it is, so short and simple that every platform shows it.

Ours are fixed in design, and what people write is limited where they type it. But names and lists
come from elsewhere, and a ping that is given up for a name too long is a ping that nobody gets.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from typing import TypeVar

from bot.apologies import failed
from bot.rendering import UnshowableError, bare
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
    Note,
    Paragraph,
    Part,
    Quote,
    Row,
    in_rows,
)
from handlers.kit.delivery import Reader
from handlers.kit.text import shortened

T = TypeVar("T")

# Within the smallest of all platforms' limits: Slack's for a text, a label or a row, Teams' for the
# whole. One character may become six bytes or five characters of markup.
_TITLE, _TEXT, _PARTS = 140, 340, 12
_SPANS, _ADDRESSES = 6, 100
_BUTTONS, _IN_A_ROW = 8, 5
_LABEL, _CONFIRM, _VALUES, _ROUTE = 70, 280, 400, 200


def plainly(render: Callable[[Card], T], card: Card, reader: Reader, platform: str) -> T:
    """The card, rendered; a plainer one when it can't be shown."""
    try:
        return render(card)
    except UnshowableError as error:
        failed("unshowable", error, platform=platform)
        return render(plainer(card, reader))


def plainer(card: Card, reader: Reader) -> Card:
    """The card's words, cut where they are too long, and its buttons."""
    parts = [part for whole in card.parts for part in _simple(whole, reader)]
    texts = islice((part for part in parts if not isinstance(part, Buttons)), _PARTS)
    kept = {id(part) for part in texts}
    left = _BUTTONS
    shown: list[Part] = []
    for part in parts:
        if isinstance(part, Buttons):
            few = part.buttons[: min(left, _IN_A_ROW)]
            left -= len(few)
            shown += [Buttons(few)] if few else []
        elif id(part) in kept:
            shown.append(part)
    return Card(
        _title(card.title, reader),
        tuple(shown),
        card.tone,
        None if card.summary is None else _title(card.summary, reader),
        None if card.apart is None else plainer(card.apart, reader),
    )


def _simple(part: Part, reader: Reader) -> Iterator[Part]:
    match part:
        case Paragraph(line):
            yield from (Paragraph(one) for one in _line(line, reader))
        case Quote(line):
            yield from (Quote(one) for one in _line(line, reader))
        case Note(line):
            yield from (Note(one) for one in _line(line, reader))
        case Chart():
            yield from (Note(one) for one in _line(part.alt, reader))
        case Facts(rows):
            for name, value in rows:
                yield from (Paragraph(one) for one in _line((*name, ": ", *value), reader))
        case Bullets(items):
            for item in items:
                yield from (Paragraph(one) for one in _line(("• ", *item), reader))
        case Row(line, button):
            yield from (Paragraph(one) for one in _line(line, reader))
            yield from _buttons((button,), reader)
        case Buttons(buttons):
            yield from _buttons(buttons, reader)
        case Divider():
            pass


def _buttons(buttons: tuple[Button, ...], reader: Reader) -> Iterator[Part]:
    """Those that can be pressed: what is carried can't be cut."""
    able = tuple(
        replace(button, label=label, confirm=confirm)
        for button in buttons
        if (label := _words(button.label, _LABEL, reader))
        and (confirm := button.confirm and _words(button.confirm, _CONFIRM, reader)) != ()
        and button.does
        and len(button.does) <= _ROUTE
        and not any(name.startswith("plecs.") for name in button.values)
        and sum(len(one) + 4 for pair in button.values.items() for one in pair) <= _VALUES
    )
    yield from in_rows(able, _IN_A_ROW)


def _title(line: Line, reader: Reader) -> Line:
    return _words(line, _TITLE, reader) or ("Plecs",)


def _words(line: Line, limit: int, reader: Reader) -> Line:
    """The words of the line; none where there is nothing to be seen."""
    text = bare(line, reader)
    return (shortened(text, limit),) if text.strip() else ()


def _line(line: Line, reader: Reader) -> Iterator[Line]:
    """The line as it is while it is short, else its words; no line where nothing is to be seen."""
    text = bare(line, reader)
    if not text.strip():
        return
    addresses = sum(len(span.url) for span in line if isinstance(span, Link))
    is_short = len(text) <= _TEXT and len(line) <= _SPANS and addresses <= _ADDRESSES
    yield line if is_short else (shortened(text, _TEXT),)
