"""Reading, giving and changing the agreement."""

from dataclasses import replace

from handlers.kit.about import unpack
from handlers.kit.cards import Card, Reply
from handlers.kit.commands import Command, RefusedError, Route
from handlers.kit.feature import NoticeKind
from handlers.kit.notices import Notice
from handlers.kit.people import Role
from handlers.kit.reading import Filled, Pressed
from handlers.supervision.agreement import cards
from handlers.supervision.agreement.model import AGREEMENT, Agreements, agreement_about
from handlers.supervision.groups.model import Group, Groups
from handlers.supervision.members.model import Members, Standing
from handlers.supervision.shared import cards as shared
from handlers.supervision.shared import lifecycle, lookups
from handlers.supervision.shared.lookups import in_plain_letters
from handlers.work import Context

_VERSIONS = 10**8 - 1
"""Versions of one text: more than anybody writes."""


def agreement(command: Command, ctx: Context) -> Reply:
    return _agreement(ctx, _group_of_mine(command, ctx))


def agree(command: Command, ctx: Context) -> Reply:
    """Agrees to the version that was shown. An older one is shown anew in its present words."""
    group = _group_of_mine(command, ctx, hold=True)
    cycle = lookups.running_cycle(ctx.work, group.id)
    if cycle is None:
        raise RefusedError(ctx.t("It is asked when the next cycle begins."))
    version = Pressed(command, ctx.t).number("version", _VERSIONS)
    if version != group.agreement_version or command.one("cycle") != cycle.id:
        return _agreement(ctx, group)
    ctx.work.of(Agreements).agree(group.id, cycle.id, group.agreement_version, ctx.me.id, ctx.now)
    about = agreement_about(group, cycle.id)
    ctx.work.outbox.refresh(group.workspace, AGREEMENT, about, ctx.now)
    lifecycle.arrange(ctx.work, group.id, ctx.now)
    return _agreement(ctx, group)


def disagree(command: Command, ctx: Context) -> Reply:
    """Nothing is written down; what follows is said."""
    group = _group_of_mine(command, ctx, hold=True)
    lifecycle.arrange(ctx.work, group.id, ctx.now)
    return cards.disagreed(group, ctx.t)


def agreement_form(command: Command, ctx: Context) -> Reply:
    return cards.agreement_form(_group_kept(command, ctx), ctx.t)


def agreement_save(command: Command, ctx: Context) -> Reply:
    """The group's own text: a new version, for which everybody is asked anew."""
    group = _group_kept(command, ctx)
    asked = Filled(cards.agreement_form(group, ctx.t), in_plain_letters(command, "text"), ctx)
    text = asked.text("text")
    if asked.errors:
        return asked.again()
    if text != group.agreement:
        group = replace(group, agreement=text, agreement_version=group.agreement_version + 1)
        ctx.work.of(Groups).put(group)
        lifecycle.agreement_changed(ctx.work, group, ctx.now)
    return cards.agreement_saved(group, ctx.t)


def agreement_card(notice: Notice, ctx: Context) -> Card | None:
    group_id, cycle, version = unpack(notice.about, 3)
    group = ctx.work.of(Groups).get(group_id)
    if group is None or group.closed_at is not None or not _has_joined(group, ctx):
        return shared.over(ctx.t) if notice.sent else None
    present = lookups.running_cycle(ctx.work, group.id)
    if present is None or present.id != cycle or int(version) != group.agreement_version:
        return shared.over(ctx.t) if notice.sent else None
    agreed = ctx.me.id in ctx.work.of(Agreements).agreed(group.id, cycle, int(version))
    if agreed and not notice.sent:
        return None
    return cards.agreement(group, ctx.t, cycle=cycle, has_agreed=agreed)


def _group_of_mine(command: Command, ctx: Context, *, hold: bool = False) -> Group:
    groups, asked = ctx.work.of(Groups), command.one("group")
    group = groups.hold(asked) if hold else groups.get(asked)
    if group is None or not _has_joined(group, ctx):
        raise RefusedError(ctx.t("I can't find this group among yours any more."))
    return group


def _has_joined(group: Group, ctx: Context) -> bool:
    mine = ctx.work.of(Members).get(group.id, ctx.me.id)
    return mine is not None and mine.state is Standing.JOINED


def _group_kept(command: Command, ctx: Context) -> Group:
    group = ctx.work.of(Groups).hold(command.one("group"))
    if group is None or group.workspace != ctx.me.workspace:
        raise RefusedError(ctx.t("I can't find this group any more."))
    return group


def _agreement(ctx: Context, group: Group) -> Card:
    cycle = lookups.running_cycle(ctx.work, group.id)
    if cycle is None:
        return cards.agreement_only(group, ctx.t)
    agreed = ctx.work.of(Agreements).agreed(group.id, cycle.id, group.agreement_version)
    return cards.agreement(group, ctx.t, cycle=cycle.id, has_agreed=ctx.me.id in agreed)


ROUTES: tuple[Route, ...] = (
    Route("session.agreement", agreement, reads=True),
    Route("session.agree", agree, private=True),
    Route("session.disagree", disagree, private=True),
    Route("session.agreement.form", agreement_form, reads=True, role=Role.COORDINATOR),
    Route("session.agreement.save", agreement_save, role=Role.COORDINATOR),
)

NOTICES: tuple[NoticeKind, ...] = (NoticeKind(AGREEMENT, agreement_card),)
