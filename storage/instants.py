"""What is kept of a clock that was wrong, put right with it.

A clock that was hours fast leaves instants behind that lie hours ahead; nothing may wait for them.
Each column says what its instants are (`storage.schema.Clocked`), and by that they move.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
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

from storage.effects import Effects
from storage.schema import STATED, Clocked, Instant, Retention, insert_new, metadata

FURTHEST = timedelta(days=1)
"""A clock that was put right by more was not the one that stands in the rows, or is the one that is
wrong: nothing is moved by it."""

_SAME = timedelta(minutes=1)
"""Within so long all replicas have noticed one and the same step of the clock that they share."""

_ABOUT = timedelta(seconds=2)
"""By how much what they make of it differs at most."""

_NOTICED = timedelta(seconds=10)
"""How long one of them may have gone on by the wrong clock when another had noticed."""

_MICROSECOND = timedelta(microseconds=1)
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)

clock_steps = Table(
    "clock_steps",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Instant, nullable=False, info=STATED),
    Column("by", BigInteger, nullable=False),
    info={"retention": Retention(why="The last one, for ever: one row. Names nobody.")},
)


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

    def put_right(self, wrong: datetime, now: datetime) -> int:
        """The clock that said `wrong` says `now` instead. Of whatever lasts a while what remained
        remains, nothing has happened later than now, and what was due is due. Answers how many rows
        it moved: none where the two are more than FURTHEST apart."""
        if abs(wrong - now) > FURTHEST:
            return 0
        since = min(wrong, now)
        if self._is_done(wrong, now):
            if wrong < now:
                return 0
            # What is left is what this replica wrote after the other one had noticed.
            since = max(wrong - _NOTICED, now)
        moved = 0
        for table in metadata.sorted_tables:
            changes = dict(_changes(table, wrong, now, since))
            if changes:
                touched = or_(*(table.c[name] > since for name in changes))
                moved += self._connection.execute(
                    update(table).where(touched).values(changes)
                ).rowcount
        self._effects.wake_at(now)
        return moved

    def _is_done(self, wrong: datetime, now: datetime) -> bool:
        """Whether another replica has put this right; else nobody else does from now on."""
        first = {"id": 1, "at": _LONG_AGO, "by": 0}
        insert_new(self._connection, clock_steps, [first])
        last = self._connection.execute(select(clock_steps).with_for_update()).one()
        by = (now - wrong) // _MICROSECOND
        if abs(now - last.at) < _SAME and abs(by - last.by) < _ABOUT // _MICROSECOND:
            return True
        self._connection.execute(update(clock_steps).values(at=now, by=by))
        return False


def _columns(table: Table, *kinds: Clocked) -> list[Any]:
    return [column for column in table.c if column.info.get("clocked") in kinds]


def _changes(
    table: Table, wrong: datetime, now: datetime, since: datetime
) -> Iterator[tuple[str, ColumnElement[Any]]]:
    """What each column of the table becomes, where it becomes anything: what lies after `since`."""
    by = (now - wrong) // _MICROSECOND
    lasting = _columns(table, Clocked.REMAINS)
    for column in _columns(table, Clocked.REMAINS, Clocked.DUE):
        counts_a_while = column.info.get("remains_if")
        remains = true() if counts_a_while is None else counts_a_while(wrong)
        whens = []
        if column in lasting or counts_a_while is not None:
            whens.append((and_(column > since, remains), _moved(column, by)))
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
            goes_on = or_(*(one > since for one in lasting))
            yield (
                column.name,
                case((and_(goes_on, column <= wrong), _moved(column, by)), else_=column),
            )


def _moved(column: ColumnElement[Any], by: int) -> ColumnElement[Any]:
    return type_coerce(type_coerce(column, BigInteger) + literal(by), Instant)
