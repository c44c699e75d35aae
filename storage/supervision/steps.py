"""What is done for sessions when its time comes, who wants which reminders, votes, and answers."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Integer,
    String,
    Table,
    Text,
    delete,
    func,
    select,
)

from handlers.supervision.sessions.model import Outcome, Progress, Ratings, SessionSteps, Votes
from storage.effects import Effects
from storage.mapping import LIST, Codec, Record
from storage.schema import CODE, DUE, Instant, Retention, insert_new, metadata, put_all, rows_due
from storage.supervision.sessions import person_key, session_key
from storage.work import SqlWork, repository

_A_DAY = timedelta(days=1)

steps: Table = Table(
    "supervision_steps",
    metadata,
    session_key(),
    Column("step", String(16), nullable=False, info=CODE),
    Column("step_at", Instant, nullable=False, index=True, info=DUE),
    Column("point", Integer, nullable=False),
    Column("dates", Text, nullable=False, info=CODE),
    Column("voted", Boolean, nullable=False),
    Column("told", Text, nullable=False, info=CODE),
    info={
        "retention": Retention(
            why="Until a day after the session.",
            ended=lambda now: steps.c.step_at < now - 7 * _A_DAY,
        )
    },
)


votes = Table(
    "supervision_votes",
    metadata,
    session_key(),
    person_key(),
    Column("choice", String(16), nullable=False, info=CODE),
    info={"retention": Retention(why="Until a day after the session.")},
)


ratings = Table(
    "supervision_ratings",
    metadata,
    session_key(),
    person_key(),
    Column("points", Integer, nullable=False),
    info={
        "retention": Retention(
            why="A day. Then an average is made of five answers or more, and fewer are deleted.",
        )
    },
)


outcomes = Table(
    "supervision_outcomes",
    metadata,
    session_key(),
    Column("answers", Integer, nullable=False),
    Column("points", Integer, nullable=False),
    info={
        "retention": Retention(why="As long as the session. Of five people or more; names nobody.")
    },
)


_INSTANTS = Codec(
    lambda dates: json.dumps([one.isoformat() for one in dates]),
    lambda kept: tuple(datetime.fromisoformat(one) for one in json.loads(kept)),
)
_PROGRESS = Record(Progress, steps, as_={"dates": _INSTANTS, "told": LIST})
_OUTCOME = Record(Outcome, outcomes)


class SqlSessionSteps:
    """`handlers.supervision.sessions.model.SessionSteps` over a connection."""

    def __init__(self, connection: Connection, effects: Effects, *, writes: bool) -> None:
        self._connection = connection
        self._effects = effects
        self._writes = writes

    def get(self, session: str) -> Progress | None:
        return _PROGRESS.load(self._connection, session, hold=self._writes)

    def put(self, progress: Progress) -> None:
        put_all(self._connection, steps, [_PROGRESS.row(progress)])
        self._effects.step_at(progress.step_at)

    def remove(self, session: str) -> None:
        self._connection.execute(delete(steps).where(steps.c.session == session))

    def due(self, now: datetime, limit: int) -> tuple[Progress, ...]:
        rows = rows_due(self._connection, steps.c.step_at, now, limit)
        return tuple(map(_PROGRESS.value, rows))


@repository(SessionSteps)
def steps_of(work: SqlWork) -> SqlSessionSteps:
    return SqlSessionSteps(work.connection, work.effects, writes=work.writes)


class SqlVotes:
    """`handlers.supervision.sessions.model.Votes` over a connection."""

    def __init__(self, connection: Connection, effects: Effects) -> None:
        self._connection = connection
        self._effects = effects

    def of(self, session: str) -> Mapping[str, str]:
        rows = self._connection.execute(select(votes).where(votes.c.session == session))
        return {row.person: row.choice for row in rows}

    def put(self, session: str, person: str, choice: str) -> None:
        row = {"session": session, "person": person, "choice": choice}
        put_all(self._connection, votes, [row])

    def clear(self, session: str) -> None:
        self._connection.execute(delete(votes).where(votes.c.session == session))

    def remove_person(self, person: str, sessions: Sequence[str]) -> None:
        self._connection.execute(
            delete(votes).where(votes.c.person == person, votes.c.session.in_(sessions))
        )
        self._effects.forgot = True


@repository(Votes)
def votes_of(work: SqlWork) -> SqlVotes:
    return SqlVotes(work.connection, work.effects)


class SqlRatings:
    """`handlers.supervision.sessions.model.Ratings` over a connection."""

    def __init__(self, connection: Connection, effects: Effects) -> None:
        self._connection = connection
        self._effects = effects

    def of(self, session: str, person: str) -> int | None:
        return self._connection.scalar(
            select(ratings.c.points).where(ratings.c.session == session, ratings.c.person == person)
        )

    def put(self, session: str, person: str, points: int) -> None:
        row = {"session": session, "person": person, "points": points}
        put_all(self._connection, ratings, [row])

    def close(self, session: str, least: int) -> None:
        answers, points = self._connection.execute(
            select(func.count(), func.sum(ratings.c.points)).where(ratings.c.session == session)
        ).one()
        if answers >= least:
            row = {"session": session, "answers": answers, "points": points}
            insert_new(self._connection, outcomes, [row])
        self._connection.execute(delete(ratings).where(ratings.c.session == session))
        self._effects.forgot = True

    def outcomes(self, sessions: Sequence[str]) -> tuple[Outcome, ...]:
        rows = self._connection.execute(
            select(outcomes).where(outcomes.c.session.in_(sessions)).order_by(outcomes.c.session)
        )
        return tuple(_OUTCOME.value(row) for row in rows)

    def remove_person(self, person: str, sessions: Sequence[str]) -> None:
        self._connection.execute(
            delete(ratings).where(ratings.c.person == person, ratings.c.session.in_(sessions))
        )
        self._effects.forgot = True


@repository(Ratings)
def ratings_of(work: SqlWork) -> SqlRatings:
    return SqlRatings(work.connection, work.effects)
