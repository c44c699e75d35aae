"""What an offer does to limits, gift codes and the ledger, all of it in one transaction."""

from dataclasses import replace

from handlers.offers.ledger.model import Ledger, What
from handlers.offers.model import (
    ANSWER_WITHIN,
    CUSTOMER_KEPT,
    Bound,
    GiftCodes,
    Offer,
    OfferRules,
    Offers,
    OfferState,
    RemedyKind,
    SpendingLimits,
)
from handlers.offers.rules import booking, customer_limit, limits_of, most_of
from handlers.work import Occasion


class FullError(Exception):
    """A limit has no room for the offer, or no gift code is left where `bound` is None. Nothing
    was taken."""

    def __init__(self, bound: Bound | None) -> None:
        super().__init__()
        self.bound = bound


def hold(offer: Offer, rules: OfferRules, on: Occasion, signer: str | None = None) -> Offer:
    """Sets the offer's amount aside for the customer's answer: the limits are taken, one after the
    other in the order of all, a gift code is reserved, and it is booked. Raises FullError."""
    work, now = on.work, on.now
    ledger = work.of(Ledger)
    agent_party = ledger.party(offer.workspace, offer.agent, now)
    signer_party = ledger.party(offer.workspace, signer, now) if signer is not None else ""
    offer = replace(
        offer, held_at=now, agent_party=agent_party, signer=signer, signer_party=signer_party
    )
    occasion = rules.occasion(offer.occasion)
    assert occasion is not None, "whoever holds an offer has looked its occasion up"
    limits = limits_of(offer)
    for taken, limit in enumerate(limits):
        most = most_of(limit, rules.bounds, occasion)
        if not work.of(SpendingLimits).take(offer.workspace, limit, most, offer.cents, now):
            for one in limits[:taken]:
                work.of(SpendingLimits).release(offer.workspace, one, offer.cents)
            raise FullError(limit.bound)
    if offer.kind is RemedyKind.GIFT_CARD:
        code = work.of(GiftCodes).reserve(
            offer.workspace, offer.id, offer.cents, offer.currency, now.date()
        )
        if not code:
            for one in limits:
                work.of(SpendingLimits).release(offer.workspace, one, offer.cents)
            raise FullError(None)
        offer = replace(offer, code=code)
    offer = replace(offer, state=OfferState.PENDING, step_at=now + ANSWER_WITHIN)
    return _booked(offer, What.HELD, agent_party, on)


def post(offer: Offer, on: Occasion) -> Offer:
    """The customer accepts."""
    now = on.now
    posted = replace(offer, state=OfferState.POSTED, posted_at=now, step_at=now + CUSTOMER_KEPT)
    return _booked(posted, What.POSTED, offer.agent_party, on)


def let_go(offer: Offer, what: What, on: Occasion) -> Offer:
    """What was held is free again: it expired, or was voided by the agent."""
    by = offer.agent_party if what is What.VOIDED else ""
    return _ended(offer, what, by, on)


def reverse(offer: Offer, by: str, reason: str, on: Occasion) -> Offer:
    """What was posted is taken back by `by`, a person's id, for the reason: by a contra entry."""
    party = on.work.of(Ledger).party(offer.workspace, by, on.now)
    return _ended(offer, What.REVERSED, party, on, reason)


def forget(offer: Offer, on: Occasion) -> None:
    """Twelve months are over: the offer counts towards its customer's limit no more."""
    if offer.customer and offer.state is OfferState.POSTED:
        on.work.of(SpendingLimits).release(offer.workspace, customer_limit(offer), offer.cents)
    on.work.of(Offers).remove(offer.id)


def _ended(offer: Offer, what: What, by: str, on: Occasion, reason: str = "") -> Offer:
    for limit in limits_of(offer):
        on.work.of(SpendingLimits).release(offer.workspace, limit, offer.cents)
    ended = replace(offer, state=OfferState(what), step_at=None, closed_at=on.now)
    ended = _booked(ended, what, by, on, reason)
    if offer.code:
        on.work.of(GiftCodes).give_back(offer.code)
    on.work.outbox.let_go(offer.workspace, offer.id, on.now)
    return ended


def _booked(offer: Offer, what: What, by: str, on: Occasion, reason: str = "") -> Offer:
    on.work.of(Offers).save(offer)
    on.work.of(Ledger).book(offer.workspace, booking(offer, what, by, reason), on.now)
    return offer
