"""What is learned without a class, and what people tried afterwards."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Index,
    String,
    Table,
    Text,
    and_,
    delete,
    or_,
    select,
)

from handlers.kit.unread import see_read
from handlers.learning.model import (
    KEPT,
    CourseRequest,
    CourseRequests,
    Enrolment,
    Enrolments,
    Notes,
    Offerings,
    RequestState,
)
from storage.effects import Effects
from storage.mapping import Record
from storage.people.tables import people
from storage.schema import (
    CODE,
    HAPPENED,
    ID,
    WORDS,
    Instant,
    Retention,
    insert_new,
    metadata,
    person_column,
    put_all,
)
from storage.sealed import SEALED_WORDS, Seal
from storage.work import SqlWork, repository

_ASKED = timedelta(days=30)
_NO_KEPT = timedelta(days=1)
"""So long whoever asked can read the answer; then nobody can tell that there was a no."""

enrolments: Table = Table(
    "learning_enrolments",
    metadata,
    person_column("person", ForeignKey(people.c.id, ondelete="CASCADE"), primary_key=True),
    Column("course", String(40), primary_key=True, info=ID),
    Column("workspace", String(80), nullable=False, info=ID),
    Column("since", Instant, nullable=False, index=True, info=HAPPENED),
    Column("done_at", Instant, info=HAPPENED),
    Column("confirmed_at", Instant, info=HAPPENED),
    info={
        "retention": Retention(
            why="24 months from its beginning.",
            ended=lambda now: enrolments.c.since < now - KEPT,
        )
    },
)

offerings: Table = Table(
    "learning_offerings",
    metadata,
    Column("workspace", String(80), primary_key=True, info=ID),
    Column("course", String(40), primary_key=True, info=ID),
    person_column("person", ForeignKey(people.c.id, ondelete="CASCADE"), primary_key=True),
    info={"retention": Retention(why="Until the person offers it no longer.")},
)

requests: Table = Table(
    "learning_requests",
    metadata,
    Column("id", String(32), primary_key=True, info=ID),
    Column("workspace", String(80), nullable=False, info=ID),
    Column("course", String(40), nullable=False, info=ID),
    person_column("asker", ForeignKey(people.c.id, ondelete="CASCADE"), nullable=False),
    person_column("giver", ForeignKey(people.c.id, ondelete="CASCADE"), nullable=False),
    Column("words", Text, nullable=False, info=WORDS),
    Column("at", Instant, nullable=False, index=True, info=HAPPENED),
    Column("state", String(16), nullable=False, info=CODE),
    Index("ix_learning_requests_asker", "asker", "giver"),
    info={
        "retention": Retention(
            why="30 days; a day where the answer was no. With whoever of the two is erased.",
            ended=lambda now: or_(
                requests.c.at < now - _ASKED,
                and_(requests.c.state == RequestState.DECLINED, requests.c.at < now - _NO_KEPT),
            ),
            erase=lambda person: (
                delete(requests).where(or_(requests.c.asker == person, requests.c.giver == person)),
            ),
        )
    },
)

notes: Table = Table(
    "learning_notes",
    metadata,
    person_column("person", ForeignKey(people.c.id, ondelete="CASCADE"), primary_key=True),
    Column("about", String(40), primary_key=True, info=ID),
    Column("words", Text, nullable=False, info=dict(SEALED_WORDS)),
    Column("at", Instant, nullable=False, index=True, info=HAPPENED),
    info={
        "retention": Retention(
            why="24 months, or until the person deletes it. Sealed: nobody else can see it.",
            ended=lambda now: notes.c.at < now - KEPT,
        )
    },
)

_ENROLMENT = Record(Enrolment, enrolments)
_REQUEST = Record(CourseRequest, requests)


class SqlEnrolments:
    """`handlers.learning.model.Enrolments` over a connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, person: str, course: str) -> Enrolment | None:
        return _ENROLMENT.load(self._connection, person, course)

    def of_person(self, person: str) -> tuple[Enrolment, ...]:
        rows = self._connection.execute(
            select(enrolments)
            .where(enrolments.c.person == person)
            .order_by(enrolments.c.since.desc(), enrolments.c.course)
        )
        return tuple(map(_ENROLMENT.value, rows))

    def put(self, enrolment: Enrolment) -> None:
        put_all(self._connection, enrolments, [_ENROLMENT.row(enrolment)])


@repository(Enrolments)
def enrolments_of(work: SqlWork) -> SqlEnrolments:
    return SqlEnrolments(work.connection)


class SqlOfferings:
    """`handlers.learning.model.Offerings` over a connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, workspace: str, course: str) -> tuple[str, ...]:
        return tuple(
            self._connection.scalars(
                select(offerings.c.person)
                .where(offerings.c.workspace == workspace, offerings.c.course == course)
                .order_by(offerings.c.person)
            )
        )

    def add(self, workspace: str, course: str, person: str) -> None:
        row = {"workspace": workspace, "course": course, "person": person}
        insert_new(self._connection, offerings, [row])

    def remove(self, workspace: str, course: str, person: str) -> None:
        self._connection.execute(
            delete(offerings).where(
                offerings.c.workspace == workspace,
                offerings.c.course == course,
                offerings.c.person == person,
            )
        )


@repository(Offerings)
def offerings_of(work: SqlWork) -> SqlOfferings:
    return SqlOfferings(work.connection)


class SqlCourseRequests:
    """`handlers.learning.model.CourseRequests` over a connection."""

    def __init__(self, connection: Connection, *, writes: bool) -> None:
        self._connection = connection
        self._writes = writes

    def get(self, request: str) -> CourseRequest | None:
        return _REQUEST.load(self._connection, request, hold=self._writes)

    def between(self, asker: str, giver: str, course: str) -> CourseRequest | None:
        row = self._connection.execute(
            select(requests).where(
                requests.c.asker == asker,
                requests.c.giver == giver,
                requests.c.course == course,
                requests.c.state == RequestState.OPEN,
            )
        ).first()
        return _REQUEST.value(row) if row else None

    def put(self, request: CourseRequest) -> None:
        put_all(self._connection, requests, [_REQUEST.row(request)])


@repository(CourseRequests)
def requests_of(work: SqlWork) -> SqlCourseRequests:
    return SqlCourseRequests(work.connection, writes=work.writes)


class SqlNotes:
    """`handlers.learning.model.Notes` over a connection."""

    def __init__(self, connection: Connection, effects: Effects, seal: Callable[[], Seal]) -> None:
        self._connection = connection
        self._effects = effects
        self._seal = seal

    def of(self, person: str, about: str) -> str:
        kept = self._connection.scalar(
            select(notes.c.words).where(notes.c.person == person, notes.c.about == about)
        )
        return "" if kept is None else self._seal().words(kept, "learning_notes")

    def put(self, person: str, about: str, words: str, now: datetime) -> None:
        see_read(self.of(person, about))
        self._connection.execute(
            delete(notes).where(notes.c.person == person, notes.c.about == about)
        )
        self._effects.forgot = True
        if words:
            row = {"person": person, "about": about, "words": self._seal().seal(words), "at": now}
            put_all(self._connection, notes, [row])


@repository(Notes)
def notes_of(work: SqlWork) -> SqlNotes:
    return SqlNotes(work.connection, work.effects, lambda: work.seal)
