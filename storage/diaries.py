"""The diaries of those who are booked, as the features' rows tell them together."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    ForeignKey,
    Select,
    Table,
    bindparam,
    literal,
    select,
    union_all,
)

from handlers.availability.diaries import Booked, BookingKind, Diaries
from handlers.learning.model import DateState
from handlers.supervision.sessions.model import SessionState
from storage import learning
from storage.people.tables import people
from storage.schema import Instant, Retention, insert_new, metadata, person_column
from storage.supervision import sessions
from storage.work import SqlWork, repository

diaries = Table(
    "diaries",
    metadata,
    person_column("person", ForeignKey(people.c.id, ondelete="CASCADE"), primary_key=True),
    info={"retention": Retention(why="What those who book a person wait for each other at.")},
)


def _booked(
    kind: BookingKind, person: Column[Any], of: Column[Any], *takes_place: ColumnElement[bool]
) -> Select[Any]:
    """Who of the people is booked for which of these that takes place and touches the time
    between. `of`: the group or course whose it is, in the table of what they are booked for."""
    what = of.table.c
    return select(
        person.label("person"),
        literal(kind.value).label("kind"),
        what.id,
        of.label("of"),
        what.starts_at,
        what.ends_at,
    ).where(
        person.in_(bindparam("people", expanding=True)),
        *takes_place,
        what.ends_at > bindparam("start", type_=Instant),
        what.starts_at < bindparam("end", type_=Instant),
    )


_BOOKED = union_all(
    _booked(
        BookingKind.SESSION,
        sessions.seats.c.person,
        sessions.sessions.c.group,
        sessions.sessions.c.state == SessionState.PLANNED,
    ).join_from(sessions.sessions, sessions.seats),
    _booked(
        BookingKind.CLASS,
        learning.seats.c.person,
        learning.dates.c.course,
        learning.SITS_IN_CLASS,
    ).join_from(learning.dates, learning.seats),
    _booked(
        BookingKind.CLASS,
        learning.dates.c.trainer,
        learning.dates.c.course,
        learning.dates.c.state == DateState.PLANNED,
    ),
).order_by("starts_at", "id", "person")


class SqlDiaries:
    """`handlers.availability.diaries.Diaries` over a connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def hold(self, people: Sequence[str]) -> None:
        # In one order, so that two who hold the same people never wait for each other.
        ordered = sorted(set(people))
        insert_new(self._connection, diaries, [{"person": person} for person in ordered])
        self._connection.execute(
            select(diaries)
            .where(diaries.c.person.in_(ordered))
            .order_by(diaries.c.person)
            .with_for_update()
        ).all()

    def booked(self, people: Sequence[str], start: datetime, end: datetime) -> tuple[Booked, ...]:
        asked = {"people": list(people), "start": start, "end": end}
        return tuple(
            Booked(row.person, BookingKind(row.kind), row.id, row.of, row.starts_at, row.ends_at)
            for row in self._connection.execute(_BOOKED, asked)
        )


@repository(Diaries)
def diaries_of(work: SqlWork) -> SqlDiaries:
    return SqlDiaries(work.connection)
