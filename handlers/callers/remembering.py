"""How long callers are remembered: what admins decide."""

from handlers.callers.model import MEMORY, MemoryRules
from handlers.kit.cards import Card, Form, NumberField, Reply
from handlers.kit.commands import Command, Route
from handlers.kit.people import Role
from handlers.kit.ports import Texts
from handlers.kit.reading import Filled
from handlers.work import Context


def memory_form(command: Command, ctx: Context) -> Reply:
    rules = MEMORY.of(ctx.work.settings, ctx.me.workspace)
    return _form(rules, MemoryRules(), ctx.t)


def memory_save(command: Command, ctx: Context) -> Reply:
    before = MEMORY.of(ctx.work.settings, ctx.me.workspace)
    asked = Filled(_form(before, MemoryRules(), ctx.t), command, ctx)
    rules = MemoryRules(asked.number("calls"), asked.number("boundary"))
    if asked.errors:
        return asked.again()
    ctx.change(MEMORY, rules)
    return Card(ctx.t("Saved"))


ROUTES: tuple[Route, ...] = (
    Route("settings.callers", memory_form, reads=True, role=Role.ADMIN),
    Route("settings.callers.save", memory_save, role=Role.ADMIN),
)


def _form(rules: MemoryRules, most: MemoryRules, t: Texts) -> Form:
    """For admins: how long callers are remembered."""
    return Form(
        t("Callers"),
        "settings.callers.save",
        t("Save"),
        (
            NumberField(
                "calls",
                t("Days that a number is known"),
                rules.calls,
                1,
                most.calls,
                hint=t("What is older is deleted within a minute."),
            ),
            NumberField(
                "boundary",
                t("Days that an ended call is known"),
                rules.boundary,
                1,
                most.boundary,
            ),
        ),
    )
