"""A gift card's code as its agent sees it, in a window that closes; and that few are left."""

from handlers.kit.about import unpack
from handlers.kit.cards import Card, Form, Note, Paragraph, Quote, Reply, Tone
from handlers.kit.commands import Command, RefusedError, Route
from handlers.kit.feature import NoticeKind
from handlers.kit.notices import Notice
from handlers.kit.ports import Texts
from handlers.offers.lookups import own_offer
from handlers.offers.model import FEW, GiftCodes, OfferState
from handlers.offers.phrases import amount, given
from handlers.offers.settings import SETTINGS
from handlers.offers.stock import stock_of
from handlers.work import Context


def show(command: Command, ctx: Context) -> Reply:
    """The code of what was given. It can be looked at again for a quarter of an hour."""
    offer = own_offer(command, ctx)
    is_given = offer.state is OfferState.POSTED and offer.code
    code = ctx.work.of(GiftCodes).show(offer.code, ctx.now) if is_given else None
    if code is None:
        raise RefusedError(
            ctx.t(
                "The code is no longer here: it was handed over, or shown more than 15 minutes "
                "ago. Did the customer not get it? Tell a coordinator."
            )
        )
    t = ctx.t
    return Form(
        t("The gift card’s code"),
        "offer.code.handed_over",
        t("The customer has it"),
        (),
        values={"offer": offer.id},
        intro=(
            Paragraph(given(offer, t)),
            Quote((code,)),
            Note(
                t(
                    "It is in no chat. Closed by mistake? For 15 minutes you can open it again; "
                    "after that, or once the customer has it, it is gone from here."
                )
            ),
        ),
    )


def handed_over(command: Command, ctx: Context) -> Reply:
    """The customer has it: it is kept no longer."""
    offer = own_offer(command, ctx)
    if offer.state is OfferState.POSTED and offer.code:
        ctx.work.of(GiftCodes).handed_over(offer.code)
    return Card(ctx.t("The customer has the gift card"), (), Tone.GOOD)


def few_card(notice: Notice, ctx: Context) -> Card | None:
    """How many there are now: none of it is said where new ones came meanwhile."""
    currency, cents, _ = unpack(notice.about, 3)
    stock = stock_of(ctx.me.workspace, int(cents), currency, ctx)
    few = SETTINGS.of(ctx.work.settings, ctx.me.workspace).few
    if stock is None:
        return None
    much = amount(int(cents), currency, ctx.t)
    if stock.free > few:
        return enough(much, ctx.t) if notice.sent else None
    return Card(
        ctx.t.many(
            "{n} gift card of {amount} is left",
            "{n} gift cards of {amount} are left",
            stock.free,
            amount=much,
        ),
        (
            Paragraph(
                ctx.t(
                    "Whoever runs Plecs brings in new ones: {command}", command="plecs offers codes"
                )
            ),
        ),
        Tone.CAREFUL,
    )


def enough(much: str, t: Texts) -> Card:
    return Card(t("There are gift cards of {amount} again", amount=much), (), Tone.GOOD)


ROUTES: tuple[Route, ...] = (
    Route("offer.code", show),
    Route("offer.code.handed_over", handed_over),
)

NOTICES: tuple[NoticeKind, ...] = (NoticeKind(FEW, few_card),)
