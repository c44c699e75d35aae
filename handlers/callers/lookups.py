"""What is looked up in more than one place: the call somebody means, and what they promised."""

from datetime import timedelta

from handlers.callers.model import SHOWN_PROMISES, Callers, Promise, is_due
from handlers.common.current_call import CurrentCall, CurrentCalls
from handlers.work import Context, Occasion


def call_lately(person: str, within: timedelta, on: Occasion) -> CurrentCall | None:
    """The call that the person is in, or the last one, if it ended no longer ago than that."""
    calls = on.work.of(CurrentCalls)
    call = calls.of(person, on.now)
    if call is not None:
        return call
    last = on.work.of(Callers).last_call(person, on.now - within)
    return calls.get(last) if last is not None else None


def due_promises(ctx: Context) -> tuple[Promise, ...]:
    """One's own that are due tomorrow or are overdue."""
    mine = ctx.work.of(Callers).open_of(ctx.me.id, SHOWN_PROMISES)
    return tuple(one for one in mine if is_due(one, ctx.today))
