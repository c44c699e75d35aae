"""What is planned for people on dates."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import Column, Connection, String, Table, bindparam, delete, select

from handlers.availability.shifts import DayPlan, Shifts, ShiftSource
from handlers.kit.rota import Planned, Rota, ShiftKind
from storage.schema import CODE, STATED, Instant, Retention, insert_rows, metadata, person_column
from storage.work import SqlWork, repository

_KEPT = timedelta(days=14)

shifts: Table = Table(
    "shifts",
    metadata,
    person_column("person", String(32), primary_key=True),
    Column("day", String(10), primary_key=True, info=CODE),
    Column("starts_at", Instant, primary_key=True, info=STATED),
    Column("kind", String(8), primary_key=True, info=CODE),
    Column("ends_at", Instant, nullable=False, index=True, info=STATED),
    Column("source", String(8), nullable=False, info=CODE),
    info={
        "retention": Retention(
            why="Two weeks after the shift is over: so long the rest before the next ones is "
            "reckoned by it.",
            ended=lambda now: shifts.c.ends_at < now - _KEPT,
        )
    },
)

_BETWEEN = (
    select(
        shifts.c.person,
        shifts.c.day,
        shifts.c.starts_at,
        shifts.c.ends_at,
        shifts.c.kind,
        shifts.c.source,
    )
    .where(
        shifts.c.person.in_(bindparam("people", expanding=True)),
        shifts.c.day.between(bindparam("first"), bindparam("last")),
    )
    .order_by(shifts.c.person, shifts.c.day, shifts.c.starts_at, shifts.c.kind)
)
_OF_DAYS = delete(shifts).where(
    shifts.c.person == bindparam("of"),
    shifts.c.day.in_(bindparam("days", expanding=True)),
)
_AT_ONCE = 500
"""People asked for in one statement."""


class SqlShifts:
    """`handlers.availability.shifts.Shifts` over a connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def rotas(self, people: Sequence[str], first: date, last: date) -> Mapping[str, Rota]:
        return {
            person: Rota(tuple(sorted(map(_entry, rows))))
            for person, rows in groupby(self._rows(people, first, last), attrgetter("person"))
        }

    def days(self, people: Sequence[str], first: date, last: date) -> Sequence[DayPlan]:
        of_day = attrgetter("person", "day")
        found = []
        for (person, day), rows in groupby(self._rows(people, first, last), of_day):
            kept = list(rows)
            source = (
                ShiftSource.SAID
                if any(_is_said(one) for one in kept)
                else ShiftSource(kept[0].source)
            )
            entries = tuple(sorted(map(_entry, kept)))
            found.append(DayPlan(person, date.fromisoformat(day), entries, source))
        return found

    def put(self, days: Iterable[DayPlan]) -> None:
        for person, theirs in groupby(days, attrgetter("person")):
            plans = list(theirs)
            named = [one.day.isoformat() for one in plans]
            self._connection.execute(_OF_DAYS, {"of": person, "days": named})
            insert_rows(
                self._connection,
                shifts,
                [
                    {
                        "person": person,
                        "day": one.day.isoformat(),
                        "starts_at": entry.start,
                        "kind": entry.kind,
                        "ends_at": entry.end,
                        "source": one.source,
                    }
                    for one in plans
                    for entry in one.entries
                ],
            )

    def _rows(self, people: Sequence[str], first: date, last: date) -> Iterable[Any]:
        asked = {"first": first.isoformat(), "last": last.isoformat()}
        ids = sorted(people)
        for begin in range(0, len(ids), _AT_ONCE):
            some = ids[begin : begin + _AT_ONCE]
            yield from self._connection.execute(_BETWEEN, asked | {"people": some})


def _is_said(row: Any) -> bool:
    return bool(row.source == ShiftSource.SAID)


def _entry(row: Any) -> Planned:
    return Planned(row.starts_at, row.ends_at, date.fromisoformat(row.day), ShiftKind(row.kind))


@repository(Shifts)
def shifts_of(work: SqlWork) -> SqlShifts:
    return SqlShifts(work.connection)
