"""What whoever has a copy of the database, and not SECRET_KEY, can find out: not who talked with
whom, and not who said no."""

import hmac
import shutil
from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

from handlers.kit.cards import Card
from handlers.kit.people import Role
from storage.schema import Instant, metadata
from storage.work import SqlWork
from tests.stories import voice_attack as attack
from tests.stories.shifts import plans
from tests.world import MONDAY_TEN, World, form, open_world

Rows = Mapping[str, list[dict[str, Any]]]

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def copied(world: World) -> Rows:
    """The database as whoever has a copy of it reads it."""

    def read(work: SqlWork) -> Rows:
        return {
            table.name: [
                dict(row) for row in work.connection.execute(table.select()).mappings().all()
            ]
            for table in metadata.sorted_tables
        }

    return await world.engine.database.read(read)


async def three(world: World) -> dict[str, str]:
    """Anna, Līga and Jānis; each one's id."""
    return {name: (await world.person(name)).id for name in ("Anna", "Līga", "Jānis")}


async def leap(world: World, **further: float) -> None:
    world.platform.now += timedelta(**further)
    await world.settle()
    await world.engine.timers.tidy()


def words_of(row: Mapping[str, Any]) -> str:
    return " ".join(value for value in row.values() if isinstance(value, str))


def naming_two(rows: Rows, people: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """The tables that have a row in which two people stand."""
    return [
        (table, one, other)
        for table, found in rows.items()
        for row in found
        for one, other in permutations(people, 2)
        if people[one] in words_of(row) and people[other] in words_of(row)
    ]


def keys_in(rows: Rows) -> set[bytes]:
    """Every value that could be a key, as it stands and read as hexadecimal."""
    texts = {
        value
        for found in rows.values()
        for row in found
        for value in row.values()
        if isinstance(value, str) and value
    }
    keys = {text.encode() for text in texts}
    for text in texts:
        try:
            keys.add(bytes.fromhex(text))
        except ValueError:
            continue
    return keys


def guessed(rows: Rows, people: Mapping[str, str]) -> set[str]:
    """What was ever counted, tried with every key that stands in the database."""
    ids = tuple(people.values())
    guesses = {f"asked {one} {other}" for one, other in permutations(ids, 2)}
    guesses |= {f"listened {one}" for one in ids} | set(ids)
    guesses |= {f"paper-T1/{'+'.join(sorted((one, other)))}" for one, other in permutations(ids, 2)}
    guesses |= {f"paper-T1/{one}" for one in ids}
    marks = {row["mark"] for row in rows["vent_tallies"]} | {
        row["key"] for row in rows["pace_budgets"]
    }
    assert marks, "there is something to guess"
    return {
        guess
        for key in keys_in(rows)
        for guess in guesses
        if guess in marks or hmac.digest(key, guess.encode(), "sha256").hex() in marks
    }


def instants_within(rows: Rows, start: datetime, end: datetime, person: str) -> list[str]:
    """Where a row that names the person tells of an instant within."""
    return [
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.c
        if isinstance(column.type, Instant)
        for row in rows[table.name]
        if person in words_of(row) and row[column.name] and start <= row[column.name] <= end
    ]


async def test_who_talked_with_whom_is_not_in_the_database(world: World) -> None:
    people = await three(world)
    await leap(world, days=1)
    start = world.now
    await world.says("Anna", "/vent Līga he shouted")
    await leap(world, seconds=20)
    await world.presses("Līga", "Yes, now")
    await leap(world, minutes=7)
    await world.presses("Anna", "Done")
    rows = await copied(world)
    assert rows["vent_tallies"], "the limits are kept"
    assert naming_two(rows, people) == []
    assert guessed(rows, people) == set()
    for person in people.values():
        assert instants_within(rows, start, world.now, person) == []
    # Nor by when something was counted: a day is all that the counts tell.
    ends = {row["ends_at"] for row in (*rows["vent_tallies"], *rows["vent_keys"])}
    assert [end for end in ends if end.hour or end.minute or end.second or end.microsecond] == []


async def test_nothing_that_names_anybody_is_otherwise_after_a_talk(
    world: World, tmp_path: Path
) -> None:
    """Nor what a talk changes elsewhere: two copies, one from before and one from after it."""
    people = await three(world)
    for name in people:
        await world.says(name, "/hand log")
    before = attack.copied(tmp_path / "world.db")
    await world.says("Anna", "/vent Līga he shouted")
    await leap(world, seconds=20)
    await world.presses("Līga", "Yes, now")
    await leap(world, minutes=7)
    await world.presses("Anna", "Done")
    await leap(world, minutes=31)
    after = attack.copied(tmp_path / "world.db")
    known = [attack.Writer(name, one, frozenset({one, name})) for name, one in people.items()]
    named, tables = attack.in_the_difference(before, after, known)
    assert named == set()
    counts = {"vent_tallies", "vent_keys", "vent_weeks"}
    assert tables - {"deliveries", "pace_budgets", "sqlite_sequence"} == counts


async def after_asking(file: Path, case: str) -> tuple[Rows, dict[str, str]]:
    """The database, five minutes and a little after Anna asked Līga."""
    copy = file.with_name(f"{case}.db".replace(" ", "-"))
    shutil.copy(file, copy)
    async with open_world(f"sqlite:///{copy}") as world:
        people = {name: (await world.known(name)).id for name in ("Anna", "Līga", "Jānis")}
        if case == "away":
            await world.says("Līga", "/plecs away 2 h")
        await world.says("Anna", "/vent Līga he shouted")
        await leap(world, seconds=30)
        if case == "declined":
            await world.presses("Līga", "Not today")
        await leap(world, seconds=270)
        await leap(world, seconds=5)
        return await copied(world), people


def told(rows: Rows, people: Mapping[str, str]) -> list[object]:
    """What is kept of the question, with names for ids."""
    names = {person: name for name, person in people.items()}
    vents = [
        (names[row["asker"]], names[row["listener"]], row["state"], row["awaits"], row["step_at"])
        for row in rows["vents"]
    ]
    messages = [
        (
            row["kind"],
            [name for person, name in names.items() if person in row["recipients"]],
            row["version"],
            row["first_due"],
            row["settled_at"],
        )
        for row in rows["outbox"]
        if row["kind"].startswith("vent.")
    ]
    return [vents, messages, len(rows["vent_tallies"])]


async def test_a_no_is_not_in_the_database(empty_sqlite: Path, tmp_path: Path) -> None:
    file = tmp_path / "same.db"
    shutil.copy(empty_sqlite, file)
    async with open_world(f"sqlite:///{file}") as world:
        await three(world)
    declined = told(*await after_asking(file, "declined"))
    assert declined[0] == [
        ("Anna", "Līga", "unanswered", False, MONDAY_TEN + timedelta(minutes=50))
    ]
    assert told(*await after_asking(file, "no answer")) == declined
    assert told(*await after_asking(file, "away")) == declined


async def test_who_said_no_to_whom_is_gone_a_day_after(world: World) -> None:
    """Of a shift to swap, and of time for a course: the one who asked reads it, nobody else can."""
    people = await three(world)
    await world.person("Boss", *Role)
    await world.says("Boss", "/learn adopt")
    await plans(world, "Anna", "2.3. 08:00-16:00")
    asked = form(await world.says("Anna", "/plecs shift @Līga"))
    await world.fills("Anna", asked, colleague=("Līga",), gives="2026-03-02")
    await world.says("Jānis", "/learn empathy")
    await world.presses("Jānis", "I can offer this")
    await world.says("Anna", "/learn empathy")
    await world.fills("Anna", form(await world.presses("Anna", "Ask")))
    await leap(world, days=3)
    asked_of = {("Anna", "Līga"), ("Anna", "Jānis")}
    pairs = {(one, other) for _, one, other in naming_two(await copied(world), people)}
    assert asked_of <= pairs
    await world.presses("Līga", "I can't")
    await world.presses("Jānis", "Not now")
    await leap(world, minutes=1)
    assert {"Līga can't swap that day", "Jānis has no time for it now: Empathy in a call"} <= {
        *world.titles("Anna")
    }
    await leap(world, days=1)
    assert naming_two(await copied(world), people) == []


async def test_who_helped_and_who_was_asked_is_gone_an_hour_after(world: World) -> None:
    people = await three(world)
    await world.person("Boss", Role.SUPERVISOR)
    await world.says("Anna", "/hand he threatens me")
    await leap(world, seconds=40)
    await world.presses("Līga", "I'm coming")
    await leap(world, minutes=5)
    await world.presses("Anna", "Solved")
    closed = world.now
    await leap(world, minutes=59)
    assert naming_two(await copied(world), people) != []
    world.platform.now = closed + HOUR + timedelta(seconds=1)
    await leap(world)
    rows = await copied(world)
    assert naming_two(rows, people) == []
    assert [row["kind"] for row in rows["outbox"] if row["kind"].startswith("hand")] == []
    [case] = rows["cases"]
    assert (case["agent"], case["taken_by"], case["line"]) == (
        people["Anna"],
        None,
        "he threatens me",
    )
    mine = await world.says("Anna", "/hand log")
    assert isinstance(mine, Card)
    solved = await world.ask(world.command("Līga", "hand.solved", values={"case": case["id"]}))
    assert solved is None or "long down" in repr(solved)
    world.platform.now = closed + DAY + timedelta(seconds=1)
    await leap(world)
    [case] = (await copied(world))["cases"]
    assert (case["agent"], case["taken_by"], case["topic"], case["line"]) == ("", None, None, "")
    assert case["first_taken_at"] == MONDAY_TEN + timedelta(seconds=40)
    taken = await world.ask(world.command("Anna", "hand.cancel", values={"case": case["id"]}))
    assert "That hand is long down." in repr(taken)
    assert "You have not raised a hand yet." in repr(await world.says("Anna", "/hand log"))
