"""What follows from what a telephone system tells, and from its silence."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from handlers.availability.rest import IsFree, free_days, usual
from handlers.availability.shifts import with_shifts
from handlers.calls.model import (
    CALL_RULES,
    DETAILS_LAST,
    QUIET_FOR,
    Call,
    CallEvent,
    Calls,
    Details,
    Happened,
    Taken,
    Telephone,
    is_news,
    is_told_by_another,
    may_be_told_by_another,
    rung,
    still,
    told,
)
from handlers.common.objections import Objections
from handlers.common.topics import topic_in, topics_of
from handlers.kit.deidentify import hidden
from handlers.kit.facts import Engaged, TelephoneAnswered, TelephoneEnded
from handlers.kit.feature import Timer
from handlers.kit.people import Person
from handlers.work import Occasion

_DELIVERIES = "calls"
_LOOKED_AT = 200
"""People among whom it is looked whether anybody works, to tell a silence from a night."""


def take(event: CallEvent, on: Occasion, workspace: str = "") -> Taken:
    """Keeps what the event tells, and has everybody hear what follows. `workspace`: whose telephone
    system it is, where that is known."""
    calls = on.work.of(Calls)
    mark = calls.mark(event.source, event.call)
    if event.delivery is not None and not _is_new(event, event.delivery, on):
        return Taken.REPEATED
    known = (calls.known_as(agent, workspace) for agent in event.agents)
    person = next(filter(None, known), None)
    objects = _objects(event, on)  # holds the caller, before the call is held
    event = _what_may_be_kept(event, objects=objects)
    before = calls.marked(mark)
    if event.delivery is None:
        told_before = not _is_new(event, f"{mark}/{event.kind}/{'/'.join(event.agents)}", on)
        if told_before and not is_news(before, event, person):
            return Taken.REPEATED
    calls.heard(person.workspace if person is not None else workspace, on.now)
    if (before is None or before.talked_at is None) and _is_told_by_another(event, person, on):
        return Taken.REPEATED
    call = before or Call(on.new_id(), workspace, mark, event.at)
    call = told(call, event, person, _topic(event, person, on))
    call = replace(call, objects=call.objects or objects)
    if call != before:
        calls.put(call)
    _keep_details(event, call, on, is_new=before is None)
    _follow(event, person, (before, call), on)
    return Taken.NOBODYS if event.agents and person is None else Taken.KEPT


def end_lost_calls(on: Occasion, limit: int) -> int:
    """Frees those whose call's end never came."""
    calls = on.work.of(Calls)
    overdue = calls.overdue(on.now, limit)
    for telephone in overdue:
        call = calls.marked(telephone.call)
        _free(telephone, replace(telephone, until=None), call, on.now, on)
    return len(overdue)


def listen_for_silence(on: Occasion, _limit: int) -> int:
    """Where a telephone system told nothing for ten minutes while people work, nobody counts as on
    the telephone any more. Answers in how many workspaces that began."""
    calls = on.work.of(Calls)
    silent = [
        workspace
        for workspace in calls.unheard(on.now - QUIET_FOR)
        if _anybody_works(workspace, on)
    ]
    for workspace in silent:
        calls.fell_silent(workspace, on.now)
    return len(silent)


def _is_new(event: CallEvent, delivery: str, on: Occasion) -> bool:
    delivery = on.work.of(Calls).mark(event.source, delivery)
    return on.work.deliveries.is_new(_DELIVERIES, delivery, on.now)


def _is_told_by_another(event: CallEvent, person: Person | None, on: Occasion) -> bool:
    if person is None or not event.kind.talks:
        return False
    calls = on.work.of(Calls)
    telephone = calls.telephone(person.id)
    if telephone is None or not may_be_told_by_another(telephone, event):
        return False
    return is_told_by_another(telephone, calls.caller_in(telephone.call), event)


def _objects(event: CallEvent, on: Occasion) -> bool:
    return event.caller is not None and on.work.of(Objections).stands(event.caller)


def _what_may_be_kept(event: CallEvent, *, objects: bool) -> CallEvent:
    """The event without what tells who the caller is; of whoever objects, nothing."""
    if objects:
        return replace(event, caller=None, history=(), history_url="", case="")
    return replace(
        event,
        history=tuple(
            replace(
                one,
                channel=hidden(one.channel)[0],
                topic=hidden(one.topic)[0],
                outcome=hidden(one.outcome)[0],
            )
            for one in event.history
        ),
    )


