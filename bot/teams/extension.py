"""The search beside the message box: boundaries, to read there or to put into a chat.

https://learn.microsoft.com/microsoftteams/platform/messaging-extensions/how-to/search-commands
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial

from bot.plainer import plainly
from bot.teams.cards import attachment, content
from bot.teams.markup import Json, Lines, TeamsContext
from bot.teams.package import BOUNDARIES
from handlers.kit.cards import Button, Buttons, Card, Paragraph, Part, Row
from handlers.kit.commands import Command
from handlers.kit.delivery import Reader
from handlers.kit.people import Address
from handlers.router import Answered

SHOWN = "policy.show"
"""The route that shows one boundary."""

_THUMBNAIL = "application/vnd.microsoft.card.thumbnail"
_MOST = 8
"""Results that are looked up: the likeliest come first."""

Ask = Callable[[Command], Awaitable[Answered]]


async def found(said: str, by: Address, ask: Ask) -> Json:
    """The answer to a search: what the words mean, or the likeliest. Nothing in it can be pressed,
    because it may stand in anybody's chat."""
    answer = await ask(Command(BOUNDARIES, by, said))
    card = answer.reply
    if not isinstance(card, Card):
        return {}
    named = [one for one in _buttons(card) if one.does == SHOWN and "language" not in one.values]
    cards: list[Card] = [card]
    if named:
        one_each = (ask(Command(SHOWN, by, values=dict(one.values))) for one in named[:_MOST])
        shown = await asyncio.gather(*one_each)
        cards = [one.reply for one in shown if isinstance(one.reply, Card)]
    results = [_result(one, answer.reader, by.workspace) for one in cards]
    return {
        "composeExtension": {
            "type": "result",
            "attachmentLayout": "list",
            "attachments": results,
        }
    }


def to_read(card: Card) -> Card:
    """The card without what can be pressed."""
    return replace(card, parts=tuple(filter(None, map(_to_read, card.parts))))


def _to_read(part: Part) -> Part | None:
    match part:
        case Buttons():
            return None
        case Row(line):
            return Paragraph(line)
        case _:
            return part


def _buttons(card: Card) -> list[Button]:
    rows = (part.buttons for part in card.parts if isinstance(part, Buttons))
    return [button for row in rows for button in row]


def _result(card: Card, reader: Reader, workspace: str) -> Json:
    context = TeamsContext(workspace, reader)
    lines = Lines(context)
    said = next((part.line for part in card.parts if isinstance(part, Paragraph)), ())
    preview = {"title": lines.plain(card.title), "text": lines.plain(said)}
    made = plainly(partial(content, context=context), to_read(card), reader, "teams")
    return attachment(made) | {"preview": {"contentType": _THUMBNAIL, "content": preview}}
