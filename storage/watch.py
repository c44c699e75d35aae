"""What is wrong with what is kept, and what the admins were told of it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    String,
    Table,
    Text,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    type_coerce,
    update,
)

from handlers.escalation.model import State
from handlers.kit.notices import Priority
from handlers.kit.people import Address
from handlers.watch.model import Alert, Finding, Trouble, Watch
from storage.calls import telephone_systems
from storage.cases import cases, is_open
from storage.effects import Effects
from storage.mapping import Record
from storage.outbox.table import outbox
from storage.people.workspaces import SqlWorkspaces
from storage.plans import break_plans
from storage.schema import (
    CODE,
    HAPPENED,
    ID,
    Instant,
    Retention,
    metadata,
    partial_index,
    put_all,
)
from storage.slack import ending_tokens
from storage.work import SqlWork, repository

_OPEN_END = "over_at IS NULL"

alerts: Table = Table(
    "alerts",
    metadata,
    Column("id", String(32), primary_key=True, info=ID),
    Column("key", String(200), nullable=False, info=ID),
    Column("workspace", String(80), nullable=False, info=ID),
    Column("trouble", String(20), nullable=False, info=CODE),
    Column("where", Text, nullable=False, info=ID),
    Column("lane", String(16), info=CODE),
    Column("word", String(80), nullable=False, info=CODE),
    Column("since", Instant, nullable=False, info=HAPPENED),
    Column("seen_at", Instant, nullable=False, info=HAPPENED),
    Column("told_at", Instant, info=HAPPENED),
    Column("over_at", Instant, index=True, info=HAPPENED),
    # Two replicas that find the same tell it once: whichever comes second is begun anew.
    partial_index("uq_alerts_open", "key", unique=True, where=_OPEN_END),
    info={
        "retention": Retention(
            why="Two days after it was over, as long as its messages may change. Names nobody.",
            ended=lambda now: alerts.c.over_at < now - timedelta(days=2),
        )
    },
)

_ALERT = Record(Alert, alerts)

_LATE = timedelta(seconds=5)
"""What a ping or a ring may be late by, whatever happens."""

_URGENT_LATE, _OTHERS_LATE = timedelta(seconds=10), timedelta(minutes=2)
_LEASE_OVER = timedelta(seconds=10)
_AHEAD = timedelta(seconds=1)
_URGENT_AHEAD = timedelta(minutes=1)
"""How far ahead what is urgent may be due: a reminder is, by 45 seconds. What a platform asked to
wait longer for is looked at again, and waits on."""

_PLANNER_LATE = timedelta(minutes=5)

_OPEN = is_open(cases)


class SqlWatch:
    """`handlers.watch.model.Watch` over a connection."""

    def __init__(self, connection: Connection, effects: Effects) -> None:
        self._connection = connection
        self._effects = effects

    def look(self, now: datetime) -> tuple[Finding, ...]:
        return tuple(self._found(now))

    def mend(self, now: datetime) -> int:
        stepless = self._connection.execute(
            update(cases).where(_OPEN, cases.c.step_at.is_(None)).values(step_at=now)
        ).rowcount
        orphaned = self._connection.execute(
            update(outbox).where(_orphaned(now)).values(claimed_by=None, lease_until=None)
        ).rowcount
        ahead = self._connection.execute(
            update(cases).where(_is_ahead(now)).values(_brought_back(now))
        ).rowcount
        held = self._connection.execute(
            update(outbox).where(_holds_too_long(now)).values(due=now)
        ).rowcount
        self._effects.send_at(now)
        self._effects.step_at(now)
        return stepless + orphaned + ahead + held

    def counted(self, findings: tuple[Finding, ...]) -> None:
        self._effects.found = {
            str(trouble): sum(one.count for one in findings if one.trouble is trouble)
            for trouble in Trouble
        }

    def open(self) -> tuple[Alert, ...]:
        rows = self._connection.execute(
            select(alerts).where(alerts.c.over_at.is_(None)).order_by(alerts.c.since)
        )
        return tuple(map(_ALERT.value, rows))

    def get(self, alert: str) -> Alert | None:
        return _ALERT.load(self._connection, alert)

    def put(self, alert: Alert) -> None:
        put_all(self._connection, alerts, [_ALERT.row(alert)])

    def _found(self, now: datetime) -> Iterator[Finding]:
        yield from self._of(
            cases,
            Trouble.HAND_UNHEARD,
            cases.c.asked_at,
            _OPEN
            & (cases.c.state == State.CALLING)
            & cases.c.heard_at.is_(None)
            & (cases.c.asked_at < now - _LATE),
        )
        yield from self._of(
            cases, Trouble.RING_LATE, cases.c.step_at, _OPEN & (cases.c.step_at < now - _LATE)
        )
        yield from self._of(
            cases, Trouble.CASE_STEPLESS, cases.c.raised_at, _OPEN & cases.c.step_at.is_(None)
        )
        yield from self._of(outbox, Trouble.NOTICE_LATE, outbox.c.due, _late(now))
        yield from self._of(outbox, Trouble.CLAIM_ORPHANED, outbox.c.lease_until, _orphaned(now))
        yield from self._of(
            break_plans,
            Trouble.PLANNER_LATE,
            break_plans.c.plan_at,
            break_plans.c.plan_at < now - _PLANNER_LATE,
        )
        yield from self._of(
            telephone_systems,
            Trouble.TELEPHONE_SILENT,
            telephone_systems.c.heard_at,
            telephone_systems.c.silent_since.is_not(None),
        )

        workspaces = SqlWorkspaces(self._connection)
        for one in ending_tokens(self._connection):
            place = Address("slack", one.team, "")
            yield Finding(
                Trouble.ACCESS_ENDS,
                workspaces.of(place),
                one.since,
                where="/".join(place.place),
                word=one.word,
            )

    def _of(
        self, table: Table, trouble: Trouble, since: Column[Any], which: ColumnElement[bool]
    ) -> Iterator[Finding]:
        rows = self._connection.execute(
            select(
                table.c.workspace, func.min(since, type_=Instant).label("since"), func.count("*")
            )
            .where(which)
            .group_by(table.c.workspace)
        )
        for workspace, first, count in rows:
            yield Finding(trouble, workspace, first, count)


def _late(now: datetime) -> ColumnElement[bool]:
    """What is due and nobody is sending. What the pace holds is due later."""
    patience = case(
        (outbox.c.priority == int(Priority.URGENT), literal(now - _URGENT_LATE, Instant)),
        else_=literal(now - _OTHERS_LATE, Instant),
    )
    return and_(
        outbox.c.due < patience,
        or_(outbox.c.lease_until.is_(None), outbox.c.lease_until < now - _LEASE_OVER),
    )


def _orphaned(now: datetime) -> ColumnElement[bool]:
    return and_(outbox.c.claimed_by.is_not(None), outbox.c.lease_until < now - _LEASE_OVER)


def _is_ahead(now: datetime) -> ColumnElement[bool]:
    """A hand that went up, or whose ring was asked, later than now: whoever wrote that went by a
    clock that has been put right meanwhile, and everything would wait until it is as late."""
    return and_(_OPEN, or_(cases.c.raised_at > now + _AHEAD, cases.c.asked_at > now + _AHEAD))


def _brought_back(now: datetime) -> dict[str, ColumnElement[Any]]:
    """What happened happened now, at the latest; what follows does as long after it."""
    last = case((cases.c.asked_at > cases.c.raised_at, cases.c.asked_at), else_=cases.c.raised_at)
    by = type_coerce(last, BigInteger) - literal(now, Instant)
    following = (cases.c.step_at, cases.c.then_at)
    happened = (cases.c.raised_at, cases.c.asked_at, cases.c.heard_at, cases.c.unheard_at)
    return {
        **{one.name: type_coerce(type_coerce(one, BigInteger) - by, Instant) for one in following},
        **{one.name: case((one > now, literal(now, Instant)), else_=one) for one in happened},
    }


def _holds_too_long(now: datetime) -> ColumnElement[bool]:
    """The same of what is urgent and is not there yet."""
    return and_(
        outbox.c.priority == int(Priority.URGENT),
        outbox.c.ref.is_(None),
        outbox.c.due > now + _URGENT_AHEAD,
    )


@repository(Watch)
def watch_of(work: SqlWork) -> SqlWatch:
    return SqlWatch(work.connection, work.effects)
