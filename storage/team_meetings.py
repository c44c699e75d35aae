"""Meetings of teams, and who is in them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Select,
    String,
    Table,
    bindparam,
    delete,
    select,
)

from handlers.availability.meetings import TeamMeeting, TeamMeetings
from storage.people.tables import people
from storage.schema import (
    ID,
    STATED,
    Instant,
    Retention,
    insert_rows,
    metadata,
    person_column,
)
from storage.work import SqlWork, repository

team_meetings: Table = Table(
    "team_meetings",
    metadata,
    Column("id", String(32), primary_key=True, info=ID),
    Column("workspace", String(80), nullable=False, info=ID),
    person_column("caller", ForeignKey(people.c.id, ondelete="CASCADE"), nullable=False),
    Column("starts_at", Instant, nullable=False, index=True, info=STATED),
    Column("ends_at", Instant, nullable=False, index=True, info=STATED),
    info={
        "retention": Retention(
            why="Until it is over; with whoever called it.",
            ended=lambda now: team_meetings.c.ends_at < now,
        )
    },
)
team_meeting_people: Table = Table(
    "team_meeting_people",
    metadata,
    Column("meeting", ForeignKey(team_meetings.c.id, ondelete="CASCADE"), primary_key=True),
    person_column(
        "person", ForeignKey(people.c.id, ondelete="CASCADE"), primary_key=True, index=True
    ),
    info={"retention": Retention(why="Until the meeting is over.")},
)
_M, _P = team_meetings.c, team_meeting_people.c
_NOW = bindparam("now", type_=Instant)

# Everybody in any meeting now: few, and found by time.
WHO_MEET = (
    select(_P.person)
    .select_from(team_meetings)
    .join(team_meeting_people, _M.id == _P.meeting)
    .where(_M.starts_at <= _NOW, _M.ends_at > _NOW)
)
"""Who is in a meeting of their team at `now`."""

_ONE = select(team_meetings).where(_M.id == bindparam("of"))
_PEOPLE = select(_P.person).where(_P.meeting == bindparam("of")).order_by(_P.person)
_AHEAD = (
    select(team_meetings)
    .join(team_meeting_people, _M.id == _P.meeting)
    .where(_P.person == bindparam("of"), _M.ends_at > _NOW)
    .order_by(_M.starts_at, _M.id)
)


class SqlTeamMeetings:
    """`handlers.availability.meetings.TeamMeetings` over a connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, meeting: str) -> TeamMeeting | None:
        return next(iter(self._read(_ONE, {"of": meeting})), None)

    def add(self, meeting: TeamMeeting) -> None:
        row = {
            "id": meeting.id,
            "workspace": meeting.workspace,
            "caller": meeting.caller,
            "starts_at": meeting.starts_at,
            "ends_at": meeting.ends_at,
        }
        insert_rows(self._connection, team_meetings, [row])
        each = [{"meeting": meeting.id, "person": one} for one in meeting.people]
        insert_rows(self._connection, team_meeting_people, each)

    def end(self, meeting: str) -> None:
        self._connection.execute(delete(team_meetings).where(_M.id == meeting))

    def ahead(self, person: str, now: datetime) -> Sequence[TeamMeeting]:
        return self._read(_AHEAD, {"of": person, "now": now})

    def _read(self, statement: Select[Any], asked: dict[str, object]) -> Sequence[TeamMeeting]:
        rows = self._connection.execute(statement, asked).all()
        return tuple(
            TeamMeeting(
                row.id,
                row.workspace,
                row.caller,
                row.starts_at,
                row.ends_at,
                tuple(self._connection.scalars(_PEOPLE, {"of": row.id})),
            )
            for row in rows
        )


@repository(TeamMeetings)
def team_meetings_of(work: SqlWork) -> SqlTeamMeetings:
    return SqlTeamMeetings(work.connection)
