"""What somebody hears who greets Plecs, thanks it, or asks whether it can help, or about a hand."""

from handlers.kit.cards import Button, Buttons, Card, Paragraph
from handlers.kit.ports import Texts


def gladly(t: Texts, *buttons: Button) -> Card:
    """With what they may have come for."""
    return Card(t("Good to hear from you. I am here when a call gets hard."), (Buttons(buttons),))


def asked(t: Texts, *buttons: Button) -> Card:
    """Where more was said, or asked, than that: it may be that they need a human."""
    line = t("Good to hear from you. Do you need somebody in your call?")
    return Card(line, (Buttons(buttons),))


def about_hand(t: Texts, *buttons: Button) -> Card:
    """Where it was asked what happens once a hand is raised: none is by that."""
    line = t("Nobody has been asked yet.")
    more = t("Once your hand is up, its card shows who is asked, and then who comes.")
    return Card(line, (Paragraph(more), Buttons(buttons)))
