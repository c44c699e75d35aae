"""What the start and settings pages show of breaks."""

from handlers.breaks.model import Breaks
from handlers.breaks.rules import RULE
from handlers.breaks.settings.cards import rule_line
from handlers.kit.cards import Button, Buttons, Line, Look, Moment, Paragraph, Part
from handlers.work import Context


def now(ctx: Context) -> tuple[Part, ...]:
    """The break that one is on."""
    t = ctx.t
    pause = ctx.work.of(Breaks).live_of(ctx.me.id)
    if pause is None or not pause.is_on(ctx.now):
        return ()
    return (
        Paragraph(
            t("You are on a break until you are back.")
            if pause.until is None
            else t("You are on a break until {time}.", time=Moment(pause.until))
        ),
        Buttons((Button(t("I'm back"), "break.back", {"break": pause.id}, Look.PRIMARY),)),
    )


def rule_rows(ctx: Context) -> tuple[tuple[Line, Line], ...]:
    """How many stay available."""
    rule = RULE.of(ctx.work.settings, ctx.me.workspace)
    return ((ctx.t("On breaks"), rule_line(rule, ctx.t)),)
