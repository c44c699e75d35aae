"""When people are on duty, and whose turn it is to be asked."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, update

from handlers.kit.people import Duty
from handlers.kit.told import hours_or_always, zone_or_usual
from storage.people.tables import people
from storage.schema import Instant

DUTY_COLUMNS = (
    people.c.zone,
    people.c.hours,
    people.c.away_until,
    people.c.quiet_from,
    people.c.quiet_until,
)

_ASKED = people.alias("asked")
# Whoever is being changed by another is passed over: they were asked just now, most of the time,
# and nobody's hand waits to keep whose turn it is.
_MARK_ASKED = (
    update(people)
    .where(
        people.c.id.in_(
            select(_ASKED.c.id)
            .where(_ASKED.c.id.in_(bindparam("ids", expanding=True)))
            .with_for_update(skip_locked=True, key_share=True)
        )
    )
    .values(asked_at=bindparam("now", type_=Instant))
)


class SqlDuty:
    """`handlers.kit.ports.DutyRoster` over a connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def mark_asked(self, people: Sequence[str], now: datetime) -> None:
        if people:
            self._connection.execute(_MARK_ASKED, {"ids": list(people), "now": now})


def duty_of(row: Row[*tuple[Any, ...]]) -> Duty:
    """The duty that a row with DUTY_COLUMNS tells of."""
    return Duty(
        zone_or_usual(row.zone),
        hours_or_always(row.hours),
        row.away_until,
        row.quiet_from,
        row.quiet_until,
    )
