"""What admins decide about calls, and where their telephone system posts."""

from handlers.calls import cards
from handlers.calls.model import CALL_RULES, CallRules, Calls
from handlers.kit.cards import Line, Reply
from handlers.kit.commands import Command, Route
from handlers.kit.people import Role
from handlers.kit.reading import Filled
from handlers.work import Context


def telephone(command: Command, ctx: Context) -> Reply:
    """The workspace's own address, as far as one was made."""
    secret = ctx.work.of(Calls).secret(ctx.me.workspace)
    return cards.telephone(_address(secret, ctx), _rules(ctx), ctx.t)


def renew(command: Command, ctx: Context) -> Reply:
    """A new address; the one before opens nothing from then on."""
    secret = ctx.work.of(Calls).renew(ctx.me.workspace, ctx.now)
    return cards.telephone(_address(secret, ctx), _rules(ctx), ctx.t)


def rules_form(command: Command, ctx: Context) -> Reply:
    return cards.rules_form(_rules(ctx), ctx.t)


def rules_save(command: Command, ctx: Context) -> Reply:
    asked = Filled(cards.rules_form(_rules(ctx), ctx.t), command, ctx)
    rules = CallRules(asked.number("hours"))
    if asked.errors:
        return asked.again()
    ctx.change(CALL_RULES, rules)
    return cards.saved(rules, ctx.t)


def rule_rows(ctx: Context) -> tuple[tuple[Line, Line], ...]:
    """When a call is over, for the settings."""
    return ((ctx.t("Calls"), cards.hours_line(_rules(ctx), ctx.t)),)


def _rules(ctx: Context) -> CallRules:
    return CALL_RULES.of(ctx.work.settings, ctx.me.workspace)


def _address(secret: str | None, ctx: Context) -> str | None:
    """Empty where there is no secret yet; None where Plecs has no address of its own."""
    links = ctx.services.links
    if secret is None:
        return None if links.telephone("") is None else ""
    return links.telephone(secret)


ROUTES: tuple[Route, ...] = (
    Route("settings.calls", telephone, reads=True, role=Role.ADMIN, private=True),
    Route("settings.calls.renew", renew, role=Role.ADMIN, private=True),
    Route("settings.calls.form", rules_form, reads=True, role=Role.ADMIN),
    Route("settings.calls.save", rules_save, role=Role.ADMIN),
)
