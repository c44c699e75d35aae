"""What an offer needs to know: the rules that hold, what is left, and what a customer had."""

from collections.abc import Sequence
from dataclasses import replace

from handlers.common.objections import Objections
from handlers.kit.callers import Caller
from handlers.kit.cards import mention
from handlers.kit.commands import Command, RefusedError
from handlers.offers.cards import Before, Choosing, Room
from handlers.offers.ledger.model import Ledger
from handlers.offers.mine import Looked
from handlers.offers.model import (
    Bound,
    GiftCodes,
    KeptRules,
    KnownBy,
    Limit,
    OccasionRule,
    Offer,
    OfferRules,
    Offers,
    OfferState,
    SpendingLimits,
    month_of,
)
from handlers.offers.phrases import occasion_name, reason_name
from handlers.offers.rules import customer_limit
from handlers.offers.settings import SETTINGS
from handlers.work import Context, Work

_BEFORE = 3
"""Of what a customer had before, so much is shown."""


def rules_in_force(ctx: Context) -> OfferRules | None:
    return ctx.work.of(KeptRules).in_force(ctx.me.workspace, ctx.now)


def rules_by(number: int, ctx: Context) -> OfferRules | None:
    """The rules in that version."""
    version = ctx.work.of(KeptRules).version(ctx.me.workspace, number)
    return version.content if version is not None else None


def any_offer(command: Command, ctx: Context) -> Offer:
    """The offer of the caller's workspace that a button means. Raises RefusedError."""
    offer = ctx.work.of(Offers).get(command.one("offer"))
    if offer is None or offer.workspace != ctx.me.workspace:
        raise _long_over(ctx)
    return offer


def own_offer(command: Command, ctx: Context) -> Offer:
    """The same, where it is the caller's. Raises RefusedError."""
    offer = any_offer(command, ctx)
    if offer.agent != ctx.me.id:
        raise _long_over(ctx)
    return offer


def draft_of(command: Command, ctx: Context) -> Offer:
    """The caller's, where nothing was chosen yet. Raises RefusedError."""
    offer = own_offer(command, ctx)
    if offer.state is not OfferState.DRAFT:
        raise RefusedError(ctx.t("This offer is made already. Begin another one."))
    return offer


def choosing(
    offer: Offer, rules: OfferRules, ctx: Context, occasion: OccasionRule | None = None
) -> Choosing:
    """The offer with what it can become; for the occasion, where one is chosen."""
    limits, workspace, month = ctx.work.of(SpendingLimits), offer.workspace, month_of(ctx.now)
    bounds, currency = rules.bounds, offer.currency

    def left(limit: Limit, most: int) -> int:
        return max(most - limits.taken(workspace, limit), 0)

    of_occasion, budget, cards = 0, 0, frozenset[int]()
    if occasion is not None:
        budget = left(Limit(Bound.BUDGET, "", month, currency), bounds.budget)
        of_occasion = left(Limit(Bound.OCCASION, occasion.id, month, currency), occasion.most)
        stock = ctx.work.of(GiftCodes).stock(workspace, ctx.now.date())
        cards = frozenset(one.cents for one in stock if one.free and one.currency == currency)
    customer = left(customer_limit(offer), bounds.customer) if offer.customer else None
    own = left_to_me(Bound.AGENT, bounds.agent, currency, ctx)
    room = Room(own, customer, budget, of_occasion, cards)
    return Choosing(offer, rules, room, had_before(offer, ctx))


def left_to_me(bound: Bound, most: int, currency: str, ctx: Context) -> int:
    """Of `most`, what the caller may still offer alone, or sign, this month."""
    party = ctx.work.of(Ledger).known_party(ctx.me.workspace, ctx.me.id, ctx.now)
    limit = Limit(bound, party, month_of(ctx.now), currency)
    taken = ctx.work.of(SpendingLimits).taken(ctx.me.workspace, limit) if party else 0
    return max(most - taken, 0)


def had_before(offer: Offer, ctx: Context) -> tuple[Before, ...]:
    """What the customer accepted before, the newest first."""
    if not offer.customer:
        return ()
    found = ctx.work.of(Offers).of_customer(offer.workspace, offer.customer, _BEFORE)
    return with_occasions([one for one in found if one.id != offer.id], ctx)


def with_occasions(found: Sequence[Offer], ctx: Context) -> tuple[Before, ...]:
    rules = {number: rules_by(number, ctx) for number in {one.version for one in found}}
    return tuple(Before(one, occasion_name(one, rules[one.version], ctx.t)) for one in found)


def looked(offer: Offer, ctx: Context) -> Looked:
    """The offer with what its own card says."""
    rules, limits = rules_by(offer.version, ctx), rules_by(offer.limits_version, ctx)
    signer = ctx.work.people.get(offer.signer) if offer.signer is not None else None
    return Looked(
        offer,
        occasion_name(offer, rules, ctx.t),
        reason_name(offer, limits, ctx.t),
        rules.occasion(offer.occasion) if rules is not None else None,
        limits,
        (mention(signer),) if signer is not None else None,
    )


def currency_of(work: Work, workspace: str) -> str:
    return SETTINGS.of(work.settings, workspace).currency


def with_customer(offer: Offer, caller: Caller, ctx: Context) -> Offer:
    """The offer for whoever has this number, by their mark: the one under which anything is kept,
    else the first, which is of the newest secret. Of whoever objected nothing is kept, and so
    nobody knows what they had."""
    if ctx.work.of(Objections).stands(caller):
        return replace(offer, customer="", known_by=KnownBy.NOTHING)
    marks = caller.offers
    found = (mark for mark in marks if ctx.work.of(Offers).of_customer(offer.workspace, mark, 1))
    return replace(offer, customer=next(found, marks[0]), known_by=KnownBy.NUMBER)


def _long_over(ctx: Context) -> RefusedError:
    return RefusedError(ctx.t("That offer is long over, or somebody else’s. Nothing was changed."))
