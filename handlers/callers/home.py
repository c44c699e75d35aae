"""What the start and settings pages show of callers."""

from handlers.callers import cards
from handlers.callers.lookups import due_promises
from handlers.callers.model import MEMORY
from handlers.common.topics import topics_by_id
from handlers.kit.cards import Button, Line, Part, Row
from handlers.work import Context


def next_(ctx: Context) -> tuple[Part, ...]:
    """What one promised for tomorrow, or did not keep."""
    topics = topics_by_id(ctx.work.settings, ctx.me.workspace)
    return tuple(
        Row(
            ctx.t("Promised: {what}", what=cards.due_line(one, ctx.today, topics, ctx.t)),
            Button(ctx.t("What came of it"), "caller.promise", {"promise": one.id}),
        )
        for one in due_promises(ctx)
    )


def memory_rows(ctx: Context) -> tuple[tuple[Line, Line], ...]:
    rules, t = MEMORY.of(ctx.work.settings, ctx.me.workspace), ctx.t
    known = t(
        "known {calls} days, an ended call {ended} days", calls=rules.calls, ended=rules.boundary
    )
    return ((t("Callers"), known),)
