"""What somebody hears who greets Plecs, thanks it, or asks whether it can help."""

from handlers.kit.cards import Button, Buttons, Card
from handlers.kit.ports import Texts


def gladly(t: Texts, *buttons: Button) -> Card:
    """With what they may have come for."""
    return Card(t("Good to hear from you. I am here when a call gets hard."), (Buttons(buttons),))


def asked(t: Texts, *buttons: Button) -> Card:
    """Where more was said, or asked, than that: it may be that they need a human."""
    line = t("Good to hear from you. Do you need somebody in your call?")
    return Card(line, (Buttons(buttons),))
