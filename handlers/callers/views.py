"""What each message about a caller looks like at this moment."""

from handlers.callers import cards
from handlers.callers.lookups import due_promises
from handlers.callers.model import (
    CALLER,
    DUE,
    HANDED,
    LEFT,
    MEMORY,
    Callers,
    Memory,
)
from handlers.common.current_call import CurrentCall, CurrentCalls
from handlers.common.known_issues import standing
from handlers.common.topics import topics_by_id
from handlers.kit.cards import Card
from handlers.kit.feature import NoticeKind, Rest
from handlers.kit.notices import Notice
from handlers.work import Context


def screen_pop(call: CurrentCall, ctx: Context) -> cards.ScreenPop:
    """What the reader is shown of the call."""
    rules = MEMORY.of(ctx.work.settings, call.workspace)
    memory = Memory(call.since)
    if call.caller is not None:
        memory = ctx.work.of(Callers).memory(
            call.caller, call.workspace, call.id, call.since, rules
        )
    named = [one.promiser for one in memory.promises]
    named += [one.agent for one in memory.earlier[:1] if one.agent]
    named += [call.agent] if call.agent else []
    return cards.ScreenPop(
        call,
        memory,
        ctx.work.people.many(named),
        topics_by_id(ctx.work.settings, call.workspace),
        ctx.me,
        ctx.today,
        rules,
        standing(ctx, (call.topic,)) if call.topic else (),
    )


def over_card(call: CurrentCall, ctx: Context) -> Card:
    """What is asked once the call is over, or that it was answered."""
    kept = ctx.work.of(Callers)
    note, promise = kept.note(call.id), kept.promised_in(call.id, ctx.me.id)
    is_answered = promise is not None or (note is not None and note.author == ctx.me.id)
    return cards.over(call, ctx.t, is_answered=is_answered)


def caller_card(notice: Notice, ctx: Context) -> Card | None:
    """What is known of whoever calls, while they do; nothing where there is nothing to say."""
    call = ctx.work.of(CurrentCalls).get(notice.about)
    if call is None or call.caller is None:
        return cards.gone(ctx.t) if notice.sent else None
    if call.ended_at is not None or call.agent != ctx.me.id:
        if not notice.sent:
            return None
        if call.agent != ctx.me.id:
            return cards.gone(ctx.t)
        return over_card(call, ctx)
    seen = screen_pop(call, ctx)
    is_known = seen.memory.known is not None or bool(seen.issues)
    is_worth_it = is_known or call.history or call.history_url
    return cards.caller(seen, ctx.t) if is_worth_it or notice.sent else None


def due_card(notice: Notice, ctx: Context) -> Card | None:
    due = due_promises(ctx)
    if not due and not notice.sent:
        return None
    topics = topics_by_id(ctx.work.settings, ctx.me.workspace)
    return cards.due(due, ctx.today, topics, ctx.t)


def handed_card(notice: Notice, ctx: Context) -> Card | None:
    one = ctx.work.of(Callers).promise(notice.about)
    if one is None or one.promiser != ctx.me.id:
        return None
    topics = topics_by_id(ctx.work.settings, ctx.me.workspace)
    return cards.handed(one, ctx.today, topics, ctx.t)


def left_card(notice: Notice, ctx: Context) -> Card | None:
    """For whoever sees to what a colleague who left had promised."""
    one = ctx.work.of(Callers).promise(notice.about)
    return None if one is None or one.promiser != ctx.me.id else cards.left(ctx.t)


NOTICES: tuple[NoticeKind, ...] = (
    NoticeKind(CALLER, caller_card, Rest.AT_ONCE, private=True),
    NoticeKind(DUE, due_card, private=True),
    NoticeKind(HANDED, handed_card, private=True),
    NoticeKind(LEFT, left_card, private=True),
)
