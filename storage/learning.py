"""Courses as a library, their dates, and who has a seat."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import (
    Boolean,
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
    literal_column,
    select,
    union_all,
    update,
)

from handlers.learning.model import (
    COURSES,
    KEPT,
    LONGEST,
    Course,
    CourseDate,
    CourseDates,
    Courses,
    CourseSeat,
    CourseSeats,
    DateState,
    SeatState,
)
from storage.effects import Effects
from storage.library import Shelved, SqlLibrary
from storage.library_search import EntryIndex, described
from storage.mapping import WALL, ZONE, Record
from storage.people.tables import people
from storage.schema import (
    CODE,
    DUE,
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
    rows_due,
)
from storage.work import SqlWork, repository

_LONGEST = timedelta(minutes=LONGEST)

_SHELF = Shelved(
    COURSES,
    lambda courses: EntryIndex((one, described(one, one.purpose.values())) for one in courses),
)


@repository(Courses)
def courses_of(work: SqlWork) -> SqlLibrary[tuple[Course, ...]]:
    return SqlLibrary(work.connection, _SHELF)


dates: Table = Table(
    "learning_dates",
    metadata,
    Column("id", String(32), primary_key=True, info=ID),
    Column("workspace", String(80), nullable=False, info=ID),
    Column("course", String(40), nullable=False, info=ID),
    Column("wall", String(16), nullable=False, info=CODE),
    Column("zone", String(64), nullable=False, info=CODE),
    Column("starts_at", Instant, nullable=False, index=True, info=STATED),
    Column("ends_at", Instant, nullable=False, index=True, info=STATED),
    Column("seats", Integer, nullable=False),
    Column("changed_at", Instant, nullable=False, info=HAPPENED),
    Column("place", Text, nullable=False, info=NAME),
    person_column("trainer", ForeignKey(people.c.id, ondelete="SET NULL")),
    Column("is_private", Boolean, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("state", String(16), nullable=False, info=CODE),
    Column("reason", Text, nullable=False, info=WORDS),
    Column("step_at", Instant, index=True, info=DUE),
    Index("ix_learning_dates_workspace", "workspace", "starts_at"),
    Index("ix_learning_dates_trainer", "trainer", "starts_at"),
    info={
        "retention": Retention(
            why="24 months after it. Who led it is forgotten when they are erased.",
            ended=lambda now: dates.c.ends_at < now - KEPT,
            erase=lambda person: (
                update(dates).where(dates.c.trainer == person).values(trainer=None),
            ),
        )
    },
)

seats: Table = Table(
    "learning_seats",
    metadata,
    Column("date", ForeignKey(dates.c.id, ondelete="CASCADE"), primary_key=True, info=ID),
    person_column("person", ForeignKey(people.c.id, ondelete="CASCADE"), primary_key=True),
    Column("state", String(16), nullable=False, info=CODE),
    Column("since", Instant, nullable=False, info=HAPPENED),
    Column("place", Integer, nullable=False),
    Column("until", Instant, info=DUE),
    Column("told", String(36), nullable=False, info=ID),
    Index("ix_learning_seats_person", "person", "date"),
    info={
        "retention": Retention(
            why="Who was there, and who was not: 24 months after it. Who waits: until they give it "
            "up, or twelve hours before it begins.",
        )
    },
)

_DATE = Record(CourseDate, dates, as_={"zone": ZONE, "wall": WALL})
_SEAT = Record(CourseSeat, seats)
_BY_TIME = dates.c.starts_at, dates.c.id

_THERE = (SeatState.TAKEN, SeatState.ATTENDED)
SITS_IN_CLASS = and_(
    dates.c.state == DateState.PLANNED,
    seats.c.state.in_([literal_column(f"'{state}'") for state in _THERE]),
)
"""Who has a seat in a class that takes place."""

_GOES_ON = (
    dates.c.starts_at <= bindparam("now", type_=Instant),
    dates.c.starts_at > bindparam("since_class", type_=Instant),
    dates.c.ends_at > bindparam("now", type_=Instant),
)
WHO_LEARN = union_all(
    select(seats.c.person)
    .select_from(dates)
    .join(seats, dates.c.id == seats.c.date)
    .where(SITS_IN_CLASS, *_GOES_ON),
    select(dates.c.trainer).where(
        dates.c.trainer.is_not(None), dates.c.state == DateState.PLANNED, *_GOES_ON
    ),
)
"""Who sits in a class at `now`, or leads it. `since_class`: `longest_ago`."""


def longest_ago(now: datetime) -> datetime:
    """How far back those are looked for that still go on."""
    return now - _LONGEST


class SqlCourseDates:
    """`handlers.learning.model.CourseDates` over a connection."""

    def __init__(self, connection: Connection, effects: Effects) -> None:
        self._connection = connection
        self._effects = effects

    def get(self, date: str) -> CourseDate | None:
        return _DATE.load(self._connection, date)

    def hold(self, date: str) -> CourseDate | None:
        return _DATE.load(self._connection, date, hold=True)

    def put(self, date: CourseDate) -> None:
        put_all(self._connection, dates, [_DATE.row(date)])
        self._effects.step_at(date.step_at)

    def coming(
        self, workspace: str, now: datetime, limit: int, *, course: str | None = None
    ) -> tuple[CourseDate, ...]:
        asked = (
            select(dates)
            .where(
                dates.c.workspace == workspace,
                dates.c.starts_at > now,
                dates.c.state == DateState.PLANNED,
                dates.c.is_private.is_(False),
            )
            .order_by(*_BY_TIME)
            .limit(limit)
        )
        if course is not None:
            asked = asked.where(dates.c.course == course)
        return tuple(map(_DATE.value, self._connection.execute(asked)))

    def of_person(
        self, person: str, start: datetime, end: datetime
    ) -> tuple[tuple[CourseDate, SeatState], ...]:
        rows = self._connection.execute(
            select(dates, seats.c.state.label("stands"))
            .join(seats, seats.c.date == dates.c.id)
            .where(seats.c.person == person, dates.c.ends_at > start, dates.c.starts_at < end)
            .order_by(*_BY_TIME)
        )
        return tuple((_DATE.value(row), SeatState(row.stands)) for row in rows)

    def led_by(self, person: str, start: datetime, end: datetime) -> tuple[CourseDate, ...]:
        rows = self._connection.execute(
            select(dates)
            .where(dates.c.trainer == person, dates.c.ends_at > start, dates.c.starts_at < end)
            .order_by(*_BY_TIME)
        )
        return tuple(map(_DATE.value, rows))

    def due(self, now: datetime, limit: int) -> tuple[CourseDate, ...]:
        rows = rows_due(self._connection, dates.c.step_at, now, limit)
        return tuple(map(_DATE.value, rows))


@repository(CourseDates)
def dates_of(work: SqlWork) -> SqlCourseDates:
    return SqlCourseDates(work.connection, work.effects)


class SqlCourseSeats:
    """`handlers.learning.model.CourseSeats` over a connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, dates_: Sequence[str]) -> tuple[CourseSeat, ...]:
        rows = self._connection.execute(
            select(seats)
            .where(seats.c.date.in_(dates_))
            .order_by(seats.c.date, seats.c.place, seats.c.person)
        )
        return tuple(map(_SEAT.value, rows))

    def put(self, seats_: Sequence[CourseSeat]) -> None:
        put_all(self._connection, seats, [_SEAT.row(seat) for seat in seats_])

    def remove(self, date: str, people: Sequence[str]) -> None:
        if people:
            self._connection.execute(
                delete(seats).where(seats.c.date == date, seats.c.person.in_(people))
            )

    def in_class(self, people: Sequence[str], now: datetime) -> frozenset[str]:
        if not people:
            return frozenset()
        values = {"now": now, "since_class": longest_ago(now)}
        return frozenset(people).intersection(self._connection.scalars(WHO_LEARN, values))


@repository(CourseSeats)
def seats_of(work: SqlWork) -> SqlCourseSeats:
    return SqlCourseSeats(work.connection)
