"""What an agent asks of offers, and what happens to them when time passes."""

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from handlers.common.current_call import CurrentCalls
from handlers.common.objections import Objections
from handlers.kit.cards import Card, Reply
from handlers.kit.commands import Behind, Command, Living, RefusedError, Route, Typed
from handlers.kit.facts import PersonLeft
from handlers.kit.feature import NoticeKind, Rest, Timer
from handlers.kit.notices import Notice, Priority
from handlers.kit.people import Role
from handlers.kit.ports import mark
from handlers.kit.reading import Filled, Pressed
from handlers.library.model import MOST_VERSIONS
from handlers.offers import booking, cards, mine
from handlers.offers.booking import FullError
from handlers.offers.ledger.model import What
from handlers.offers.lookups import (
    choosing,
    currency_of,
    draft_of,
    left_to_me,
    looked,
    own_offer,
    rules_in_force,
    with_customer,
    with_occasions,
)
from handlers.offers.model import (
    DRAFT_KEPT,
    MINE,
    Bound,
    KeptRules,
    KnownBy,
    OccasionRule,
    Offer,
    OfferRules,
    Offers,
    OfferState,
    SignerAnswer,
)
from handlers.offers.phrases import amount, no_room
from handlers.offers.signing import asking
from handlers.offers.stock import tell_if_few
from handlers.work import Context, Occasion

_NUMBER = re.compile(r"\+?\d[\d\s()/.-]{5,}\d", re.ASCII)
"""What may be a telephone number among other words."""

_LIKELY, _MINE_SHOWN = 3, 10


def offer(command: Command, ctx: Context) -> Reply | Living:
    """`/offer`, `/offer missed visit`, `/offer +371 20000000 missed visit`: for what, first of all.
    One that waits for an answer is shown instead."""
    under_way = ctx.work.of(Offers).open_of(ctx.me.id)
    if under_way is not None and under_way.state is not OfferState.DRAFT:
        return _mine(under_way, ctx)
    rules = rules_in_force(ctx)
    if rules is None or not rules.occasions:
        return cards.no_rules(ctx.t, coordinator=ctx.me.is_a(Role.COORDINATOR))
    begun, words = _begun(command.text, ctx)
    ctx.work.of(Offers).begin(begun)
    return _for_what(begun, rules, words, ctx)


def occasions(command: Command, ctx: Context) -> Reply:
    """All of them, for an offer that is begun."""
    return _to_choose(draft_of(command, ctx), _rules(ctx), None, ctx)


def occasion(command: Command, ctx: Context) -> Reply:
    """One was picked: the usual for it, and what else there is."""
    draft, rules = draft_of(command, ctx), _rules(ctx)
    return _to_choose(draft, rules, _occasion(command, rules, ctx), ctx)


def customer(command: Command, ctx: Context) -> Reply:
    return cards.customer_form(draft_of(command, ctx), _chosen(command, ctx), ctx.t)


def customer_save(command: Command, ctx: Context) -> Reply:
    """By what the customer is known from now on."""
    draft, rules = draft_of(command, ctx), _rules(ctx)
    chosen = rules.occasion(_chosen(command, ctx))
    asked = Filled(
        cards.customer_form(draft, chosen.id if chosen is not None else "", ctx.t), command, ctx
    )
    number, case = asked.text("number"), asked.text("case")
    caller = ctx.services.caller(number, ctx.now) if number else None
    if number and caller is None:
        asked.errors.setdefault(
            "number", ctx.t("I can’t read this as a telephone number. Write it like +371 20000000.")
        )
    if caller is not None and ctx.work.of(Objections).stands(caller):
        asked.errors["number"] = ctx.t("Nothing is kept of this caller")
    call = ctx.work.of(CurrentCalls).of(ctx.me.id, ctx.now)
    if case and call is not None and call.objects:
        asked.errors["case"] = ctx.t(
            "This caller wants nothing kept, so nobody knows what they had: somebody else has to "
            "sign."
        )
    if asked.errors:
        return asked.again()
    if caller is not None:
        draft = with_customer(draft, caller, ctx)
    elif case:
        marked = ctx.work.of(Offers).case_mark(ctx.me.workspace, case)
        draft = replace(draft, customer=marked, known_by=KnownBy.CASE)
    else:
        draft = replace(draft, customer="", known_by=KnownBy.NOTHING)
    ctx.work.of(Offers).save(draft)
    return _to_choose(draft, rules, chosen, ctx)


