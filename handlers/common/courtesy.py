"""What somebody hears who greets Plecs or thanks it."""

from handlers.kit.cards import Button, Buttons, Card
from handlers.kit.ports import Texts


def gladly(t: Texts, *buttons: Button) -> Card:
    """With what they may have come for."""
    return Card(t("Good to hear from you. I am here when a call gets hard."), (Buttons(buttons),))
