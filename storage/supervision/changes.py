"""What was done to a group's dates, as it was before and after."""

import json
from datetime import datetime, timedelta

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
    update,
)

from handlers.supervision.dates.model import Changes, DateChange, Snapshot
from storage.mapping import WORDS, Codec, Record
from storage.schema import (
    CODE,
    HAPPENED,
    ID,
    Instant,
    Retention,
    metadata,
    people_column,
    person_column,
)
from storage.supervision.cycles import CYCLE
from storage.supervision.groups import groups
from storage.supervision.sessions import SEAT, SESSION
from storage.work import SqlWork, repository

changes: Table = Table(
    "supervision_changes",
    metadata,
    Column("id", String(32), primary_key=True, info=ID),
    Column("kind", String(16), nullable=False, info=CODE),
    Column("workspace", String(80), nullable=False, info=ID),
    Column("group", ForeignKey(groups.c.id, ondelete="CASCADE"), nullable=False, index=True),
    Column("cycle", String(32), nullable=False, info=ID),
    person_column("by", String(32), nullable=False),
    Column("at", Instant, nullable=False, index=True, info=HAPPENED),
    people_column("people", Text, nullable=False),
    people_column("before", Text, nullable=False),
    people_column("after", Text, nullable=False),
    Column("undone_at", Instant, info=HAPPENED),
    info={
        "retention": Retention(
            why="Sixty days, for who comes back from an absence and is told then.",
            ended=lambda now: changes.c.at < now - timedelta(days=60),
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

    def get(self, change: str) -> DateChange | None:
        return _CHANGE.load(self._connection, change)

    def add(self, change: DateChange) -> None:
        self._connection.execute(insert(changes), _CHANGE.row(change))

    def undone(self, change: str, at: datetime) -> None:
        self._connection.execute(update(changes).where(changes.c.id == change).values(undone_at=at))


@repository(Changes)
def changes_of(work: SqlWork) -> SqlChanges:
    return SqlChanges(work.connection)


def _written(snapshot: Snapshot) -> str:
    return json.dumps(
        {
            "cycles": [CYCLE.row(one) for one in snapshot.cycles],
            "sessions": [
                SESSION.row(one)
                | {name: getattr(one, name).isoformat() for name in _SESSION_INSTANTS}
                for one in snapshot.sessions
            ],
            "seats": [SEAT.row(one) for one in snapshot.seats],
        },
        ensure_ascii=False,
    )


_SESSION_INSTANTS = ("starts_at", "ends_at", "changed_at")


def _read(kept: str) -> Snapshot:
    rows = json.loads(kept)
    return Snapshot(
        cycles=tuple(CYCLE.value_of(row) for row in rows["cycles"]),
        sessions=tuple(
            SESSION.value_of(
                row | {name: datetime.fromisoformat(row[name]) for name in _SESSION_INSTANTS}
            )
            for row in rows["sessions"]
        ),
        seats=tuple(SEAT.value_of(row) for row in rows["seats"]),
    )


_SNAPSHOT = Codec(_written, _read)
_CHANGE = Record(
    DateChange, changes, as_={"people": WORDS, "before": _SNAPSHOT, "after": _SNAPSHOT}
)
