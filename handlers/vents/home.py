"""What the start page shows of vents: that one promised a talk, and never with whom."""

from handlers.kit.cards import Line, Moment, Paragraph, Part
from handlers.vents.model import Vents, VentState, When
from handlers.work import Context


def promised(ctx: Context) -> tuple[Part, ...]:
    """The talk that is agreed, whoever asked for it; and that a colleague waits for an answer."""
    t, vents = ctx.t, ctx.work.of(Vents)
    mine = vents.of_asker(ctx.me.id)
    theirs = vents.of_listener(ctx.me.id)
    agreed = [one for one in (mine, *theirs) if one is not None and one.state is VentState.AGREED]
    lines: list[Line] = [
        t("A talk, as agreed, in your next break")
        if one.when is When.BREAK
        else t("A talk, as agreed, at {time}", time=Moment(one.ends_at))
        for one in agreed
    ]
    if any(one.awaits for one in theirs):
        lines.append(t("A colleague would like to talk with you, and waits for an answer"))
    return tuple(map(Paragraph, lines))
