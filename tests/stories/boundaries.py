"""What stories of boundaries ask of a card."""

from handlers.kit.cards import Quote
from tests.world import buttons, card, plain


def labels(reply: object) -> list[str]:
    return [plain(button.label) for button in buttons(card(reply))]


def to_say(reply: object) -> str:
    """The sentence that the card wants said now."""
    (quote,) = [part for part in card(reply).parts if isinstance(part, Quote)]
    return plain(quote.line)
