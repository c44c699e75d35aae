"""A caller is erased: because they objected, or by whoever looks after Plecs."""

from datetime import datetime

from handlers.callers.model import CALLER, Callers
from handlers.kit.callers import Caller
from handlers.work import Work


def erase(caller: Caller, work: Work, now: datetime, *, objects: bool) -> int:
    """Erases all that is kept of the caller, off the cards as well; who `objects`, of them nothing
    is kept from now on. Answers how many rows that were."""
    kept = work.of(Callers)
    calls = kept.calls_of(caller)
    rows = kept.forget(caller)
    if objects:
        kept.object(caller, [call for call, _ in calls], now)
    for call, workspace in calls:
        work.outbox.refresh(workspace, CALLER, call, now)
    return rows
