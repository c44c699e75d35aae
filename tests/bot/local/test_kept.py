"""What the local workspace keeps is there again after a restart."""

import asyncio
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.local.kept import LocalStore
from bot.local.team import TEAM
from handlers.kit.people import Address, Profile, Role
from storage.database import Database
from storage.local import LocalMessage, MessageKind
from storage.sealed import Seal
from tests.bot.local.fakes import NOON
from tests.conftest import fresh_postgres
from tests.world import SECRET


@pytest.fixture(params=["sqlite", "postgres"])
def database(
    request: pytest.FixtureRequest, empty_sqlite: Path, tmp_path: Path
) -> Iterator[Database]:
    with ExitStack() as stack:
        if request.param == "sqlite":
            url = f"sqlite:///{shutil.copy(empty_sqlite, tmp_path / 'plecs.db')}"
        else:
            borrowed = map(request.getfixturevalue, ("postgres_server", "postgres_with_tables"))
            url = stack.enter_context(fresh_postgres(*borrowed))
        database = Database(url, Seal(SECRET))
        yield database
        database.close()


async def test_the_team_is_introduced_once_and_stays_as_it_became(database: Database) -> None:
    kept = LocalStore(database)
    await kept.begin(NOON)
    first = await kept.people()
    assert [person.addresses[0] for person in first] == [p.address for p in TEAM.values()]
    by_user = {person.addresses[0].user: person for person in first}
    assert by_user["mara"].roles == {Role.AGENT, Role.COORDINATOR, Role.ADMIN}
    assert by_user["liga"].is_a(Role.SUPERVISOR)
    assert by_user["janis"].topics == ("contracts",)
    assert by_user["anna"].trusted == (by_user["peteris"].id,)
    assert {person.locale for person in first} == {"lv", "en"}
    changed = replace(by_user["anna"], topics=("meters",))
    await database.run(lambda work: work.people.save(changed))
    await kept.begin(NOON)
    assert await kept.people() == [changed, *first[1:]]
    assert (await kept.topic_names("lv"))["contracts"] == "līgumi"


async def test_whom_a_forged_form_named_is_not_of_the_team(database: Database) -> None:
    kept = LocalStore(database)
    await kept.begin(NOON)
    team = await kept.people()
    ghost = Profile(Address("local", "demo", "ghost"), "Ghost")
    await database.run(lambda work: work.people.add("local-demo", ghost, frozenset()))
    assert await kept.people() == team


async def test_a_team_that_begins_again_is_as_on_its_first_day(database: Database) -> None:
    kept = LocalStore(database)
    await kept.begin(NOON)
    first = await kept.people()
    changed = replace(first[0], topics=("meters",))
    await database.run(lambda work: work.people.save(changed))
    await kept.keep_clock(timedelta(hours=1))
    await kept.put(LocalMessage("one", MessageKind.SENT, ("anna",), "<p>1</p>", "1", NOON))
    await kept.begin_again(NOON)
    again = await kept.people()
    ids = {one.id: other.id for one, other in zip(first, again, strict=True)}
    as_it_was = tuple(
        replace(one, id=ids[one.id], trusted=tuple(ids[trusted] for trusted in one.trusted))
        for one in first
    )
    assert tuple(again) == as_it_was
    assert not ids.keys() & {*ids.values()}, "the pages tell by it that they begin anew"
    assert await kept.newest(10) == ()
    assert await kept.begin(NOON) == timedelta(hours=1), "the clock never goes back"


async def test_the_clock_stays_where_it_was_moved(database: Database) -> None:
    assert await LocalStore(database).begin(NOON) == timedelta(0)
    await LocalStore(database).keep_clock(timedelta(days=1, seconds=30))
    assert await LocalStore(database).begin(NOON) == timedelta(days=1, seconds=30)


async def test_messages_keep_their_place_and_a_change_is_news(database: Database) -> None:
    kept = LocalStore(database)
    one = LocalMessage("one", MessageKind.SENT, ("anna", "liga"), "<p>1</p>", "1", NOON)
    two = LocalMessage("two", MessageKind.SAID, ("anna",), "<p>2</p>", "2", NOON)
    await kept.put(one)
    await kept.put(two)
    changed = replace(one, html="<p>3</p>", summary="3", at=NOON + timedelta(hours=1))
    await kept.put(changed)
    first = replace(changed, at=NOON, place=1, version=3)
    second = replace(two, place=2, version=2)
    again = LocalStore(database)
    assert await again.newest(10) == (second, first)
    assert await again.newest(1) == (first,)
    assert await again.newer(2, 10) == (first,)
    assert await again.newer(0, 1) == (second,)
    assert await again.newer(3, 10) == ()
    assert (await again.get("one"), await again.get("three")) == (first, None)


async def test_many_messages_at_once_all_get_a_place_of_their_own(database: Database) -> None:
    kept = LocalStore(database)
    message = LocalMessage("", MessageKind.SENT, ("anna",), "<p>1</p>", "1", NOON)
    await asyncio.gather(*(kept.put(replace(message, id=str(number))) for number in range(4)))
    assert [one.version for one in await kept.newest(10)] == [1, 2, 3, 4]
