"""Groups in numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, case, func, select

from handlers.supervision.cycles.model import CycleState
from handlers.supervision.groups.model import Summaries, Summary
from handlers.supervision.members.model import Standing
from handlers.supervision.sessions.model import Attendance, SessionState
from storage.supervision.cycles import cycles
from storage.supervision.groups import members
from storage.supervision.sessions import seats, sessions
from storage.work import SqlWork, repository


class SqlSummaries:
    """`handlers.supervision.groups.model.Summaries` over a connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, groups: Sequence[str], now: datetime) -> Mapping[str, Summary]:
        if not groups:
            return {}
        found = {group: Summary() for group in groups}
        standing = select(members.c.group, members.c.state, func.count().label("people"))
        for row in self._connection.execute(
            standing.where(members.c.group.in_(groups), members.c.state != Standing.LEFT).group_by(
                members.c.group, members.c.state
            )
        ):
            found[row.group] = replace(found[row.group], **{row.state: row.people})
        for row in self._connection.execute(
            select(sessions.c.group, func.min(sessions.c.starts_at).label("next_at"))
            .where(
                sessions.c.group.in_(groups),
                sessions.c.ends_at > now,
                sessions.c.state == SessionState.PLANNED,
            )
            .group_by(sessions.c.group)
        ):
            found[row.group] = replace(found[row.group], next_at=row.next_at)
        there = seats.c.attendance == Attendance.ATTENDED
        for row in self._connection.execute(
            select(
                sessions.c.group,
                func.sum(case((there, 1), else_=0)).label("came"),
                func.count().label("held"),
            )
            .join(cycles, cycles.c.id == sessions.c.cycle)
            .join(seats, seats.c.session == sessions.c.id)
            .where(
                sessions.c.group.in_(groups),
                cycles.c.state == CycleState.RUNNING,
                sessions.c.state == SessionState.PLANNED,
                sessions.c.ends_at <= now,
            )
            .group_by(sessions.c.group)
        ):
            found[row.group] = replace(found[row.group], came=row.came, held=row.held)
        return found


@repository(Summaries)
def summaries_of(work: SqlWork) -> SqlSummaries:
    return SqlSummaries(work.connection)
