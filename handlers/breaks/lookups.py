"""The break or offer that a button means, and who could cover."""

from datetime import datetime

from handlers.availability.coverage import BreakTeams
from handlers.availability.engaged import Availability
from handlers.availability.shifts import with_shifts
from handlers.breaks.model import AWAITED, Break, BreakOffer, Breaks
from handlers.kit.cards import Line, ToType
from handlers.kit.commands import Command, RefusedError
from handlers.kit.people import Person, Role
from handlers.kit.text import fold
from handlers.work import Context, Work


def could_cover(work: Work, asker: Person, now: datetime) -> tuple[str, ...]:
    """Those who would add somebody to the line: desk workers of the team, then supervisors,
    the team's own first; on duty, with nothing in hand, and covering for nobody."""
    helpers = work.of(Availability).helpers(asker.workspace, now, role=Role.SUPERVISOR)
    supervisors = tuple(helper.person.id for helper in helpers)
    desk = work.of(BreakTeams).at_desk(asker)
    found = work.people.many((*desk, *supervisors))
    known = {one.id: one for one in with_shifts([*found.values()], work, now)}
    own = [one for one in supervisors if fold(known[one].name) == fold(asker.manager)]
    taken = work.of(Availability).engaged(tuple(known), now)
    return tuple(
        one
        for one in dict.fromkeys((*desk, *own, *supervisors))
        if one not in taken
        and one != asker.id
        and known[one].on_duty(now)
        and work.of(Breaks).covered_by(one, now) is None
    )


def awaited(command: Command, ctx: Context) -> Break:
    """The caller's own break that an offer stands for; its team is held from here on."""
    ctx.work.of(BreakTeams).hold(ctx.me)
    one = ctx.work.of(Breaks).live_of(ctx.me.id)
    if one is None or one.id != command.one("break") or one.state not in AWAITED:
        raise RefusedError(long_over(ctx))
    return one


def own_offer(command: Command, ctx: Context) -> BreakOffer:
    """The offer of a button, while it stands."""
    offer = ctx.work.of(Breaks).offer_of(command.one("offer"))
    if offer is None or offer.person != ctx.me.id or not offer.is_open(ctx.now):
        raise RefusedError(
            ctx.t(
                "That offer was for right after the call. {typed} works at any time.",
                typed=ToType("break"),
            )
        )
    return offer


def long_over(ctx: Context) -> Line:
    """The answer to a button of a break that is no longer there."""
    return ctx.t("That is long over. {typed} begins a new one.", typed=ToType("break"))
