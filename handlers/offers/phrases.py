"""How an offer and its parts are said, wherever they are."""

from handlers.kit.cards import Line, Quote
from handlers.kit.money import spoken, written
from handlers.kit.ports import Texts
from handlers.library.model import SPOKEN
from handlers.offers.model import (
    AMOUNT,
    Bound,
    Bounds,
    KnownBy,
    OccasionRule,
    Offer,
    OfferRemedy,
    OfferRules,
    RemedyKind,
)


def amount(cents: int, currency: str, t: Texts) -> str:
    """As it stands on a card."""
    return written(cents, currency, t.locale)


def remedy_line(kind: RemedyKind, cents: int, currency: str, t: Texts) -> Line:
    """What is given, in a few words."""
    much = amount(cents, currency, t)
    match kind:
        case RemedyKind.CREDIT:
            return t("{amount} off the bill", amount=much)
        case RemedyKind.GIFT_CARD:
            return t("gift card, {amount}", amount=much)


def given(offer: Offer, t: Texts) -> Line:
    return remedy_line(offer.kind, offer.cents, offer.currency, t)


def sentences(
    occasion: OccasionRule, remedy: OfferRemedy, bounds: Bounds, currency: str, t: Texts
) -> tuple[Quote, ...]:
    """What to say, in the languages that callers speak: the reader's first."""
    locales = sorted(SPOKEN, key=lambda one: one != t.locale)
    return tuple(
        Quote((sentence(occasion, remedy, bounds, currency, locale),)) for locale in locales
    )


def sentence(
    occasion: OccasionRule, remedy: OfferRemedy, bounds: Bounds, currency: str, locale: str
) -> str:
    """What to say to a customer who speaks that."""
    offered = bounds.say[remedy.kind][locale]
    much = spoken(remedy.cents, currency, locale)
    return f"{occasion.say[locale]} {offered.replace(AMOUNT, much)}"


def occasion_name(offer: Offer, rules: OfferRules | None, t: Texts) -> str:
    """What the offer's occasion is called in the rules by which it was chosen."""
    occasion = rules.occasion(offer.occasion) if rules is not None else None
    return occasion.names[t.locale] if occasion is not None else offer.occasion


def reason_name(offer: Offer, rules: OfferRules | None, t: Texts) -> str:
    """Why it is not the usual one, as those rules have it; empty where it is."""
    reason = rules.bounds.reason(offer.reason) if rules is not None else None
    return reason.names[t.locale] if reason is not None else offer.reason


def known_by(offer: Offer, t: Texts) -> Line:
    """How the customer is known; nobody is named."""
    match offer.known_by:
        case KnownBy.NUMBER:
            return t("by the telephone number")
        case KnownBy.CASE:
            return t("by a case’s reference")
        case KnownBy.NOTHING:
            return t("not known: somebody else has to sign")


def no_room(bound: Bound | None, t: Texts) -> Line:
    """Why an offer can't be made although somebody would sign it."""
    match bound:
        case Bound.BUDGET:
            return t("This month’s budget for offers is used up. A coordinator can raise it.")
        case Bound.OCCASION:
            return t("For this occasion nothing is left this month. A coordinator can raise it.")
        case Bound.CUSTOMER:
            return t("With this the customer would have more than there is within twelve months.")
        case Bound.AGENT | Bound.SIGNER:
            return t("That is more than is left to you this month.")
        case None:
            return t("No gift card of this amount is left. Coordinators bring in new ones.")
