"""What is kept of a clock that was wrong, put right with it.

A clock that was hours fast leaves instants behind that lie hours ahead; nothing may wait for them.
Each column says what its instants are (`storage.schema.Clocked`), and by that they move.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Integer,
    Table,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    true,
    type_coerce,
    union_all,
    update,
)

from handlers.kit.delivery import ClockStep
from storage.effects import Effects
from storage.mapping import Codec, Record
from storage.schema import STATED, Clocked, Instant, Retention, clocked_of, insert_new, metadata

FURTHEST = timedelta(days=1)
"""A clock that was put right by more was not the one that stands in the rows, or is the one that is
wrong: nothing is moved by it."""

_HALTED = timedelta(seconds=5)
"""How long nobody may have been able to renew what they hold."""

_MICROSECOND = timedelta(microseconds=1)
_LONG_AGO, _EVER = datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)

clock_steps = Table(
    "clock_steps",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("number", Integer, nullable=False),
    Column("at", Instant, nullable=False, info=STATED),
    Column("by", BigInteger, nullable=False),
    Column("before", BigInteger, nullable=False),
    Column("moved", Boolean, nullable=False),
    info={"retention": Retention(why="The last one, for ever: one row. Names nobody.")},
)


_WHILE = Codec(lambda by: by // _MICROSECOND, lambda by: by * _MICROSECOND)
_STEP = Record(ClockStep, clock_steps, as_={"by": _WHILE, "before": _WHILE})
_HELD = select(clock_steps).with_for_update()
_NO_STEP = ClockStep(0, _LONG_AGO, timedelta(), timedelta(), moved=True)


class SqlInstants:
    """Every instant there is, over a connection."""

    def __init__(self, connection: Connection, effects: Effects) -> None:
        self._connection = connection
        self._effects = effects

    def latest(self) -> datetime | None:
        """When, by the clock of whoever wrote it, the last thing happened that is kept."""
        happened = [
            select(func.max(column).label("at"))
            for table in metadata.sorted_tables
            for column in _columns(table, Clocked.HAPPENED)
        ]
        found: datetime | None = self._connection.scalar(
            select(func.max(union_all(*happened).subquery().c.at))
        )
        return found

    def step(self) -> ClockStep:
        """The last step of the clock that was agreed on; number 0 where there was none."""
        insert_new(self._connection, clock_steps, [{"id": 1, **_STEP.row(_NO_STEP)}])
        return _STEP.value(self._connection.execute(_HELD).one())

    def agree(self, known: ClockStep, at: datetime, by: timedelta) -> ClockStep:
        """Has all replicas go over when the time is `at` to one so much later. Where it stands
        otherwise than `known`, because another one was quicker, that is the answer."""
        last = self.step()
        if last != known:
            return last
        return self._keep(ClockStep(last.number + 1, at, by, last.made))

    def put_right(self, step: ClockStep) -> ClockStep:
        """Moves what is kept with the clock: of whatever lasts a while what remained remains,
        nothing has happened later than now, and what was due is due. Nothing where it was moved
        by somebody else, where the step is longer than FURTHEST, or not the last one any more.
        Answers how it stands."""
        last = self.step()
        if last != step:
            return last
        if abs(step.by) <= FURTHEST:
            self._move(step.at, step.at + step.by)
        return self._keep(replace(step, moved=True))

    def _move(self, wrong: datetime, now: datetime) -> None:
        for table in metadata.sorted_tables:
            changes = dict(_changes(table, wrong, now))
            if changes:
                touched = or_(*(table.c[name] > min(wrong, now) for name in changes))
                self._connection.execute(update(table).where(touched).values(changes))
        self._effects.send_at(now)
        self._effects.step_at(now)

    def _keep(self, step: ClockStep) -> ClockStep:
        self._connection.execute(update(clock_steps).values(_STEP.row(step)))
        return step


def _columns(table: Table, *kinds: Clocked) -> list[Any]:
    return [column for column in table.c if clocked_of(column) in kinds]


def _changes(
    table: Table, wrong: datetime, now: datetime
) -> Iterator[tuple[str, ColumnElement[Any]]]:
    """What each column of the table becomes, where it becomes anything."""
    by, since = (now - wrong) // _MICROSECOND, min(wrong, now)
    lasting = _columns(table, Clocked.REMAINS)
    for column in _columns(table, Clocked.REMAINS, Clocked.DUE):
        counts_a_while = column.info.get("remains_if")
        remains = true() if counts_a_while is None else counts_a_while(wrong)
        whens = []
        if column in lasting or counts_a_while is not None:
            longer = _HALTED // _MICROSECOND if column.info.get("leased") else 0
            goes_on = and_(column > since, column < _EVER, remains)
            whens.append((goes_on, _moved(column, by + longer)))
        if by < 0:
            whens.append((and_(column > since, column <= wrong), literal(now, Instant)))
        if whens:
            yield column.name, case(*whens, else_=column)
    for column in _columns(table, Clocked.HAPPENED):
        if by < 0:
            whens = [
                (column > wrong, literal(now, Instant)),
                (column > since, _moved(column, by)),
            ]
            yield column.name, case(*whens, else_=column)
        elif lasting:  # what began by a slow clock has not lasted longer because it was put right
            goes_on = or_(*(and_(one > since, one < _EVER) for one in lasting))
            yield (
                column.name,
                case((and_(goes_on, column <= wrong), _moved(column, by)), else_=column),
            )


def _moved(column: ColumnElement[Any], by: int) -> ColumnElement[Any]:
    return type_coerce(type_coerce(column, BigInteger) + literal(by), Instant)
