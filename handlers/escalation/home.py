"""What the start and settings pages show of hands."""

from collections.abc import Mapping

from handlers.escalation.ladder import LADDER
from handlers.escalation.model import Case, Cases, Member, State
from handlers.escalation.phrases import member_name
from handlers.kit.cards import (
    Button,
    Buttons,
    Line,
    Look,
    Moment,
    Note,
    Paragraph,
    Part,
    Row,
    Strong,
    listed,
    mention,
)
from handlers.kit.feature import Ahead
from handlers.kit.people import Person, Role
from handlers.kit.ports import Texts
from handlers.kit.text import plain
from handlers.work import Context, Occasion

_SHOWN = 5
"""Hands on one screen, the oldest first."""


def now(ctx: Context) -> tuple[Part, ...]:
    """One's own hand, or the buttons that raise one; whom one is on the way to; and who waits: for
    supervisors everybody, for others those whom they were asked to help."""
    return (*_my_hand(ctx), *_helping(ctx), *_waiting(ctx))


def ahead(on: Occasion, workspace: str, t: Texts) -> tuple[Ahead, ...]:
    """Which ring is asked next, or that there is none."""
    calling = [
        case
        for case in on.work.of(Cases).open_in(workspace, _SHOWN)
        if case.state is State.CALLING and case.unanswered_at is None
    ]
    return tuple(
        Ahead(case.next_at, _next_ring(case, t)) for case in calling if case.next_at is not None
    )


def ladder_rows(ctx: Context) -> tuple[tuple[Line, Line], ...]:
    """The rings, and when nobody is free."""
    ladder, t = LADDER.of(ctx.work.settings, ctx.me.workspace), ctx.t
    rings = (
        (
            t("After {n} s", n=ring.after),
            t(
                "{who}, at most {n}",
                who=listed(member_name(member, t) for member in ring.members),
                n=ring.size,
            ),
        )
        for ring in ladder.rings
    )
    end = t("After {n} s", n=ladder.nobody_after), t("the agent hears that nobody is free")
    return (*rings, end)


def _my_hand(ctx: Context) -> tuple[Part, ...]:
    t = ctx.t
    case = ctx.work.of(Cases).open_of(ctx.me.id)
    if case is None:
        return (
            Buttons(
                (
                    Button(t("Raise a hand now"), "hand", look=Look.PRIMARY),
                    Button(t("Raise with a few words"), "hand.form"),
                )
            ),
        )
    helper = ctx.work.people.get(case.taken_by) if case.taken_by else None
    if case.state is State.TAKEN and helper is not None:
        state = t("{helper} is on the way to you.", helper=mention(helper))
        button = Button(t("Solved"), "hand.solved", {"case": case.id}, Look.PRIMARY)
    else:
        state = t("Your hand has been up since {when}.", when=Moment(case.raised_at))
        button = Button(t("Take my hand down"), "hand.cancel", {"case": case.id}, Look.DANGER)
    return Paragraph(state), Buttons((button,))


def _waiting(ctx: Context) -> tuple[Part, ...]:
    t, cases = ctx.t, ctx.work.of(Cases)
    is_supervisor = ctx.me.is_a(Role.SUPERVISOR)
    found = (
        cases.open_in(ctx.me.workspace, _SHOWN + 1) if is_supervisor else cases.asking(ctx.me.id)
    )
    up = [case for case in found if ctx.me.id not in (case.agent, case.taken_by)]
    if not up:
        return (Paragraph(t("No hand is up at the moment.")),) if is_supervisor else ()
    known = ctx.work.people.many([one for case in up for one in (case.agent, case.taken_by) if one])
    heading = t("Hands up now") if is_supervisor else t("Who waits for you")
    rows = [_up(case, known, ctx) for case in up[:_SHOWN] if case.agent in known]
    more = (Note(t("There are more: the oldest are shown.")),) if len(up) > _SHOWN else ()
    return (Paragraph((Strong(plain(heading)),)), *rows, *more)


def _up(case: Case, known: Mapping[str, Person], ctx: Context) -> Part:
    """A hand on one line: whose, since when, and how far the asking is."""
    t, agent, since = ctx.t, mention(known[case.agent]), Moment(case.raised_at)
    helper = known.get(case.taken_by or "")
    if case.state is State.TAKEN and helper is not None:
        line = t(
            "{agent}, since {when}: {helper} is there",
            agent=agent,
            when=since,
            helper=mention(helper),
        )
        return Paragraph(line)
    if case.is_alone:
        line = t("{agent}, since {when}: nobody was free", agent=agent, when=since)
    elif case.ring < 0:
        line = t("{agent}, since {when}", agent=agent, when=since)
    else:
        line = t(
            "{agent}, since {when}: ring {n} of {all}",
            agent=agent,
            when=since,
            n=case.ring + 1,
            all=len(case.rings),
        )
    return Row(line, Button(t("I'm coming"), "hand.take", {"case": case.id}, Look.PRIMARY))


def _next_ring(case: Case, t: Texts) -> Line:
    for ring in case.rings[case.ring + 1 :]:
        members = [one for one in ring.members if one is not Member.TOPIC or case.topic is not None]
        if members:
            return t("Plecs asks {who}", who=listed(member_name(member, t) for member in members))
    return t("the agent hears that nobody is free")


def _helping(ctx: Context) -> tuple[Part, ...]:
    t = ctx.t
    helping = ctx.work.of(Cases).taken_by(ctx.me.id)
    agent = ctx.work.people.get(helping.agent) if helping else None
    if helping is None or agent is None:
        return ()
    return (
        Paragraph(t("You are on the way to {agent}.", agent=mention(agent))),
        Buttons((Button(t("Solved"), "hand.solved", {"case": helping.id}),)),
    )
