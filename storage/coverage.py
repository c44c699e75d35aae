"""What the people list tells of who will be on duty."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, or_, select

from handlers.availability.shifts import Shifts, days_around
from handlers.escalation.coverage import Coverage, Pattern
from handlers.kit.people import Kind
from handlers.kit.rota import UNPLANNED, Rota
from handlers.kit.told import hours_or_always, zone_or_usual
from storage.people.tables import people
from storage.schema import Instant
from storage.work import SqlWork, repository

_EACH = select(
    people.c.zone,
    people.c.hours,
    people.c.topic_1,
    people.c.topic_2,
    people.c.supervisor,
    people.c.helps,
).where(
    people.c.workspace == bindparam("of"),
    people.c.active,
    people.c.kind == Kind.MEMBER,
    or_(
        people.c.away_until.is_(None),
        people.c.away_until <= bindparam("by", type_=Instant),
    ),
)
_PATTERNS = _EACH.distinct()
_EACH_PERSON = _EACH.add_columns(people.c.id)
_COORDINATORS = select(people.c.id).where(people.c.coordinator, people.c.active)


class SqlCoverage:
    """`handlers.escalation.coverage.Coverage` over a connection."""

    def __init__(self, work: SqlWork) -> None:
        self._work = work

    def patterns(self, workspace: str, by: datetime) -> tuple[Pattern, ...]:
        rows = self._work.connection.execute(_PATTERNS, {"of": workspace, "by": by})
        return tuple(_pattern(row) for row in rows)

    def planned(self, workspace: str, by: datetime, until: datetime) -> tuple[Pattern, ...]:
        rows = self._work.connection.execute(_EACH_PERSON, {"of": workspace, "by": by}).all()
        days = days_around(by, until)
        rotas = self._work.of(Shifts).rotas([row.id for row in rows], *days)
        return tuple({_pattern(row, rotas.get(row.id, UNPLANNED)) for row in rows})

    def coordinators(self) -> tuple[str, ...]:
        return tuple(self._work.connection.scalars(_COORDINATORS))


def _pattern(row: Row[*tuple[Any, ...]], planned: Rota = UNPLANNED) -> Pattern:
    return Pattern(
        zone_or_usual(row.zone),
        replace(hours_or_always(row.hours), planned=planned),
        tuple(filter(None, (row.topic_1, row.topic_2))),
        row.supervisor,
        row.helps,
    )


@repository(Coverage)
def coverage_of(work: SqlWork) -> SqlCoverage:
    return SqlCoverage(work)
