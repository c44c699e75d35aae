"""What the people list tells of who will be on duty."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Row, bindparam, func, or_, select

from handlers.availability.shifts import Shifts, days_around
from handlers.escalation.coverage import Coverage, Pattern
from handlers.kit.rota import UNPLANNED, Rota
from handlers.kit.told import hours_or_always, zone_or_usual
from storage.people.tables import people
from storage.schema import Instant
from storage.work import SqlWork, repository

_PATTERN = people.c.zone, people.c.hours, people.c.topic_1, people.c.topic_2
_HELPS = people.c.supervisor, people.c.helps


def _there(them: FromClause) -> tuple[ColumnElement[bool], ...]:
    return them.c.workspace == bindparam("of"), them.c.active


def _is_back(them: FromClause) -> ColumnElement[bool]:
    away = them.c.away_until
    return or_(away.is_(None), away <= bindparam("by", type_=Instant))


_EACH_PERSON = select(*_PATTERN, *_HELPS, people.c.id).where(*_there(people), _is_back(people))

_first = select(func.min(people.c.pattern).label("pattern")).where(*_there(people))
_found = _first.cte("found", recursive=True)
_other = people.alias("other")
_next = select(func.min(_other.c.pattern)).where(
    *_there(_other), _other.c.pattern > _found.c.pattern
)
# From one pattern to the next by the index, past all who have it in common.
_FOUND = _found.union_all(
    select(_next.correlate(_found).scalar_subquery()).where(_found.c.pattern.is_not(None))
)
_one = people.alias("one")
_SOMEBODY = (
    select(_one.c.id)
    .where(*_there(_one), _one.c.pattern == _FOUND.c.pattern, _is_back(_one))
    .order_by(_one.c.away_until)  # as the index has them: PostgreSQL reads everybody else
    .limit(1)
    .correlate(_FOUND)
    .scalar_subquery()
)
_ONE_OF_EACH = select(_SOMEBODY).select_from(_FOUND).where(_FOUND.c.pattern.is_not(None))
_PATTERNS = select(*_PATTERN, *_HELPS).where(people.c.id.in_(bindparam("ids", expanding=True)))
_COORDINATORS = select(people.c.id).where(people.c.coordinator, people.c.active)


class SqlCoverage:
    """`handlers.escalation.coverage.Coverage` over a connection."""

    def __init__(self, work: SqlWork) -> None:
        self._work = work

    def patterns(self, workspace: str, by: datetime) -> tuple[Pattern, ...]:
        # In two statements: together PostgreSQL joins them to everybody.
        found = self._work.connection.scalars(_ONE_OF_EACH, {"of": workspace, "by": by})
        ids = [person for person in found if person is not None]
        rows = self._work.connection.execute(_PATTERNS, {"ids": ids}) if ids else ()
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
