"""Whom Plecs is for, and what everybody else is told: one answer at every door."""

from handlers.kit.cards import Card, Paragraph, Tone
from handlers.kit.people import Kind, Person
from handlers.kit.ports import Texts


def turned_away(person: Person, t: Texts) -> Card | None:
    """What somebody reads whom Plecs is not for; None for everybody else. Nothing that they ask is
    done."""
    if person.belongs:
        return None
    if person.kind is Kind.BOT:
        line = t("This is a bot's account. Nothing was changed.")
    elif person.kind is Kind.OUTSIDER:
        line = t(
            "You are a guest here. Nothing was changed. In a difficult call, ask the colleague who "
            "invited you."
        )
    else:
        line = t("Your account is closed here. Nothing was changed. An administrator can help.")
    return Card(t("Plecs is for the people who work here"), (Paragraph(line),), Tone.CAREFUL)
