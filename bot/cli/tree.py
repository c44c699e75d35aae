"""A scenario's tree as a picture (SVG): turns from above, the caller's heat from left to right."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from textwrap import wrap

from handlers.practice.model import (
    HOTTEST,
    DialogueTurn,
    ReplyOption,
    Scenario,
    Script,
    ScriptEnding,
)

_COLUMN, _BOX, _TALL, _BETWEEN = 260, 216, 92, 56
"""Pixels: from one heat to the next, a box's width and height, and the gap below it."""

_MARGIN, _TOP = 24, 84
_LINE, _LETTERS, _LINES = 15, 31, 4
"""Pixels of a line of text, its letters and how many lines there are."""

_FILL = ("#e1f3e8", "#edf5da", "#fcf2cd", "#fde0c4", "#fad0cb")
"""By heat, the coolest first. The figure stands in the box as well."""

_REPLIES = "ABC"


@dataclass(frozen=True, slots=True)
class _Box:
    """Where a turn or an ending stands: its left upper corner, in pixels."""

    place: DialogueTurn | ScriptEnding
    x: int
    y: int

    @property
    def entry(self) -> tuple[int, int]:
        """Where ways come in."""
        return self.x + _BOX // 2, self.y

    def exit(self, number: int) -> tuple[int, int]:
        """Where the way of this reply goes out."""
        return self.x + _BOX * (number + 1) // (len(_REPLIES) + 1), self.y + _TALL


def tree(scenario: Scenario, locale: str) -> str:
    """The picture, in that language. What is cut short is there whole where one points at it."""
    boxes = _laid_out(scenario.script)
    width = 2 * _MARGIN + (HOTTEST - 1) * _COLUMN + _BOX
    height = max(box.y for box in boxes.values()) + _TALL + _MARGIN
    name = escape(scenario.names[locale])
    return "\n".join(
        (
            (
                f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
                f'width="{width}" height="{height}" role="img" font-family="sans-serif" '
                'font-size="12" fill="#1c1b1a">'
            ),
            f"<title>{name}</title>",
            '<rect width="100%" height="100%" fill="#ffffff"/>',
            f'<text x="{_MARGIN}" y="36" font-size="18" font-weight="bold">{name}</text>',
            *_axis(),
            *(line for box in boxes.values() for line in _ways(box, boxes, locale)),
            *(line for box in boxes.values() for line in _drawn(box, locale)),
            "</svg>",
            "",
        )
    )


def _laid_out(script: Script) -> Mapping[str, _Box]:
    """Each place below all that lead to it, in its heat's column; endings at the very bottom."""
    depth: dict[str, int] = {script.turns[0].id: 0}
    pending = [script.turns[0]]
    turns = {one.id: one for one in script.turns}
    while pending:
        turn = pending.pop()
        for reply in turn.replies:
            if reply.to in turns and depth.get(reply.to, -1) <= depth[turn.id]:
                depth[reply.to] = depth[turn.id] + 1
                pending.append(turns[reply.to])
    last = max(depth.values()) + 1
    places: list[DialogueTurn | ScriptEnding] = [*script.turns, *script.endings]
    rows: dict[int, list[DialogueTurn | ScriptEnding]] = {}
    for place in places:
        rows.setdefault(depth.get(place.id, last), []).append(place)
    boxes: dict[str, _Box] = {}
    top = _TOP
    for _, row in sorted(rows.items()):
        taken: dict[int, int] = {}
        for place in row:
            below = taken.get(place.heat, 0)
            taken[place.heat] = below + 1
            x = _MARGIN + (place.heat - 1) * _COLUMN
            boxes[place.id] = _Box(place, x, top + below * (_TALL + _BETWEEN))
        top += max(taken.values()) * (_TALL + _BETWEEN)
    return boxes


def _axis() -> Iterator[str]:
    for heat in range(1, HOTTEST + 1):
        x = _MARGIN + (heat - 1) * _COLUMN + _BOX // 2
        dots = "●" * heat + "○" * (HOTTEST - heat)
        yield f'<text x="{x}" y="64" text-anchor="middle" fill="#6b6660">{dots} {heat}</text>'


def _ways(box: _Box, boxes: Mapping[str, _Box], locale: str) -> Iterator[str]:
    if isinstance(box.place, ScriptEnding):
        return
    for number, reply in enumerate(box.place.replies):
        (x, y), (to_x, to_y) = box.exit(number), boxes[reply.to].entry
        bend = max(30, (to_y - y) // 2)
        look = 'stroke="#b3261e" stroke-dasharray="5 4"' if reply.bad else 'stroke="#4a6b57"'
        letter = f"{_REPLIES[number]}{' ✗' if reply.bad else ''}"
        yield (
            f'<g><title>{_told(number, reply, locale)}</title><path d="M{x},{y} C{x},{y + bend} '
            f'{to_x},{to_y - bend} {to_x},{to_y}" fill="none" stroke-width="1.6" {look}/>'
            f'<circle cx="{to_x}" cy="{to_y}" r="3"/>'
            f'<text x="{x + 4}" y="{y + 13}" font-weight="bold">{letter}</text></g>'
        )


def _told(number: int, reply: ReplyOption, locale: str) -> str:
    return escape(f"{_REPLIES[number]}: {reply.says[locale]}\n{reply.because[locale]}")


def _drawn(box: _Box, locale: str) -> Iterator[str]:
    place, x, y = box.place, box.x, box.y
    said = place.says[locale]
    lines = wrap(said, _LETTERS, max_lines=_LINES, placeholder=" …")
    end = isinstance(place, ScriptEnding)
    whole = f"{said}\n{place.after[locale]}" if isinstance(place, ScriptEnding) else said
    yield (
        f"<g><title>{escape(whole)}</title>"
        f'<rect x="{x}" y="{y}" width="{_BOX}" height="{_TALL}" rx="{22 if end else 6}" '
        f'fill="{_FILL[place.heat - 1]}" stroke="#1c1b1a" stroke-width="{2 if end else 1}"/>'
        f'<text x="{x + 10}" y="{y + 19}" font-weight="bold">{escape(place.id)}</text>'
    )
    for number, line in enumerate(lines, 1):
        yield f'<text x="{x + 10}" y="{y + 20 + number * _LINE}">{escape(line)}</text>'
    yield "</g>"
