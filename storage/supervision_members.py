"""What members have of their supervision groups: steps, turns, cases, votes and keepsakes."""

import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    Row,
    Select,
    String,
    Table,
    Text,
    bindparam,
    delete,
    func,
    or_,
    select,
)

from handlers.supervision.groups.model import Part
from handlers.supervision.sessions.model import (
    Case,
    Choices,
    Keepsake,
    Life,
    Outcome,
    Request,
    Step,
    SupervisionLife,
    Swap,
)
from storage.effects import Effects
from storage.people.tables import people
from storage.schema import Instant, Keeping, insert_new, metadata, put_all
from storage.sealed import SEALED, SEALED_WORDS, Seal
from storage.supervision import LONGEST_SESSION, SITS, cycles, groups, seats, sessions
from storage.work import SqlWork, repository

_A_DAY = timedelta(days=1)


def _session() -> Column[str]:
    return Column("session", ForeignKey(sessions.c.id, ondelete="CASCADE"), primary_key=True)


def _person() -> Column[str]:
    return Column("person", ForeignKey(people.c.id, ondelete="CASCADE"), primary_key=True)


def _over(now: datetime) -> Select[Any]:
    """Sessions that ended more than a day ago: should nobody have cleared them on time."""
    return select(sessions.c.id).where(sessions.c.ends_at < now - _A_DAY)


lives: Table = Table(
    "supervision_lives",
    metadata,
    _session(),
    Column("step", String(16), nullable=False),
    Column("step_at", Instant, nullable=False, index=True),
    Column("point", Integer, nullable=False),
    Column("dates", Text, nullable=False),
    Column("voted", Boolean, nullable=False),
    Column("told", Text, nullable=False),
    info={
        "keeping": Keeping(
            why="Until a day after the session.",
            ended=lambda now: lives.c.step_at < now - 7 * _A_DAY,
        )
    },
)

choices = Table(
    "supervision_choices",
    metadata,
    _person(),
    Column("week", Boolean, nullable=False),
    Column("day", Boolean, nullable=False),
    Column("soon", Boolean, nullable=False),
    info={
        "keeping": Keeping(why="As long as the person uses Plecs; they set it.", person=("person",))
    },
)

agreements: Table = Table(
    "supervision_agreements",
    metadata,
    Column("group", ForeignKey(groups.c.id, ondelete="CASCADE"), primary_key=True),
    Column("cycle", ForeignKey(cycles.c.id, ondelete="CASCADE"), primary_key=True),
    Column("version", Integer, primary_key=True),
    _person(),
    Column("at", Instant, nullable=False),
    info={
        "keeping": Keeping(
            why="Two years: who agreed to which version of what stays in the group.",
            ended=lambda now: agreements.c.at < now - 731 * _A_DAY,
            person=("person",),
        )
    },
)

swaps: Table = Table(
    "supervision_swaps",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("session", ForeignKey(sessions.c.id, ondelete="CASCADE"), nullable=False, index=True),
    Column("asker", ForeignKey(people.c.id, ondelete="CASCADE"), nullable=False),
    Column("other", ForeignKey(people.c.id, ondelete="CASCADE"), nullable=False),
    Column("gives", String(16), nullable=False),
    Column("gets", String(16), nullable=False),
    Column("agreed", Boolean, nullable=False),
    info={
        "keeping": Keeping(
            why="As long as the session: turns go around.", person=("asker", "other")
        )
    },
)

case_keys: Table = Table(
    "supervision_case_keys",
    metadata,
    _session(),
    Column("secret", String(64), nullable=False),
    info={
        "keeping": Keeping(
            why="Until a day after the session. Without it what was written to be brought there "
            "can't be read any more, wherever a copy of it may be.",
            ended=lambda now: case_keys.c.session.in_(_over(now)),
        )
    },
)

cases: Table = Table(
    "supervision_cases",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("session", ForeignKey(sessions.c.id, ondelete="CASCADE"), nullable=False, index=True),
    Column("person", ForeignKey(people.c.id, ondelete="CASCADE"), nullable=False),
    Column("words", Text, nullable=False, info=dict(SEALED)),
    Column("at", Instant, nullable=False),
    info={
        "keeping": Keeping(
            why="Until a day after the session, or until the writer takes it back. The group sees "
            "it from the session's start; the writer always.",
            ended=lambda now: cases.c.session.in_(_over(now)),
            person=("person",),
        )
    },
)

votes = Table(
    "supervision_votes",
    metadata,
    _session(),
    _person(),
    Column("choice", String(16), nullable=False),
    info={"keeping": Keeping(why="Until a day after the session.", person=("person",))},
)

ratings = Table(
    "supervision_ratings",
    metadata,
    _session(),
    _person(),
    Column("points", Integer, nullable=False),
    info={
        "keeping": Keeping(
            why="A day. Then an average is made of five answers or more, and fewer are deleted.",
            person=("person",),
        )
    },
)

