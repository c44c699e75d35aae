"""Break plans, and the reminders that were written from them."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Index,
    Integer,
    String,
    Table,
    Text,
    delete,
    select,
    update,
)

from handlers.plans.model import Plan, Plans, Reminder, ReminderKind, ReminderState, Rule
from storage.effects import Effects
from storage.mapping import ZONE, Codec, Record
from storage.schema import (
    CODE,
    DUE,
    HAPPENED,
    ID,
    REMAINS,
    STATED,
    Instant,
    Retention,
    insert_new,
    metadata,
    partial_index,
    person_column,
    put_all,
    rows_due,
)
from storage.work import SqlWork, repository

break_plans: Table = Table(
    "break_plans",
    metadata,
    person_column("person", String(32), primary_key=True),
    Column("id", String(32), nullable=False, info=ID),
    Column("workspace", String(80), nullable=False, info=ID),
    Column("zone", String(64), nullable=False, info=CODE),
    Column("days", String(200), nullable=False, info=CODE),
    Column("rules", Text, nullable=False, info=CODE),
    Column("quiet", Text, nullable=False, info=CODE),
    Column("planned_until", Instant, nullable=False, info=STATED),
    Column("paused_until", Instant, info=REMAINS),
    Column("plan_at", Instant, info=DUE),
    Column("asked", Boolean, nullable=False),
    Column("anew", Instant, info=HAPPENED),
    Column("rested", Instant, info=HAPPENED),
    partial_index(
        "ix_break_plans_plan_at",
        "plan_at",
        where="plan_at IS NOT NULL",
    ),
    info={
        "retention": Retention(why="Until the person stops it; theirs alone."),
    },
)

reminders: Table = Table(
    "reminders",
    metadata,
    Column("id", String(60), primary_key=True, info=ID),
    Column("plan", String(32), nullable=False, info=ID),
    person_column("person", String(32), nullable=False),
    Column("workspace", String(80), nullable=False, info=ID),
    Column("kind", String(16), nullable=False, info=CODE),
    Column("minutes", Integer, nullable=False),
    Column("day", String(10), nullable=False, info=CODE),
    Column("at", Instant, nullable=False, index=True, info=STATED),
    Column("due", Instant, nullable=False, info=DUE),
    Column("until", Instant, nullable=False, info=STATED),
    Column("state", String(16), nullable=False, info=CODE),
    Index("ix_reminders_person", "person", "at"),
    info={
        "retention": Retention(
            why="Two weeks, so that Plecs can ask whether the plan fits; theirs alone.",
            ended=lambda now: reminders.c.at < now - timedelta(days=14),
        )
    },
)

_RULES = Codec(
    lambda rules: json.dumps([[one.every, one.wall, one.minutes, one.kind] for one in rules]),
    lambda kept: tuple(
        Rule(every, wall, minutes, ReminderKind(kind))
        for every, wall, minutes, kind in json.loads(kept)
    ),
)
_PAIRS = Codec(json.dumps, lambda kept: tuple((one, two) for one, two in json.loads(kept)))
_DAYS = Codec(",".join, lambda kept: tuple(kept.split(",")))
_PLAN = Record(
    Plan, break_plans, as_={"zone": ZONE, "days": _DAYS, "rules": _RULES, "quiet": _PAIRS}
)
_REMINDER = Record(Reminder, reminders)


class SqlPlans:
    """`handlers.plans.model.Plans` over a connection."""

    def __init__(self, connection: Connection, effects: Effects) -> None:
        self._connection = connection
        self._effects = effects

    def of(self, person: str) -> Plan | None:
        return _PLAN.load(self._connection, person)

    def put(self, plan: Plan, now: datetime) -> None:
        self._connection.execute(
            delete(reminders).where(reminders.c.person == plan.person, reminders.c.due > now)
        )
        self.save((plan,))

    def stop(self, person: str) -> None:
        for table in (reminders, break_plans):
            self._connection.execute(delete(table).where(table.c.person == person))

    def save(self, plans: Sequence[Plan]) -> None:
        put_all(self._connection, break_plans, [_PLAN.row(plan) for plan in plans])
        for plan in plans:
            self._effects.step_at(plan.plan_at)

    def due(self, now: datetime, limit: int) -> tuple[Plan, ...]:
        rows = rows_due(self._connection, break_plans.c.plan_at, now, limit)
        return tuple(map(_PLAN.value, rows))

    def add(self, new: Sequence[Reminder]) -> None:
        insert_new(
            self._connection,
            reminders,
            [_REMINDER.row(one) for one in new],
        )

    def reminder(self, reminder: str) -> Reminder | None:
        return _REMINDER.load(self._connection, reminder)

    def answer(self, reminder: str, state: ReminderState) -> None:
        self._connection.execute(
            update(reminders).where(reminders.c.id == reminder).values(state=state)
        )

    def recent(self, person: str, start: datetime, end: datetime) -> tuple[Reminder, ...]:
        rows = self._connection.execute(
            select(reminders)
            .where(reminders.c.person == person, reminders.c.at.between(start, end))
            .order_by(reminders.c.at)
        )
        return tuple(map(_REMINDER.value, rows))


@repository(Plans)
def plans_of(work: SqlWork) -> SqlPlans:
    return SqlPlans(work.connection, work.effects)
