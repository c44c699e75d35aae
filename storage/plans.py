"""Break plans, and the reminders that were written from them."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Index,
    Integer,
    Row,
    String,
    Table,
    Text,
    bindparam,
    delete,
    select,
    text,
    update,
)

from handlers.plans.model import Kind, Plan, Plans, Reminder, Rule, State
from storage.effects import Effects
from storage.schema import Instant, Keeping, insert_new, metadata, put_all
from storage.work import SqlWork, repository

break_plans: Table = Table(
    "break_plans",
    metadata,
    Column("person", String(32), primary_key=True),
    Column("id", String(32), nullable=False),
    Column("workspace", String(80), nullable=False),
    Column("zone", String(64), nullable=False),
    Column("days", String(200), nullable=False),
    Column("rules", Text, nullable=False),
    Column("quiet", Text, nullable=False),
    Column("planned_until", Instant, nullable=False),
    Column("plan_at", Instant),
    Column("asked", Boolean, nullable=False),
    Index(
        "ix_break_plans_plan_at",
        "plan_at",
        sqlite_where=text("plan_at IS NOT NULL"),
        postgresql_where=text("plan_at IS NOT NULL"),
    ),
    info={
        "keeping": Keeping(why="Until the person stops it; theirs alone.", person=("person",)),
    },
)

reminders: Table = Table(
    "reminders",
    metadata,
    Column("id", String(60), primary_key=True),
    Column("plan", String(32), nullable=False),
    Column("person", String(32), nullable=False),
    Column("workspace", String(80), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("day", String(10), nullable=False),
    Column("at", Instant, nullable=False, index=True),
    Column("due", Instant, nullable=False),
    Column("until", Instant, nullable=False),
    Column("state", String(16), nullable=False),
    Index("ix_reminders_person", "person", "at"),
    info={
        "keeping": Keeping(
            why="Two weeks, so that Plecs can ask whether the plan fits; theirs alone.",
            ended=lambda now: reminders.c.at < now - timedelta(days=14),
            person=("person",),
        )
    },
)

_OF = select(break_plans).where(break_plans.c.person == bindparam("person"))
_DUE = (
    select(break_plans)
    .where(break_plans.c.plan_at <= bindparam("now", type_=Instant))
    .order_by(break_plans.c.plan_at)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
)
_REMINDER = select(reminders).where(reminders.c.id == bindparam("id"))


class SqlPlans:
    """`handlers.plans.model.Plans` over a connection."""

    def __init__(self, connection: Connection, effects: Effects) -> None:
        self._connection = connection
        self._effects = effects

    def of(self, person: str) -> Plan | None:
        row = self._connection.execute(_OF, {"person": person}).one_or_none()
        return _plan(row) if row else None

    def put(self, plan: Plan, now: datetime) -> None:
        self._connection.execute(
            delete(reminders).where(reminders.c.person == plan.person, reminders.c.due > now)
        )
        self.save((plan,))

    def stop(self, person: str) -> None:
        for table in (reminders, break_plans):
            self._connection.execute(delete(table).where(table.c.person == person))

    def save(self, plans: Sequence[Plan]) -> None:
        put_all(self._connection, break_plans, [_row(plan) for plan in plans])
        for plan in plans:
            self._effects.wake_at(plan.plan_at)

    def due(self, now: datetime, limit: int) -> tuple[Plan, ...]:
        rows = self._connection.execute(_DUE, {"now": now, "limit": limit}).all()
        return tuple(_plan(row) for row in rows)

    def add(self, new: Sequence[Reminder]) -> None:
        insert_new(
            self._connection,
            reminders,
            [
                {
                    "id": one.id,
                    "plan": one.plan,
                    "person": one.person,
                    "workspace": one.workspace,
                    "kind": one.kind,
                    "minutes": one.minutes,
                    "day": one.day,
                    "at": one.at,
                    "due": one.due,
                    "until": one.until,
                    "state": one.state,
                }
                for one in new
            ],
        )

    def reminder(self, reminder: str) -> Reminder | None:
        row = self._connection.execute(_REMINDER, {"id": reminder}).one_or_none()
        return _reminder(row) if row else None

    def answer(self, reminder: str, state: State) -> None:
        self._connection.execute(
            update(reminders).where(reminders.c.id == reminder).values(state=state)
        )

    def recent(self, person: str, start: datetime, end: datetime) -> tuple[Reminder, ...]:
        rows = self._connection.execute(
            select(reminders)
            .where(reminders.c.person == person, reminders.c.at.between(start, end))
            .order_by(reminders.c.at)
        )
        return tuple(_reminder(row) for row in rows)


@repository(Plans)
def plans_of(work: SqlWork) -> SqlPlans:
    return SqlPlans(work.connection, work.effects)


def _row(plan: Plan) -> dict[str, Any]:
    return {
        "person": plan.person,
        "id": plan.id,
        "workspace": plan.workspace,
        "zone": plan.zone,
        "days": plan.days,
        "rules": json.dumps([[r.rrule, r.wall, r.minutes, r.kind] for r in plan.rules]),
        "quiet": json.dumps(plan.quiet),
        "planned_until": plan.planned_until,
        "plan_at": plan.plan_at,
        "asked": plan.asked,
    }


def _plan(row: Row[Any]) -> Plan:
    return Plan(
        id=row.id,
        person=row.person,
        workspace=row.workspace,
        zone=row.zone,
        days=row.days,
        rules=tuple(
            Rule(rrule, wall, minutes, Kind(kind))
            for rrule, wall, minutes, kind in json.loads(row.rules)
        ),
        quiet=tuple((start, end) for start, end in json.loads(row.quiet)),
        planned_until=row.planned_until,
        plan_at=row.plan_at,
        asked=row.asked,
    )


def _reminder(row: Row[Any]) -> Reminder:
    return Reminder(
        id=row.id,
        plan=row.plan,
        person=row.person,
        workspace=row.workspace,
        kind=Kind(row.kind),
        minutes=row.minutes,
        day=row.day,
        at=row.at,
        due=row.due,
        until=row.until,
        state=State(row.state),
    )
