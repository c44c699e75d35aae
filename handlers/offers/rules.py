"""What follows: which limits an offer takes, and when somebody else has to sign it."""

from enum import StrEnum

from handlers.offers.ledger.model import Booking, What
from handlers.offers.model import (
    USUAL,
    Bound,
    Bounds,
    KnownBy,
    Limit,
    OccasionRule,
    Offer,
    month_of,
)


class WhySigned(StrEnum):
    """Why a second signature is needed."""

    ALONE = "alone"
    """It is more than one person offers alone."""
    MONTH = "month"
    """It is more than is left to the agent this month."""
    UNKNOWN = "unknown"
    """Nobody can tell what this customer was given before."""


def why_signed(cents: int, bounds: Bounds, left: int, known_by: KnownBy) -> WhySigned | None:
    """Why somebody else has to sign an offer of so much; None: nobody need. `left` is what the
    agent may still offer this month."""
    if cents > bounds.alone:
        return WhySigned.ALONE
    if cents > left:
        return WhySigned.MONTH
    return WhySigned.UNKNOWN if known_by is KnownBy.NOTHING else None


def limits_of(offer: Offer) -> tuple[Limit, ...]:
    """The limits that an offer takes, in the order in which every offer takes them. Who signs
    spends their own limit, and not the agent's."""
    assert offer.held_at is not None, "the month is that in which it was held"
    month, currency = month_of(offer.held_at), offer.currency
    return (
        Limit(Bound.BUDGET, "", month, currency),
        Limit(Bound.OCCASION, offer.occasion, month, currency),
        *((customer_limit(offer),) if offer.customer else ()),
        Limit(Bound.SIGNER, offer.signer_party, month, currency)
        if offer.signer_party
        else Limit(Bound.AGENT, offer.agent_party, month, currency),
    )


def customer_limit(offer: Offer) -> Limit:
    """The one that holds for twelve months."""
    return Limit(Bound.CUSTOMER, offer.customer, "", offer.currency)


def most_of(limit: Limit, bounds: Bounds, occasion: OccasionRule) -> int:
    """How many cents of it there are, as the rules have it."""
    match limit.bound:
        case Bound.BUDGET:
            return bounds.budget
        case Bound.OCCASION:
            return occasion.most
        case Bound.CUSTOMER:
            return bounds.customer
        case Bound.AGENT:
            return bounds.agent
        case Bound.SIGNER:
            return bounds.signer


def booking(offer: Offer, what: What, by: str, reason: str = "") -> Booking:
    """The offer's step as the ledger has it; `by` as it calls people, empty for what time did."""
    return Booking(
        what=what,
        offer=offer.id,
        occasion=offer.occasion,
        kind=offer.kind,
        cents=offer.cents,
        currency=offer.currency,
        by=by,
        agent=offer.agent_party,
        signer=offer.signer_party,
        version=offer.version,
        limits_version=offer.limits_version,
        choice=offer.reason or USUAL,
        customer=offer.known_by,
        code=offer.code,
        reason=reason,
    )
