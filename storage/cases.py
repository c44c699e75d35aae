"""Raised hands, and everybody's seat in them."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import uuid4

from sqlalchemy import (
    Column,
    ColumnElement,
    CompoundSelect,
    Connection,
    ForeignKey,
    FromClause,
    Index,
    Integer,
    Row,
    Select,
    String,
    Table,
    Text,
    bindparam,
    func,
    literal_column,
    or_,
    select,
    true,
    union_all,
    update,
)

from handlers.escalation.model import (
    OPEN_STATES,
    Answer,
    Case,
    Cases,
    Member,
    Ring,
    Seat,
    State,
)
from storage.effects import Effects
from storage.mapping import NUMBERS, Codec, Record
from storage.people.tables import OfPeople, among_people
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
    rows_due,
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
    Column("step_at", Instant, info=REMAINS),
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
    # With what a week's numbers are made of, so that they are read from the index alone.
    Index("ix_cases_raised", "workspace", "raised_at", "first_taken_at", "unanswered_at"),
    partial_index("ix_cases_step_at", "step_at", where="step_at IS NOT NULL"),
    partial_index("ix_cases_open", "workspace", "raised_at", where=_OPEN),
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
    partial_index("ix_case_seats_open", "person", where="closed_at IS NULL"),
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


def is_open(of: FromClause) -> ColumnElement[bool]:
    """Whose hand is up, in the table or an alias of it."""
    # Written out, not bound: only so does a partial index over open cases serve.
    return of.c.state.in_([literal_column(f"'{state}'") for state in OPEN_STATES])


_open = is_open(cases)


class _By(NamedTuple):
    """How one case is found."""

    id: Select[Any]
    agent: Select[Any]
    helper: Select[Any]


_READ = _By(
    select(cases).where(cases.c.id == bindparam("case")),
    select(cases).where(cases.c.agent == bindparam("agent"), _open),
    select(cases).where(cases.c.taken_by == bindparam("helper"), _open),
)
_HELD = _By(*(statement.with_for_update() for statement in _READ))
_one_s_own = cases.alias("one_s_own")
_helped = cases.alias("helped")
_IN_IT = union_all(
    select(_one_s_own.c.id).where(_one_s_own.c.agent == bindparam("person"), is_open(_one_s_own)),
    select(_helped.c.id).where(_helped.c.taken_by == bindparam("person"), is_open(_helped)),
)
_ASKED_IN = select(case_seats.c.case).where(
    case_seats.c.person == bindparam("person"), case_seats.c.closed_at.is_(None)
)
_BESIDES = bindparam("besides", type_=String)
_OPEN_WITH = (
    select(cases)
    .where(
        or_(_open, cases.c.id == _BESIDES),
        cases.c.id.in_(union_all(*_IN_IT.selects, _ASKED_IN, select(_BESIDES))),
    )
    .order_by(cases.c.id)
    .with_for_update()
)
_OPEN_IN = (
    select(cases)
    .where(cases.c.workspace == bindparam("workspace"), _open)
    .order_by(cases.c.raised_at, cases.c.id)
    .limit(bindparam("most"))
)
_ASKING = (
    select(cases)
    .join(case_seats, case_seats.c.case == cases.c.id)
    .where(
        case_seats.c.person == bindparam("person"),
        case_seats.c.closed_at.is_(None),
        case_seats.c.answer == bindparam("asked"),
        cases.c.state == literal_column(f"'{State.CALLING}'"),
    )
    .order_by(cases.c.raised_at, cases.c.id)
)
_SEATS = (
    select(case_seats).where(case_seats.c.case == bindparam("case")).order_by(case_seats.c.place)
)
_SEATS_OF = (
    select(case_seats)
    .where(case_seats.c.case.in_(bindparam("of_cases", expanding=True)))
    .order_by(case_seats.c.place)
)


def in_cases(who: OfPeople) -> CompoundSelect[Any]:
    """Those of whom `who` holds who have a hand up, help somebody or joined."""
    joined: ColumnElement[str] = literal_column(f"'{Answer.JOINED}'")
    return union_all(
        select(cases.c.agent).where(_open, who(cases.c.agent)),
        select(cases.c.taken_by).where(_open, who(cases.c.taken_by)),
        select(case_seats.c.person).where(
            case_seats.c.closed_at.is_(None),
            case_seats.c.answer == joined,
            who(case_seats.c.person),
        ),
    )


_BUSY = in_cases(among_people)
_WIN = (
    update(cases)
    .where(
        cases.c.id == bindparam("case"),
        cases.c.taken_by.is_(None),
        cases.c.state == State.CALLING,
    )
    .values(taken_by=bindparam("helper"))
)
_RAISED_SINCE = select(func.count().label("lately")).where(
    cases.c.workspace == bindparam("of"), cases.c.raised_at > bindparam("since", type_=Instant)
)
_held = select(cases).where(_open, cases.c.id.in_(_IN_IT)).with_for_update().cte("held")
# Where they are only asked themselves nobody's hand waits for whatever is being done there: those
# who wait for an answer of theirs go on when their ring is over, as if it had not come in time.
_asked_in = (
    select(cases)
    .where(_open, cases.c.id.in_(_ASKED_IN), cases.c.id.not_in(_IN_IT))
    .with_for_update(skip_locked=True)
    .cte("asked_in")
)
_around = union_all(select(_held), select(_asked_in)).subquery("around")
_lately = _RAISED_SINCE.subquery("raised")
# The count is one row, whether the agent has to do with any case or with none.
_RAISING = (
    select(_lately, _around).select_from(_lately.outerjoin(_around, true())).order_by(_around.c.id)
)
_NEXT_STEP = select(func.min(cases.c.step_at)).where(cases.c.step_at.is_not(None))
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
        # Held until the transaction ends: what is decided by it must still be so when it is kept.
        self._by = _HELD if writes else _READ
        self._as_read: dict[str, Case] = {}

    def add(self, case: Case) -> None:
        insert_rows(self._connection, cases, [_CASE.row(case)])
        self._seat(case, case.seats, 0)
        self._effects.hands += 1
        self._effects.moved.add(case.workspace)
        self._effects.step_at(case.step_at)

    def get(self, case: str) -> Case | None:
        known = self._as_read.get(case)
        return known if known is not None else self._one(self._by.id, {"case": case})

    def open_of(self, agent: str) -> Case | None:
        return self._one(self._by.agent, {"agent": agent})

    def open_in(self, workspace: str, limit: int) -> tuple[Case, ...]:
        rows = self._connection.execute(_OPEN_IN, {"workspace": workspace, "most": limit})
        return tuple(_CASE.value(row, seats=()) for row in rows)

    def asking(self, person: str) -> tuple[Case, ...]:
        rows = self._connection.execute(_ASKING, {"person": person, "asked": Answer.ASKED})
        return tuple(_CASE.value(row, seats=()) for row in rows)

    def taken_by(self, helper: str) -> Case | None:
        return self._one(self._by.helper, {"helper": helper})

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
        self._effects.moved.add(case.workspace)
        self._effects.step_at(case.step_at)

    def due(self, now: datetime, limit: int) -> tuple[Case, ...]:
        rows = rows_due(self._connection, cases.c.step_at, now, limit)
        return self._cases(rows)

    def next_step_at(self) -> datetime | None:
        soonest: datetime | None = self._connection.execute(_NEXT_STEP).scalar_one()
        return soonest

    def open_with(self, person: str, *, besides: str = "") -> tuple[Case, ...]:
        asked = {"person": person, "besides": besides}
        return self._cases(self._connection.execute(_OPEN_WITH, asked).all())

    def raising(self, agent: str, workspace: str, since: datetime) -> tuple[tuple[Case, ...], int]:
        asked = {"person": agent, "of": workspace, "since": since}
        rows = self._connection.execute(_RAISING, asked).all()
        return self._cases([row for row in rows if row.id is not None]), rows[0].lately

    def busy(self, people: Sequence[str]) -> frozenset[str]:
        if not people:
            return frozenset()
        return frozenset(self._connection.scalars(_BUSY, {"people": list(people)}))

    def own(self, agent: str, limit: int) -> tuple[Case, ...]:
        rows = self._connection.execute(
            select(cases)
            .where(cases.c.agent == agent)
            .order_by(cases.c.raised_at.desc(), cases.c.id)
            .limit(limit)
        ).all()
        return tuple(_CASE.value(row, seats=()) for row in rows)

    def raised_lately(self, workspace: str, since: datetime) -> int:
        lately: int = self._connection.execute(
            _RAISED_SINCE, {"of": workspace, "since": since}
        ).scalar_one()
        return lately

    def _seat(self, case: Case, seats: Sequence[Seat], first: int) -> None:
        """Keeps who was asked. Who only may be asked is looked up anew when they are."""
        rows = [
            _SEAT.row(seat) | {"case": case.id, "place": place, "closed_at": case.closed_at}
            for place, seat in enumerate(seats, first)
            if seat.answer is not Answer.WAITING
        ]
        insert_rows(self._connection, case_seats, rows)

    def _one(self, statement: Select[Any], values: dict[str, Any]) -> Case | None:
        row = self._connection.execute(statement, values).one_or_none()
        if row is None:
            return None
        return self._case(row, self._connection.execute(_SEATS, {"case": row.id}))

    def _cases(self, rows: Sequence[Row[Any]]) -> tuple[Case, ...]:
        if not rows:
            return ()
        seats: dict[str, list[Row[Any]]] = {row.id: [] for row in rows}
        for seat in self._connection.execute(_SEATS_OF, {"of_cases": list(seats)}):
            seats[seat.case].append(seat)
        return tuple(self._case(row, seats[row.id]) for row in rows)

    def _case(self, row: Row[Any], seats: Iterable[Row[Any]]) -> Case:
        case = _CASE.value(row, seats=tuple(map(_SEAT.value, seats)))
        self._as_read[case.id] = case
        return case


@repository(Cases)
def cases_of(work: SqlWork) -> SqlCases:
    return SqlCases(work.connection, work.effects, writes=work.writes)
