"""What those see who are asked to sign an offer."""

from collections.abc import Sequence

from handlers.kit.cards import (
    Button,
    Buttons,
    Card,
    Facts,
    Line,
    Look,
    Note,
    Paragraph,
    Tone,
    mention,
)
from handlers.kit.people import Person
from handlers.kit.ports import Texts
from handlers.offers.cards import Before, history
from handlers.offers.mine import Looked
from handlers.offers.model import Offer
from handlers.offers.phrases import amount, given, known_by, remedy_line


def to_sign(looked: Looked, agent: Person, before: Sequence[Before], left: int, t: Texts) -> Card:
    """What is offered to whom and why, and what signing it takes from the reader's own."""
    offer = looked.offer
    rows: list[tuple[Line, Line]] = [(t("For"), (looked.occasion,))]
    if looked.reason:
        rows.append((t("The reason"), (looked.reason,)))
    if looked.rule is not None and offer.remedy:
        usual = looked.rule.usual
        line = remedy_line(usual.kind, usual.cents, offer.currency, t)
        rows.append((t("What is usual"), line))
    rows.append((t("The customer is known"), known_by(offer, t)))
    rows.append((t("Left for you to sign this month"), (amount(left, offer.currency, t),)))
    values = {"offer": offer.id}
    return Card(
        t("{agent} asks you to sign: {what}", agent=mention(agent), what=given(offer, t)),
        (
            Facts(tuple(rows)),
            *history(before, t),
            Buttons(
                (
                    Button(t("Sign"), "offer.sign", values, Look.PRIMARY),
                    Button(t("Not now"), "offer.sign.not_now", values),
                )
            ),
            Note(t("The customer waits. “Not now” is told to nobody.")),
        ),
        Tone.URGENT,
        summary=t("{agent} asks you to sign: {what}", agent=agent.first_name, what=given(offer, t)),
    )


def not_now(offer: Offer, agent: Person, t: Texts) -> Card:
    """For whoever said not now: it can be thought over."""
    return Card(
        t("{agent} asks for a signature", agent=mention(agent)),
        (
            Paragraph(
                t(
                    "You can’t sign now. That is all right, and {agent} does not see it.",
                    agent=mention(agent),
                )
            ),
            Buttons((Button(t("I can sign after all"), "offer.sign", {"offer": offer.id}),)),
        ),
    )


def signed(offer: Offer, t: Texts) -> Card:
    return Card(t("You have signed: {what}", what=given(offer, t)), (), Tone.GOOD)


def over(t: Texts) -> Card:
    """For whoever need not sign any more, whatever became of it."""
    return Card(t("No signature is needed any more"))
