"""What is looked up in more than one place: the call somebody means, and what they promised."""

from datetime import timedelta

from handlers.callers.model import MEMORY, SHOWN_PROMISES, Callers, Promise, is_due
from handlers.common.current_call import CurrentCall, CurrentCalls
from handlers.kit.callers import Caller
from handlers.work import Context, Occasion


def call_lately(person: str, within: timedelta, on: Occasion) -> CurrentCall | None:
    """The call that the person is in, or the last one, if it ended no longer ago than that."""
    calls = on.work.of(CurrentCalls)
    call = calls.of(person, on.now)
    if call is not None:
        return call
    last = on.work.of(Callers).last_call(person, on.now - within)
    return calls.get(last) if last is not None else None


def on_a_telephone(who: Caller, ctx: Context) -> CurrentCall | None:
    """The call that the caller is in with a colleague, as the telephone system tells."""
    calls, me = ctx.work.of(CurrentCalls), ctx.me
    rules = MEMORY.of(ctx.work.settings, me.workspace)
    memory = ctx.work.of(Callers).memory(who, me.workspace, "", ctx.now, rules)
    for one in memory.earlier:
        if one.ended_at is None and one.agent and one.agent != me.id:
            call = calls.of(one.agent, ctx.now)
            if call is not None and call.id == one.id and not call.by_hand:
                return call
    return None


def due_promises(ctx: Context) -> tuple[Promise, ...]:
    """One's own that are due tomorrow or are overdue."""
    mine = ctx.work.of(Callers).open_of(ctx.me.id, SHOWN_PROMISES)
    return tuple(one for one in mine if is_due(one, ctx.today))
