"""By which ways of sending the platforms take nothing for now."""

from datetime import datetime

from sqlalchemy import Connection

from handlers.kit.notices import Lane
from handlers.kit.people import Place
from handlers.kit.ports import Pace, Refusal
from storage.pace import SqlPaces, lane_budget


class SqlLanes:
    """`handlers.kit.ports.Lanes` over a connection."""

    def __init__(self, connection: Connection) -> None:
        self._paces = SqlPaces(connection)

    def hold(self, place: Place, lane: Lane, until: datetime, pace: Pace, now: datetime) -> None:
        self._paces.hold(lane_budget(place, lane, pace), until, now)

    def refuse(self, place: Place, lane: Lane, word: str, pace: Pace, now: datetime) -> None:
        self._paces.close_lane(lane_budget(place, lane, pace), word, now)

    def opened(self, place: Place, lane: Lane, pace: Pace) -> None:
        self._paces.open_lane(lane_budget(place, lane, pace))

    def refused(self) -> tuple[Refusal, ...]:
        return self._paces.refusals()
