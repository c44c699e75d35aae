"""What an agent sees of offers: for what, which, what to say, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.kit.cards import (
    Button,
    Buttons,
    Card,
    ChoiceField,
    Facts,
    Form,
    Line,
    Look,
    Moment,
    Note,
    Option,
    Paragraph,
    Part,
    Row,
    Style,
    TextField,
)
from handlers.kit.ports import Texts
from handlers.offers.model import (
    CASE_LIMIT,
    KnownBy,
    OccasionRule,
    Offer,
    OfferRemedy,
    OfferRules,
    OfferState,
    RemedyKind,
)
from handlers.offers.phrases import amount, given, known_by, remedy_line, sentences
from handlers.offers.rules import WhySigned, why_signed

NUMBER_LIMIT = 40


@dataclass(frozen=True, slots=True)
class Before:
    """Something that this customer accepted before, with its occasion's name."""

    offer: Offer
    occasion: str


@dataclass(frozen=True, slots=True)
class Room:
    """What is left, in cents: to the agent this month, to the customer within twelve months (None
    where they are not known), and of the budget and the occasion. `cards`: amounts of which there
    is a gift card."""

    agent: int
    customer: int | None
    budget: int
    occasion: int
    cards: frozenset[int] = frozenset()

    def holds(self, kind: RemedyKind, cents: int) -> bool:
        """Whether so much can be offered, if somebody signs it."""
        most = min(self.budget, self.occasion, cents if self.customer is None else self.customer)
        return cents <= most and (kind is RemedyKind.CREDIT or cents in self.cards)


@dataclass(frozen=True, slots=True)
class Choosing:
    """An offer that is begun, with what it can become: the rules in force, what is left, and what
    this customer had before."""

    offer: Offer
    rules: OfferRules
    room: Room
    before: tuple[Before, ...] = ()

    def can(self, occasion: OccasionRule) -> tuple[int, ...]:
        """Which of the occasion's remedies there is room for, by their places."""
        return tuple(
            number
            for number, one in enumerate(occasion.remedies)
            if self.room.holds(one.kind, one.cents)
        )

    def why_signed(self, remedy: OfferRemedy) -> WhySigned | None:
        """Why somebody else has to sign it."""
        return why_signed(remedy.cents, self.rules.bounds, self.room.agent, self.offer.known_by)


def no_rules(t: Texts, *, coordinator: bool) -> Card:
    """Nobody has adopted anything yet."""
    parts: list[Part] = [
        Paragraph(
            t(
                "Nobody has said yet what may be offered, for what and how much. Until then please "
                "raise a hand."
            )
        )
    ]
    if coordinator:
        button = Button(t("The rules"), "offer.rules", look=Look.PRIMARY)
        parts.append(Buttons((button,)))
    else:
        parts.append(Buttons((Button(t("Raise a hand"), "hand"),)))
    return Card(t("There are no rules for offers yet"), tuple(parts))


def occasions(choosing: Choosing, t: Texts, likely: Sequence[str] = ()) -> Card:
    """What it is for: one picks an occasion, and not an amount. The `likely` ones come first."""
    offer, rules = choosing.offer, choosing.rules
    first = [one for likeliest in likely for one in rules.occasions if one.id == likeliest]
    rest = [one for one in rules.occasions if one not in first]
    rows = [
        Row(
            t(
                "{occasion}: {usual}",
                occasion=one.names[t.locale],
                usual=remedy_line(one.usual.kind, one.usual.cents, offer.currency, t),
            ),
            Button(
                t("Choose"),
                "offer.occasion",
                {"offer": offer.id, "occasion": one.id},
                Look.PRIMARY if one in first else Look.PLAIN,
            ),
        )
        for one in (*first, *rest)
    ]
    return Card(
        t("What went wrong for the customer?"),
        (
            *history(choosing.before, t),
            *rows,
            _facts(choosing, t),
            Buttons((_customer_button(offer, t), Button(t("What I gave"), "offer.mine"))),
        ),
    )


def choices(choosing: Choosing, occasion: OccasionRule, t: Texts, *, changed: bool = False) -> Card:
    """The usual for this occasion with the sentence that offers it, and what else there is."""
    offer, rules, possible = choosing.offer, choosing.rules, choosing.can(occasion)
    buttons = [
        Button(
            _offering(choosing, occasion.remedies[number], t),
            "offer.give",
            _chosen(choosing, occasion, number),
            Look.PLAIN if number else Look.PRIMARY,
        )
        for number in possible
    ]
    parts: list[Part] = []
    if changed:
        parts.append(Paragraph(t("The rules were changed meanwhile. This is how they are now.")))
    parts += [*history(choosing.before, t), Paragraph((occasion.when[t.locale],))]
    if 0 in possible:
        parts += sentences(occasion, occasion.usual, rules.bounds, offer.currency, t)[:1]
    if len(possible) < len(occasion.remedies):
        parts.append(Note(_why_less(choosing.room, occasion, t)))
    another = Button(t("Another occasion"), "offer.occasions", {"offer": offer.id})
    parts += [_facts(choosing, t), Buttons((*buttons, another))]
    if offer.known_by is KnownBy.NOTHING:
        parts.append(Buttons((_customer_button(offer, t, occasion.id),)))
    return Card((occasion.names[t.locale],), tuple(parts))