def give(command: Command, ctx: Context) -> Reply | Living:
    """One thing was chosen. What is in the caller's power is held at once for the customer's
    answer; for the rest somebody is asked to sign."""
    draft = own_offer(command, ctx)
    if draft.state is not OfferState.DRAFT:
        return _mine(draft, ctx)
    rules = _rules(ctx)
    chosen = _occasion(command, rules, ctx)
    now_possible, pressed = choosing(draft, rules, ctx, chosen), Pressed(command, ctx.t)
    seen = pressed.number("version", MOST_VERSIONS), pressed.number("limits", MOST_VERSIONS)
    number = pressed.number("remedy", len(chosen.remedies))
    if seen != (chosen.version, rules.bounds.version) or number not in now_possible.can(chosen):
        return cards.choices(now_possible, chosen, ctx.t, changed=True)
    reason = ""
    if number:
        form = cards.reason_form(now_possible, chosen, number, ctx.t)
        if "reason" not in command.values:
            return form
        asked = Filled(form, command, ctx)
        reason = asked.chosen("reason")
        if asked.errors:
            return asked.again()
    remedy = chosen.remedies[number]
    made = replace(
        draft,
        occasion=chosen.id,
        remedy=number,
        kind=remedy.kind,
        cents=remedy.cents,
        version=chosen.version,
        limits_version=rules.bounds.version,
        reason=reason,
    )
    if now_possible.why_signed(remedy) is None:
        try:
            return _held(made, rules, ctx)
        except FullError as full:
            if full.bound is not Bound.AGENT:
                raise RefusedError(no_room(full.bound, ctx.t)) from None
    waiting, notices = asking.ask(made, ctx)
    return replace(_mine(waiting, ctx), besides=notices)


def accept(command: Command, ctx: Context) -> Reply | Living:
    """The customer accepts: it is given."""
    pending = own_offer(command, ctx)
    if pending.state is OfferState.PENDING:
        pending = booking.post(pending, ctx)
    return _mine(pending, ctx)


def void(command: Command, ctx: Context) -> Reply | Living:
    """The customer declines, or the agent takes it back."""
    held = own_offer(command, ctx)
    if held.state is OfferState.PENDING:
        held = booking.let_go(held, What.VOIDED, ctx)
    elif held.state is OfferState.ASKED:
        held = asking.withdraw(held, ctx)
    return _mine(held, ctx)


def instead(command: Command, ctx: Context) -> Reply | Living:
    """The usual, without waiting for a signature any longer."""
    asked = own_offer(command, ctx)
    if asked.state is not OfferState.ASKED:
        return _mine(asked, ctx)
    return _anew(asking.withdraw(asked, ctx), ctx)


def anew(command: Command, ctx: Context) -> Reply | Living:
    """Something else for the same customer, on the same occasion."""
    before = own_offer(command, ctx)
    under_way = ctx.work.of(Offers).open_of(ctx.me.id)
    if under_way is not None and under_way.state is not OfferState.DRAFT:
        return _mine(under_way, ctx)
    return _anew(before, ctx)


def my_offers(_command: Command, ctx: Context) -> Reply:
    """What the caller gave lately, and what is left to them this month."""
    rules, currency = _rules(ctx), currency_of(ctx.work, ctx.me.workspace)
    found = with_occasions(ctx.work.of(Offers).of_agent(ctx.me.id, _MINE_SHOWN), ctx)
    most = rules.bounds.agent
    left = amount(left_to_me(Bound.AGENT, most, currency, ctx), currency, ctx.t)
    return cards.my_offers(found, left, amount(most, currency, ctx.t), ctx.t)


def advance_offers(on: Occasion, limit: int) -> int:
    """Does what is due: others are asked to sign, nobody signed, an answer never came, a draft was
    left, twelve months are over. One that fails holds up no other."""

    def step(due: Offer) -> None:
        match due.state:
            case OfferState.ASKED:
                asking.advance(due, on)
            case OfferState.PENDING:
                booking.let_go(due, What.EXPIRED, on)
            case _:
                booking.forget(due, on)
        on.work.outbox.refresh(due.workspace, MINE, due.id, on.now)

    due = on.work.of(Offers).due(on.now, limit)
    return sum(on.work.savepoint(partial(step, one)) for one in due)


def person_left(fact: PersonLeft, on: Occasion) -> None:
    """What they had offered and nobody answered is free again, and nobody waits for their
    signature."""
    offers, person = on.work.of(Offers), fact.person.id
    for asked in offers.asks_of(person):
        offers.answer(asked.id, person, SignerAnswer.NOT_NOW)
        if (held := offers.get(asked.id)) is not None and held.state is OfferState.ASKED:
            asking.nobody_left(held, on)
    own = offers.open_of(person)
    if own is None:
        return
    if own.state is OfferState.PENDING:
        booking.let_go(own, What.EXPIRED, on)
    elif own.state is OfferState.ASKED:
        asking.withdraw(own, on)
    else:
        offers.remove(own.id)


def mine_card(notice: Notice, ctx: Context) -> Card | None:
    found = ctx.work.of(Offers).get(notice.about)
    if found is None or found.agent != ctx.me.id:
        return mine.over(ctx.t) if notice.sent else None
    return mine.mine(looked(found, ctx), ctx.t)


