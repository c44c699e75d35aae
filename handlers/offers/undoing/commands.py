"""What coordinators see of what was given, and what taking it back does."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from handlers.kit.cards import (
    Button,
    Buttons,
    Card,
    ChoiceField,
    Form,
    Line,
    Moment,
    Note,
    Option,
    Paragraph,
    Part,
    Reply,
    Row,
    Style,
    Tone,
    mention,
)
from handlers.kit.commands import Behind, Command, RefusedError, Route
from handlers.kit.feature import NoticeKind
from handlers.kit.notices import Notice
from handlers.kit.people import Person, Role
from handlers.kit.ports import Texts, mark
from handlers.kit.reading import Filled, Pressed
from handlers.offers import booking
from handlers.offers.cards import Before
from handlers.offers.lookups import any_offer, rules_by, with_occasions
from handlers.offers.model import MINE, TAKEN_BACK, Offer, Offers, OfferState
from handlers.offers.phrases import given, occasion_name
from handlers.work import Context

_PAGE = 10
_FURTHEST = 100_000


class Mistake(StrEnum):
    """Why something is taken back."""

    CUSTOMER = "wrong_customer"
    AMOUNT = "wrong_amount"
    TWICE = "given_twice"
    RETURNED = "returned"
    OTHER = "other"


def given_lately(command: Command, ctx: Context) -> Reply:
    """What was given and not taken back, the newest first."""
    skip = Pressed(command, ctx.t).number("skip", _FURTHEST)
    found = ctx.work.of(Offers).posted(ctx.me.workspace, skip, _PAGE + 1)
    people = ctx.work.people.many([one.agent for one in found])
    shown = with_occasions(found[:_PAGE], ctx)
    t, buttons = ctx.t, list[Button]()
    if skip:
        buttons.append(Button(t("Newer"), "offer.given", {"skip": str(max(skip - _PAGE, 0))}))
    if len(found) > _PAGE:
        buttons.append(Button(t("Older"), "offer.given", {"skip": str(skip + _PAGE)}))
    parts: list[Part] = [_row(one, people, t) for one in shown]
    if not parts:
        parts.append(Paragraph(t("Nothing was given yet.")))
    if buttons:
        parts.append(Buttons(tuple(buttons)))
    parts.append(
        Note(
            t(
                "Twelve months. All of it, by entry, for accounting and auditors: plecs offers "
                "export, plecs offers audit"
            )
        )
    )
    return Card(t("What was given to customers"), tuple(parts))


def back_form(command: Command, ctx: Context) -> Reply:
    return _form(_posted(command, ctx), ctx)


def back(command: Command, ctx: Context) -> Reply:
    """It is taken back, with a reason, by a contra entry: nothing is edited."""
    offer = _posted(command, ctx)
    asked = Filled(_form(offer, ctx), command, ctx)
    reason = asked.chosen("reason")
    if asked.errors:
        return asked.again()
    booking.reverse(offer, ctx.me.id, reason, ctx)
    outbox = ctx.work.outbox
    outbox.refresh(offer.workspace, MINE, offer.id, ctx.now)
    if ctx.work.people.get(offer.agent) is not None:
        outbox.add(offer.workspace, Notice(TAKEN_BACK, offer.id, (offer.agent,), ctx.now))
    t = ctx.t
    return Card(
        t("Taken back: {what}", what=given(offer, t)),
        (
            Paragraph(
                t(
                    "The ledger has a second entry that undoes the first; both stay. The limits "
                    "are free again, and the agent hears of it."
                )
            ),
        ),
        Tone.GOOD,
    )


def taken_back_card(notice: Notice, ctx: Context) -> Card | None:
    """For the agent: what, and whom to ask."""
    offer = ctx.work.of(Offers).get(notice.about)
    if offer is None or offer.state is not OfferState.REVERSED:
        return None
    t = ctx.t
    return Card(
        t("Taken back: {what}", what=given(offer, t)),
        (
            Paragraph(
                t(
                    "A coordinator has taken back what you gave for “{occasion}”. That can happen "
                    "to anybody; ask them if you wonder why.",
                    occasion=occasion_name(offer, rules_by(offer.version, ctx), t),
                )
            ),
        ),
    )


ROUTES: tuple[Route, ...] = (
    Route(
        "offer.given",
        given_lately,
        reads=True,
        role=Role.COORDINATOR,
        behind=Behind(
            "offer",
            {"en": "given", "lv": "dotais"},
            help=mark("What was given to customers, and taking it back"),
        ),
    ),
    Route("offer.back", back_form, reads=True, role=Role.COORDINATOR),
    Route("offer.back.save", back, role=Role.COORDINATOR),
)

NOTICES: tuple[NoticeKind, ...] = (NoticeKind(TAKEN_BACK, taken_back_card),)


def _posted(command: Command, ctx: Context) -> Offer:
    offer = any_offer(command, ctx)
    if offer.state is not OfferState.POSTED:
        raise RefusedError(ctx.t("This is not given any more: there is nothing to take back."))
    if ctx.me.id in (offer.agent, offer.signer):
        raise RefusedError(
            ctx.t("You gave or signed this yourself: somebody else has to take it back.")
        )
    return offer


def _form(offer: Offer, ctx: Context) -> Form:
    t = ctx.t
    intro: tuple[Part, ...] = (Paragraph(given(offer, t)),)
    if offer.code:
        intro = (
            *intro,
            Note(
                t(
                    "A gift card: was its code shown already, have whoever issued it block it "
                    "first. One that nobody saw is free again."
                )
            ),
        )
    return Form(
        t("Take it back"),
        "offer.back.save",
        t("Take it back"),
        (ChoiceField("reason", t("Why"), tuple(_reasons(t))),),
        values={"offer": offer.id},
        intro=intro,
    )


def _reasons(t: Texts) -> Sequence[Option]:
    return (
        Option(Mistake.CUSTOMER, t("It was another customer’s")),
        Option(Mistake.AMOUNT, t("The amount is wrong")),
        Option(Mistake.TWICE, t("It was given twice")),
        Option(Mistake.RETURNED, t("The customer does not want it after all")),
        Option(Mistake.OTHER, t("Something else")),
    )


def _row(one: Before, people: Mapping[str, Person], t: Texts) -> Row:
    offer, agent = one.offer, people.get(one.offer.agent)
    assert offer.posted_at is not None, "what was given was accepted at some time"
    who: Line = t("somebody no longer here") if agent is None else (mention(agent),)
    line = t(
        "{date}, {who}: {what}, {occasion}",
        date=Moment(offer.posted_at, Style.DATE),
        who=who,
        what=given(offer, t),
        occasion=one.occasion,
    )
    return Row(line, Button(t("Take back"), "offer.back", {"offer": offer.id}))
