"""The card that an agent keeps of an offer: it changes by itself at every step."""

from dataclasses import dataclass

from handlers.kit.cards import (
    Button,
    Buttons,
    Card,
    Line,
    Look,
    Moment,
    Note,
    Paragraph,
    Part,
    Tone,
)
from handlers.kit.ports import Texts
from handlers.offers.model import OccasionRule, Offer, OfferRules, OfferState, RemedyKind
from handlers.offers.phrases import given, sentences


@dataclass(frozen=True, slots=True)
class Looked:
    """An offer with what its card says: the occasion's name and rule, why not the usual, who
    signed."""

    offer: Offer
    occasion: str
    reason: str
    rule: OccasionRule | None
    rules: OfferRules | None
    signer: Line | None


def mine(looked: Looked, t: Texts) -> Card:
    """The card that the agent keeps of an offer."""
    match looked.offer.state:
        case OfferState.ASKED:
            return _asked(looked, t)
        case OfferState.PENDING:
            return _pending(looked, t)
        case OfferState.POSTED:
            return _posted(looked, t)
        case OfferState.UNSIGNED:
            return _unsigned(looked, t)
        case OfferState.EXPIRED:
            return _free_again(looked, t("It was not answered in time"), t)
        case OfferState.VOIDED:
            return _free_again(looked, t("Not given"), t)
        case OfferState.REVERSED:
            return Card(
                t("Taken back: {what}", what=given(looked.offer, t)),
                (
                    Paragraph(
                        t(
                            "What was given for “{occasion}” is taken back. A coordinator can say "
                            "why.",
                            occasion=looked.occasion,
                        )
                    ),
                ),
                Tone.CAREFUL,
            )
        case OfferState.DRAFT:
            return Card(t("Nothing is offered yet"))


def answers(offer: Offer, t: Texts) -> Buttons:
    """What the customer can say to what is held for them."""
    values = {"offer": offer.id}
    return Buttons(
        (
            Button(t("The customer accepts"), "offer.accept", values, Look.PRIMARY),
            Button(t("They decline"), "offer.void", values),
        )
    )


def over(t: Texts) -> Card:
    """Of what is kept no longer."""
    return Card(t("This offer is long over"))


def _asked(looked: Looked, t: Texts) -> Card:
    offer = looked.offer
    return Card(
        t("A second signature is asked for"),
        (
            Paragraph(
                t(
                    "{occasion}: {what}. Do not promise it yet.",
                    what=given(offer, t),
                    occasion=looked.occasion,
                )
            ),
            Paragraph(
                t(
                    "Say meanwhile: “I would like to do more for you, and am asking for it. One "
                    "moment, please.”"
                )
            ),
            Buttons(
                (
                    Button(t("The usual, without waiting"), "offer.instead", {"offer": offer.id}),
                    Button(t("Take it back"), "offer.void", {"offer": offer.id}),
                )
            ),
            Note(t("You hear within ten minutes. Who can’t sign now is told to nobody.")),
        ),
    )


def _unsigned(looked: Looked, t: Texts) -> Card:
    anew = {"offer": looked.offer.id}
    return Card(
        t("Nobody could sign within ten minutes"),
        (
            Paragraph(
                t("That is no no to you. You can offer what is in your own power, or raise a hand.")
            ),
            Buttons(
                (
                    Button(t("Offer something else"), "offer.anew", anew, Look.PRIMARY),
                    Button(t("Raise a hand"), "hand"),
                )
            ),
        ),
        Tone.CAREFUL,
    )


def _pending(looked: Looked, t: Texts) -> Card:
    offer = looked.offer
    parts: list[Part] = []
    if looked.signer is not None:
        parts.append(Paragraph(t("{name} has signed it.", name=looked.signer)))
    if looked.rule is not None and looked.rules is not None:
        remedy = looked.rule.remedies[min(offer.remedy, len(looked.rule.remedies) - 1)]
        parts += sentences(looked.rule, remedy, looked.rules.bounds, offer.currency, t)
    until = offer.step_at
    return Card(
        t("Offer: {what}", what=given(offer, t)),
        (
            *parts,
            answers(offer, t),
            Note(
                t(
                    "It holds until {time}; then it is free again by itself. It counts once the "
                    "customer has accepted.",
                    time=Moment(until) if until is not None else "…",
                )
            ),
        ),
    )


def _posted(looked: Looked, t: Texts) -> Card:
    offer = looked.offer
    parts: list[Part] = []
    if offer.kind is RemedyKind.CREDIT:
        parts.append(
            Paragraph(t("It is written down for accounting, who take it off the next bill."))
        )
    else:
        parts += [
            Paragraph(t("You alone see the code. Read it out, or send it to the customer.")),
            Buttons((Button(t("Show the code"), "offer.code", {"offer": offer.id}, Look.PRIMARY),)),
        ]
    parts.append(Note(t("Was it a mistake? Tell a coordinator: they can take it back.")))
    return Card(t("Given: {what}", what=given(offer, t)), tuple(parts), Tone.GOOD)


def _free_again(looked: Looked, title: Line, t: Texts) -> Card:
    offer = looked.offer
    return Card(
        title,
        (
            Paragraph(
                t(
                    "It counts towards no limit any more: {what}.",
                    what=given(offer, t),
                )
            ),
            Buttons((Button(t("Offer something else"), "offer.anew", {"offer": offer.id}),)),
        ),
    )
