"""How fast messages may leave: held to a bucket of tokens that a child could check."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine

from bot.teams.pace import TEAMS_PACE
from handlers.kit.delivery import Pace, Rate
from handlers.kit.notices import Lane, Notice, Priority, Settled
from handlers.kit.people import Address
from storage.database import Database
from storage.pace import BULK_SHARE, Budget, SqlPaces, lane_budget, pace_budgets
from storage.sealed import Seal
from storage.work import SqlWork
from tests.storage.made import NOW, PLENTY, at_once, notice, reachable, second

MILLISECOND = timedelta(milliseconds=1)


@dataclass
class Bucket:
    """`most` tokens, one back each interval, in whole milliseconds."""

    most: int
    interval: int
    full_at: int = 0

    def take(self, now: int) -> bool:
        missing = max(0, self.full_at - now)
        if missing > (self.most - 1) * self.interval:
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
    burst=st.integers(1, 8),
    asks=st.lists(
        st.tuples(st.integers(0, 1500), st.sampled_from(Priority)), min_size=1, max_size=40
    ),
)
def test_it_is_a_bucket_of_tokens(
    count: int, interval: int, burst: int, asks: list[tuple[int, Priority]]
) -> None:
    budget = Budget("k", Rate(count, count * interval * MILLISECOND, burst))
    bucket = Bucket(burst, interval)
    now = 0
    left: list[int] = []
    with ledger() as ask:
        for passed, priority in asks:
            now += passed
            when = ask(budget, priority, NOW + now * MILLISECOND)
            assert (when is None) == bucket.take(now)
            if when is None:
                left.append(now)
            else:
                assert when > NOW + now * MILLISECOND
    # At once as many as the bucket holds, and one more each interval: in any stretch of time.
    for first, begin in enumerate(left):
        for last in range(first, len(left)):
            assert last - first + 1 <= burst + (left[last] - begin) // interval


@given(
    count=st.integers(1, 60),
    asks=st.lists(
        st.tuples(
            st.sampled_from((0, 0, 0, 1, 5, 20, 700)), st.sampled_from(Priority), st.booleans()
        ),
        min_size=60,
        max_size=250,
    ),
)
def test_bulk_never_has_more_than_the_pace_and_never_the_burst(
    count: int, asks: list[tuple[int, Priority, bool]]
) -> None:
    budget = Budget("k", Rate(count, 1000 * MILLISECOND, burst=2 * count), shared=True)
    now = 0
    left: list[tuple[int, bool]] = []
    with ledger() as ask:
        for passed, other, only_bulk in asks:
            now += passed
            priority = Priority.BULK if only_bulk else other
            if ask(budget, priority, NOW + now * MILLISECOND) is None:
                left.append((now, priority is Priority.BULK))
    for begin, _ in left:
        second_of = [is_bulk for at, is_bulk in left if begin <= at < begin + 1000]
        assert sum(second_of) <= count
        assert len(second_of) <= 3 * count


def test_a_hand_finds_its_burst_whatever_bulk_has_used() -> None:
    new = lane_budget(
        ("slack", "T1"), Lane.NEW, Pace(PLENTY, Rate(200, timedelta(minutes=1), 200), PLENTY)
    )
    with ledger() as ask:
        for tenths in range(1200):
            ask(new, Priority.BULK, second(tenths / 10))
        pings = [ask(new, Priority.URGENT, second(120)) for _ in range(200)]
        assert pings.count(None) >= 190


def test_a_sender_that_wakes_late_loses_no_turn() -> None:
    new = lane_budget(
        ("slack", "T1"), Lane.NEW, Pace(PLENTY, Rate(200, timedelta(minutes=1), 200), PLENTY)
    )
    with ledger() as ask:
        # Twice a second, a dozen are due: all that may leave in ten minutes do.
        asked = [ask(new, Priority.BULK, second(n / 2)) for n in range(1200) for _ in range(12)]
        assert asked.count(None) >= 10 * 200 * BULK_SHARE


TEAMS_WINDOWS = ((7, 1), (8, 2), (60, 30), (1800, 3600))
"""Messages that Teams lets into one conversation in so many seconds."""


@given(
    gaps=st.lists(
        st.sampled_from((0, 1, 100, 490, 999, 1000, 1500, 2041, 2070, 8300, 30_000)),
        min_size=30,
        max_size=120,
    )
)
def test_no_window_of_teams_is_ever_overrun(gaps: list[int]) -> None:
    budget = Budget("k", TEAMS_PACE.conversation)
    left: list[int] = []
    now = 0
    with ledger() as ask:
        for gap in gaps:
            now += gap
            if ask(budget, Priority.URGENT, NOW + now * MILLISECOND) is None:
                left.append(now)
    for most, seconds in TEAMS_WINDOWS:
        for begin in left:
            assert sum(begin <= at <= begin + seconds * 1000 for at in left) <= most


def test_an_hour_of_one_conversation_in_teams() -> None:
    budget = Budget("k", TEAMS_PACE.conversation)
    with ledger() as ask:
        asked = [ask(budget, Priority.NORMAL, second(tenth / 4)) for tenth in range(4 * 3600)]
    assert 1700 < asked.count(None) <= 1800


def test_a_tenant_of_teams_gives_an_app_fifty_requests_a_second() -> None:
    new, change = TEAMS_PACE.workspace_new, TEAMS_PACE.workspace_change
    for rate in (new, change):
        assert rate.per == timedelta(seconds=1)
    assert new.burst + new.count + change.burst + change.count <= 50


def test_those_put_off_are_lined_up_and_urgent_waits_behind_none() -> None:
    budget = Budget("k", Rate(1, timedelta(seconds=1)))
    with ledger() as ask:
        assert ask(budget, Priority.NORMAL, NOW) is None
        turns = [ask(budget, Priority.NORMAL, NOW) for _ in range(4)]
        assert turns == [second(1), second(2), second(3), second(4)]
        assert ask(budget, Priority.URGENT, NOW) == second(1)


CHAT = Pace(Rate(1, timedelta(seconds=1)), Rate(40, timedelta(seconds=40), burst=3), PLENTY)


def add(database: Database, workspace: str, *notices: Notice) -> None:
    def put(work: SqlWork) -> None:
        platform, _, external = workspace.partition("-")
        place = Address(platform, external, "")
        reachable(work, *(who for one in notices for who in one.to), place=place)
        work.outbox.add(workspace, *notices)

    database.run_now(put)


def claimed(database: Database, at: float, limit: int = 100) -> list[str]:
    """Who is sent something then; each is sent."""

    def claim(work: SqlWork) -> list[str]:
        claims = work.claims.claim(
            "p",
            second(at),
            lease=timedelta(seconds=20),
            urgent=limit,
            others=limit,
            pace_of=lambda _: CHAT,
        )
        work.claims.settle("p", [Settled(one, "ref", "fingerprint") for one in claims], second(at))
        return [one.notice.to[0] for one in claims]

    return database.run_now(claim)


def test_what_was_counted_by_a_wrong_clock_holds_up_nobody() -> None:
    """Two processes: one has noticed that the clock was put right, the other counts by the wrong
    time for a second yet."""
    slack = Budget("w", Rate(200, timedelta(minutes=1), burst=200))
    one_a_second = Budget("c", Rate(1, timedelta(seconds=1)))
    for budget in (slack, one_a_second):
        for ahead in (timedelta(seconds=5), timedelta(minutes=5), timedelta(hours=3)):
            with ledger() as ask:
                assert ask(budget, Priority.URGENT, NOW + ahead) is None
                assert ask(budget, Priority.URGENT, NOW) is None


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
    assert len(claimed(database, 0)) == 1, "bulk has no burst"
    step = 1 / BULK_SHARE
    after = database.run_now(lambda work: work.outbox_state.at(second(step)).depth)
    assert after[Priority.BULK] == 1, "the rest are not looked at before it is their turn"
    sent = [len(claimed(database, number * step + 0.01)) for number in range(1, 40)]
    assert sent == [1] * 39


def hold(database: Database, until: datetime) -> None:
    database.run_now(lambda work: work.lanes.hold(("paper", "T1"), Lane.NEW, until, CHAT, NOW))


def test_a_hold_stops_the_workspace_and_no_other(database: Database) -> None:
    add(database, "paper-T1", notice(to="anna"))
    add(database, "paper-T2", notice(to="ieva"))
    for seconds in (30, 5):  # a shorter one later doesn't end the longer
        hold(database, second(seconds))
    assert claimed(database, 0) == ["ieva"]
    assert claimed(database, 29.9) == []
    assert claimed(database, 30) == ["anna"]


def test_two_processes_share_what_nobody_used_yet(migrated_postgres: str) -> None:
    one, other = (Database(migrated_postgres, Seal("the secret of these tests")) for _ in range(2))
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
