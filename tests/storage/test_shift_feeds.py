"""Addresses from which shifts are fetched: whoever claims one has it alone for a while."""

from datetime import timedelta

from handlers.shifts.feeds.model import Feed, FeedKind, ShiftFeeds
from storage.database import Database
from storage.effects import Effects
from storage.sealed import Seal
from storage.work import SqlWork
from tests.storage.made import NOW

_LATER = NOW + timedelta(minutes=5)
_FEED = Feed("f1", "paper-T1", "dace", None, FeedKind.CALENDAR, "https://a.example/s.ics", NOW)


def keep(work: SqlWork) -> None:
    work.of(ShiftFeeds).put(_FEED)


def claimed(work: SqlWork) -> list[str]:
    return [feed.address for feed in work.of(ShiftFeeds).claim(NOW, _LATER, 4)]


def test_what_is_claimed_is_nobody_else_s_until_then(database: Database) -> None:
    database.run_now(keep)
    assert database.run_now(claimed) == [_FEED.address]
    assert database.run_now(claimed) == []
    assert database.run_now(lambda work: work.of(ShiftFeeds).next_due()) == _LATER


def test_an_address_that_another_key_sealed_is_not_looked_at_again_and_again(
    database: Database, url: str
) -> None:
    database.run_now(keep)
    other = Database(url, Seal("another secret"))
    try:
        assert other.run_now(claimed) == []
        assert other.run_now(lambda work: work.of(ShiftFeeds).next_due()) == _LATER
    finally:
        other.close()


async def test_whoever_sets_one_has_it_fetched_at_once(database: Database) -> None:
    heard: list[Effects] = []
    database.on_commit.append(heard.append)
    await database.run(keep)
    await database.run(lambda work: work.workspaces.places("paper-T1"))
    assert [effects.feeds for effects in heard] == [True, False]