def history(before: Sequence[Before], t: Texts) -> tuple[Part, ...]:
    """What this customer had before, the newest first."""
    return tuple(
        Paragraph(
            t(
                "This customer had {what} ({date}), for: {occasion}.",
                what=given(one.offer, t),
                date=Moment(one.offer.posted_at, Style.DATE),
                occasion=one.occasion,
            )
        )
        for one in before
        if one.offer.posted_at is not None
    )


def customer_form(offer: Offer, occasion: str, t: Texts) -> Form:
    """By what the customer is known again, where no call tells. `occasion` is the one that was
    chosen already."""
    return Form(
        t("The customer"),
        "offer.customer.save",
        t("Go on"),
        (
            TextField(
                "number",
                t("Their telephone number"),
                limit=NUMBER_LIMIT,
                required=False,
                hint=t("It is kept nowhere: only a mark that can’t be turned back into it."),
            ),
            TextField(
                "case",
                t("Or the reference of their case"),
                limit=CASE_LIMIT,
                required=False,
                hint=t("With neither, somebody else has to sign the offer."),
            ),
        ),
        values={"offer": offer.id, "occasion": occasion},
    )


def reason_form(choosing: Choosing, occasion: OccasionRule, number: int, t: Texts) -> Form:
    """Why something else than what everybody is offered."""
    remedy, usual, currency = occasion.remedies[number], occasion.usual, choosing.offer.currency
    return Form(
        t("Why something else?"),
        "offer.give",
        t("Offer it"),
        (
            ChoiceField(
                "reason",
                t("The reason"),
                tuple(
                    Option(one.id, (one.names[t.locale],)) for one in choosing.rules.bounds.reasons
                ),
            ),
        ),
        values=_chosen(choosing, occasion, number),
        intro=(
            Paragraph(
                t(
                    "Instead of the usual, {usual}: {this}.",
                    this=remedy_line(remedy.kind, remedy.cents, currency, t),
                    usual=remedy_line(usual.kind, usual.cents, currency, t),
                )
            ),
        ),
    )


def my_offers(found: Sequence[Before], left: str, most: str, t: Texts) -> Card:
    """What the reader gave lately, and what is left to them."""
    facts = Facts(((t("Left to you this month"), t("{left} of {most}", left=left, most=most)),))
    given_before = [_given_before(one, t) for one in found]
    return Card(
        t("What I gave"),
        (
            facts,
            *(given_before or [Paragraph(t("You have not given anything yet."))]),
            Buttons((Button(t("New offer"), "offer", look=Look.PRIMARY),)),
        ),
    )


def _chosen(choosing: Choosing, occasion: OccasionRule, number: int) -> dict[str, str]:
    return {
        "offer": choosing.offer.id,
        "occasion": occasion.id,
        "remedy": str(number),
        "version": str(occasion.version),
        "limits": str(choosing.rules.bounds.version),
    }


def _facts(choosing: Choosing, t: Texts) -> Facts:
    room, currency = choosing.room, choosing.offer.currency
    rows: list[tuple[Line, Line]] = [
        (t("The customer is known"), known_by(choosing.offer, t)),
        (t("Left to you this month"), (amount(room.agent, currency, t),)),
    ]
    if room.customer is not None:
        rows.append((t("Left for this customer"), (amount(room.customer, currency, t),)))
    return Facts(tuple(rows))


def _offering(choosing: Choosing, remedy: OfferRemedy, t: Texts) -> Line:
    is_signed = choosing.why_signed(remedy) is not None
    much = amount(remedy.cents, choosing.offer.currency, t)
    match remedy.kind:
        case RemedyKind.CREDIT if is_signed:
            return t("{amount}, if signed", amount=much)
        case RemedyKind.CREDIT:
            return t("Offer {amount}", amount=much)
        case RemedyKind.GIFT_CARD if is_signed:
            return t("Card {amount}, if signed", amount=much)
        case _:
            return t("Gift card {amount}", amount=much)


def _why_less(room: Room, occasion: OccasionRule, t: Texts) -> Line:
    """Why something of the occasion is not there."""
    most = max(one.cents for one in occasion.remedies)
    if room.customer is not None and room.customer < most:
        return t("Not everything is possible: this customer has had a lot within twelve months.")
    if min(room.budget, room.occasion) < most:
        return t("Not everything is possible: this month’s money for it is nearly used up.")
    return t("Not everything is possible: there is no gift card of that amount.")


def _customer_button(offer: Offer, t: Texts, occasion: str = "") -> Button:
    label = (
        t("Their number or case") if offer.known_by is KnownBy.NOTHING else t("Another customer")
    )
    return Button(label, "offer.customer", {"offer": offer.id, "occasion": occasion})


def _given_before(one: Before, t: Texts) -> Part:
    what, occasion = given(one.offer, t), one.occasion
    assert one.offer.posted_at is not None, "what was given was accepted at some time"
    when = Moment(one.offer.posted_at, Style.DATE)
    if one.offer.state is OfferState.REVERSED:
        return Paragraph(
            t("{date}: {what}, {occasion}; taken back", date=when, what=what, occasion=occasion)
        )
    return Paragraph(t("{date}: {what}, {occasion}", date=when, what=what, occasion=occasion))
