"""How fast messages may leave, kept where all replicas see it.

Each budget is a virtual schedule (the generic cell rate algorithm): `earliest` runs ahead of the
clock by one interval a message, and a message may leave while it is not further ahead than the
burst. A row is small, and a hold is the same number set further ahead.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Column, Connection, String, Table, bindparam, delete, select, update

from handlers.kit.notices import Priority
from handlers.kit.ports import Pace, Rate
from storage.schema import Instant, Keeping, insert_new, metadata, put_all

pace_budgets: Table = Table(
    "pace_budgets",
    metadata,
    Column("key", String(240), primary_key=True),
    Column("earliest", Instant, nullable=False),
    Column("queue_end", Instant, nullable=False),
    Column("urgent_end", Instant, nullable=False),
    Column("used_at", Instant, nullable=False, index=True),
    info={
        "keeping": Keeping(
            why="An hour after the last message: longer than any platform's window.",
            ended=lambda now: pace_budgets.c.used_at < now - timedelta(hours=1),
            erase=lambda person: (delete(pace_budgets).where(pace_budgets.c.key.contains(person)),),
        )
    },
)

BULK_SHARE = 0.8
"""How much of a workspace's burst bulk may use: the rest is there when a hand goes up."""

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
_OPEN = (
    select(pace_budgets)
    .where(pace_budgets.c.key.in_(bindparam("keys", expanding=True)))
    .order_by(pace_budgets.c.key)
    .with_for_update()
)
_HOLD = (
    update(pace_budgets)
    .where(
        pace_budgets.c.key == bindparam("of"),
        pace_budgets.c.earliest < bindparam("earliest", type_=Instant),
    )
    .values(
        earliest=bindparam("earliest", type_=Instant),
        queue_end=bindparam("until", type_=Instant),
        urgent_end=bindparam("until", type_=Instant),
        used_at=bindparam("earliest", type_=Instant),
    )
)


@dataclass(frozen=True, slots=True)
class Budget:
    """A rate under a key. `shared`: many people's messages draw on it, so bulk leaves a rest."""

    key: str
    rate: Rate
    shared: bool = False

    @property
    def interval(self) -> timedelta:
        return self.rate.per / self.rate.count

    def burst(self, priority: Priority) -> timedelta:
        burst = self.rate.per - self.interval
        return burst * BULK_SHARE if self.shared and priority is Priority.BULK else burst


def workspace_budgets(workspace: str, pace: Pace) -> tuple[Budget, Budget]:
    """The workspace's budgets for new messages and for changes."""
    return (
        Budget(f"{workspace}#new", pace.workspace_new, shared=True),
        Budget(f"{workspace}#change", pace.workspace_change, shared=True),
    )


@dataclass(slots=True)
class _Book:
    earliest: datetime = _LONG_AGO
    queue_end: datetime = _LONG_AGO
    urgent_end: datetime = _LONG_AGO
    changed: bool = False


class Books:
    """What the budgets say, for the length of one transaction."""

    def __init__(self, books: dict[str, _Book]) -> None:
        self._books = books

    def admit(
        self, budgets: Iterable[Budget], priority: Priority, now: datetime
    ) -> datetime | None:
        """None: it may leave now, and is counted. Else when it is worth asking again.

        Those put off are lined up one interval apart, so that a thousand of them don't all come
        back for the next free place; urgent ones in a line of their own.
        """
        asked = [(budget, self._books[budget.key]) for budget in budgets]
        full = [
            (budget, book) for budget, book in asked if book.earliest - budget.burst(priority) > now
        ]
        if not full:
            for budget, book in asked:
                book.earliest = max(book.earliest, now) + budget.interval
                book.changed = True
            return None
        turns: list[datetime] = []
        for budget, book in full:
            turn = book.earliest - budget.burst(priority)
            if priority is Priority.URGENT:
                turn = max(turn, book.urgent_end)
                book.urgent_end = turn + budget.interval
            else:
                turn = max(turn, book.queue_end)
                book.queue_end = turn + budget.interval
            book.changed = True
            turns.append(turn)
        return max(turns)

    def rows(self, now: datetime) -> list[dict[str, Any]]:
        return [
            {
                "key": key,
                "earliest": book.earliest,
                "queue_end": book.queue_end,
                "urgent_end": book.urgent_end,
                "used_at": max(now, book.earliest),
            }
            for key, book in sorted(self._books.items())
            if book.changed
        ]


class SqlPaces:
    """The budgets over a connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def open(self, budgets: Iterable[Budget]) -> Books:
        """Reads the budgets, and holds them against other processes."""
        keys = sorted({budget.key for budget in budgets})
        rows = self._connection.execute(_OPEN, {"keys": keys}).all()
        missing = set(keys).difference(row.key for row in rows)
        if missing:
            # A row that isn't there can't be held: two processes would both find nothing spent.
            insert_new(self._connection, pace_budgets, [_unused(key) for key in sorted(missing)])
            rows = self._connection.execute(_OPEN, {"keys": keys}).all()
        return Books({row.key: _Book(row.earliest, row.queue_end, row.urgent_end) for row in rows})

    def close(self, books: Books, now: datetime) -> None:
        """Writes back what was spent."""
        put_all(self._connection, pace_budgets, books.rows(now))

    def drop(self, keys: Iterable[str]) -> None:
        """Deletes what is kept under the keys."""
        self._connection.execute(delete(pace_budgets).where(pace_budgets.c.key.in_(list(keys))))

    def hold(self, budgets: Iterable[Budget], until: datetime) -> None:
        """Lets nothing leave before `until`. A longer hold stays."""
        asked = {budget.key: budget for budget in budgets}
        self.open(asked.values())
        for key in sorted(asked):
            earliest = until + asked[key].burst(Priority.URGENT)
            self._connection.execute(_HOLD, {"of": key, "until": until, "earliest": earliest})


def _unused(key: str) -> dict[str, Any]:
    return dict.fromkeys(("earliest", "queue_end", "urgent_end", "used_at"), _LONG_AGO) | {
        "key": key
    }
