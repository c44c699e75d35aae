"""How fast messages may leave, kept where all replicas see it.

Each budget is a virtual schedule (the generic cell rate algorithm): `earliest` runs ahead of the
clock by one interval a message, and a message may leave while it is not further ahead than the
slack that a burst gives. A row is small, and a hold is the same number set further ahead.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Column, Connection, String, Table, bindparam, delete, select, update

from handlers.kit.notices import Priority
from handlers.kit.ports import Pace, Rate
from storage.schema import Instant, Keeping, insert_new, metadata, put_all

_ENDS = {priority: f"{priority.name.lower()}_end" for priority in Priority}
"""Where the line of those put off ends, for each priority in a column of its own."""

pace_budgets: Table = Table(
    "pace_budgets",
    metadata,
    Column("key", String(240), primary_key=True),
    Column("earliest", Instant, nullable=False),
    *(Column(name, Instant, nullable=False) for name in _ENDS.values()),
    Column("used_at", Instant, nullable=False, index=True),
    info={
        "keeping": Keeping(
            why="An hour after the last message: longer than any platform's window.",
            ended=lambda now: pace_budgets.c.used_at < now - timedelta(hours=1),
            erase=lambda person: (delete(pace_budgets).where(pace_budgets.c.key.contains(person)),),
        )
    },
)

BULK_SHARE = 0.95
"""How much of a workspace's pace bulk may use; the rest is what may leave at once. With a share s,
any `per` sees at most s * (count + (1 - s) * count) of bulk, which is less than `count`; and a
sender that wakes a moment late does not lose its turn."""

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
        dict.fromkeys(_ENDS.values(), bindparam("until", type_=Instant))
        | dict.fromkeys(("earliest", "used_at"), bindparam("earliest", type_=Instant))
    )
)


@dataclass(frozen=True, slots=True)
class Budget:
    """A rate under a key. `shared`: many people's messages draw on it, so bulk leaves a rest."""

    key: str
    rate: Rate
    shared: bool = False

    def interval(self, priority: Priority) -> timedelta:
        """How much of the schedule one message takes."""
        interval = self.rate.per / self.rate.count
        return interval / BULK_SHARE if self._careful(priority) else interval

    def slack(self, priority: Priority) -> timedelta:
        """How far the schedule may be ahead of the clock when a message leaves."""
        interval = self.rate.per / self.rate.count
        if self._careful(priority):
            return max(timedelta(0), self.rate.per * (1 - BULK_SHARE) - interval)
        return (self.rate.burst - 1) * interval

    def _careful(self, priority: Priority) -> bool:
        return self.shared and priority is Priority.BULK


def workspace_budgets(place: tuple[str, str], pace: Pace) -> tuple[Budget, Budget]:
    """The budgets of a platform's workspace for new messages and for changes."""
    name = "-".join(place)
    return (
        Budget(f"{name}#new", pace.workspace_new, shared=True),
        Budget(f"{name}#change", pace.workspace_change, shared=True),
    )


@dataclass(slots=True)
class _Book:
    earliest: datetime
    ends: dict[Priority, datetime]
    changed: bool = False


class Books:
    """What the budgets say, for the length of one transaction."""

    def __init__(self, books: dict[str, _Book]) -> None:
        self._books = books

    def admit(
        self, budgets: Iterable[Budget], priority: Priority, now: datetime
    ) -> datetime | None:
        """None: it may leave now, and is counted. Else when it is worth asking again.

        Those put off are lined up one interval apart, each priority in a line of its own, so that
        a thousand of them don't all come back for the next free place.
        """
        asked = [(budget, self._books[budget.key]) for budget in budgets]
        full = [
            (budget, book) for budget, book in asked if book.earliest - budget.slack(priority) > now
        ]
        if not full:
            for budget, book in asked:
                book.earliest = max(book.earliest, now) + budget.interval(priority)
                book.changed = True
            return None
        turns: list[datetime] = []
        for budget, book in full:
            turn = max(book.earliest - budget.slack(priority), book.ends[priority])
            book.ends[priority] = turn + budget.interval(priority)
            book.changed = True
            turns.append(turn)
        return max(turns)

    def give_back(self, budgets: Iterable[Budget], priority: Priority) -> None:
        """Something was counted and has not left. To be said at once: what has run out since is
        not worth giving back."""
        for budget in budgets:
            book = self._books[budget.key]
            book.earliest -= budget.interval(priority)
            book.changed = True

    def rows(self, now: datetime) -> list[dict[str, Any]]:
        return [
            {
                "key": key,
                "earliest": book.earliest,
                **{_ENDS[priority]: end for priority, end in book.ends.items()},
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
        return Books(
            {
                row.key: _Book(
                    row.earliest,
                    {priority: getattr(row, name) for priority, name in _ENDS.items()},
                )
                for row in rows
            }
        )

    def close(self, books: Books, now: datetime) -> None:
        """Writes back what was spent."""
        put_all(self._connection, pace_budgets, books.rows(now))

    def give_back(self, spent: Sequence[tuple[Sequence[Budget], Priority]], now: datetime) -> None:
        """What was counted for messages that have not left, is not."""
        books = self.open(budget for budgets, _ in spent for budget in budgets)
        for budgets, priority in spent:
            books.give_back(budgets, priority)
        self.close(books, now)

    def drop(self, keys: Iterable[str]) -> None:
        """Deletes what is kept under the keys."""
        self._connection.execute(delete(pace_budgets).where(pace_budgets.c.key.in_(list(keys))))

    def hold(self, budgets: Iterable[Budget], until: datetime) -> None:
        """Lets nothing leave before `until`. A longer hold stays."""
        asked = {budget.key: budget for budget in budgets}
        self.open(asked.values())
        for key in sorted(asked):
            earliest = until + asked[key].slack(Priority.URGENT)
            self._connection.execute(_HOLD, {"of": key, "until": until, "earliest": earliest})


def _unused(key: str) -> dict[str, Any]:
    return dict.fromkeys(("earliest", *_ENDS.values(), "used_at"), _LONG_AGO) | {"key": key}
