"""Ending a call within policy, and the receipts that an agent has of it."""

from handlers.boundaries.cards import gone
from handlers.boundaries.model import (
    ENDED,
    MOST_VERSIONS,
    WARNINGS_LIMIT,
    Policies,
    Receipt,
    may_end,
    notices_of,
)
from handlers.boundaries.receipts import cards
from handlers.kit.cards import Card, Reply
from handlers.kit.commands import Behind, Command, RefusedError, Route
from handlers.kit.facts import CallEnded
from handlers.kit.feature import NoticeKind
from handlers.kit.notices import Notice
from handlers.kit.people import Role
from handlers.kit.reading import Pressed
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
    behaviour = on_screen.policies.get(command.one("behaviour")) if on_screen else None
    if behaviour is None:
        return gone(now_in_force.policies, ctx.t)
    given = carried.number("warned", WARNINGS_LIMIT)
    if not may_end(behaviour, given):
        raise RefusedError(
            ctx.t("This boundary asks for a warning first. If you gave it, press I warned.")
        )
    receipt = Receipt(
        id=ctx.new_id(),
        workspace=me.workspace,
        agent=me.id,
        card=carried.id("card") or command.delivery[:64] or ctx.new_id(),
        ended_at=ctx.now,
        warned=given,
        boundary=behaviour,
    )
    if policies.keep(receipt):
        supervisors = ctx.work.people.with_role(me.workspace, Role.SUPERVISOR)
        notices = notices_of(receipt, [supervisor.id for supervisor in supervisors])
        ctx.work.outbox.add(me.workspace, *notices)
        ctx.tell(CallEnded(me, f"receipt-{receipt.id}", ctx.now, hard=True))
    kept = policies.receipt_of(me.id, receipt.card) or receipt
    return cards.thanks(kept, now_in_force.policies.crisis, ctx.today, ctx.t)


def mine(_command: Command, ctx: Context) -> Reply:
    """One's own receipts."""
    return cards.mine(ctx.work.of(Policies).receipts(ctx.me.id, _RECEIPTS_SHOWN), ctx.t)


def receipt(command: Command, ctx: Context) -> Reply:
    """One of one's own receipts. Anybody else's is as good as none."""
    kept = ctx.work.of(Policies).receipt(command.one("receipt"))
    if kept is None or kept.agent != ctx.me.id:
        raise RefusedError(ctx.t("I have no such receipt of yours."))
    return cards.receipt_card(kept, ctx.t)


def ended_notice(notice: Notice, ctx: Context) -> Card | None:
    """For a supervisor: an ending was within policy."""
    kept = ctx.work.of(Policies).receipt(notice.about)
    agent = ctx.work.people.get(kept.agent) if kept else None
    return cards.ended(kept, agent, ctx.t) if kept and agent else None


ROUTES: tuple[Route, ...] = (
    Route("policy.ended", ended),
    Route("policy.mine", mine, reads=True, behind=Behind("policy", {"en": "mine", "lv": "mani"})),
    Route("policy.receipt", receipt, reads=True),
)

NOTICES: tuple[NoticeKind, ...] = (NoticeKind(ENDED, ended_notice),)
