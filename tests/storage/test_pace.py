"""How fast messages may leave: held to a bucket of tokens that a child could check."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine

from handlers.kit.notices import Notice, Priority, Settled
from handlers.kit.ports import Pace, Rate
from storage.database import Database
from storage.pace import Budget, SqlPaces, pace_budgets, workspace_budgets
from storage.work import SqlWork
from tests.storage.made import NOW, PLENTY, at_once, notice, second

MILLISECOND = timedelta(milliseconds=1)


@dataclass
class Bucket:
    """`count` tokens, one back each interval, in whole milliseconds; bulk leaves a fifth."""

    count: int
    interval: int
    full_at: int = 0

    def take(self, now: int, *, leave: float = 0) -> bool:
        missing = max(0, self.full_at - now)
        room = (self.count - 1) * self.interval * (1 - leave)
        if missing > room:
            return False
        self.full_at = max(self.full_at, now) + self.interval
        return True


@contextmanager
def ledger() -> Iterator[Callable[[Budget, Priority, datetime], datetime | None]]:
    """Asks a budget kept in an empty database, as one transaction each time."""
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        pace_budgets.create(connection)
        paces = SqlPaces(connection)

        def ask(budget: Budget, priority: Priority, now: datetime) -> datetime | None:
            books = paces.open([budget])
            when = books.admit([budget], priority, now)
            paces.close(books, now)
            return when

        yield ask
    engine.dispose()


@given(
    count=st.integers(1, 8),
    interval=st.integers(1, 500),
    asks=st.lists(
        st.tuples(st.integers(0, 1500), st.sampled_from(Priority)), min_size=1, max_size=40
    ),
    shared=st.booleans(),
)
def test_it_is_a_bucket_of_tokens(
    count: int, interval: int, asks: list[tuple[int, Priority]], shared: bool
) -> None:
    budget = Budget("k", Rate(count, count * interval * MILLISECOND), shared=shared)
    bucket = Bucket(count, interval)
    now = 0
    left: list[int] = []
    with ledger() as ask:
        for passed, priority in asks:
            now += passed
            leave = 0.2 if shared and priority is Priority.BULK else 0
            when = ask(budget, priority, NOW + now * MILLISECOND)
            assert (when is None) == bucket.take(now, leave=leave)
            if when is None:
                left.append(now)
            else:
                assert when > NOW + now * MILLISECOND
    # At once as many as the bucket holds, and one more each interval: in any stretch of time.
    for first, begin in enumerate(left):
        for last in range(first, len(left)):
            assert last - first + 1 <= count + (left[last] - begin) // interval


def test_bulk_never_uses_the_last_fifth() -> None:
    _, change = workspace_budgets("w", Pace(PLENTY, PLENTY, Rate(10, timedelta(seconds=10))))
    with ledger() as ask:
        bulk = [ask(change, Priority.BULK, NOW) for _ in range(10)]
        assert bulk.count(None) == 8
        urgent = [ask(change, Priority.URGENT, NOW) for _ in range(5)]
        assert urgent.count(None) == 2


def test_those_put_off_are_lined_up_and_urgent_waits_behind_none() -> None:
    budget = Budget("k", Rate(1, timedelta(seconds=1)))
    with ledger() as ask:
        assert ask(budget, Priority.NORMAL, NOW) is None
        turns = [ask(budget, Priority.NORMAL, NOW) for _ in range(4)]
        assert turns == [second(1), second(2), second(3), second(4)]
        assert ask(budget, Priority.URGENT, NOW) == second(1)


CHAT = Pace(Rate(1, timedelta(seconds=1)), Rate(3, timedelta(seconds=3)), PLENTY)


def add(database: Database, workspace: str, *notices: Notice) -> None:
    database.run_now(lambda work: work.outbox.add(workspace, *notices))


def claimed(database: Database, at: float, limit: int = 100) -> list[str]:
    """Who is sent something then; each is sent."""

    def claim(work: SqlWork) -> list[str]:
        claims = work.outbox.claim(
            "p",
            second(at),
            lease=timedelta(seconds=20),
            limit=limit,
            pace_of=lambda _: CHAT,
            most=Priority.BULK,
        )
        work.outbox.settle("p", [Settled(one, "ref", "looks") for one in claims], second(at))
        return [one.notice.to[0] for one in claims]

    return database.run_now(claim)


def test_one_a_second_in_a_conversation(database: Database) -> None:
    many = [notice(f"c.{n}", to="anna") for n in range(3)]
    add(database, "paper-T1", *many, notice(to="ieva"))
    assert claimed(database, 0) == ["anna", "ieva"]
    assert claimed(database, 0.9) == []
    assert claimed(database, 1) == ["anna"]
    assert claimed(database, 2) == ["anna"]
    assert claimed(database, 99) == []


def test_a_queue_comes_back_one_by_one_not_all_at_each_free_place(database: Database) -> None:
    many = [notice(to=f"person{n}", priority=Priority.BULK) for n in range(40)]
    add(database, "paper-T1", *many)
    assert len(claimed(database, 0)) == 2, "three at once, of which bulk leaves the last"
    after = database.run_now(lambda work: work.outbox.depth(second(1)))
    assert after[Priority.BULK] == 1, "the rest are not looked at before it is their turn"
    sent = [len(claimed(database, at)) for at in range(1, 39)]
    assert sent == [1] * 38


def hold(database: Database, until: datetime) -> None:
    database.run_now(lambda work: work.outbox.hold("paper-T1", until, CHAT))


def test_a_hold_stops_the_workspace_and_no_other(database: Database) -> None:
    add(database, "paper-T1", notice(to="anna"))
    add(database, "paper-T2", notice(to="ieva"))
    for seconds in (30, 5):  # a shorter one later doesn't end the longer
        hold(database, second(seconds))
    assert claimed(database, 0) == ["ieva"]
    assert claimed(database, 29.9) == []
    assert claimed(database, 30) == ["anna"]


def test_two_processes_share_what_nobody_used_yet(migrated_postgres: str) -> None:
    one, other = Database(migrated_postgres), Database(migrated_postgres)
    try:
        for database, name in ((one, "a"), (other, "b")):
            many = [notice(f"{name}{n}", to=f"{name}{n}") for n in range(10)]
            add(database, "paper-T9", *many)
        outcomes = at_once([lambda: claimed(one, 0, 5), lambda: claimed(other, 0, 5)])
        together = sum(len(outcome) for outcome in outcomes if isinstance(outcome, list))
        assert together == 3
    finally:
        one.close()
        other.close()
