"""The start page's share: who looks after whose topics, and the meeting that one is in."""

from handlers.kit.cards import Part
from handlers.shifts import meeting, relieving
from handlers.work import Context


def now(ctx: Context) -> tuple[Part, ...]:
    return (*relieving.now(ctx), *meeting.now(ctx))
