"""What the start and settings pages show of breaks."""

from handlers.availability.coverage import RULE
from handlers.breaks.model import Breaks, BreakState
from handlers.breaks.settings.cards import rule_line
from handlers.kit.cards import Button, Buttons, Line, Look, Moment, Paragraph, Part, mention
from handlers.kit.feature import Ahead
from handlers.kit.people import Role
from handlers.kit.ports import Texts
from handlers.work import Context, Occasion


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


def next_(ctx: Context) -> tuple[Part, ...]:
    """The break that was booked or wished for, and for whom one promised to cover."""
    t, breaks = ctx.t, ctx.work.of(Breaks)
    lines: list[Line] = []
    mine = breaks.live_of(ctx.me.id)
    if mine is not None and mine.state is BreakState.BOOKED and mine.starts_at is not None:
        lines.append(t("Your break begins at {time}", time=Moment(mine.starts_at)))
    if mine is not None and mine.state is BreakState.WISHED:
        lines.append(t("Your break comes after this call"))
    covered = breaks.covered_by(ctx.me.id, ctx.now)
    asker = ctx.work.people.get(covered.person) if covered is not None else None
    if covered is not None and asker is not None:
        lines.append(
            t("You cover for {name} until they are back", name=mention(asker))
            if covered.until is None
            else t(
                "You cover for {name} until {time}", name=mention(asker), time=Moment(covered.until)
            )
        )
    return tuple(map(Paragraph, lines))


def ahead(on: Occasion, workspace: str, t: Texts) -> tuple[Ahead, ...]:
    """Who is expected back, and when."""
    away = {
        person.id: (person.first_name, until)
        for leader in on.work.people.with_role(workspace, Role.SUPERVISOR)
        for person, until in on.work.of(Breaks).away(leader, on.now)
    }
    return tuple(
        Ahead(until, t("{name} is expected back", name=name))
        for name, until in away.values()
        if until is not None
    )


def matters(ctx: Context) -> int:
    """How much another break does: on one not at all."""
    mine = ctx.work.of(Breaks).live_of(ctx.me.id)
    return 0 if mine is not None and mine.is_on(ctx.now) else 80


def rule_rows(ctx: Context) -> tuple[tuple[Line, Line], ...]:
    """How many stay available."""
    rule = RULE.of(ctx.work.settings, ctx.me.workspace)
    return ((ctx.t("On breaks"), rule_line(rule, ctx.t)),)
