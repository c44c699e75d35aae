"""What the start and settings pages show of offers."""

from handlers.kit.cards import (
    Button,
    Card,
    ChoiceField,
    Form,
    Line,
    Look,
    NumberField,
    Option,
    Paragraph,
    Part,
    Reply,
    Row,
    Tone,
    mention,
)
from handlers.kit.commands import Command, Route
from handlers.kit.money import CURRENCIES
from handlers.kit.people import Role
from handlers.kit.ports import Texts
from handlers.kit.reading import Filled
from handlers.offers.mine import answers
from handlers.offers.model import Offers, OfferState
from handlers.offers.phrases import given
from handlers.offers.settings import MOST_FEW, SETTINGS, OfferSettings
from handlers.offers.signing.asking import may_sign
from handlers.work import Context


def now(ctx: Context) -> tuple[Part, ...]:
    """One's own offer that waits for an answer, and those that one is asked to sign."""
    t, offers = ctx.t, ctx.work.of(Offers)
    parts: list[Part] = []
    own = offers.open_of(ctx.me.id)
    if own is not None and own.state is OfferState.PENDING:
        parts += [Paragraph(t("Offered: {what}.", what=given(own, t))), answers(own, t)]
    if may_sign(ctx.me):
        asked = offers.asks_of(ctx.me.id)
        agents = ctx.work.people.many([one.agent for one in asked])
        parts += [
            Row(
                t(
                    "{agent} asks you to sign: {what}",
                    agent=mention(agents[one.agent]),
                    what=given(one, t),
                ),
                Button(t("Sign"), "offer.sign", {"offer": one.id}, Look.PRIMARY),
            )
            for one in asked
            if one.agent in agents
        ]
    return tuple(parts)


def rows(ctx: Context) -> tuple[tuple[Line, Line], ...]:
    """What is set of offers."""
    return (
        (ctx.t("Currency of offers"), (SETTINGS.of(ctx.work.settings, ctx.me.workspace).currency,)),
    )


def settings(_command: Command, ctx: Context) -> Reply:
    return _form(SETTINGS.of(ctx.work.settings, ctx.me.workspace), ctx.t)


def settings_save(command: Command, ctx: Context) -> Reply:
    before = SETTINGS.of(ctx.work.settings, ctx.me.workspace)
    asked = Filled(_form(before, ctx.t), command, ctx)
    after = OfferSettings(asked.chosen("currency"), asked.number("few"))
    if asked.errors:
        return asked.again()
    ctx.change(SETTINGS, after)
    said = ctx.t("What is offered from now on is in {currency}.", currency=after.currency)
    return Card(ctx.t("Saved"), (Paragraph(said),), Tone.GOOD)


ROUTES: tuple[Route, ...] = (
    Route("settings.offers", settings, reads=True, role=Role.ADMIN),
    Route("settings.offers.save", settings_save, role=Role.ADMIN),
)


def _form(before: OfferSettings, t: Texts) -> Form:
    return Form(
        t("Offers"),
        "settings.offers.save",
        t("Save"),
        (
            ChoiceField(
                "currency",
                t("Currency"),
                tuple(Option(one, (one,)) for one in CURRENCIES),
                (before.currency,),
                hint=t("Of what is offered from now on. What is booked keeps its own."),
            ),
            NumberField(
                "few",
                t("Tell coordinators when so many gift cards of an amount are left"),
                before.few,
                0,
                MOST_FEW,
            ),
        ),
    )