outcomes = Table(
    "supervision_outcomes",
    metadata,
    _session(),
    Column("answers", Integer, nullable=False),
    Column("points", Integer, nullable=False),
    info={"keeping": Keeping(why="As long as the session. Of five people or more; names nobody.")},
)

keepsakes = Table(
    "supervision_keepsakes",
    metadata,
    _person(),
    Column("session", String(32), primary_key=True),
    Column("words", Text, nullable=False, info=dict(SEALED_WORDS)),
    Column("at", Instant, nullable=False),
    info={
        "keeping": Keeping(
            why="Until the person deletes it; nobody else can see it.", person=("person",)
        )
    },
)

requests: Table = Table(
    "supervision_requests",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("workspace", String(80), nullable=False, index=True),
    Column("person", ForeignKey(people.c.id, ondelete="CASCADE"), nullable=False),
    Column("group", String(32), nullable=False),
    Column("words", Text, nullable=False, info=dict(SEALED_WORDS)),
    Column("at", Instant, nullable=False),
    Index("uq_supervision_requests_person", "person", "group", unique=True),
    info={
        "keeping": Keeping(
            why="Until a coordinator has answered it, 60 days at most.",
            ended=lambda now: requests.c.at < now - 60 * _A_DAY,
            person=("person",),
        )
    },
)