def _topic(event: CallEvent, person: Person | None, on: Occasion) -> str | None:
    """The topic that the queue is for, where it is called like one."""
    if person is None or not event.queue:
        return None
    topics = topics_of(on.work.settings, person.workspace)
    topic, _ = topic_in(event.queue, topics, on.services.words)
    return topic.id if topic is not None else None


def _keep_details(event: CallEvent, call: Call, on: Occasion, *, is_new: bool) -> None:
    calls = on.work.of(Calls)
    hours = CALL_RULES.of(on.work.settings, call.workspace).hours
    if call.ended_at is not None and not call.talks:
        until = call.ended_at + DETAILS_LAST
    else:
        until = (call.talked_at or call.began_at) + timedelta(hours=hours) + DETAILS_LAST
    kept = Details() if is_new else calls.details(call.id)
    with_event = kept.with_(event)
    if with_event != kept:
        calls.keep_details(call.id, with_event, until)
    elif kept != Details():
        calls.details_end(call.id, until)


def _follow(
    event: CallEvent, person: Person | None, calls: tuple[Call | None, Call], on: Occasion
) -> None:
    """What it means for the telephones of whoever has the call now, and had it before."""
    before, call = calls
    had_it = before.agent if before is not None else None
    if had_it is not None and (person is None or person.id != had_it):
        telephone = on.work.of(Calls).telephone(had_it)
        if telephone is not None:
            _change(telephone, still(telephone, call), event, call, on)
    if person is None:
        return
    telephone = on.work.of(Calls).telephone(person.id)
    was_on = telephone is not None and telephone.until is not None
    if event.kind.talks:
        _answer(event, person, call, telephone, on)
    elif event.kind is Happened.ENDED:
        if telephone is not None:
            _change(telephone, still(telephone, call), event, call, on)
        if not was_on and (before is None or before.ended_at is None):
            # Nobody told that they answered it: that it is over is worth knowing all the same.
            on.work.of(Calls).by_hand_over(person.id, min(event.at, on.now))
            on.work.of(Calls).freed(person.id, min(event.at, on.now))
            on.tell(TelephoneEnded(person, call.id, call.began_at, event.at))


def _answer(
    event: CallEvent, person: Person, call: Call, before: Telephone | None, on: Occasion
) -> None:
    hours = CALL_RULES.of(on.work.settings, person.workspace).hours
    now = rung(before, call, event, person, timedelta(hours=hours))
    if now.until is not None and now.until <= on.now:
        now = replace(now, until=None)  # it comes so late that it tells of nothing any more
    if now == before:
        return
    if before is not None:
        _change(before, now, event, call, on)
    else:
        on.work.of(Calls).put_telephone(now)
    was_on_it = before is not None and before.until is not None and before.call == now.call
    if now.until is not None and not was_on_it:
        on.work.of(Calls).by_hand_over(person.id, min(now.at, on.now))
        on.tell(Engaged((person.id,)))
        on.tell(TelephoneAnswered(person, call.id, now.at))


def _change(before: Telephone, now: Telephone, event: CallEvent, call: Call, on: Occasion) -> None:
    """`call`: the event's."""
    if now == before:
        return
    is_over = before.until is not None and (now.until is None or now.call != before.call)
    if is_over:
        was_in = call if before.call == call.mark else on.work.of(Calls).marked(before.call)
        _free(before, now, was_in, event.at, on)
    else:
        on.work.of(Calls).put_telephone(now)


def _free(before: Telephone, now: Telephone, call: Call | None, at: datetime, on: Occasion) -> None:
    """Whoever was on the telephone is not in that call any more."""
    calls = on.work.of(Calls)
    calls.put_telephone(now)
    calls.by_hand_over(before.person, min(at, on.now))
    calls.freed(before.person, min(at, on.now))
    person = on.work.people.get(before.person)
    if person is not None and call is not None:
        on.tell(TelephoneEnded(person, call.id, before.at, at))


def _anybody_works(workspace: str, on: Occasion) -> bool:
    is_free = free_days(on.work.settings, workspace, on.services.calendar)
    known = on.work.of(Calls).with_telephones(workspace, _LOOKED_AT)
    return any(_works(person, on, is_free) for person in with_shifts(known, on.work, on.now))


def _works(person: Person, on: Occasion, is_free: IsFree) -> bool:
    hours, local = usual(person.hours), on.now.astimezone(ZoneInfo(person.zone))
    is_here = person.belongs and (person.away_until is None or person.away_until <= on.now)
    if not hours.by_week(local):
        return is_here and hours.cover(local)
    return is_here and hours.by_week_on(local, lambda day: not is_free(day))


TIMERS: tuple[Timer, ...] = (end_lost_calls,)
LOOKS: tuple[Timer, ...] = (listen_for_silence,)
