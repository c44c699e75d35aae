"""When people are on duty, and whose turn it is to be asked."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    CompoundSelect,
    Connection,
    Row,
    Select,
    bindparam,
    func,
    select,
    type_coerce,
    union_all,
    update,
)

from handlers.kit.people import Duty, Role
from handlers.kit.told import hours_or_always, zone_or_usual
from storage.people.tables import ROLE_COLUMNS, people
from storage.schema import Instant

DUTY_COLUMNS = (
    people.c.zone,
    people.c.hours,
    people.c.away_until,
    people.c.quiet_from,
    people.c.quiet_until,
)

_DUTY = select(
    people.c.id,
    people.c.zone,
    people.c.hours,
    people.c.away_until,
    people.c.quiet_from,
    people.c.quiet_until,
    type_coerce(people.c.asked_at, BigInteger).label("asked_at"),
).where(people.c.workspace == bindparam("workspace"), people.c.active, people.c.helps)


def _helpers(*of_whom: Sequence[ColumnElement[bool]]) -> Select[Any] | CompoundSelect[Any]:
    """A page of those for whom one of the conditions holds. Each is read in the order of an index
    made for it, no further than `reach`."""
    first_asked = people.c.asked_at.asc().nulls_first(), people.c.id
    each = [
        _DUTY.where(*conditions).order_by(*first_asked).limit(bindparam("reach")).subquery()
        for conditions in of_whom
    ]
    every = union_all(*(select(one) for one in each)) if len(each) > 1 else select(each[0])
    columns = every.selected_columns
    return (
        every.order_by(columns["asked_at"].asc().nulls_first(), columns["id"])
        .limit(bindparam("limit"))
        .offset(bindparam("skip"))
    )


_HELPERS = _helpers(())
_HELPERS_BY_ROLE = {role: _helpers((column,)) for role, column in ROLE_COLUMNS.items()}
_HELPERS_BY_TOPIC = _helpers(
    *((column == bindparam("topic"),) for column in (people.c.topic_1, people.c.topic_2))
)
_MARK_ASKED = (
    update(people)
    .where(people.c.id.in_(bindparam("ids", expanding=True)))
    .values(asked_at=bindparam("now", type_=Instant))
)
_CREWS = (
    select(*DUTY_COLUMNS, func.count().label("people"))
    .where(
        people.c.workspace == bindparam("workspace"),
        people.c.manager == bindparam("manager"),
        people.c.active,
        people.c.supervisor.is_(False),
    )
    .group_by(*DUTY_COLUMNS)
)


class SqlDuty:
    """`handlers.kit.ports.DutyRoster` over a connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def helpers(
        self,
        workspace: str,
        *,
        topic: str | None = None,
        role: Role | None = None,
        skip: int = 0,
        limit: int = 50,
    ) -> Mapping[str, Duty]:
        values = {"workspace": workspace, "skip": skip, "limit": limit, "reach": skip + limit}
        if topic is not None:
            rows = self._connection.execute(_HELPERS_BY_TOPIC, {**values, "topic": topic})
        else:
            statement = _HELPERS if role is None else _HELPERS_BY_ROLE[role]
            rows = self._connection.execute(statement, values)
        return {row.id: duty_of(row) for row in rows}

    def mark_asked(self, people: Sequence[str], now: datetime) -> None:
        if people:
            self._connection.execute(_MARK_ASKED, {"ids": list(people), "now": now})

    def crews(self, workspace: str, manager: str) -> tuple[tuple[Duty, int], ...]:
        """When the active people who have this manager and are no supervisors are on duty, and
        how many of them at the same times."""
        rows = self._connection.execute(_CREWS, {"workspace": workspace, "manager": manager})
        return tuple((duty_of(row), row.people) for row in rows)


def duty_of(row: Row[*tuple[Any, ...]]) -> Duty:
    """The duty that a row with DUTY_COLUMNS tells of."""
    return Duty(
        zone_or_usual(row.zone),
        hours_or_always(row.hours),
        row.away_until,
        row.quiet_from,
        row.quiet_until,
    )
