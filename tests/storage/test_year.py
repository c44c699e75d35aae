"""A year by the clock, on both databases: what was promised to be gone is gone when it was
promised, from the rows and from the files."""

import asyncio
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from handlers.kit.cards import Form
from handlers.kit.people import Role
from storage import cleaning
from storage.database import Database
from storage.schema import metadata
from storage.work import SqlWork
from tests.stories.supervision import group_of
from tests.world import World, open_world

HOUR, DAY, SECOND = timedelta(hours=1), timedelta(days=1), timedelta(seconds=1)
WORDS = b"QVARTZ"
NAMES = ("Anna", "Līga", "Jānis", "Oskars")

STANDING = {"people", "addresses", "break_habits"}
"""Where somebody stands as long as they use Plecs."""


async def a_day_of_everything(world: World) -> dict[str, str]:
    """Anna raises a hand, and Līga comes; Anna talks with Līga, and Jānis says no; Jānis has
    a break; Oskars declines an invitation. Answers who has which id."""
    people = {name: (await world.person(name)).id for name in NAMES}
    await world.person("Boss", Role.SUPERVISOR)
    await world.person("Dace", Role.COORDINATOR)
    of_group = await group_of(world)
    form = await world.ask(world.command("Dace", "supervision.invite", values=of_group))
    assert isinstance(form, Form)
    await world.fills("Dace", form, people=("Oskars",))
    await world.ask(world.command("Oskars", "supervision.decline", values=of_group))

    await world.says("Anna", "/hand QVARTZ he threatens me")
    await world.forward(seconds=70)
    await world.presses("Līga", "I'm coming")
    await world.forward(minutes=3)
    await world.presses("Anna", "Solved")
    await world.says("Jānis", "/break 5")
    await world.says("Anna", "/vent Līga QVARTZ shouted")
    await world.presses("Līga", "Yes, now")
    await world.forward(minutes=10)
    await world.presses("Anna", "Done")
    await world.says("Anna", "/vent Jānis QVARTZ shouted")
    await world.presses("Jānis", "Not today")
    await world.forward(minutes=51)
    return people


async def at(world: World, when: datetime) -> None:
    """The clock there, past every instant between that stands in a row; then what is over goes."""
    await world.forward(seconds=(when - world.now).total_seconds())
    while await world.engine.database.run(lambda work: cleaning.clean(work.connection, world.now)):
        pass


async def naming(world: World, people: Mapping[str, str]) -> dict[str, set[str]]:
    """Which tables name whom."""

    def read(work: SqlWork) -> dict[str, set[str]]:
        found = {
            table.name: repr(work.connection.execute(table.select()).all())
            for table in metadata.sorted_tables
        }
        return {
            table: named
            for table, rows in found.items()
            if (named := {name for name, person in people.items() if person in rows})
            and table not in STANDING
        }

    return await world.engine.database.read(read)


def bytes_of(database: Database, url: str) -> bytes:
    """All that stands in the database's files: SQLite's with its log; PostgreSQL's tables and
    indexes, vacuumed."""
    if database.is_sqlite:
        database.run_now(lambda work: None)
        with database.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").all()
        file = Path(url.removeprefix("sqlite:///"))
        return b"".join(one.read_bytes() for one in file.parent.glob(f"{file.name}*"))
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM FULL"))
        connection.execute(text("CHECKPOINT"))
        read = text(
            "SELECT pg_read_binary_file(pg_relation_filepath(oid)) FROM pg_class "
            "WHERE relkind IN ('r', 'i', 't') AND relnamespace IN "
            "('public'::regnamespace, 'pg_toast'::regnamespace)"
        )
        return b"".join(bytes(one) for one in connection.scalars(read))


async def test_what_was_promised_to_be_gone_is_gone_when_it_was_promised(
    url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    async with open_world(url) as world:
        database = world.engine.database
        people = await a_day_of_everything(world)
        over = world.now
        assert await naming(world, people) != {}

        await at(world, over + HOUR + SECOND)
        assert await naming(world, people) == {
            "cases": {"Anna"},
            "breaks": {"Jānis"},
            "break_offers": {"Anna"},
        }
        assert WORDS in await asyncio.to_thread(bytes_of, database, url)

        await at(world, over + DAY + SECOND)
        assert await naming(world, people) == {}
        assert WORDS not in await asyncio.to_thread(bytes_of, database, url)

        await at(world, over + 4 * DAY)
        left = await database.read(
            lambda work: {
                table: work.connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()  # noqa: S608 - the names stand here
                for table in ("outbox", "vents", "pace_budgets", "deliveries", "cases")
            }
        )
        assert left["cases"] == 1, "its times, for the counts"

        await at(world, over + 397 * DAY)
        assert await naming(world, people) == {}
        exported = {
            name: await database.run(
                lambda work, person=person: cleaning.export(work.connection, person, work.seal)  # type: ignore[misc] # bound now
            )
            for name, person in people.items()
        }
        assert {
            name: {table for table, rows in tables.items() if rows} - STANDING
            for name, tables in exported.items()
        } == {name: set() for name in people}

        for person in people.values():
            await database.run(lambda work, person=person: cleaning.erase(work.connection, person))  # type: ignore[misc] # bound now
        stored = await asyncio.to_thread(bytes_of, database, url)
        assert [name for name, person in people.items() if person.encode() in stored] == []
        assert [name for name in NAMES if name.encode() in stored] == []
    logged = capsys.readouterr()
    assert not re.search("QVARTZ|threatens|" + "|".join(NAMES), logged.out + logged.err)
