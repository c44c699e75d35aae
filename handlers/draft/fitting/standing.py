"""Whether a draft still stands: its answers, its call and half an hour are not over."""

from handlers.common.current_call import CurrentCalls
from handlers.draft.fitting.model import Fitting
from handlers.draft.model import Answers
from handlers.library.entries import entry_of
from handlers.work import Occasion


def is_standing(one: Fitting, on: Occasion) -> bool:
    """Whether it may be looked at, sent and copied."""
    return on.now < one.ends_at and _goes_on(one, on) and _are_the_same(one, on)


def _goes_on(one: Fitting, on: Occasion) -> bool:
    if one.call is None:
        return True
    call = on.work.of(CurrentCalls).get(one.call)
    return call is not None and call.ended_at is None and call.agent == one.person


def _are_the_same(one: Fitting, on: Occasion) -> bool:
    version = on.work.of(Answers).current(one.workspace, on.now)
    for source in one.sources:
        entry = entry_of(version.content, source.answer)
        if entry is None or entry.version != source.version:
            return False
    return True
