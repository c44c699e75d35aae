"""Ending a call within policy, and the receipts that an agent has of it."""

from dataclasses import replace

from handlers.boundaries.cards import gone
from handlers.boundaries.model import (
    ENDED,
    WARNINGS_LIMIT,
    Policies,
    Receipt,
    can_be_taken_back,
    is_of_an_earlier_call,
    may_end,
    notices_of,
)
from handlers.boundaries.receipts import cards
from handlers.kit.cards import Card, Reply
from handlers.kit.commands import Behind, Command, RefusedError, Route
from handlers.kit.facts import CallEnded, CallGoesOn
from handlers.kit.feature import NoticeKind
from handlers.kit.notices import Notice
from handlers.kit.people import Role
from handlers.kit.reading import Pressed
from handlers.library.model import MOST_VERSIONS
from handlers.work import Context

_RECEIPTS_SHOWN = 10


def ended(command: Command, ctx: Context) -> Reply:
    """The agent has ended the call: a receipt, thanks, and word to the supervisors.

    The receipt stands on the version that was on the screen. Pressed twice on one card, it is
    one receipt.
    """
    policies, me = ctx.work.of(Policies), ctx.me
    policies.settle(me.workspace, ctx.now)
    now_in_force = policies.current(me.workspace, ctx.now)
    carried = Pressed(command, ctx.t)
    on_screen = policies.version(me.workspace, carried.number("version", MOST_VERSIONS))
    behaviour = on_screen.content.get(command.one("behaviour")) if on_screen else None
    if behaviour is None:
        return gone(now_in_force.content, ctx.t)
    given = carried.number("warned", WARNINGS_LIMIT)
    if not may_end(behaviour, given):
        raise RefusedError(
            ctx.t("This boundary asks for a warning first. If you gave it, press I warned.")
        )
    shown = carried.instant("at")
    last = next(iter(policies.receipts(me.id, 1)), None)
    is_pressed_again = last is not None and last.card == carried.id("card")
    is_sure = command.one("sure") == "1" or is_pressed_again
    if not is_sure and is_of_an_earlier_call(shown, last, ctx.now):
        return cards.another_call(shown, _carried(carried, command, given), ctx.t)
    receipt = Receipt(
        id=ctx.new_id(),
        workspace=me.workspace,
        agent=me.id,
        card=carried.id("card") or command.delivery[:64] or ctx.new_id(),
        ended_at=ctx.now,
        warned=given,
        boundary=behaviour,
        adopted=policies.adopted(me.workspace, behaviour) is not None,
    )
    if policies.keep(receipt):
        supervisors = ctx.work.people.with_role(me.workspace, Role.SUPERVISOR)
        notices = notices_of(receipt, [supervisor.id for supervisor in supervisors])
        ctx.work.outbox.add(me.workspace, *notices)
        call = _call_of(receipt)
        ctx.tell(CallEnded(me, call, ctx.now, hard=True, boundary=behaviour.names, step=given))
    kept = policies.receipt_of(me.id, receipt.card) or receipt
    if kept.void_at is not None:
        return cards.taken_back(kept, ctx.t)
    return cards.thanks(kept, now_in_force.content.crisis, ctx.today, ctx.t)


def taken_back(command: Command, ctx: Context) -> Reply:
    """The call was not ended after all: the receipt is void, and whoever was told reads so."""
    kept = _own(command, ctx)
    if kept.void_at is None:
        if not can_be_taken_back(kept, ctx.now):
            raise RefusedError(
                ctx.t(
                    "That was more than ten minutes ago: the receipt stays as it is. If it is "
                    "wrong, tell a supervisor."
                )
            )
        ctx.work.of(Policies).void(kept.id, ctx.now)
        ctx.work.outbox.refresh(ctx.me.workspace, ENDED, kept.id, ctx.now)
        ctx.tell(CallGoesOn(_call_of(kept)))
        kept = replace(kept, void_at=ctx.now)
    return cards.taken_back(kept, ctx.t)


def mine(_command: Command, ctx: Context) -> Reply:
    """One's own receipts."""
    return cards.mine(ctx.work.of(Policies).receipts(ctx.me.id, _RECEIPTS_SHOWN), ctx.t)


def receipt(command: Command, ctx: Context) -> Reply:
    """One of one's own receipts. Anybody else's is as good as none."""
    kept = _own(command, ctx)
    adopted = ctx.work.of(Policies).adopted(kept.workspace, kept.boundary)
    return cards.receipt_card(kept, adopted, ctx.t)


def ended_notice(notice: Notice, ctx: Context) -> Card | None:
    """For a supervisor: a call was ended; or was not, after all, for whoever was told."""
    kept = ctx.work.of(Policies).receipt(notice.about)
    if kept is not None and kept.void_at is not None and not notice.sent:
        return None
    agent = ctx.work.people.get(kept.agent) if kept else None
    return cards.ended(kept, agent, ctx.t) if kept and agent else None


def _call_of(receipt: Receipt) -> str:
    """The id of the call that it is of, as others hear of it."""
    return f"receipt-{receipt.id}"


def _own(command: Command, ctx: Context) -> Receipt:
    kept = ctx.work.of(Policies).receipt(command.one("receipt"))
    if kept is None or kept.agent != ctx.me.id:
        raise RefusedError(ctx.t("I have no such receipt of yours."))
    return kept


def _carried(carried: Pressed, command: Command, given: int) -> dict[str, str]:
    return {
        "behaviour": command.one("behaviour"),
        "version": str(carried.number("version", MOST_VERSIONS)),
        "warned": str(given),
        "language": command.one("language"),
        "card": carried.id("card"),
    }


ROUTES: tuple[Route, ...] = (
    Route("policy.taken_back", taken_back),
    Route("policy.ended", ended),
    Route("policy.mine", mine, reads=True, behind=Behind("policy", {"en": "mine", "lv": "mani"})),
    Route("policy.receipt", receipt, reads=True),
)

NOTICES: tuple[NoticeKind, ...] = (NoticeKind(ENDED, ended_notice),)
