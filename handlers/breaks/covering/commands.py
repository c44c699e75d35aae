"""Asking for cover, and covering."""

from dataclasses import replace

from handlers.availability.coverage import RULE, BreakTeams, StandIn, fits, is_counted, on_the_floor
from handlers.availability.engaged import Availability
from handlers.availability.shifts import with_shift
from handlers.breaks import model
from handlers.breaks.cards import held_over
from handlers.breaks.covering import cards
from handlers.breaks.lookups import awaited, could_cover, long_over
from handlers.breaks.model import Break, Breaks, BreakState
from handlers.breaks.steps import begin, refresh, tell
from handlers.kit.cards import Card, Reply
from handlers.kit.commands import Command, Living, RefusedError, Route
from handlers.kit.feature import NoticeKind, Rest
from handlers.kit.notices import Notice, Priority
from handlers.kit.people import Person
from handlers.work import Context

_ASKED_FOR_COVER = 5
"""Colleagues asked at once: one is enough, and nobody likes to be one of fifty."""


def ask_for_cover(command: Command, ctx: Context) -> Reply | Living:
    """Asks those who could step in: desk workers of the team, and supervisors."""
    one = awaited(command, ctx)
    asked = could_cover(ctx.work, ctx.me, ctx.now)[:_ASKED_FOR_COVER]
    if not asked:
        return cards.uncovered(one, ctx.t)
    one = model.asking(one, ctx.now)
    ctx.work.of(Breaks).save(one)
    ctx.work.outbox.add(
        ctx.me.workspace, *(Notice(model.COVER, one.id, (person,), ctx.now) for person in asked)
    )
    ctx.work.duty.mark_asked(asked, ctx.now)
    refresh(ctx.work, one, ctx.now, model.HELD)
    waits = cards.asked_for_cover(one, ctx.t)
    return Living(waits, Notice(model.ASKED, one.id, (ctx.me.id,), ctx.now), waits)


def cover(command: Command, ctx: Context) -> Reply:
    """A colleague covers: the break begins, and theirs waits until it ends."""
    work, me = ctx.work, ctx.me
    one, asker = _asked_to_cover(command, ctx)
    work.of(BreakTeams).hold(asker, me)
    one = work.of(Breaks).get(one.id) or one
    if one.is_on(ctx.now) and work.of(Breaks).coverer(one.id) == me.id:
        return cards.covering(one, asker, ctx.t)
    if one.state is not BreakState.ASKING:
        return cards.cover_over(ctx.t)
    other = work.of(Breaks).covered_by(me.id, ctx.now)
    if other is not None:
        raise RefusedError(ctx.t("You cover for somebody already. Thank you all the same."))
    if not with_shift(me, work, ctx.now).on_duty(ctx.now) or work.of(Availability).engaged(
        (me.id,), ctx.now
    ):
        raise RefusedError(ctx.t("You are not free yourself just now. Nobody expects it of you."))
    mine = work.of(Breaks).live_of(me.id)
    if mine is not None and mine.state is BreakState.DESK:
        work.of(Breaks).save(model.closed(mine, ctx.now))
    team, planned = on_the_floor(work, asker, ctx.now)
    if not is_counted(me):
        until = ctx.now + one.length
        stand_in = StandIn(with_shift(me, work, ctx.now, until).duty, until)
        team = replace(team, stand_ins=(*team.stand_ins, stand_in))
    rule = RULE.of(work.settings, asker.workspace)
    if not fits(team, rule, planned, ctx.now, ctx.now + one.length):
        raise RefusedError(ctx.t("Thank you. One more would be needed, so nothing was changed."))
    one = begin(ctx, asker, one)
    work.of(Breaks).save(one)
    work.of(Breaks).cover(one, me.id)
    tell(work, one, model.BEGUN, ctx.now, Priority.URGENT)
    refresh(work, one, ctx.now, model.COVER, model.ASKED, model.HELD, model.UNCOVERED)
    return None  # the message that was pressed says it from now on


def not_now(command: Command, ctx: Context) -> Reply:
    """Somebody can't cover. Nothing is kept of it."""
    return cards.not_now(ctx.t)


def asked_card(notice: Notice, ctx: Context) -> Card | None:
    """For who asked, on the card that said so: that it waits, and then who covers, if anybody."""
    one = ctx.work.of(Breaks).get(notice.about)
    if one is not None and one.state is BreakState.ASKING:
        return cards.asked_for_cover(one, ctx.t)
    if one is not None and one.is_on(ctx.now):
        coverer = ctx.work.people.get(ctx.work.of(Breaks).coverer(one.id) or "")
        if coverer is not None:
            return cards.covered_by(coverer, ctx.t)
    if one is not None and one.state is BreakState.HELD and notice.sent:
        return cards.nobody_covers(ctx.t)
    return held_over(ctx.t) if notice.sent else None


def uncovered_card(notice: Notice, ctx: Context) -> Card | None:
    one = ctx.work.of(Breaks).get(notice.about)
    if one is not None and one.state is BreakState.HELD:
        return cards.uncovered(one, ctx.t)
    return held_over(ctx.t) if notice.sent else None


def cover_card(notice: Notice, ctx: Context) -> Card | None:
    one = ctx.work.of(Breaks).get(notice.about)
    asker = ctx.work.people.get(one.person) if one is not None else None
    if one is None or asker is None:
        return cards.cover_over(ctx.t) if notice.sent else None
    if one.state is BreakState.ASKING:
        return cards.cover(one, asker, ctx.t)
    if not notice.sent:
        return None
    if one.is_on(ctx.now) and ctx.work.of(Breaks).coverer(one.id) == ctx.me.id:
        return cards.covering(one, asker, ctx.t)
    return cards.cover_over(ctx.t)


def _asked_to_cover(command: Command, ctx: Context) -> tuple[Break, Person]:
    one = ctx.work.of(Breaks).get(command.one("break"))
    asker = ctx.work.people.get(one.person) if one is not None else None
    if one is None or asker is None or one.workspace != ctx.me.workspace:
        raise RefusedError(long_over(ctx))
    if asker.id == ctx.me.id:
        raise RefusedError(ctx.t("This is your own break; a colleague can cover for it."))
    return one, asker


ROUTES: tuple[Route, ...] = (
    Route("break.ask", ask_for_cover),
    Route("break.cover", cover),
    Route("break.not", not_now, reads=True, private=True),
)

NOTICES: tuple[NoticeKind, ...] = (
    NoticeKind(model.ASKED, asked_card, Rest.AT_ONCE),
    NoticeKind(model.UNCOVERED, uncovered_card, Rest.AT_ONCE),
    NoticeKind(model.COVER, cover_card, Rest.AT_ONCE),
)
