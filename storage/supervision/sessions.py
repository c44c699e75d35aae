"""Sessions, who has a seat in them, and the diaries of those who are booked."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    and_,
    bindparam,
    delete,
    func,
    literal_column,
    select,
)

from handlers.supervision.sessions.model import (
    Attendance,
    Seats,
    Session,
    Sessions,
    SessionSeat,
    SessionState,
)
from storage.mapping import WALL, ZONE, Record
from storage.people.tables import people
from storage.schema import (
    CODE,
    HAPPENED,
    ID,
    NAME,
    STATED,
    WORDS,
    Instant,
    Retention,
    metadata,
    person_column,
    put_all,
)
from storage.supervision.cycles import cycles
from storage.supervision.groups import groups, is_open
from storage.work import SqlWork, repository

_A_YEAR = timedelta(days=366)
_A_DAY = timedelta(days=1)

sessions: Table = Table(
    "supervision_sessions",
    metadata,
    Column("id", String(32), primary_key=True, info=ID),
    Column("cycle", ForeignKey(cycles.c.id, ondelete="CASCADE"), nullable=False, index=True),
    Column("group", ForeignKey(groups.c.id, ondelete="CASCADE"), nullable=False),
    Column("workspace", String(80), nullable=False, info=ID),
    Column("number", Integer, nullable=False),
    Column("wall", String(16), nullable=False, info=CODE),
    Column("zone", String(64), nullable=False, info=CODE),
    Column("starts_at", Instant, nullable=False, index=True, info=STATED),
    Column("ends_at", Instant, nullable=False, info=STATED),
    Column("changed_at", Instant, nullable=False, info=HAPPENED),
    Column("sequence", Integer, nullable=False),
    Column("state", String(16), nullable=False, info=CODE),
    Column("reason", Text, nullable=False, info=WORDS),
    Column("place", Text, nullable=False, info=NAME),
    Index("ix_supervision_sessions_group", "group", "starts_at"),
    info={
        "retention": Retention(
            why="A year after it, for calendars and the group's own counts.",
            ended=lambda now: sessions.c.ends_at < now - _A_YEAR,
        )
    },
)


seats = Table(
    "supervision_seats",
    metadata,
    Column("session", ForeignKey(sessions.c.id, ondelete="CASCADE"), primary_key=True),
    person_column("person", ForeignKey(people.c.id, ondelete="CASCADE"), primary_key=True),
    Column("attendance", String(16), nullable=False, info=CODE),
    Column("part", String(16), nullable=False, info=CODE),
    Index("ix_supervision_seats_person", "person", "session"),
    info={"retention": Retention(why="As long as the session: turns go around.")},
)


_COME = (Attendance.COMING, Attendance.LATE, Attendance.ATTENDED)
SITS = and_(
    sessions.c.state == SessionState.PLANNED,
    seats.c.attendance.in_([literal_column(f"'{attendance}'") for attendance in _COME]),
)
"""Who said that they come to a session that takes place."""


LONGEST_SESSION = timedelta(hours=3)
"""Longer than any session: how far back those that still go on are looked for."""


# Everybody in any session now: few, and found by time. By person it would look through all that
# each of them ever sat in.
WHO_SIT = (
    select(seats.c.person)
    .select_from(sessions)
    .join(seats, sessions.c.id == seats.c.session)
    .where(
        SITS,
        sessions.c.starts_at <= bindparam("now", type_=Instant),
        sessions.c.starts_at > bindparam("since", type_=Instant),
        sessions.c.ends_at > bindparam("now", type_=Instant),
    )
)
"""Who sits in a session at `now`: those who said that they come. `since`: LONGEST_SESSION ago."""

_BY_TIME = sessions.c.starts_at, sessions.c.id


SESSION = Record(Session, sessions, as_={"zone": ZONE, "wall": WALL})
SEAT = Record(SessionSeat, seats)


class SqlSessions:
    """`handlers.supervision.sessions.model.Sessions` over a connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, session: str) -> Session | None:
        return SESSION.load(self._connection, session)

    def of_cycle(self, cycle: str) -> tuple[Session, ...]:
        rows = self._connection.execute(
            select(sessions).where(sessions.c.cycle == cycle).order_by(*_BY_TIME)
        )
        return tuple(SESSION.value(row) for row in rows)

    def coming(self, groups: Sequence[str], now: datetime, until: datetime) -> tuple[Session, ...]:
        rows = self._connection.execute(
            select(sessions)
            .where(
                sessions.c.group.in_(groups),
                sessions.c.starts_at > now - _A_DAY,  # none is longer: the index ends here
                sessions.c.ends_at > now,
                sessions.c.starts_at < until,
            )
            .order_by(*_BY_TIME)
        )
        return tuple(SESSION.value(row) for row in rows)

    def of_person(self, person: str, start: datetime, end: datetime) -> tuple[Session, ...]:
        rows = self._connection.execute(
            select(sessions)
            .join(seats, seats.c.session == sessions.c.id)
            .where(seats.c.person == person, sessions.c.ends_at > start, sessions.c.starts_at < end)
            .order_by(*_BY_TIME)
        )
        return tuple(SESSION.value(row) for row in rows)

    def between(self, workspace: str, start: datetime, end: datetime) -> tuple[Session, ...]:
        rows = self._connection.execute(
            select(sessions)
            .join(groups, groups.c.id == sessions.c.group)
            .where(
                sessions.c.workspace == workspace,
                sessions.c.starts_at > start - _A_DAY,  # none is longer: the index ends here
                sessions.c.ends_at > start,
                sessions.c.starts_at < end,
                is_open,
            )
            .order_by(*_BY_TIME)
        )
        return tuple(SESSION.value(row) for row in rows)

    def planned_between(self, workspace: str, start: datetime, end: datetime) -> int:
        count: int = self._connection.execute(
            select(func.count())
            .select_from(sessions)
            .join(groups, groups.c.id == sessions.c.group)
            .where(
                sessions.c.workspace == workspace,
                sessions.c.starts_at >= start,
                sessions.c.starts_at < end,
                sessions.c.state == SessionState.PLANNED,
                is_open,
            )
        ).scalar_one()
        return count

    def put(self, sessions_: Sequence[Session]) -> None:
        put_all(self._connection, sessions, [SESSION.row(one) for one in sessions_])

    def remove(self, sessions_: Sequence[str]) -> None:
        self._connection.execute(delete(sessions).where(sessions.c.id.in_(sessions_)))


