"""Meetings of teams, and who is in them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Row,
    String,
    Table,
    bindparam,
    delete,
    select,
)

from handlers.availability.meetings import TeamMeeting, TeamMeetings
from storage.mapping import Record
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
_MEETING = Record(TeamMeeting, team_meetings, besides=("people",))
_NOW = bindparam("now", type_=Instant)

# Everybody in any meeting now: few, and found by time.
WHO_MEET = (
    select(_P.person)
    .select_from(team_meetings)
    .join(team_meeting_people, _M.id == _P.meeting)
    .where(_M.starts_at <= _NOW, _M.ends_at > _NOW)
)
"""Who is in a meeting of their team at `now`."""

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
        row = _MEETING.load_row(self._connection, meeting)
        return None if row is None else self._read(row)

    def add(self, meeting: TeamMeeting) -> None:
        insert_rows(self._connection, team_meetings, [_MEETING.row(meeting)])
        each = [{"meeting": meeting.id, "person": one} for one in meeting.people]
        insert_rows(self._connection, team_meeting_people, each)

    def end(self, meeting: str) -> None:
        self._connection.execute(delete(team_meetings).where(_M.id == meeting))

    def ahead(self, person: str, now: datetime) -> Sequence[TeamMeeting]:
        rows = self._connection.execute(_AHEAD, {"of": person, "now": now}).all()
        return tuple(map(self._read, rows))

    def _read(self, row: Row[Any]) -> TeamMeeting:
        met = self._connection.scalars(_PEOPLE, {"of": row.id})
        return _MEETING.value(row, people=tuple(met))


@repository(TeamMeetings)
def team_meetings_of(work: SqlWork) -> SqlTeamMeetings:
    return SqlTeamMeetings(work.connection)
