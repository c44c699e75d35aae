"""Breaks, who covers for them, the offers after calls, and what people want of them."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
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
    and_,
    bindparam,
    delete,
    exists,
    insert,
    literal,
    or_,
    select,
    text,
    update,
)

from handlers.breaks.model import LIVE, Break, Breaks, BreakState, Habits, Offer, absence_of
from handlers.breaks.rules import FORESEEN, LOOK_AHEAD, Absence, Crew, StandIn, Team, joined
from handlers.kit.people import UNTIL_BACK, Person
from handlers.vents.model import VentState
from storage.effects import Effects
from storage.mapping import Record
from storage.people.duty import DUTY_COLUMNS, SqlDuty, duty_of
from storage.people.people import SqlPeople
from storage.people.tables import people
from storage.schema import (
    CODE,
    HAPPENED,
    ID,
    REMAINS,
    Instant,
    Retention,
    insert_new,
    metadata,
    partial_index,
    person_column,
    put_all,
)
from storage.supervision.sessions import LONGEST_SESSION, SITS, seats, sessions
from storage.vents import vents
from storage.work import SqlWork, repository

_LIVE = "state IN ({})".format(", ".join(f"'{state}'" for state in LIVE))
_A_DAY = timedelta(days=1)
_LONG_AGO = datetime.min.replace(tzinfo=UTC)
"""When a vent began that is going on: nobody keeps when it did."""

breaks: Table = Table(
    "breaks",
    metadata,
    Column("id", String(32), primary_key=True, info=ID),
    Column("workspace", String(80), nullable=False, info=ID),
    person_column("person", ForeignKey(people.c.id, ondelete="CASCADE"), nullable=False),
    Column("minutes", Integer),
    Column("state", String(16), nullable=False, info=CODE),
    Column("asked_at", Instant, nullable=False, info=HAPPENED),
    Column("hard", Boolean, nullable=False),
    Column("tip", Integer),
    Column("starts_at", Instant, info=REMAINS),
    Column("started_at", Instant, info=HAPPENED),
    Column("ends_at", Instant, info=REMAINS),
    Column("step_at", Instant, index=True, info=REMAINS),
    Column("back_as", String(16), info=CODE),
    Column("closed_at", Instant, index=True, info=HAPPENED),
    partial_index(
        "uq_breaks_live_person",
        "person",
        unique=True,
        where=_LIVE,
    ),
    Index("ix_breaks_person", "person", "asked_at"),
    partial_index(
        "ix_breaks_live",
        "workspace",
        where=_LIVE,
    ),
    info={
        "retention": Retention(
            why="A day after it is over, as long as its messages may still change. Nobody counts "
            "who took breaks.",
            ended=lambda now: breaks.c.closed_at < now - _A_DAY,
        )
    },
)

break_covers = Table(
    "break_covers",
    metadata,
    Column("break", ForeignKey(breaks.c.id, ondelete="CASCADE"), primary_key=True),
    person_column(
        "person", ForeignKey(people.c.id, ondelete="CASCADE"), nullable=False, index=True
    ),
    info={"retention": Retention(why="Until the break is over.")},
)

break_offers: Table = Table(
    "break_offers",
    metadata,
    Column("call", String(80), primary_key=True, info=ID),
    Column("workspace", String(80), nullable=False, info=ID),
    person_column("person", ForeignKey(people.c.id, ondelete="CASCADE"), nullable=False),
    Column("hard", Boolean, nullable=False),
    Column("offered_at", Instant, nullable=False, index=True, info=HAPPENED),
    Column("step_at", Instant, index=True, info=REMAINS),
    Column("taken", Boolean, nullable=False),
    Index("ix_break_offers_person", "person", "offered_at"),
    info={
        "retention": Retention(
            why="A day, so that no call's offer is made twice.",
            ended=lambda now: break_offers.c.offered_at < now - _A_DAY,
        )
    },
)

break_habits = Table(
    "break_habits",
    metadata,
    person_column("person", ForeignKey(people.c.id, ondelete="CASCADE"), primary_key=True),
    Column("suggests", Boolean, nullable=False),
    Column("next", Integer, nullable=False),
    info={"retention": Retention(why="As long as the person uses Plecs.")},
)

break_teams = Table(
    "break_teams",
    metadata,
    Column("team", String(64), primary_key=True, info=ID),
    info={
        "retention": Retention(why="What a team's decisions wait for each other at. Names nobody.")
    },
)

_BREAK = Record(Break, breaks)
_OFFER = Record(Offer, break_offers)
_HABITS = Record(Habits, break_habits)

_LIVE_OF = select(breaks).where(breaks.c.person == bindparam("person"), text(_LIVE))
_LAST_OF = (
    select(breaks)
    .where(breaks.c.person == bindparam("person"))
    .order_by(breaks.c.asked_at.desc(), breaks.c.id)
    .limit(1)
)
_DUE = (
    select(breaks)
    .where(breaks.c.step_at <= bindparam("now", type_=Instant))
    .order_by(breaks.c.step_at, breaks.c.id)
    .limit(bindparam("limit"))
)
_IS_ON = and_(
    breaks.c.state == BreakState.RUNNING,
    breaks.c.started_at <= bindparam("now", type_=Instant),
    breaks.c.ends_at > bindparam("now", type_=Instant),
)
_ON_BREAK = select(breaks.c.person).where(
    breaks.c.person.in_(bindparam("people", expanding=True)), _IS_ON
)
_OFF_THE_LINE = (
    select(breaks, *DUTY_COLUMNS)
    .join(people, people.c.id == breaks.c.person)
    .where(
        breaks.c.workspace == bindparam("workspace"),
        breaks.c.state.in_((BreakState.RUNNING, BreakState.BOOKED, BreakState.DESK)),
        breaks.c.person != bindparam("me"),
        people.c.manager == bindparam("manager"),
        people.c.active,
        people.c.supervisor.is_(False),
    )
    .order_by(breaks.c.started_at, breaks.c.id)
)
_IN_A_VENT = (
    select(people.c.id.label("person"), vents.c.ends_at, *DUTY_COLUMNS)
    .join(vents, or_(vents.c.asker == people.c.id, vents.c.listener == people.c.id))
    .where(
        vents.c.workspace == bindparam("workspace"),
        vents.c.state == VentState.TALKING,
        people.c.id != bindparam("me"),
        people.c.manager == bindparam("manager"),
        people.c.active,
        people.c.supervisor.is_(False),
    )
)
_IN_A_SESSION = (
    select(people.c.id.label("person"), sessions.c.starts_at, sessions.c.ends_at, *DUTY_COLUMNS)
    .join(seats, seats.c.person == people.c.id)
    .join(sessions, sessions.c.id == seats.c.session)
    .where(
        sessions.c.workspace == bindparam("workspace"),
        sessions.c.starts_at > bindparam("since", type_=Instant),
        sessions.c.starts_at < bindparam("until", type_=Instant),
        SITS,
        people.c.id != bindparam("me"),
        people.c.manager == bindparam("manager"),
        people.c.active,
        people.c.supervisor.is_(False),
    )
)
_covered_person = people.alias("covered_person")
_STAND_INS = (
    select(breaks.c.ends_at, *DUTY_COLUMNS)
    .join(break_covers, break_covers.c["break"] == breaks.c.id)
    .join(_covered_person, _covered_person.c.id == breaks.c.person)
    .join(people, people.c.id == break_covers.c.person)
    .where(
        breaks.c.workspace == bindparam("workspace"),
        breaks.c.state == BreakState.RUNNING,
        _covered_person.c.manager == bindparam("manager"),
        people.c.id != bindparam("me"),
        people.c.active,
        people.c.supervisor,
        ~exists().where(
            vents.c.state == VentState.TALKING,
            or_(vents.c.asker == people.c.id, vents.c.listener == people.c.id),
        ),
    )
)
_COVERED = (
    select(breaks)
    .join(break_covers, break_covers.c["break"] == breaks.c.id)
    .where(break_covers.c.person == bindparam("person"), _IS_ON)
)
_AWAY = (
    select(people.c.id, breaks.c.ends_at, breaks.c.minutes, people.c.away_until)
    .outerjoin(breaks, and_(breaks.c.person == people.c.id, _IS_ON))
    .where(
        people.c.workspace == bindparam("workspace"),
        people.c.active,
        or_(breaks.c.id.is_not(None), people.c.away_until > bindparam("now", type_=Instant)),
    )
    .order_by(people.c.sort_key, people.c.id)
)
_SAVE = update(breaks).where(breaks.c.id == bindparam("one"))
_SAVE_OFFER = update(break_offers).where(break_offers.c.call == bindparam("of"))


class SqlBreaks:
    """`handlers.breaks.model.Breaks` over a connection."""

    def __init__(
        self, connection: Connection, known: SqlPeople, duty: SqlDuty, effects: Effects
    ) -> None:
        self._connection = connection
        self._people = known
        self._duty = duty
        self._effects = effects

    def hold(self, *people: Person) -> None:
        # In one order, so that two who hold the same teams never wait for each other. SQLite has
        # one writer at a time and needs no lock; PostgreSQL waits at the row.
        for team in sorted({_team(person) for person in people}):
            insert_new(self._connection, break_teams, [{"team": team}])
            self._connection.execute(
                select(break_teams).where(break_teams.c.team == team).with_for_update()
            )

    def team(self, person: Person, now: datetime) -> Team:
        whose = {"workspace": person.workspace, "manager": person.manager}
        window = {"since": now - LONGEST_SESSION, "until": now + LOOK_AHEAD + FORESEEN}
        absences: dict[str, list[Absence]] = {}
        for row in self._connection.execute(_OFF_THE_LINE, whose | {"me": person.id}):
            absence = absence_of(_BREAK.value(row), duty_of(row))
            if absence is not None:
                absences.setdefault(row.person, []).append(absence)
        for row in self._connection.execute(_IN_A_VENT, whose | {"me": person.id}):
            absence = Absence(duty_of(row), _LONG_AGO, row.ends_at)
            absences.setdefault(row.person, []).append(absence)
        for row in self._connection.execute(_IN_A_SESSION, whose | window | {"me": person.id}):
            absence = Absence(duty_of(row), row.starts_at, row.ends_at)
            absences.setdefault(row.person, []).append(absence)
        covers = self._connection.execute(_STAND_INS, whose | {"me": person.id})
        return Team(
            tuple(Crew(duty, people) for duty, people in self._duty.crews(**whose)),
            tuple(one for theirs in absences.values() for one in joined(theirs)),
            tuple(StandIn(duty_of(row), row.ends_at) for row in covers),
        )

    def add(self, one: Break) -> None:
        self._connection.execute(insert(breaks), _BREAK.row(one))
        self._effects.wake_at(one.step_at)

    def get(self, one: str) -> Break | None:
        return self._one(select(breaks).where(breaks.c.id == one), {})

    def live_of(self, person: str) -> Break | None:
        return self._one(_LIVE_OF, {"person": person})

    def last_of(self, person: str) -> Break | None:
        return self._one(_LAST_OF, {"person": person})

    def save(self, one: Break) -> None:
        self._connection.execute(_SAVE, {"one": one.id} | _BREAK.changes(one))
        self._effects.wake_at(one.step_at)

    def due(self, now: datetime, limit: int) -> tuple[Break, ...]:
        rows = self._connection.execute(_DUE, {"now": now, "limit": limit}).all()
        return tuple(_BREAK.value(row) for row in rows)

    def on_break(self, people: Sequence[str], now: datetime) -> frozenset[str]:
        if not people:
            return frozenset()
        values = {"people": list(people), "now": now}
        return frozenset(self._connection.scalars(_ON_BREAK, values))

    def at_desk(self, person: Person) -> tuple[str, ...]:
        values = {"workspace": person.workspace, "manager": person.manager, "me": person.id}
        rows = self._connection.execute(_OFF_THE_LINE, values)
        return tuple(row.person for row in rows if row.state == BreakState.DESK)

    def away(self, workspace: str, now: datetime) -> tuple[tuple[Person, datetime | None], ...]:
        rows = self._connection.execute(_AWAY, {"workspace": workspace, "now": now}).all()
        known = self._people.many([row.id for row in rows])
        return tuple((known[row.id], _until(row, now)) for row in rows)

    def cover(self, one: Break, person: str) -> None:
        put_all(self._connection, break_covers, [{"break": one.id, "person": person}])

    def coverer(self, one: str) -> str | None:
        person: str | None = self._connection.scalar(
            select(break_covers.c.person).where(break_covers.c["break"] == one)
        )
        return person

    def covered_by(self, person: str, now: datetime) -> Break | None:
        return self._one(_COVERED.limit(1), {"person": person, "now": now})

    def uncover(self, one: str) -> None:
        self._connection.execute(delete(break_covers).where(break_covers.c["break"] == one))

    def offer(self, offer: Offer) -> bool:
        row = _OFFER.row(offer)
        self._effects.wake_at(offer.step_at)
        return insert_new(self._connection, break_offers, [row]) == 1

    def offer_of(self, call: str) -> Offer | None:
        row = self._connection.execute(
            select(break_offers).where(break_offers.c.call == call)
        ).one_or_none()
        return None if row is None else _OFFER.value(row)

    def open_offers(self, person: str) -> tuple[Offer, ...]:
        rows = self._connection.execute(
            select(break_offers).where(
                break_offers.c.person == person, break_offers.c.step_at.is_not(None)
            )
        ).all()
        return tuple(map(_OFFER.value, rows))

    def was_offered(self, person: str, since: datetime) -> bool:
        return (
            self._connection.execute(
                select(literal(1))
                .where(break_offers.c.person == person, break_offers.c.offered_at >= since)
                .limit(1)
            ).first()
            is not None
        )

    def save_offer(self, offer: Offer) -> None:
        self._connection.execute(_SAVE_OFFER, {"of": offer.call} | _OFFER.changes(offer))

    def offers_due(self, now: datetime, limit: int) -> tuple[Offer, ...]:
        rows = self._connection.execute(
            select(break_offers)
            .where(break_offers.c.step_at <= now)
            .order_by(break_offers.c.step_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        ).all()
        return tuple(_OFFER.value(row) for row in rows)

    def habits(self, person: str) -> Habits:
        row = self._connection.execute(
            select(break_habits).where(break_habits.c.person == person)
        ).one_or_none()
        return Habits() if row is None else _HABITS.value(row)

    def keep_habits(self, person: str, habits: Habits) -> None:
        put_all(self._connection, break_habits, [{"person": person} | _HABITS.row(habits)])

    def _one(self, statement: Select[Any], values: dict[str, Any]) -> Break | None:
        row = self._connection.execute(statement, values).one_or_none()
        return None if row is None else _BREAK.value(row)


@repository(Breaks)
def breaks_of(work: SqlWork) -> SqlBreaks:
    return SqlBreaks(work.connection, work.people, work.duty, work.effects)


def _team(person: Person) -> str:
    """A name for the team that names nobody: managers are people."""
    return hashlib.sha256(f"{person.workspace}\n{person.manager}".encode()).hexdigest()


def _until(row: Row[*tuple[Any, ...]], now: datetime) -> datetime | None:
    """When somebody away is expected; a break without an end and an absence without one alike
    have none."""
    ends = [row.ends_at if row.minutes is not None else None] if row.ends_at is not None else []
    if row.away_until is not None and row.away_until > now:
        ends.append(None if row.away_until == UNTIL_BACK else row.away_until)
    return None if None in ends else max(end for end in ends if end is not None)
