"""What coordinators change about danger to life: the words that lead to its card, the numbers."""

from dataclasses import replace

from handlers.boundaries.danger import cards
from handlers.boundaries.danger.model import from_lines
from handlers.boundaries.model import NUMBERS_LIMIT, Policies, PolicyFile, amend
from handlers.boundaries.plain import POLICIES
from handlers.common.danger import OWN_WAYS, WAY_LIMIT, WAYS_LIMIT, OwnWays
from handlers.kit.cards import Form, Reply
from handlers.kit.commands import Command, RefusedError, Route
from handlers.kit.people import Role
from handlers.kit.reading import Filled
from handlers.kit.text import lines_of, shortened
from handlers.library.model import Author
from handlers.library.saving import keep_version
from handlers.work import Context


def danger_form(_command: Command, ctx: Context) -> Reply:
    return _form(ctx)


def danger_save(command: Command, ctx: Context) -> Reply:
    """Keeps both; other numbers are a new version of the policies."""
    policies, workspace = ctx.work.of(Policies), ctx.me.workspace
    filled = Filled(_form(ctx), command, ctx)
    ways = tuple(dict.fromkeys(lines_of(filled.text("ways"))))
    if len(ways) > WAYS_LIMIT or any(len(way) > WAY_LIMIT for way in ways):
        filled.errors["ways"] = cards.too_many(ctx.t)
    try:
        numbers = from_lines(lines_of(filled.text("numbers")))
    except ValueError as error:
        numbers = ()
        filled.errors["numbers"] = (
            ctx.t(
                "I can't read “{line}”. Write it like 112 | Glābēji | Rescue.",
                line=shortened(str(error), 60),
            )
            if str(error)
            else ctx.t("Write at least one number, and at most {n}.", n=NUMBERS_LIMIT)
        )
    if filled.errors:
        return filled.again()
    ctx.change(OWN_WAYS, OwnWays(ways))
    policies.settle(workspace, ctx.now)
    before = policies.current(workspace, ctx.now)
    crisis = replace(before.content.crisis, numbers=numbers)
    if crisis != before.content.crisis:
        changed = amend(before.content, PolicyFile((), crisis), before.number + 1)
        if not keep_version(POLICIES, policies, before, changed, by=Author(ctx.me.id), on=ctx):
            raise RefusedError(
                ctx.t("Somebody else changed the boundaries just now. Please try again.")
            )
    return cards.saved(ctx.t)


ROUTES: tuple[Route, ...] = (
    Route("policy.danger", danger_form, reads=True, role=Role.COORDINATOR),
    Route("policy.danger.save", danger_save, role=Role.COORDINATOR),
)


def _form(ctx: Context) -> Form:
    workspace = ctx.me.workspace
    own = OWN_WAYS.of(ctx.work.settings, workspace)
    crisis = ctx.work.of(Policies).current(workspace, ctx.now).content.crisis
    return cards.form(own, crisis, ctx.t)
