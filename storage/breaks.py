"""Breaks, who covers for them, the offers after calls, and what people want of them."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    ForeignKey,
    Index,
    Integer,
    Select,
    String,
    Table,
    and_,
    bindparam,
    case,
    delete,
    func,
    insert,
    literal,
    select,
    text,
    update,
)

from handlers.breaks.model import LIVE, MOST_AWAY, Break, BreakOffer, Breaks, BreakState, Habits
from handlers.kit.people import UNTIL_BACK, Person
from handlers.kit.text import fold, sort_key
from storage.effects import Effects
from storage.mapping import Record
from storage.people.people import SqlPeople
from storage.people.tables import OfPeople, people
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
    rows_due,
    unindexed,
)
from storage.work import SqlWork, repository

_LIVE = "state IN ({})".format(", ".join(f"'{state}'" for state in LIVE))
_A_DAY = timedelta(days=1)
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
    Column("offered_at", Instant, nullable=False, index=True, info=REMAINS),
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

break_moves: Table = Table(
    "break_moves",
    metadata,
    Column("workspace", String(80), primary_key=True, info=ID),
    Column("day", String(10), primary_key=True, info=CODE),
    Column("moved", Integer, nullable=False),
    info={
        "retention": Retention(
            why="13 months: how many breaks of a day had to wait for others. Names nobody.",
            ended=lambda now: break_moves.c.day < (now - timedelta(days=396)).date().isoformat(),
        )
    },
)

IS_LIVE = text(_LIVE)
"""Of a break that is not over: written out, so that the indexes of these serve."""

BREAK = Record(Break, breaks)
_OFFER = Record(BreakOffer, break_offers)
_HABITS = Record(Habits, break_habits)

_LIVE_OF = select(breaks).where(breaks.c.person == bindparam("person"), IS_LIVE)
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


def who_rest(who: OfPeople) -> Select[Any]:
    """Those of whom `who` holds who are on a break at `now`."""
    return select(breaks.c.person).where(who(breaks.c.person), _IS_ON)


_COVERED = (
    select(breaks)
    .join(break_covers, break_covers.c["break"] == breaks.c.id)
    .where(break_covers.c.person == bindparam("person"), _IS_ON)
)
_OF_LEADER = (
    people.c.workspace == bindparam("workspace"),
    people.c.led_by == bindparam("led_by"),
    people.c.active,
    people.c.id != bindparam("me"),
)
_ABSENT = (
    select(people.c.id, people.c.away_until.label("until"))
    .where(*_OF_LEADER, people.c.away_until > bindparam("now", type_=Instant))
    .limit(MOST_AWAY)
)
_RESTS = select(
    people.c.id, case((breaks.c.minutes.is_not(None), breaks.c.ends_at)).label("until")
).join(breaks, breaks.c.person == people.c.id)
_RESTING = _RESTS.where(*_OF_LEADER, _IS_ON)
_RESTING_OF_NOBODY = _RESTS.where(
    # From the breaks that there are: those who have no manager may be everybody.
    breaks.c.workspace == bindparam("workspace"),
    IS_LIVE,
    _IS_ON,
    unindexed(people.c.led_by) == bindparam("led_by"),
    people.c.active,
    people.c.id != bindparam("me"),
).limit(MOST_AWAY)
_SAVE = update(breaks).where(breaks.c.id == bindparam("one"))
_SAVE_OFFER = update(break_offers).where(break_offers.c.call == bindparam("of"))


class SqlBreaks:
    """`handlers.breaks.model.Breaks` over a connection."""

    def __init__(self, connection: Connection, known: SqlPeople, effects: Effects) -> None:
        self._connection = connection
        self._people = known
        self._effects = effects

    def add(self, one: Break) -> None:
        self._connection.execute(insert(breaks), BREAK.row(one))
        self._effects.step_at(one.step_at)

    def get(self, one: str) -> Break | None:
        return BREAK.load(self._connection, one)

    def live_of(self, person: str) -> Break | None:
        return self._one(_LIVE_OF, {"person": person})

    def last_of(self, person: str) -> Break | None:
        return self._one(_LAST_OF, {"person": person})

    def save(self, one: Break) -> None:
        self._connection.execute(_SAVE, {"one": one.id} | BREAK.changes(one))
        self._effects.step_at(one.step_at)

    def due(self, now: datetime, limit: int) -> tuple[Break, ...]:
        rows = self._connection.execute(_DUE, {"now": now, "limit": limit}).all()
        return tuple(BREAK.value(row) for row in rows)

    def moved(self, workspace: str, day: date) -> None:
        key = {"workspace": workspace, "day": day.isoformat()}
        insert_new(self._connection, break_moves, [key | {"moved": 0}])
        self._connection.execute(
            update(break_moves).filter_by(**key).values(moved=break_moves.c.moved + 1)
        )

    def moves(self, workspace: str, first: date, last: date) -> int:
        counted: int | None = self._connection.scalar(
            select(func.sum(break_moves.c.moved)).where(
                break_moves.c.workspace == workspace,
                break_moves.c.day.between(first.isoformat(), last.isoformat()),
            )
        )
        return counted or 0

    def away(self, leader: Person, now: datetime) -> tuple[tuple[Person, datetime | None], ...]:
        ends: dict[str, list[datetime | None]] = {}
        for led_by, resting in ((fold(leader.name), _RESTING), ("", _RESTING_OF_NOBODY)):
            asked = {"workspace": leader.workspace, "led_by": led_by, "me": leader.id, "now": now}
            for which in (_ABSENT, resting):
                for person, until in self._connection.execute(which, asked):
                    ends.setdefault(person, []).append(None if until == UNTIL_BACK else until)
        known = sorted(
            self._people.many(list(ends)).values(), key=lambda one: (sort_key(one.name), one.id)
        )
        return tuple((person, _latest(ends[person.id])) for person in known)

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

    def offer(self, offer: BreakOffer) -> bool:
        row = _OFFER.row(offer)
        self._effects.step_at(offer.step_at)
        return insert_new(self._connection, break_offers, [row]) == 1

    def offer_of(self, call: str) -> BreakOffer | None:
        return _OFFER.load(self._connection, call)

    def open_offers(self, person: str) -> tuple[BreakOffer, ...]:
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

    def save_offer(self, offer: BreakOffer) -> None:
        self._connection.execute(_SAVE_OFFER, {"of": offer.call} | _OFFER.changes(offer))

    def drop_offer(self, call: str) -> None:
        self._connection.execute(delete(break_offers).where(break_offers.c.call == call))

    def offers_due(self, now: datetime, limit: int) -> tuple[BreakOffer, ...]:
        rows = rows_due(self._connection, break_offers.c.step_at, now, limit)
        return tuple(_OFFER.value(row) for row in rows)

    def habits(self, person: str) -> Habits:
        return _HABITS.load(self._connection, person) or Habits()

    def keep_habits(self, person: str, habits: Habits) -> None:
        put_all(self._connection, break_habits, [{"person": person} | _HABITS.row(habits)])

    def _one(self, statement: Select[Any], values: dict[str, Any]) -> Break | None:
        row = self._connection.execute(statement, values).one_or_none()
        return None if row is None else BREAK.value(row)


@repository(Breaks)
def breaks_of(work: SqlWork) -> SqlBreaks:
    return SqlBreaks(work.connection, work.people, work.effects)


def _latest(ends: Sequence[datetime | None]) -> datetime | None:
    """When somebody is expected who is away for several reasons: a break without an end and an
    absence without one alike have none."""
    known = [end for end in ends if end is not None]
    return max(known) if len(known) == len(ends) else None
