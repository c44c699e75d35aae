"""What days came to: how many hands went up, and how long they waited."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Integer,
    String,
    Table,
    Text,
    bindparam,
    exists,
    func,
    literal_column,
    select,
    type_coerce,
)

from handlers.escalation.numbers import HandDays, Raised
from handlers.kit.weeks import CalendarDay
from storage.cases import cases, is_open
from storage.mapping import Codec, Record
from storage.schema import CODE, ID, STATED, Instant, Retention, insert_new, metadata
from storage.work import SqlWork, repository

_AFTERWARDS = timedelta(hours=1)
"""After a day, until what is counted of it is kept: what closed at midnight may be opened again."""

hand_days: Table = Table(
    "hand_days",
    metadata,
    Column("workspace", String(80), primary_key=True, info=ID),
    Column("starts_at", Instant, primary_key=True, index=True, info=STATED),
    # A day is as long as the clocks of whoever asks make it.
    Column("ends_at", Instant, primary_key=True, info=STATED),
    Column("hands", Integer, nullable=False),
    Column("waits", Text, nullable=False, info=CODE),
    Column("unanswered", Integer, nullable=False),
    info={
        "retention": Retention(
            why="13 months, as the times that they count: they name nobody.",
            ended=lambda now: hand_days.c.starts_at < now - timedelta(days=396),
        )
    },
)

_WAITS = Codec(
    lambda waits: " ".join(f"{wait}:{hands}" for wait, hands in waits.items()),
    lambda kept: {
        int(wait): int(hands) for wait, hands in (one.split(":") for one in kept.split())
    },
)
_DAY = Record(Raised, hand_days, as_={"waits": _WAITS})
_KEPT = select(hand_days).where(
    hand_days.c.workspace == bindparam("of"),
    hand_days.c.starts_at >= bindparam("since", type_=Instant),
    hand_days.c.starts_at < bindparam("until", type_=Instant),
)
_CAME, _AT = (type_coerce(one, BigInteger) for one in (cases.c.first_taken_at, cases.c.raised_at))
_COUNTED = (
    select(
        ((_CAME - _AT + 500_000) // 1_000_000).label("wait"),
        func.count().label("hands"),
        func.count(cases.c.unanswered_at).filter(cases.c.first_taken_at.is_(None)).label("alone"),
    )
    .where(
        cases.c.workspace == bindparam("of"),
        cases.c.raised_at >= bindparam("since", type_=Instant),
        cases.c.raised_at < bindparam("until", type_=Instant),
    )
    .group_by(literal_column("1"))
)
_STILL_UP = select(
    exists().where(
        cases.c.workspace == bindparam("of"),
        is_open(cases),
        cases.c.raised_at < bindparam("until", type_=Instant),
    )
)


class SqlHandDays:
    """`handlers.escalation.numbers.HandDays` over a connection."""

    def __init__(self, connection: Connection, *, writes: bool) -> None:
        self._connection = connection
        self._writes = writes

    def counted(
        self, workspace: str, days: Sequence[CalendarDay], now: datetime
    ) -> tuple[Raised, ...]:
        asked = {"of": workspace, "since": days[0].start, "until": days[-1].end}
        kept = {
            (row.starts_at, row.ends_at): _DAY.value(row)
            for row in self._connection.execute(_KEPT, asked).all()
        }
        found = {day: kept.get((day.start, day.end)) for day in days}
        missing = [day for day, one in found.items() if one is None and day.start < now]
        counts = {day: self._count(workspace, day) for day in missing}
        over = [day for day in missing if day.end <= now - _AFTERWARDS]
        if over and self._writes:
            self._keep(workspace, over, counts)
        return tuple(one or counts.get(day) or Raised() for day, one in found.items())

    def _count(self, workspace: str, day: CalendarDay) -> Raised:
        between = {"of": workspace, "since": day.start, "until": day.end}
        rows = self._connection.execute(_COUNTED, between).all()
        return Raised(
            sum(row.hands for row in rows),
            {row.wait: row.hands for row in rows if row.wait is not None},
            sum(row.alone for row in rows),
        )

    def _keep(
        self, workspace: str, days: Iterable[CalendarDay], counts: Mapping[CalendarDay, Raised]
    ) -> None:
        """Those of which none is up any more."""
        rows = [
            {"workspace": workspace, "starts_at": day.start, "ends_at": day.end}
            | _DAY.row(counts[day])
            for day in days
            if not self._connection.scalar(_STILL_UP, {"of": workspace, "until": day.end})
        ]
        insert_new(self._connection, hand_days, rows)


@repository(HandDays)
def hand_days_of(work: SqlWork) -> SqlHandDays:
    return SqlHandDays(work.connection, writes=work.writes)
