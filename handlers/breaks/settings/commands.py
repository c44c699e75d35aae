"""What admins decide about breaks."""

from handlers.availability.coverage import RULE, CountedBy, CoverageRule
from handlers.breaks.settings import cards
from handlers.kit.cards import Reply
from handlers.kit.commands import Command, Route
from handlers.kit.people import Role
from handlers.kit.reading import Filled
from handlers.work import Context


def rule_form(command: Command, ctx: Context) -> Reply:
    return cards.rule_form(RULE.of(ctx.work.settings, ctx.me.workspace), ctx.t)


def rule_save(command: Command, ctx: Context) -> Reply:
    before = RULE.of(ctx.work.settings, ctx.me.workspace)
    asked = Filled(cards.rule_form(before, ctx.t), command, ctx)
    rule = CoverageRule(
        asked.number("keep"),
        asked.number("share"),
        asked.switch("hard_first"),
        CountedBy(asked.chosen("others")),
    )
    if asked.errors:
        return asked.again()
    ctx.change(RULE, rule)
    return cards.rule_saved(ctx.t)


ROUTES: tuple[Route, ...] = (
    Route("settings.breaks", rule_form, reads=True, role=Role.ADMIN),
    Route("settings.breaks.save", rule_save, role=Role.ADMIN),
)
