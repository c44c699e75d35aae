"""What can't be told from a vent, and what is nowhere when it is over."""

import logging
import re
import shutil
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from handlers.kit.cards import Card, Form
from handlers.kit.people import Role
from tests.stories.vents import CANT, kept, later, three, written
from tests.world import MONDAY_TEN, World, buttons, lines, open_world, plain, title


@pytest.fixture
async def same(empty_sqlite: Path, tmp_path: Path) -> Path:
    """A database with the three in it, to be copied: the same ids in each copy."""
    file = tmp_path / "same.db"
    shutil.copy(empty_sqlite, file)
    async with open_world(f"sqlite:///{file}") as world:
        await three(world)
    return file


def as_value(card: Card) -> str:
    """The whole card, but for the vent's own id: no two vents have the same."""
    ids = {str(button.values["vent"]) for button in buttons(card) if "vent" in button.values}
    return re.sub("|".join(ids) or "(?!)", "the vent", repr(card))


SeenRow = tuple[object, ...]


async def seen_by_asker(file: Path, case: str) -> list[SeenRow]:
    """Everything Anna sees after asking Līga: at which second, the cards as values, and how often
    each was sent."""
    copy = file.with_name(f"{case}.db".replace(" ", "-"))
    shutil.copy(file, copy)
    async with open_world(f"sqlite:///{copy}") as world:
        if case == "unavailable":
            await world.ask(world.command("Līga", "away"))
        if case == "blocked":
            form = await world.ask(world.command("Līga", "vent.settings.form"))
            assert isinstance(form, Form)
            await world.fills("Līga", form, blocked=("Anna",))
        if case == "not these days":
            form = await world.ask(world.command("Līga", "vent.settings.form"))
            assert isinstance(form, Form)
            await world.fills("Līga", form, listens="not_now")
        if case == "unreachable":
            world.platform.unreachable.add("Līga")
        if case == "asked already":
            await world.person("Ilze")
            await world.says("Ilze", "/vent Līga")
        seen: list[SeenRow] = [(0, await world.says("Anna", "/vent Līga he shouted"))]
        if case == "declined":
            await world.presses("Līga", "Not today")
        for second in (0, 1, 150, 299, 300, 301):
            world.platform.now = MONDAY_TEN + timedelta(seconds=second)
            await world.settle()
            seen += [
                (second, plain(message.card.title), as_value(message.card), message.changes)
                for message in world.platform.messages.values()
                if message.to == ("Anna",)
            ]
        return seen


async def test_why_it_did_not_work_out_cannot_be_told(
    same: Path,
) -> None:
    cases = ("declined", "no answer", "unavailable", "blocked", "not these days")
    more = ("unreachable", "asked already")
    seen = {case: await seen_by_asker(same, case) for case in (*cases, *more)}
    assert [one[:2] for one in seen["declined"][4:]] == [
        (299, "You asked Līga to talk"),
        (300, "You asked Līga"),
        (300, CANT),
        (301, "You asked Līga"),
        (301, CANT),
    ]
    for case, others in seen.items():
        assert others == seen["declined"], case


async def test_the_weeks_count_is_shown_from_five_people_on(world: World) -> None:
    await world.person("Boss", Role.SUPERVISOR)
    await world.person("Anna")
    askers = [f"A{number}" for number in range(5)]
    for number, asker in enumerate(askers):
        await world.person(asker)
        await world.person(f"L{number}")
    for week, people in ((0, 4), (1, 5)):
        for number in (*range(people), 0):
            await world.says(askers[number], f"/vent L{number}")
            await world.presses(f"L{number}", "Yes, now")
            await world.presses(askers[number], "Done")
            await later(world, minutes=31)
        await world.says("Boss", "/vent A0")
        await world.presses("A0", "Yes, now")
        await world.presses("A0", "Done")
        during = await world.ask(world.command("Boss", "vent.weeks"))
        assert isinstance(during, Card)
        assert len(lines(during).splitlines()) == 3, "a week that still grows is not shown"
        world.platform.now = MONDAY_TEN + timedelta(weeks=week + 1)
    shown = await world.says("Boss", "/vent weeks")
    assert isinstance(shown, Card)
    assert lines(shown).splitlines()[1:3] == ["<time>: 6", "<time>: too few people to say"]
    assert title(await world.says("Anna", "/vent weeks")).startswith("The weeks' counts are for")
    await world.engine.timers.tidy()
    assert await kept(world, "vent_tallies", "vent_keys") == {}


async def test_what_is_over_is_nowhere(
    world: World, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await three(world)
    anna, liga = await world.known("Anna"), await world.known("Līga")
    form = await world.ask(world.command("Anna", "vent.form"))
    assert isinstance(form, Form)
    for round_ in range(2):
        words = " ".join(f"MARKER{round_}{number}" for number in range(5))
        await world.fills("Anna", form, colleague="Līga", wish="distract", words=words)
        assert "MARKER" in lines(world.inbox("Līga")[-1])
        assert b"distract" in written(tmp_path)
        assert b"MARKER" not in written(tmp_path), "the words are sealed from the beginning"
        if round_ == 0:
            await world.presses("Līga", "Yes, now")
            await world.presses("Anna", "A minute of breathing")
            await world.presses("Anna", "Done")
            await later(world, minutes=31)
        else:
            await later(world, minutes=5)
            await later(world, minutes=46)
    assert await kept(world) == {}
    # Whoever else has the file open keeps SQLite from deleting its log: it is emptied all the same.
    with closing(sqlite3.connect(tmp_path / "world.db")) as bystander:
        assert bystander.execute("SELECT count(*) FROM people").fetchone() == (3,)
        world.engine.database.close()
        bytes_kept = written(tmp_path)
        assert (tmp_path / "world.db-wal").exists()
    assert b"MARKER" not in bytes_kept
    assert b"distract" not in bytes_kept
    for one, other in ((anna.id, liga.id), (liga.id, anna.id)):
        assert f"{one}+{other}".encode() not in bytes_kept
        assert f'"{one}", "{other}"'.encode() not in bytes_kept
    assert "MARKER" not in caplog.text
    assert "MARKER" not in repr([lines(m.card) for m in world.platform.messages.values()])
