"""What people want to bring to a session, sealed under its key."""

import secrets
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    Select,
    String,
    Table,
    Text,
    delete,
    select,
)

from handlers.supervision.cases.model import SessionCase, SessionCases
from storage.effects import Effects
from storage.people.tables import people
from storage.schema import (
    HAPPENED,
    ID,
    Instant,
    Retention,
    insert_new,
    metadata,
    person_column,
    put_all,
)
from storage.sealed import SEALED_WORDS, UNDER, Seal
from storage.supervision.sessions import session_key, sessions
from storage.work import SqlWork, repository

_A_DAY = timedelta(days=1)


def _over(now: datetime) -> Select[Any]:
    """Sessions that ended more than a day ago: should nobody have cleared them on time."""
    return select(sessions.c.id).where(sessions.c.ends_at < now - _A_DAY)


case_keys: Table = Table(
    "supervision_case_keys",
    metadata,
    session_key(),
    Column("secret", String(64), nullable=False, info=ID),
    info={
        "retention": Retention(
            why="Until a day after the session. Without it what was written to be brought there "
            "can't be read any more, wherever a copy of it may be.",
            ended=lambda now: case_keys.c.session.in_(_over(now)),
        )
    },
)


cases: Table = Table(
    "supervision_cases",
    metadata,
    Column("id", String(32), primary_key=True, info=ID),
    Column("session", ForeignKey(sessions.c.id, ondelete="CASCADE"), nullable=False, index=True),
    person_column("person", ForeignKey(people.c.id, ondelete="CASCADE"), nullable=False),
    Column(
        "words",
        Text,
        nullable=False,
        info={**SEALED_WORDS, UNDER: lambda connection, row: _key_of(connection, row["session"])},
    ),
    Column("at", Instant, nullable=False, info=HAPPENED),
    info={
        "retention": Retention(
            why="Until a day after the session, or until the writer takes it back. The group sees "
            "it from the session's start; the writer always.",
            ended=lambda now: cases.c.session.in_(_over(now)),
        )
    },
)


class SqlSessionCases:
    """`handlers.supervision.cases.model.SessionCases` over a connection."""

    def __init__(self, connection: Connection, effects: Effects, seal: Callable[[], Seal]) -> None:
        self._connection = connection
        self._effects = effects
        self._seal = seal

    def get(self, case: str) -> SessionCase | None:
        row = self._connection.execute(select(cases).where(cases.c.id == case)).one_or_none()
        if row is None:
            return None
        return next((one for one in self.of(row.session) if one.id == case), None)

    def of(self, session: str) -> tuple[SessionCase, ...]:
        key = self._key(session)
        rows = self._connection.execute(
            select(cases).where(cases.c.session == session).order_by(cases.c.at, cases.c.id)
        ).all()
        if key is None:
            return ()
        found = []
        for row in rows:
            inner = self._seal().open(row.words, "supervision_cases")
            words = key.open(inner, "supervision_cases") if inner is not None else None
            if words is not None:
                found.append(SessionCase(row.id, row.session, row.person, words, row.at))
        return tuple(found)

    def put(self, case: SessionCase) -> None:
        key = self._key(case.session)
        if key is None:
            row = {"session": case.session, "secret": secrets.token_hex(32)}
            insert_new(self._connection, case_keys, [row])
            key = self._key(case.session)
            assert key is not None, "inserted just now, by us or by another process"
        kept = {
            "id": case.id,
            "session": case.session,
            "person": case.person,
            # Twice: the session's key goes with the session, SECRET_KEY is in no database.
            "words": self._seal().seal(key.seal(case.words)),
            "at": case.at,
        }
        put_all(self._connection, cases, [kept])

    def remove(self, case: str) -> None:
        self._connection.execute(delete(cases).where(cases.c.id == case))
        self._effects.forgot = True

    def clear(self, session: str) -> None:
        for table in (cases, case_keys):
            self._connection.execute(delete(table).where(table.c.session == session))
        self._effects.forgot = True

    def remove_person(self, person: str, sessions: Sequence[str]) -> None:
        self._connection.execute(
            delete(cases).where(cases.c.person == person, cases.c.session.in_(sessions))
        )
        self._effects.forgot = True

    def _key(self, session: str) -> Seal | None:
        return _key_of(self._connection, session)


def _key_of(connection: Connection, session: str) -> Seal | None:
    secret = connection.scalar(select(case_keys.c.secret).where(case_keys.c.session == session))
    return None if secret is None else Seal(secret)


@repository(SessionCases)
def session_cases_of(work: SqlWork) -> SqlSessionCases:
    return SqlSessionCases(work.connection, work.effects, lambda: work.seal)