ROUTES: tuple[Route, ...] = (
    Route(
        "offer",
        offer,
        private=True,  # a number may stand in it
        typed=Typed(
            {"en": "offer", "lv": "piedāvājums"},
            mark("Make something good for a customer, within your power"),
            mark("[what went wrong] or mine"),
            also=("piedavat", "kompensācija", "goodwill"),
        ),
    ),
    Route("offer.occasions", occasions, reads=True),
    Route("offer.occasion", occasion, reads=True),
    Route("offer.customer", customer, reads=True),
    Route("offer.customer.save", customer_save, private=True),
    Route("offer.give", give),
    Route("offer.accept", accept),
    Route("offer.void", void),
    Route("offer.instead", instead),
    Route("offer.anew", anew),
    Route(
        "offer.mine",
        my_offers,
        reads=True,
        behind=Behind(
            "offer",
            {"en": "mine", "lv": "mani"},
            help=mark("What you gave, and what is left to you this month"),
        ),
    ),
)

NOTICES: tuple[NoticeKind, ...] = (NoticeKind(MINE, mine_card, rest=Rest.AT_ONCE),)

TIMERS: tuple[Timer, ...] = (advance_offers,)


def _rules(ctx: Context) -> OfferRules:
    rules = rules_in_force(ctx)
    if rules is None:
        raise RefusedError(ctx.t("Nobody has said yet what may be offered, for what and how much."))
    return rules


def _occasion(command: Command, rules: OfferRules, ctx: Context) -> OccasionRule:
    found = rules.occasion(command.one("occasion"))
    if found is None:
        raise RefusedError(ctx.t("Nothing is offered for that any more. Choose another occasion."))
    return found


def _chosen(command: Command, ctx: Context) -> str:
    """The occasion that was chosen already; empty where none was."""
    return Pressed(command, ctx.t).id("occasion")


def _new_draft(ctx: Context) -> Offer:
    return Offer(
        id=ctx.new_id(),
        workspace=ctx.me.workspace,
        agent=ctx.me.id,
        began_at=ctx.now,
        step_at=ctx.now + DRAFT_KEPT,
        currency=currency_of(ctx.work, ctx.me.workspace),
    )


def _begun(text: str, ctx: Context) -> tuple[Offer, str]:
    """A new draft for whoever is on the telephone, or has the number among the words; and the
    other words."""
    begun = _new_draft(ctx)
    typed = _NUMBER.search(text)
    caller = ctx.services.caller(typed[0], ctx.now) if typed is not None else None
    words = text.replace(typed[0], " ") if typed is not None and caller is not None else text
    if caller is None:
        call = ctx.work.of(CurrentCalls).of(ctx.me.id, ctx.now)
        caller = call.caller if call is not None else None
    if caller is not None:
        begun = with_customer(begun, caller, ctx)
    return begun, " ".join(words.split())


def _for_what(begun: Offer, rules: OfferRules, words: str, ctx: Context) -> Card:
    if not words:
        return _to_choose(begun, rules, None, ctx)
    _, found = ctx.work.of(KeptRules).search(ctx.me.workspace, words, ctx.now)
    likely = tuple(one for one in found.likeliest if rules.occasion(one))[:_LIKELY]
    meant = rules.occasion(found.likeliest[0]) if found.sure else None
    return _to_choose(begun, rules, meant, ctx, likely)


def _to_choose(
    draft: Offer,
    rules: OfferRules,
    chosen: OccasionRule | None,
    ctx: Context,
    likely: Sequence[str] = (),
) -> Card:
    """What there is for the occasion; all occasions where none is chosen, the `likely` ones
    first."""
    if chosen is None:
        return cards.occasions(choosing(draft, rules, ctx), ctx.t, likely)
    return cards.choices(choosing(draft, rules, ctx, chosen), chosen, ctx.t)


def _anew(before: Offer, ctx: Context) -> Card:
    """The occasion's choices once more, for a new draft with the same customer."""
    rules = _rules(ctx)
    begun = replace(
        _new_draft(ctx),
        known_by=before.known_by if before.customer else KnownBy.NOTHING,
        customer=before.customer,
    )
    ctx.work.of(Offers).begin(begun)
    return _to_choose(begun, rules, rules.occasion(before.occasion), ctx)


def _held(made: Offer, rules: OfferRules, ctx: Context) -> Living:
    held = booking.hold(made, rules, ctx)
    tell_if_few(held, ctx)
    return _mine(held, ctx)


def _mine(found: Offer, ctx: Context) -> Living:
    """The agent's own card, which goes on changing."""
    card = mine.mine(looked(found, ctx), ctx.t)
    notice = Notice(MINE, found.id, (found.agent,), ctx.now, Priority.URGENT)
    ctx.work.outbox.refresh(found.workspace, MINE, found.id, ctx.now)
    return Living(card, notice, card)
