"""Who is asked to sign an offer, and what the one who asked hears: by time alone, whatever was
answered, so that a no looks like a silence."""

from dataclasses import replace

from handlers.availability.free import free_with_role
from handlers.kit.commands import RefusedError
from handlers.kit.notices import Notice, Priority
from handlers.kit.people import Person, Role
from handlers.offers.model import (
    MORE_ASKED_AFTER,
    SIGN,
    SIGN_WITHIN,
    SIGNERS_ASKED,
    Offer,
    Offers,
    OfferState,
    SignerAnswer,
)
from handlers.work import Context, Occasion

SIGNERS = (Role.SUPERVISOR, Role.COORDINATOR)
"""Who may sign what others offer, and in which order they are asked."""


def may_sign(person: Person) -> bool:
    return any(person.is_a(role) for role in SIGNERS)


def ask(offer: Offer, ctx: Context) -> tuple[Offer, tuple[Notice, ...]]:
    """The offer as it waits for a signature, and what those are sent who are asked. Raises
    RefusedError where nobody may be asked at the moment."""
    waiting = replace(
        offer,
        state=OfferState.ASKED,
        asked_at=ctx.now,
        step_at=ctx.now + MORE_ASKED_AFTER,
    )
    asked = _ring(waiting, ctx)
    if not asked:
        raise RefusedError(
            ctx.t(
                "Nobody who may sign is free at the moment. Offer what is in your own power, or "
                "raise a hand."
            )
        )
    ctx.work.of(Offers).save(waiting)
    return waiting, _sent(waiting, asked, ctx)


def advance(offer: Offer, on: Occasion) -> None:
    """What is due while a signature is waited for: others are asked as well, and after ten minutes
    it is over."""
    assert offer.asked_at is not None, "whoever is asked is asked at some time"
    ends_at = offer.asked_at + SIGN_WITHIN
    if on.now >= ends_at:
        end(offer, OfferState.UNSIGNED, on)
        return
    offer = replace(offer, ring=len(SIGNERS_ASKED) - 1, step_at=ends_at)
    on.work.of(Offers).save(offer)
    on.work.outbox.add(offer.workspace, *_sent(offer, _ring(offer, on), on))


def nobody_left(offer: Offer, on: Occasion) -> None:
    """Somebody can't sign. Where nobody's answer is awaited any more, others are asked at once; the
    agent hears nothing of it."""
    answers = on.work.of(Offers).asked(offer.id).values()
    if offer.ring < len(SIGNERS_ASKED) - 1 and SignerAnswer.NOTHING not in answers:
        on.work.of(Offers).save(replace(offer, step_at=on.now))


def withdraw(offer: Offer, on: Occasion) -> Offer:
    """Nobody need sign it any more."""
    return end(offer, OfferState.VOIDED, on)


def end(offer: Offer, state: OfferState, on: Occasion) -> Offer:
    """It was never held: nothing was taken, and nothing is booked."""
    ended = replace(offer, state=state, step_at=None, closed_at=on.now)
    on.work.of(Offers).save(ended)
    on.work.outbox.refresh(offer.workspace, SIGN, offer.id, on.now)
    on.work.outbox.let_go(offer.workspace, offer.id, on.now)
    return ended


def _ring(offer: Offer, on: Occasion) -> tuple[str, ...]:
    """Those who are asked now: supervisors, and where there are too few of them coordinators."""
    besides = {offer.agent, *on.work.of(Offers).asked(offer.id)}
    most, found = SIGNERS_ASKED[offer.ring], list[str]()
    for role in SIGNERS:
        if len(found) < most:
            free = free_with_role(offer.workspace, role, on, besides, most - len(found))
            found += [person.id for person in free]
            besides.update(found)
        if found and offer.ring == 0:
            break
    return tuple(found)


def _sent(offer: Offer, people: tuple[str, ...], on: Occasion) -> tuple[Notice, ...]:
    on.work.of(Offers).ask(offer.id, people)
    on.work.duty.mark_asked(people, on.now)
    return tuple(Notice(SIGN, offer.id, (one,), on.now, Priority.URGENT) for one in people)