_SITTING = (
    # Everybody in any session now: few, and found by time. By person it would look through all
    # that each of them ever sat in.
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


class SqlSupervisionLife:
    """`handlers.supervision.sessions.model.SupervisionLife` over a connection."""

    def __init__(
        self, connection: Connection, effects: Effects, seal: Callable[[], Seal], *, writes: bool
    ) -> None:
        self._connection = connection
        self._effects = effects
        self._seal = seal
        self._writes = writes

    def life(self, session: str) -> Life | None:
        found = select(lives).where(lives.c.session == session)
        row = self._connection.execute(
            found.with_for_update() if self._writes else found
        ).one_or_none()
        return _life(row) if row else None

    def put_life(self, life: Life) -> None:
        row = {
            "session": life.session,
            "step": life.step,
            "step_at": life.step_at,
            "point": life.point,
            "dates": json.dumps([one.isoformat() for one in life.dates]),
            "voted": life.voted,
            "told": json.dumps(life.told),
        }
        put_all(self._connection, lives, [row])
        self._effects.wake_at(life.step_at)

    def remove_life(self, session: str) -> None:
        self._connection.execute(delete(lives).where(lives.c.session == session))

    def due(self, now: datetime, limit: int) -> tuple[Life, ...]:
        rows = self._connection.execute(
            select(lives)
            .where(lives.c.step_at <= now)
            .order_by(lives.c.step_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        ).all()
        return tuple(map(_life, rows))

    def choices(self, people: Sequence[str]) -> Mapping[str, Choices]:
        found = {person: Choices(person) for person in people}
        for row in self._connection.execute(select(choices).where(choices.c.person.in_(people))):
            found[row.person] = Choices(row.person, row.week, row.day, row.soon)
        return found

    def put_choices(self, one: Choices) -> None:
        row = {"person": one.person, "week": one.week, "day": one.day, "soon": one.soon}
        put_all(self._connection, choices, [row])

    def agreed(self, group: str, cycle: str, version: int) -> frozenset[str]:
        found = self._connection.scalars(
            select(agreements.c.person).where(
                agreements.c.group == group,
                agreements.c.cycle == cycle,
                agreements.c.version == version,
            )
        )
        return frozenset(found)

    def agree(self, group: str, cycle: str, version: int, person: str, now: datetime) -> None:
        row = {"group": group, "cycle": cycle, "version": version, "person": person, "at": now}
        insert_new(self._connection, agreements, [row])

    def swap(self, swap: str) -> Swap | None:
        row = self._connection.execute(select(swaps).where(swaps.c.id == swap)).one_or_none()
        return _swap(row) if row else None

    def swaps(self, sessions: Sequence[str]) -> tuple[Swap, ...]:
        rows = self._connection.execute(
            select(swaps).where(swaps.c.session.in_(sessions)).order_by(swaps.c.id)
        )
        return tuple(map(_swap, rows))

    def put_swap(self, swap: Swap) -> None:
        row = {
            "id": swap.id,
            "session": swap.session,
            "asker": swap.asker,
            "other": swap.other,
            "gives": swap.gives,
            "gets": swap.gets,
            "agreed": swap.agreed,
        }
        put_all(self._connection, swaps, [row])

    def remove_swap(self, swap: str) -> None:
        self._connection.execute(delete(swaps).where(swaps.c.id == swap))

    def case(self, case: str) -> Case | None:
        row = self._connection.execute(select(cases).where(cases.c.id == case)).one_or_none()
        if row is None:
            return None
        return next((one for one in self.cases(row.session) if one.id == case), None)

    def cases(self, session: str) -> tuple[Case, ...]:
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
                found.append(Case(row.id, row.session, row.person, words, row.at))
        return tuple(found)

    def put_case(self, case: Case) -> None:
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

    def remove_case(self, case: str) -> None:
        self._connection.execute(delete(cases).where(cases.c.id == case))
        self._effects.forgot = True

    def clear_cases(self, session: str) -> None:
        for table in (cases, case_keys):
            self._connection.execute(delete(table).where(table.c.session == session))
        self._effects.forgot = True

    def votes(self, session: str) -> Mapping[str, str]:
        rows = self._connection.execute(select(votes).where(votes.c.session == session))
        return {row.person: row.choice for row in rows}

    def vote(self, session: str, person: str, choice: str) -> None:
        row = {"session": session, "person": person, "choice": choice}
        put_all(self._connection, votes, [row])

    def clear_votes(self, session: str) -> None:
        self._connection.execute(delete(votes).where(votes.c.session == session))

    def rate(self, session: str, person: str, points: int) -> None:
        row = {"session": session, "person": person, "points": points}
        put_all(self._connection, ratings, [row])

    def rated(self, session: str, person: str) -> int | None:
        return self._connection.scalar(
            select(ratings.c.points).where(ratings.c.session == session, ratings.c.person == person)
        )

    def close_ratings(self, session: str, least: int) -> None:
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
        return tuple(Outcome(row.session, row.answers, row.points) for row in rows)

    def keepsakes(self, person: str) -> tuple[Keepsake, ...]:
        found = []
        for row in self._connection.execute(
            select(keepsakes)
            .where(keepsakes.c.person == person)
            .order_by(keepsakes.c.at.desc(), keepsakes.c.session)
        ):
            words = self._seal().open(row.words, "supervision_keepsakes")
            if words is not None:
                found.append(Keepsake(row.person, row.session, words, row.at))
        return tuple(found)

    def put_keepsake(self, keepsake: Keepsake) -> None:
        row = {
            "person": keepsake.person,
            "session": keepsake.session,
            "words": self._seal().seal(keepsake.words),
            "at": keepsake.at,
        }
        put_all(self._connection, keepsakes, [row])

    def remove_keepsake(self, person: str, session: str) -> None:
        self._connection.execute(
            delete(keepsakes).where(keepsakes.c.person == person, keepsakes.c.session == session)
        )
        self._effects.forgot = True

    def request(self, request: str) -> Request | None:
        row = self._connection.execute(
            select(requests).where(requests.c.id == request)
        ).one_or_none()
        return self._request(row) if row else None

    def requests(self, workspace: str) -> tuple[Request, ...]:
        rows = self._connection.execute(
            select(requests)
            .where(requests.c.workspace == workspace)
            .order_by(requests.c.at, requests.c.id)
        )
        return tuple(map(self._request, rows))

    def put_request(self, request: Request) -> None:
        self._connection.execute(
            delete(requests).where(
                requests.c.person == request.person, requests.c.group == request.group
            )
        )
        row = {
            "id": request.id,
            "workspace": request.workspace,
            "person": request.person,
            "group": request.group,
            "words": self._seal().seal(request.words) if request.words else "",
            "at": request.at,
        }
        put_all(self._connection, requests, [row])

    def remove_request(self, request: str) -> None:
        self._connection.execute(delete(requests).where(requests.c.id == request))
        self._effects.forgot = True

    def in_session(self, people: Sequence[str], now: datetime) -> frozenset[str]:
        if not people:
            return frozenset()
        values = {"now": now, "since": now - LONGEST_SESSION}
        return frozenset(people).intersection(self._connection.scalars(_SITTING, values))

    def remove_person(self, person: str, sessions: Sequence[str]) -> None:
        theirs = or_(swaps.c.asker == person, swaps.c.other == person)
        self._connection.execute(delete(swaps).where(theirs, swaps.c.session.in_(sessions)))
        for table in (cases, votes, ratings):
            self._connection.execute(
                delete(table).where(table.c.person == person, table.c.session.in_(sessions))
            )
        self._effects.forgot = True

    def _key(self, session: str) -> Seal | None:
        secret = self._connection.scalar(
            select(case_keys.c.secret).where(case_keys.c.session == session)
        )
        return None if secret is None else Seal(secret)

    def _request(self, row: Row[Any]) -> Request:
        words = self._seal().open(row.words, "supervision_requests") if row.words else ""
        return Request(row.id, row.workspace, row.person, row.group, words or "", row.at)


@repository(SupervisionLife)
def supervision_members_of(work: SqlWork) -> SqlSupervisionLife:
    return SqlSupervisionLife(work.connection, work.effects, lambda: work.seal, writes=work.writes)


def _life(row: Row[Any]) -> Life:
    return Life(
        session=row.session,
        step=Step(row.step),
        step_at=row.step_at,
        point=row.point,
        dates=tuple(datetime.fromisoformat(one) for one in json.loads(row.dates)),
        voted=row.voted,
        told=tuple(json.loads(row.told)),
    )


def _swap(row: Row[Any]) -> Swap:
    return Swap(
        row.id, row.session, row.asker, row.other, Part(row.gives), Part(row.gets), row.agreed
    )
