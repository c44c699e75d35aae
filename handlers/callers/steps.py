"""What happens by itself: calls begin and end, and promises come due."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from handlers.callers.lookups import call_lately
from handlers.callers.model import CALLER, DUE, Callers, Ending, due_key, told
from handlers.common.current_call import CurrentCalls
from handlers.common.known_issues import KNOWN_ISSUES
from handlers.common.objections import Objections
from handlers.kit.facts import (
    CallEnded,
    CallGoesOn,
    SettingChanged,
    TelephoneAnswered,
    TelephoneEnded,
)
from handlers.kit.feature import Timer
from handlers.kit.notices import Notice
from handlers.work import Occasion

_SEE_WHAT_IS_SAID = 200
"""Calls whose agents see at once what everybody says from now on."""

_STILL_ITS_CALL = timedelta(minutes=15)
"""Who says that they ended a call means one that was over so lately."""


def answered(fact: TelephoneAnswered, on: Occasion) -> None:
    """One private card for whoever answers, if there is anything to say of the number."""
    call = on.work.of(CurrentCalls).get(fact.call)
    if call is not None and call.caller is not None:
        notice = Notice(CALLER, call.id, (fact.person.id,), on.now)
        on.work.outbox.add(call.workspace, notice)


def ended(fact: TelephoneEnded, on: Occasion) -> None:
    """What was shown of the caller goes off the card."""
    on.work.outbox.refresh(fact.person.workspace, CALLER, fact.call, on.now)
    on.work.outbox.let_go(fact.person.workspace, fact.call, on.now)


def setting_changed(fact: SettingChanged, on: Occasion) -> None:
    """What everybody says about a topic stands on the cards of callers, as long as it holds."""
    if fact.section == KNOWN_ISSUES.title:
        for call in on.work.of(CurrentCalls).going_on(fact.workspace, on.now, _SEE_WHAT_IS_SAID):
            on.work.outbox.refresh(fact.workspace, CALLER, call, on.now)


def ended_within_policy(fact: CallEnded, on: Occasion) -> None:
    """The next agent who has this number knows which step was reached."""
    if not fact.boundary:
        return
    call = call_lately(fact.person.id, _STILL_ITS_CALL, on)
    if call is None or call.caller is None or on.work.of(Objections).stands(call.caller):
        return
    pseudonym = call.caller.remembering[0]
    on.work.of(Callers).put_ending(
        Ending(fact.call, call.workspace, pseudonym, on.now, dict(fact.boundary), fact.step)
    )


def goes_on(fact: CallGoesOn, on: Occasion) -> None:
    """It was not ended after all."""
    on.work.of(Callers).drop_ending(fact.call)


def tell_promises(on: Occasion, limit: int) -> int:
    """One normal message a day about what somebody promised for tomorrow, or did not keep."""
    due = on.work.of(Callers).due(on.now, limit)
    people = on.work.people.many([one.promiser for one in due])
    for one in due:
        person = people.get(one.promiser)
        zone = person.zone if person is not None else "UTC"
        on.work.of(Callers).put_promise(told(one, zone, on.now))
        if person is not None and person.belongs:
            today = on.now.astimezone(ZoneInfo(zone)).date()
            notice = Notice(DUE, due_key(person.id, today), (person.id,), on.now)
            on.work.outbox.add(one.workspace, notice)
            on.work.outbox.refresh(one.workspace, DUE, due_key(person.id, today), on.now)
    return len(due)


def shorten_memory(on: Occasion, _limit: int) -> int:
    """Deletes what a workspace keeps shorter than the tables do."""
    return on.work.of(Callers).shorten(on.now)


TIMERS: tuple[Timer, ...] = (tell_promises,)
LOOKS: tuple[Timer, ...] = (shorten_memory,)
