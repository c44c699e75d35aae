"""Raised hands, and everybody's seat in them."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import uuid4

from sqlalchemy import (
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
    func,
    insert,
    literal_column,
    or_,
    select,
    update,
)

from handlers.escalation.model import (
    OPEN_STATES,
    Answer,
    Case,
    Cases,
    Member,
    Raised,
    Ring,
    Seat,
    State,
)
from storage.effects import Effects
from storage.mapping import NUMBERS, Codec, Record
from storage.schema import (
    CODE,
    HAPPENED,
    ID,
    REMAINS,
    WORDS,
    Blank,
    Instant,
    Retention,
    insert_rows,
    metadata,
    partial_index,
    person_column,
)
from storage.work import SqlWork, repository

_AN_HOUR = timedelta(hours=1)
_OPEN = "state IN ({})".format(", ".join(f"'{state}'" for state in OPEN_STATES))

cases: Table = Table(
    "cases",
    metadata,
    Column("id", String(32), primary_key=True, info=ID),
    Column("workspace", String(80), nullable=False, info=ID),
    person_column("agent", String(32), nullable=False),
    Column("topic", String(80), info=ID),
    Column("line", Text, nullable=False, info=WORDS),
    Column("mode", String(16), nullable=False, info=CODE),
    Column("raised_at", Instant, nullable=False, info=HAPPENED),
    Column("delays", Text, nullable=False, info=CODE),
    Column("rings", Text, nullable=False, info=CODE),
    person_column("wanted", String(32)),
    Column("state", String(16), nullable=False, info=CODE),
    Column("round", Integer, nullable=False),
    Column("ring", Integer, nullable=False),
    Column("asked_at", Instant, info=HAPPENED),
    Column("heard_at", Instant, info=HAPPENED),
    Column("step_at", Instant, index=True, info=REMAINS),
    Column("then_at", Instant, info=REMAINS),
    Column("unheard_at", Instant, info=HAPPENED),
    Column("unanswered_at", Instant, info=HAPPENED),
    person_column("taken_by", String(32)),
    Column("taken_at", Instant, info=HAPPENED),
    Column("first_taken_at", Instant, info=HAPPENED),
    Column("closed_at", Instant, index=True, info=HAPPENED),
    partial_index(
        "uq_cases_open_agent",
        "agent",
        unique=True,
        where=_OPEN,
    ),
    # One person cannot be on the way to two: whichever transaction comes second is begun anew.
    partial_index(
        "uq_cases_open_helper",
        "taken_by",
        unique=True,
        where=_OPEN,
    ),
    partial_index("ix_cases_named", "closed_at", where="agent <> ''"),
    partial_index("ix_cases_helped", "closed_at", where="taken_by IS NOT NULL"),
    Index("ix_cases_raised", "workspace", "raised_at"),
    Index("ix_cases_own", "agent", "raised_at"),
    info={
        "retention": Retention(
            why="Who helped, an hour after the case closed; the agent, their line, the topic and "
            "whom they wanted a day after: until then they see it in their own list. The times 13 "
            "months, for counts: they name nobody.",
            ended=lambda now: cases.c.closed_at < now - timedelta(days=396),
            # An id that nobody has stands in their place: the counts stay.
            erase=lambda person: (
                update(cases).where(cases.c.agent == person).values(agent=uuid4().hex, line=""),
                update(cases).where(cases.c.taken_by == person).values(taken_by=uuid4().hex),
                update(cases).where(cases.c.wanted == person).values(wanted=None),
            ),
            blanks=(
                Blank({"taken_by": None}, lambda now: cases.c.closed_at < now - _AN_HOUR),
                Blank(
                    {"agent": "", "line": "", "topic": None, "wanted": None},
                    lambda now: cases.c.closed_at < now - timedelta(days=1),
                ),
            ),
        )
    },
)

case_seats: Table = Table(
    "case_seats",
    metadata,
    Column("case", ForeignKey(cases.c.id, ondelete="CASCADE"), primary_key=True),
    person_column("person", String(32), primary_key=True),
    Column("ring", Integer, nullable=False),
    Column("answer", String(16), nullable=False, info=CODE),
    Column("place", Integer, nullable=False),
    Column("closed_at", Instant, info=HAPPENED),
    # A hand takes 35 seats at once, and few are kept at a time: no index is worth its writing.
    sqlite_with_rowid=False,
    info={
        "retention": Retention(
            why="Who was asked and what they said: until the case is closed, an hour more.",
            ended=lambda now: case_seats.c.closed_at < now - _AN_HOUR,
        )
    },
)

_RINGS = Codec(
    lambda rings: json.dumps([[ring.after, ring.members, ring.size] for ring in rings]),
    # A workspace has one ladder, and each of its hands the same text.
    lru_cache(maxsize=1000)(
        lambda kept: tuple(
            Ring(after, tuple(map(Member, members)), size)
            for after, members, size in json.loads(kept)
        )
    ),
)
_CASE = Record(Case, cases, as_={"delays": NUMBERS, "rings": _RINGS}, besides=("seats",))
_SEAT = Record(Seat, case_seats)

# Written out, not bound: only so does a partial index over open cases serve.
_open = cases.c.state.in_([literal_column(f"'{state}'") for state in OPEN_STATES])
_BY_ID = select(cases).where(cases.c.id == bindparam("case"))
_OPEN_OF = select(cases).where(cases.c.agent == bindparam("agent"), _open)
_TAKEN_BY = select(cases).where(cases.c.taken_by == bindparam("helper"), _open)
_SEATS = (
    select(case_seats).where(case_seats.c.case == bindparam("case")).order_by(case_seats.c.place)
)
_BUSY = select(cases.c.agent, cases.c.taken_by).where(
    _open,
    or_(
        cases.c.agent.in_(bindparam("people", expanding=True)),
        cases.c.taken_by.in_(bindparam("people", expanding=True)),
    ),
)
_WIN = (
    update(cases)
    .where(
        cases.c.id == bindparam("case"),
        cases.c.taken_by.is_(None),
        cases.c.state == State.CALLING,
    )
    .values(taken_by=bindparam("helper"))
)
_NEXT_STEP = select(func.min(cases.c.step_at))
_ADD = insert(cases)
_SAVE = update(cases).where(cases.c.id == bindparam("case"))
_SAVE_SEAT = (
    update(case_seats)
    .where(case_seats.c.case == bindparam("of"), case_seats.c.person == bindparam("who"))
    .values(answer=bindparam("now_answer"), closed_at=bindparam("now_closed", type_=Instant))
)


class SqlCases:
    """`handlers.escalation.model.Cases` over a connection."""

    def __init__(self, connection: Connection, effects: Effects, *, writes: bool) -> None:
        self._connection = connection
        self._effects = effects
        self._writes = writes
        self._as_read: dict[str, Case] = {}

    def add(self, case: Case) -> None:
        self._connection.execute(_ADD, _CASE.row(case))
        self._seat(case, case.seats, 0)
        self._effects.hands += 1
        self._effects.wake_at(case.step_at)

    def get(self, case: str) -> Case | None:
        return self._one(_BY_ID, {"case": case})

    def open_of(self, agent: str) -> Case | None:
        return self._one(_OPEN_OF, {"agent": agent})

    def taken_by(self, helper: str) -> Case | None:
        return self._one(_TAKEN_BY, {"helper": helper})

    def win(self, case: str, helper: str) -> bool:
        return self._connection.execute(_WIN, {"case": case, "helper": helper}).rowcount == 1

    def save(self, case: Case) -> None:
        self._connection.execute(_SAVE, {"case": case.id} | _CASE.changes(case))
        before = self._as_read.get(case.id)
        came = case.first_taken_at
        if came is not None and before is not None and before.first_taken_at is None:
            self._effects.waits.append((came - case.raised_at).total_seconds())
        seated = {seat.person: seat.answer for seat in before.seats} if before is not None else {}
        changed = [
            {
                "of": case.id,
                "who": seat.person,
                "now_answer": seat.answer,
                "now_closed": case.closed_at,
            }
            for seat in case.seats
            if (before is None or seat.person in seated)
            and (case.closed_at is not None or seat.answer is not seated.get(seat.person))
        ]
        if changed:
            self._connection.execute(_SAVE_SEAT, changed)
        if before is not None:
            new = [seat for seat in case.seats if seat.person not in seated]
            self._seat(case, new, len(seated))
        self._as_read[case.id] = case
        self._effects.wake_at(case.step_at)

    def due(self, now: datetime, limit: int) -> tuple[Case, ...]:
        rows = self._connection.execute(
            select(cases)
            .where(cases.c.step_at <= now)
            .order_by(cases.c.step_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        ).all()
        return tuple(self._case(row) for row in rows)

    def next_step_at(self) -> datetime | None:
        soonest: datetime | None = self._connection.execute(_NEXT_STEP).scalar_one()
        return soonest

    def waiting_for(self, person: str) -> tuple[Case, ...]:
        rows = self._connection.execute(
            select(cases)
            .where(
                _open,
                or_(
                    cases.c.taken_by == person,
                    cases.c.id.in_(select(case_seats.c.case).where(case_seats.c.person == person)),
                ),
            )
            .order_by(cases.c.id)
            .with_for_update()
        ).all()
        return tuple(self._case(row) for row in rows)

    def busy(self, people: Sequence[str]) -> frozenset[str]:
        if not people:
            return frozenset()
        rows = self._connection.execute(_BUSY, {"people": list(people)}).all()
        return frozenset(person for row in rows for person in row if person is not None)

    def own(self, agent: str, limit: int) -> tuple[Case, ...]:
        rows = self._connection.execute(
            select(cases)
            .where(cases.c.agent == agent)
            .order_by(cases.c.raised_at.desc(), cases.c.id)
            .limit(limit)
        ).all()
        return tuple(_CASE.value(row, seats=()) for row in rows)

    def raised_between(self, workspace: str, start: datetime, end: datetime) -> tuple[Raised, ...]:
        rows = self._connection.execute(
            select(cases.c.raised_at, cases.c.first_taken_at, cases.c.unanswered_at)
            .where(
                cases.c.workspace == workspace,
                cases.c.raised_at >= start,
                cases.c.raised_at < end,
            )
            .order_by(cases.c.raised_at)
        ).all()
        return tuple(
            Raised(row.raised_at, row.first_taken_at, row.unanswered_at is not None) for row in rows
        )

    def _seat(self, case: Case, seats: Sequence[Seat], first: int) -> None:
        """Keeps who was asked. Who only may be asked is looked up anew when they are."""
        rows = [
            _SEAT.row(seat) | {"case": case.id, "place": place, "closed_at": case.closed_at}
            for place, seat in enumerate(seats, first)
            if seat.answer is not Answer.WAITING
        ]
        insert_rows(self._connection, case_seats, rows)

    def _one(self, statement: Select[Any], values: dict[str, Any]) -> Case | None:
        # Held until the transaction ends: what is decided by it must still be so when it is kept.
        held = statement.with_for_update() if self._writes else statement
        row = self._connection.execute(held, values).one_or_none()
        return None if row is None else self._case(row)

    def _case(self, row: Row[Any]) -> Case:
        seats = self._connection.execute(_SEATS, {"case": row.id})
        case = _CASE.value(row, seats=tuple(map(_SEAT.value, seats)))
        self._as_read[case.id] = case
        return case


@repository(Cases)
def cases_of(work: SqlWork) -> SqlCases:
    return SqlCases(work.connection, work.effects, writes=work.writes)
