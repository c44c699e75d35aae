"""The first thing in a new chat: one sentence of what Plecs does, and the button that matters."""

from handlers.kit.cards import Button, Buttons, Card, Look, Paragraph
from handlers.kit.people import first_name
from handlers.kit.ports import Texts, mark

_HERE = mark("Good that you are here")
_DOES = mark(
    "In a hard call I bring you a colleague, tell you what you may do, and look after your breaks."
)


def welcome(name: str, t: Texts) -> Card:
    """`name` is empty where Teams doesn't tell it."""
    first = first_name(name) if name else ""
    greeting = t("Good that you are here, {name}", name=first) if first else t(_HERE)
    hand = Button(t("Raise a hand now"), "hand", look=Look.PRIMARY)
    return Card(greeting, (Paragraph(t(_DOES)), Buttons((hand, Button(t("Help"), "help")))))
