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
from storage.engines import opened
from storage.schema import metadata
from storage.work import SqlWork
from tests.stories.breaks import set_rule
from tests.stories.supervision import group_of
from tests.stories.supervision_sessions import (
    WORTH,
    everybody_agrees,
    meeting,
    newest,
    sessions,
    titled,
    until,
)
from tests.world import World, open_world

HOUR, DAY, SECOND = timedelta(hours=1), timedelta(days=1), timedelta(seconds=1)
WORDS, SEALED = b"QVARTZ", b"ZVIRGZDS"
NAMES = ("Anna", "Līga", "Jānis", "Oskars", "Kārlis")

RECEIPT = {"policy_receipts": {"Anna"}}
"""Two years, within which complaints come."""

TOLD_OF_IT = {"outbox": {"Kārlis"}}
"""Who supervises is told that a call was ended: two days, as long as that message may change."""

STANDING = {"people", "people_names", "addresses", "break_habits"}
"""Where somebody stands as long as they use Plecs."""


async def a_day_of_everything(world: World) -> dict[str, str]:
    """Anna raises a hand, and Līga comes; Anna talks with Līga, and Jānis says no; Jānis has
    a break, for which Kārlis covers; Anna ends a call; Oskars declines an invitation. Answers who
    has which id."""
    people = {name: (await world.person(name, manager="Boss")).id for name in NAMES[:4]}
    supervisor = await world.person("Kārlis", Role.SUPERVISOR, manager="Boss")
    people["Kārlis"] = supervisor.id
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
    await set_rule(world, keep=5)
    await world.says("Jānis", "/break 5")
    await world.presses("Jānis", "Ask for cover")
    await world.presses("Kārlis", "I'll cover")
    await world.says("Anna", "/policy insulting")
    for _ in range(2):
        await world.presses("Anna", "I warned")
    await world.presses("Anna", "I ended the call")
    await world.says("Anna", "/vent Līga ZVIRGZDS shouted")
    await world.presses("Līga", "Yes, now")
    await world.forward(minutes=10)
    await world.presses("Anna", "Done")
    await world.says("Anna", "/vent Jānis ZVIRGZDS shouted")
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
    with (
        opened(url, patient=True) as engine,  # it takes as long as a busy machine takes
        engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection,
    ):
        connection.execute(text("VACUUM FULL"))
        connection.execute(text("CHECKPOINT"))
        read = text(
            "SELECT pg_read_binary_file(pg_relation_filepath(oid)) FROM pg_class "
            "WHERE relkind IN ('r', 'i', 't') AND relnamespace IN "
            "('public'::regnamespace, 'pg_toast'::regnamespace)"
        )
        return b"".join(bytes(one) for one in connection.scalars(read))


def log_of(database: Database) -> bytes:
    """PostgreSQL's own log, which is not vacuumed; SQLite's stands beside the database."""
    if database.is_sqlite:
        return b""
    with database.engine.connect() as connection:
        read = text("SELECT pg_read_binary_file('pg_wal/' || name) FROM pg_ls_waldir()")
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
            **RECEIPT,
            **TOLD_OF_IT,
        }
        assert WORDS in await asyncio.to_thread(bytes_of, database, url)
        assert SEALED not in await asyncio.to_thread(bytes_of, database, url)
        logged = await asyncio.to_thread(log_of, database)
        assert (WORDS in logged, SEALED in logged) == (not database.is_sqlite, False)

        await at(world, over + DAY + SECOND)
        assert await naming(world, people) == RECEIPT | TOLD_OF_IT
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
        assert await naming(world, people) == RECEIPT
        exported = {
            name: await database.run(
                lambda work, person=person: cleaning.export(work.connection, person, work.seal)  # type: ignore[misc] # bound now
            )
            for name, person in people.items()
        }
        assert {
            name: {table for table, rows in tables.items() if rows} - STANDING
            for name, tables in exported.items()
        } == {name: {table for table, named in RECEIPT.items() if name in named} for name in people}
        await at(world, over + 732 * DAY)
        assert await naming(world, people) == {}
        figures = (await world.engine.figures()).decode()
        told = [one for one in (*people, *people.values(), "QVARTZ") if one in figures]
        assert told == []

        for person in people.values():
            await database.run(lambda work, person=person: cleaning.erase(work.connection, person))  # type: ignore[misc] # bound now
        stored = await asyncio.to_thread(bytes_of, database, url)
        assert [name for name, person in people.items() if person.encode() in stored] == []
        assert [name for name in NAMES if name.encode() in stored] == []
    written = capsys.readouterr()
    assert not re.search("QVARTZ|ZVIRGZDS|threatens|" + "|".join(NAMES), written.out + written.err)


@pytest.mark.slow
async def test_of_a_session_stays_what_was_promised(url: str) -> None:
    async with open_world(url) as world:
        database = world.engine.database
        people = {one.name: one.id for one in await meeting(world)}
        await everybody_agrees(world)
        of_session = {"session": "s1"}
        asked = await world.ask(world.command("Anna", "session.case", values=of_session))
        assert isinstance(asked, Form)
        await world.fills("Anna", asked, words="ZVIRGZDS raud")
        first = sessions()[0]
        await until(world, first.starts_at - 7 * DAY)
        for name in people:
            await world.presses(name, "I'll be there", newest(world, name))
        await until(world, first.ends_at + timedelta(minutes=1))
        for name in people:
            await world.presses(name, "5", titled(world, name, WORTH))
        stay: dict[float, set[str]] = {}
        for days in (1.05, 385, 733):
            await at(world, first.ends_at + days * DAY)
            named = await naming(world, people)
            # Of the sessions that follow there are messages still.
            stay[days] = {table for table in named if table != "outbox"}
            assert all(named[table] == set(people) for table in stay[days])
        members = "supervision_members"
        assert stay == {
            1.05: {members, "supervision_agreements", "supervision_seats"},
            385: {members, "supervision_agreements"},
            733: {members},
        }
        assert SEALED not in await asyncio.to_thread(bytes_of, database, url)
        assert SEALED not in await asyncio.to_thread(log_of, database)
