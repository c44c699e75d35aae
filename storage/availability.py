"""Who is free, as the features' rows tell it together. It keeps nothing of its own."""

from collections.abc import Sequence
from datetime import datetime

from handlers.availability.engaged import Availability, OnBreak
from handlers.boundaries.model import Policies
from handlers.breaks.model import Breaks
from handlers.escalation.model import Cases
from handlers.supervision.sessions.model import Seats
from handlers.vents.model import Vents
from storage.work import SqlWork, repository


class SqlAvailability:
    """`handlers.availability.engaged.Availability` over the features' repositories."""

    def __init__(self, work: SqlWork) -> None:
        self._work = work

    def engaged(self, people: Sequence[str], now: datetime) -> frozenset[str]:
        of = self._work.of
        return frozenset(people).intersection(
            of(Cases).busy(people)
            | of(Vents).talking(people)
            | of(Breaks).on_break(people, now)
            | of(Seats).in_session(people, now)
        )

    def in_call(self, person: str) -> bool:
        return bool(self._work.of(Cases).busy((person,)))

    def break_of(self, person: str, now: datetime) -> OnBreak | None:
        one = self._work.of(Breaks).live_of(person)
        if one is None or one.ends_at is None or not one.is_on(now):
            return None
        return OnBreak(one.until, one.ends_at)

    def ended_call_at(self, person: str) -> datetime | None:
        newest = next(iter(self._work.of(Policies).receipts(person, 1)), None)
        return newest.ended_at if newest is not None else None


@repository(Availability)
def availability_of(work: SqlWork) -> SqlAvailability:
    return SqlAvailability(work)