@repository(Sessions)
def sessions_of(work: SqlWork) -> SqlSessions:
    return SqlSessions(work.connection)


class SqlSeats:
    """`handlers.supervision.sessions.model.Seats` over a connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, sessions: Sequence[str]) -> tuple[SessionSeat, ...]:
        rows = self._connection.execute(
            select(seats)
            .where(seats.c.session.in_(sessions))
            .order_by(seats.c.session, seats.c.person)
        )
        return tuple(SEAT.value(row) for row in rows)

    def put(self, seats_: Sequence[SessionSeat]) -> None:
        put_all(self._connection, seats, [SEAT.row(seat) for seat in seats_])

    def remove(self, person: str, sessions: Sequence[str]) -> None:
        self._connection.execute(
            delete(seats).where(seats.c.person == person, seats.c.session.in_(sessions))
        )

    def in_session(self, people: Sequence[str], now: datetime) -> frozenset[str]:
        if not people:
            return frozenset()
        values = {"now": now, "since": now - LONGEST_SESSION}
        return frozenset(people).intersection(self._connection.scalars(WHO_SIT, values))

    def attendances(
        self, workspace: str, start: datetime, end: datetime
    ) -> Mapping[str, Mapping[Attendance, int]]:
        found: dict[str, dict[Attendance, int]] = {}
        for row in self._connection.execute(
            select(seats.c.session, seats.c.attendance, func.count().label("people"))
            .join(sessions, sessions.c.id == seats.c.session)
            .where(
                sessions.c.workspace == workspace,
                sessions.c.starts_at >= start,
                sessions.c.starts_at < end,
            )
            .group_by(seats.c.session, seats.c.attendance)
        ):
            found.setdefault(row.session, {})[Attendance(row.attendance)] = row.people
        return found


@repository(Seats)
def seats_of(work: SqlWork) -> SqlSeats:
    return SqlSeats(work.connection)


def session_key() -> Column[str]:
    return Column("session", ForeignKey(sessions.c.id, ondelete="CASCADE"), primary_key=True)


def person_key() -> Column[str]:
    return person_column("person", ForeignKey(people.c.id, ondelete="CASCADE"), primary_key=True)
