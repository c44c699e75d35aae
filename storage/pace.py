"""How fast messages may leave, kept where all replicas see it.

Each budget is a virtual schedule (the generic cell rate algorithm): `earliest` runs ahead of the
clock by one interval a message, and a message may leave while it is not further ahead than the
slack that a burst gives. A row is small, and a hold is the same number set further ahead.

A lane that the platform refuses, which no waiting mends, is closed instead: now and then one
message tries it, and the first that arrives opens it for all.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Integer,
    Row,
    String,
    Table,
    bindparam,
    delete,
    func,
    select,
    update,
)

from handlers.kit.delivery import Pace, Rate, Refusal
from handlers.kit.notices import Lane, Priority
from handlers.kit.people import Place
from storage.schema import (
    CODE,
    HAPPENED,
    ID,
    REMAINS,
    STATED,
    Instant,
    Retention,
    insert_new,
    metadata,
    partial_index,
    put_all,
)

_ENDS = {priority: f"{priority.name.lower()}_end" for priority in Priority}
"""Where the line of those put off ends, for each priority in a column of its own."""

pace_budgets: Table = Table(
    "pace_budgets",
    metadata,
    Column("key", String(240), primary_key=True, info=ID),
    Column("earliest", Instant, nullable=False, info=REMAINS),
    *(Column(name, Instant, nullable=False, info=REMAINS) for name in _ENDS.values()),
    Column("used_at", Instant, nullable=False, index=True, info=STATED),
    Column("refusal", String(80), info=CODE),
    Column("refusals", Integer),
    Column("refused_since", Instant, info=HAPPENED),
    Column("tried_at", Instant, info=HAPPENED),
    partial_index("ix_pace_budgets_refused", "refused_since", where="refused_since IS NOT NULL"),
    info={
        "retention": Retention(
            why="An hour after the last message: longer than any platform's window. A conversation "
            "stands there under a keyed hash: nobody is named.",
            ended=lambda now: pace_budgets.c.used_at < now - timedelta(hours=1),
        )
    },
)

BULK_SHARE = 0.95
"""How much of a workspace's pace bulk may use; the rest is what may leave at once. With a share s,
any `per` sees at most s * (count + (1 - s) * count) of bulk, which is less than `count`; and a
sender that wakes a moment late does not lose its turn."""

LONGEST_HOLD = timedelta(minutes=5)
"""What a platform may ask for at a time (Slack's Retry-After is seconds, seldom a minute)."""

_DIFFER = timedelta(seconds=1)
"""What the clocks of two processes differ by at most, unless one of them is wrong."""

TRIED_EVERY = timedelta(seconds=4)
"""How often an urgent message tries a lane that is refused: within five seconds of its being mended
pings leave again, the way there included."""

TRIED_GENTLY_EVERY = timedelta(minutes=1)
"""How often others do."""

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

_CLOSE = (
    update(pace_budgets)
    .where(pace_budgets.c.key == bindparam("of"))
    .values(
        refusal=bindparam("word"),
        refusals=func.coalesce(pace_budgets.c.refusals, 0) + 1,
        refused_since=func.coalesce(
            pace_budgets.c.refused_since, bindparam("now", type_=Instant), type_=Instant
        ),
        tried_at=bindparam("now", type_=Instant),
        used_at=bindparam("now", type_=Instant),
    )
)
_OPEN_LANE = (
    update(pace_budgets)
    .where(pace_budgets.c.key == bindparam("of"))
    .values(refusal=None, refusals=None, refused_since=None, tried_at=None)
)
_HELD = select(pace_budgets.c.key, pace_budgets.c.urgent_end).where(
    pace_budgets.c.key.contains("#"), pace_budgets.c.urgent_end > bindparam("now", type_=Instant)
)
_HELD_UNTIL = select(pace_budgets.c.key, pace_budgets.c.urgent_end).where(
    pace_budgets.c.key.in_(bindparam("keys", expanding=True)),
    pace_budgets.c.urgent_end > bindparam("now", type_=Instant),
)
REFUSED = select(pace_budgets).where(pace_budgets.c.refused_since.is_not(None))
"""The budgets of the lanes that are refused."""

_REFUSALS = REFUSED.order_by(pace_budgets.c.refused_since)


@dataclass(frozen=True, slots=True)
class Budget:
    """A rate under a key. `shared`: many people's messages draw on it, so bulk leaves a rest."""

    key: str
    rate: Rate
    shared: bool = False

    def interval(self, priority: Priority) -> timedelta:
        """How much of the schedule one message takes."""
        interval = self.rate.per / self.rate.count
        return interval / BULK_SHARE if self.shared and priority is Priority.BULK else interval

    def slack(self, priority: Priority) -> timedelta:
        """How far the schedule may be ahead of the clock when a message leaves."""
        interval = self.rate.per / self.rate.count
        if self.shared and priority is Priority.BULK:
            return max(timedelta(0), self.rate.per * (1 - BULK_SHARE) - interval)
        kept = self.rate.burst // 10 if self.shared and priority is Priority.NORMAL else 0
        return (self.rate.burst - 1 - kept) * interval


def lane_budget(place: Place, lane: Lane, pace: Pace) -> Budget:
    """What a platform's workspace takes by this lane."""
    return Budget(f"{'-'.join(place)}#{lane}", pace.of(lane), shared=True)


@dataclass(slots=True)
class _Book:
    earliest: datetime
    ends: dict[Priority, datetime]
    refusal: str | None = None
    tried_at: datetime | None = None
    changed: bool = False


class Books:
    """What the budgets say, for the length of one transaction."""

    def __init__(self, books: dict[str, _Book]) -> None:
        self._books = books
        self.any_refused = any(book.refusal for book in books.values())

    def admit(
        self, budgets: Iterable[Budget], priority: Priority, now: datetime
    ) -> datetime | None:
        """None: it may leave now, and is counted. Else when it is worth asking again.

        Those put off are lined up one interval apart, each priority in a line of its own, so that
        a thousand of them don't all come back for the next free place. Urgent ones don't line up
        before a lane that is refused: when it opens they leave together.
        """
        asked = [(budget, self._books[budget.key]) for budget in budgets]
        for budget, book in asked:
            _put_right(budget, book, now)
        closed = [_tried_next(book, priority, now) for _, book in asked]
        full = [
            (budget, book) for budget, book in asked if book.earliest - budget.slack(priority) > now
        ]
        if not full and not any(closed):
            for budget, book in asked:
                book.earliest = max(book.earliest, now) + budget.interval(priority)
                book.tried_at = now if book.refusal else None
                book.changed = True
            return None
        turns = [when for when in closed if when is not None]
        if turns and priority is Priority.URGENT:
            return max([*turns, *(book.earliest - one.slack(priority) for one, book in full)])
        for budget, book in full or asked:
            turn = max(book.earliest - budget.slack(priority), book.ends[priority], *turns)
            book.ends[priority] = turn + budget.interval(priority)
            book.changed = True
            turns.append(turn)
        return max(turns)

    def earliest(self, budgets: Iterable[Budget], priority: Priority, now: datetime) -> datetime:
        """When something could leave, if nothing else did before it."""
        whens = [now]
        for budget in budgets:
            book = self._books[budget.key]
            _put_right(budget, book, now)
            tried = _tried_next(book, priority, now)
            whens += [book.earliest - budget.slack(priority), *([tried] if tried else [])]
        return max(whens)

    def turn(self, budgets: Iterable[Budget], priority: Priority, now: datetime) -> datetime:
        """When it would be its turn, after those that are lined up already."""
        budgets = tuple(budgets)
        soonest = self.earliest(budgets, priority, now)
        if soonest <= now:
            return now
        return max(soonest, *(self._books[budget.key].ends[priority] for budget in budgets))

    def tries(self, budget: Budget) -> bool:
        """Whether what was just admitted is to find out if the lane is still refused."""
        return self._books[budget.key].refusal is not None

    def give_back(self, budgets: Iterable[Budget], priority: Priority) -> None:
        """Something was counted and has not left. To be said at once: what has run out since is
        not worth giving back."""
        for budget in budgets:
            book = self._books[budget.key]
            book.earliest -= budget.interval(priority)
            book.tried_at = None
            book.changed = True

    def rows(self, now: datetime) -> list[dict[str, Any]]:
        return [
            {
                "key": key,
                "earliest": book.earliest,
                **{_ENDS[priority]: end for priority, end in book.ends.items()},
                "used_at": max(now, book.earliest),
                "tried_at": book.tried_at,
            }
            for key, book in sorted(self._books.items())
            if book.changed
        ]


def _put_right(budget: Budget, book: _Book, now: datetime) -> None:
    """Nothing holds longer than it could have been asked to: an instant further ahead was written
    by a clock that was wrong, an hour ago or by a process that has not noticed yet."""
    interval = budget.rate.per / budget.rate.count
    soonest = book.earliest - budget.slack(Priority.URGENT)
    is_held = book.ends[Priority.URGENT] >= soonest  # see `hold`: else what left last set it
    longest = LONGEST_HOLD + budget.rate.per if is_held else interval + _DIFFER
    if soonest > now + longest:
        book.earliest = now
        book.ends = dict.fromkeys(book.ends, now)
        book.changed = True
    if book.tried_at is not None and book.tried_at > now:
        book.tried_at = None


def _tried_next(book: _Book, priority: Priority, now: datetime) -> datetime | None:
    """When a refused lane may be tried again; None: now, or it isn't refused."""
    if book.refusal is None or book.tried_at is None:
        return None
    when = book.tried_at + (TRIED_EVERY if priority is Priority.URGENT else TRIED_GENTLY_EVERY)
    return when if when > now else None


class SqlPaces:
    """The budgets over a connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def open(self, budgets: Iterable[Budget]) -> Books:
        """Reads the budgets, and holds them against other processes."""
        keys = sorted({budget.key for budget in budgets})
        rows = self._connection.execute(_OPEN, {"keys": keys}).all()
        missing = sorted(set(keys).difference(row.key for row in rows))
        # A row that isn't there can't be held: two processes would both find nothing spent.
        unused = [_unused(key) for key in missing]
        if insert_new(self._connection, pace_budgets, unused) < len(missing):
            rows = self._connection.execute(_OPEN, {"keys": keys}).all()
            missing = []
        return Books(
            {key: _Book(_LONG_AGO, dict.fromkeys(_ENDS, _LONG_AGO)) for key in missing}
            | {
                row.key: _Book(
                    row.earliest,
                    {priority: getattr(row, name) for priority, name in _ENDS.items()},
                    row.refusal,
                    row.tried_at,
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

    def hold(self, budget: Budget, until: datetime, now: datetime) -> None:
        """Lets nothing leave before `until`, five minutes away at most: then it is asked again. A
        longer hold stays."""
        self.open([budget])
        until = min(until, now + LONGEST_HOLD)
        earliest = until + budget.slack(Priority.URGENT)
        held = {"of": budget.key, "until": until, "earliest": earliest}
        self._connection.execute(_HOLD, held)

    def held(self, keys: Iterable[str], now: datetime) -> dict[str, datetime]:
        """Until when nothing leaves under those of the keys that are held."""
        rows = self._connection.execute(_HELD_UNTIL, {"keys": sorted(set(keys)), "now": now})
        return {row.key: row.urgent_end for row in rows}

    def close_lane(self, budget: Budget, word: str, now: datetime) -> None:
        """The platform refuses the lane: from now on only a try now and then may use it."""
        self.open([budget])
        self._connection.execute(_CLOSE, {"of": budget.key, "word": word[:80], "now": now})

    def open_lane(self, budget: Budget) -> None:
        """Something arrived by the lane: whatever it was, it is over."""
        self._connection.execute(_OPEN_LANE, {"of": budget.key})

    def holds(self, now: datetime) -> dict[tuple[str, Lane], timedelta]:
        """How long each platform takes nothing by a lane, in the workspace where it is longest."""
        longest: dict[tuple[str, Lane], timedelta] = {}
        for key, until in self._connection.execute(_HELD, {"now": now}):
            place, lane = _place_and_lane(key)
            held = max(longest.get((place[0], lane), timedelta()), until - now)
            longest[place[0], lane] = held
        return longest

    def refusals(self) -> tuple[Refusal, ...]:
        """The lanes that are refused, longest first."""
        rows = self._connection.execute(_REFUSALS)
        return tuple(_refusal(row) for row in rows)


def _refusal(row: Row[Any]) -> Refusal:
    place, lane = _place_and_lane(row.key)
    return Refusal(place, lane, row.refusal, row.refused_since, row.refusals)


def _place_and_lane(key: str) -> tuple[Place, Lane]:
    where, _, lane = key.rpartition("#")
    platform, _, workspace = where.partition("-")
    return (platform, workspace), Lane(lane)


def _unused(key: str) -> dict[str, Any]:
    unused: dict[str, Any] = dict.fromkeys(("earliest", *_ENDS.values(), "used_at"), _LONG_AGO)
    return unused | {"key": key}
