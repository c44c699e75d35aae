"""What is asked of whoever may sign what others offer."""

from handlers.kit.cards import Card, Reply
from handlers.kit.commands import Command, RefusedError, Route
from handlers.kit.feature import NoticeKind, Rest
from handlers.kit.notices import Notice
from handlers.offers import booking
from handlers.offers.booking import FullError
from handlers.offers.lookups import any_offer, had_before, left_to_me, looked, rules_in_force
from handlers.offers.model import (
    MINE,
    SIGN,
    Bound,
    Offer,
    Offers,
    OfferState,
    SignerAnswer,
)
from handlers.offers.phrases import no_room
from handlers.offers.signing import cards
from handlers.offers.signing.asking import may_sign, nobody_left
from handlers.offers.stock import tell_if_few
from handlers.work import Context


def sign(command: Command, ctx: Context) -> Reply:
    """The caller stands behind it: it is held, and spends what they may sign."""
    offer = any_offer(command, ctx)
    if not may_sign(ctx.me):
        raise RefusedError(ctx.t("Supervisors and coordinators sign what others offer."))
    if offer.agent == ctx.me.id:
        raise RefusedError(ctx.t("This is your own offer: somebody else has to sign it."))
    was_asked = ctx.me.id in ctx.work.of(Offers).asked(offer.id)
    if offer.state is OfferState.ASKED and ctx.work.of(Offers).sign(offer.id, ctx.me.id):
        rules = rules_in_force(ctx)
        if rules is None or rules.occasion(offer.occasion) is None:
            raise RefusedError(ctx.t("Nothing is offered for that any more."))
        try:
            offer = booking.hold(offer, rules, ctx, ctx.me.id)
        except FullError as full:
            raise RefusedError(no_room(full.bound, ctx.t)) from None
        tell_if_few(offer, ctx)
        for kind in (MINE, SIGN):
            ctx.work.outbox.refresh(offer.workspace, kind, offer.id, ctx.now)
    return None if was_asked else _view(offer, ctx)


def not_now(command: Command, ctx: Context) -> Reply:
    """The card changes for this person alone; the agent never hears of it."""
    offer, offers = any_offer(command, ctx), ctx.work.of(Offers)
    if offer.state is OfferState.ASKED and ctx.me.id in offers.asked(offer.id):
        offers.answer(offer.id, ctx.me.id, SignerAnswer.NOT_NOW)
        nobody_left(offer, ctx)
        ctx.work.outbox.refresh(offer.workspace, SIGN, offer.id, ctx.now)
    return None


def sign_card(notice: Notice, ctx: Context) -> Card | None:
    offer = ctx.work.of(Offers).get(notice.about)
    if offer is None or (offer.state is not OfferState.ASKED and not notice.sent):
        return cards.over(ctx.t) if notice.sent else None
    return _view(offer, ctx)


ROUTES: tuple[Route, ...] = (
    Route("offer.sign", sign),
    Route("offer.sign.not_now", not_now, private=True),
)

NOTICES: tuple[NoticeKind, ...] = (NoticeKind(SIGN, sign_card, rest=Rest.AT_ONCE),)


def _view(offer: Offer, ctx: Context) -> Card:
    """How it stands, for whoever is or was asked to sign."""
    t = ctx.t
    if offer.state is not OfferState.ASKED:
        return cards.signed(offer, t) if offer.signer == ctx.me.id else cards.over(t)
    agent = ctx.work.people.get(offer.agent)
    rules = rules_in_force(ctx)
    if agent is None or rules is None:
        return cards.over(t)
    if ctx.work.of(Offers).asked(offer.id).get(ctx.me.id) is SignerAnswer.NOT_NOW:
        return cards.not_now(offer, agent, t)
    left = left_to_me(Bound.SIGNER, rules.bounds.signer, offer.currency, ctx)
    return cards.to_sign(looked(offer, ctx), agent, had_before(offer, ctx), left, t)
