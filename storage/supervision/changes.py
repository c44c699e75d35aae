"""What was done to a group's dates, as it was before and after."""

import json
from datetime import datetime, timedelta
from types import SimpleNamespace

from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    String,
    Table,
    Text,
    delete,
    insert,
    or_,
    select,
    update,
)

from handlers.supervision.dates.model import Change, ChangeKind, Changes, Snapshot
from storage.schema import Instant, Retention, metadata
from storage.supervision.cycles import cycle_of, cycle_row
from storage.supervision.groups import groups
from storage.supervision.sessions import seat_of, seat_row, session_of, session_row
from storage.work import SqlWork, repository

changes: Table = Table(
    "supervision_changes",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("workspace", String(80), nullable=False),
    Column("group", ForeignKey(groups.c.id, ondelete="CASCADE"), nullable=False, index=True),
    Column("cycle", String(32), nullable=False),
    Column("by", String(32), nullable=False),
    Column("at", Instant, nullable=False, index=True),
    Column("people", Text, nullable=False),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
    Column("undone_at", Instant),
    info={
        "retention": Retention(
            why="Sixty days, for who comes back from an absence and is told then.",
            ended=lambda now: changes.c.at < now - timedelta(days=60),
            person=("by",),
            erase=lambda person: (
                delete(changes).where(
                    or_(
                        changes.c.by == person,
                        changes.c.people.contains(person),
                        changes.c.before.contains(person),
                        changes.c.after.contains(person),
                    )
                ),
            ),
        )
    },
)


class SqlChanges:
    """`handlers.supervision.dates.model.Changes` over a connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, change: str) -> Change | None:
        row = self._connection.execute(select(changes).where(changes.c.id == change)).one_or_none()
        if row is None:
            return None
        return Change(
            id=row.id,
            kind=ChangeKind(row.kind),
            workspace=row.workspace,
            group=row.group,
            cycle=row.cycle,
            by=row.by,
            at=row.at,
            people=tuple(row.people.split()),
            before=_snapshot(row.before),
            after=_snapshot(row.after),
            undone_at=row.undone_at,
        )

    def add(self, change: Change) -> None:
        row = {
            "id": change.id,
            "kind": change.kind,
            "workspace": change.workspace,
            "group": change.group,
            "cycle": change.cycle,
            "by": change.by,
            "at": change.at,
            "people": " ".join(change.people),
            "before": _written(change.before),
            "after": _written(change.after),
            "undone_at": change.undone_at,
        }
        self._connection.execute(insert(changes), row)

    def undone(self, change: str, at: datetime) -> None:
        self._connection.execute(update(changes).where(changes.c.id == change).values(undone_at=at))


@repository(Changes)
def changes_of(work: SqlWork) -> SqlChanges:
    return SqlChanges(work.connection)


def _written(snapshot: Snapshot) -> str:
    return json.dumps(
        {
            "cycles": [cycle_row(one) for one in snapshot.cycles],
            "sessions": [
                session_row(one)
                | {name: getattr(one, name).isoformat() for name in _SESSION_INSTANTS}
                for one in snapshot.sessions
            ],
            "seats": [seat_row(one) for one in snapshot.seats],
        },
        ensure_ascii=False,
    )


_SESSION_INSTANTS = ("starts_at", "ends_at", "changed_at")


def _snapshot(text: str) -> Snapshot:
    kept = json.loads(text)
    return Snapshot(
        cycles=tuple(cycle_of(SimpleNamespace(**row)) for row in kept["cycles"]),
        sessions=tuple(
            session_of(
                SimpleNamespace(
                    **row | {name: datetime.fromisoformat(row[name]) for name in _SESSION_INSTANTS}
                )
            )
            for row in kept["sessions"]
        ),
        seats=tuple(seat_of(SimpleNamespace(**row)) for row in kept["seats"]),
    )
