"""What the start and settings pages show of hands."""

from handlers.escalation.ladder import LADDER
from handlers.escalation.model import Cases, State
from handlers.escalation.phrases import member_name
from handlers.kit.cards import Button, Buttons, Line, Look, Moment, Paragraph, Part, listed, mention
from handlers.work import Context


def now(ctx: Context) -> tuple[Part, ...]:
    """One's own hand, or the buttons that raise one; and whom one is on the way to."""
    return (*_my_hand(ctx), *_helping(ctx))


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
