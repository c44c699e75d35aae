"""By which ways of sending the platforms take nothing for now."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, update

from handlers.kit.delivery import Pace, Refusal
from handlers.kit.notices import Lane, Priority
from handlers.kit.people import Place
from storage.effects import Effects
from storage.outbox.table import outbox
from storage.pace import TRIED_EVERY, SqlPaces, lane_budget
from storage.schema import Instant

# Whatever else they wait for they are put off for again.
_LEAVE = (
    update(outbox)
    .where(
        outbox.c.priority == int(Priority.URGENT),
        outbox.c.due > bindparam("now", type_=Instant),
        outbox.c.due <= bindparam("soon", type_=Instant),
        outbox.c.first_due <= bindparam("now", type_=Instant),
        outbox.c.lease_until.is_(None),
    )
    .values(due=bindparam("now", type_=Instant))
)


class SqlLanes:
    """`handlers.kit.delivery.Lanes` over a connection."""

    def __init__(self, connection: Connection, effects: Effects) -> None:
        self._connection = connection
        self._effects = effects
        self._paces = SqlPaces(connection)
        self._are_open = False

    def read(self, *, are_open: bool) -> None:
        """It was read along with a caller whether none is refused."""
        self._are_open = are_open

    def hold(self, place: Place, lane: Lane, until: datetime, pace: Pace, now: datetime) -> None:
        self._paces.hold(lane_budget(place, lane, pace), until, now)

    def refuse(self, place: Place, lane: Lane, word: str, pace: Pace, now: datetime) -> None:
        self._are_open = False
        self._paces.close_lane(lane_budget(place, lane, pace), word, now)

    def opened(self, place: Place, lane: Lane, pace: Pace, now: datetime) -> None:
        self._paces.open_lane(lane_budget(place, lane, pace))
        self.untried(now)

    def untried(self, now: datetime) -> None:
        self._connection.execute(_LEAVE, {"now": now, "soon": now + TRIED_EVERY})
        self._effects.send_at(now)

    def refused(self) -> tuple[Refusal, ...]:
        return () if self._are_open else self._paces.refusals()
