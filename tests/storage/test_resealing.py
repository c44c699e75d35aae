"""Another SECRET_KEY: everything comes under it, beside whoever writes, and nothing is lost."""

from collections import Counter
from collections.abc import Iterator
from functools import partial

import pytest
from sqlalchemy import Connection, Update, insert, select, update

from handlers.common.calendars import CalendarAddresses
from handlers.statuses.model import StatusPermissions
from storage.database import Database
from storage.resealing import count_to_look_at, reseal
from storage.sealed import Seal, Under, count_sealed
from storage.teams import teams_conversations
from storage.work import SqlWork
from tests.storage.made import NOW, at_once, somebody

FORMER, ROTATING, NEWEST = Seal("former"), Seal("newest", "former"), Seal("newest")

MANY = 450
"""More than two transactions of them."""


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    """Opened with both keys, and full of what the former one sealed."""
    first = Database(url, FORMER)
    anna = somebody(first)
    rows = [
        {
            "tenant": f"tenant {number % 3}",
            "user": f"user {number}",
            "sealed": FORMER.seal(f"conversation {number}"),
            "installed": True,
            "at": NOW,
        }
        for number in range(MANY)
    ]

    def fill(work: SqlWork) -> None:
        work.connection.execute(insert(teams_conversations), rows)
        work.of(StatusPermissions).permit(anna, anna.addresses[0], "xoxp-1", NOW)
        work.of(CalendarAddresses).renew(anna.id, NOW)

    first.run_now(fill)
    first.close()
    opened = Database(url, ROTATING)
    yield opened
    opened.close()


def under(database: Database) -> Counter[Under]:
    return database.run_now(lambda work: count_sealed(work.connection, ROTATING))


def _execute(statement: Update, work: SqlWork) -> None:
    work.connection.execute(statement)


def conversations(connection: Connection, seal: Seal) -> dict[str, str | None]:
    """What each user's row says to the seal."""
    table = teams_conversations.c
    return {
        row.user: seal.open(row.sealed, row.user)
        for row in connection.execute(select(table.user, table.sealed))
    }


def test_everything_comes_under_the_newest_key_once(database: Database) -> None:
    assert under(database) == {Under.FORMER: MANY + 2}
    looked = list[int]()
    assert reseal(database, ROTATING, looked.append) == MANY + 2
    assert sum(looked) == database.run_now(count_to_look_at) == MANY + 2
    assert under(database) == {Under.NEWEST: MANY + 2}
    kept = database.run_now(lambda work: conversations(work.connection, NEWEST))
    assert kept == {f"user {number}": f"conversation {number}" for number in range(MANY)}
    assert reseal(database, ROTATING, looked.append) == 0


def test_stopped_in_the_middle_it_is_begun_anew(database: Database) -> None:
    def stop(_looked: int) -> None:
        if under(database)[Under.NEWEST]:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        reseal(database, ROTATING, stop)
    done = under(database)[Under.NEWEST]
    assert 0 < done < MANY
    assert reseal(database, ROTATING, lambda _: None) == MANY + 2 - done
    assert under(database) == {Under.NEWEST: MANY + 2}


def test_what_a_running_plecs_writes_meanwhile_stays(database: Database, url: str) -> None:
    beside = Database(url, ROTATING)
    table = teams_conversations

    def write() -> int:
        users = [f"user {number}" for number in range(0, MANY, 9)]
        for user in users:
            sealed = ROTATING.seal(f"{user}, later")
            changed = update(table).where(table.c.user == user).values(sealed=sealed)
            beside.run_now(partial(_execute, changed))
        return len(users)

    outcomes = at_once([lambda: reseal(database, ROTATING, lambda _: None), write])
    beside.close()
    assert [one for one in outcomes if isinstance(one, Exception)] == []
    kept = database.run_now(lambda work: conversations(work.connection, NEWEST))
    assert kept == {
        f"user {number}": f"user {number}, later" if number % 9 == 0 else f"conversation {number}"
        for number in range(MANY)
    }


def test_what_none_of_the_keys_opens_stays_as_it_is(database: Database) -> None:
    table, strange = teams_conversations, Seal("somebody else's").seal("words")
    lost = update(table).where(table.c.user == "user 7").values(sealed=strange)
    database.run_now(lambda work: work.connection.execute(lost))
    assert reseal(database, ROTATING, lambda _: None) == MANY + 1
    assert under(database) == {Under.NEWEST: MANY + 1, Under.OTHER: 1}
    where = select(table.c.sealed).where(table.c.user == "user 7")
    assert database.run_now(lambda work: work.connection.scalar(where)) == strange
