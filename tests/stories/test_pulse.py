"""The pulse, over a month: asked once, answered once, published once."""

import re
from datetime import UTC, datetime
from pathlib import Path

from handlers.kit.cards import Form
from handlers.kit.people import Role
from tests.stories import voice_attack as attack
from tests.world import World, card, form, lines, title

ANSWERS = {"said": "1", "helped": "1", "rested": "1"}
NAMES = tuple(f"Anna{n}" for n in range(10))


async def house(world: World) -> None:
    """Eight whose manager is Rasa, and two who have none."""
    for number, name in enumerate(NAMES):
        await world.person(name, manager="Rasa" if number < 8 else "")
    await world.person("Dace", Role.COORDINATOR, Role.ADMIN, manager="Rasa")
    asked = form(await world.ask(world.command("Dace", "settings.voice")))
    assert title(await world.fills("Dace", asked, pulse="yes")) == "Saved"


async def at(world: World, month: int, day: int, hour: int) -> None:
    world.platform.now = datetime(2026, month, day, hour, 1, tzinfo=UTC)
    await world.settle()


async def opens(world: World, name: str) -> Form:
    await world.presses(name, "Open the three questions")
    return form(await world.presses(name, "Answer"))


async def test_a_month_s_questions_are_published_once_for_eight(world: World) -> None:
    await house(world)
    assert world.titles("Anna0") == []
    await at(world, 4, 6, 6)  # April's first Monday, nine in Riga
    assert world.titles("Anna0") == ["Three questions, once a month"]
    for name in NAMES:
        await world.fills(name, await opens(world, name), said="2", helped="5", rested="4")
    again = await world.ask(world.command("Anna0", "voice.pulse.open"))
    assert title(again).startswith("You opened this month’s questions already")
    assert "Nothing is published yet." in lines(card(await world.says("Dace", "/voice pulse")))
    await at(world, 4, 13, 6)
    [out] = [one for one in world.inbox("Dace") if "all of us" in lines(one)]
    said = lines(out)
    assert "What all of us answered, 2026-04" in said
    # Two answered who have no group: by Rasa's number they could be worked out, so it is not there.
    assert "Rasa" not in said
    assert "I could say what I think, without fear.: 2" in said
    assert "In a hard call I had somebody to turn to.: at least 4.5" in said
    kept = await world.engine.database.read(
        lambda work: [
            work.connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar()  # noqa: S608 - ours
            for table in ("pulse_seats", "pulse_answers")
        ]
    )
    assert kept == [0, 0]
    await at(world, 5, 4, 6)
    assert world.titles("Anna0").count("Three questions, once a month") == 1


async def test_a_ballot_counts_once_and_for_its_group_alone(world: World) -> None:
    await house(world)
    await at(world, 4, 6, 6)
    asked = await opens(world, "Anna0")
    values = dict(asked.values) | ANSWERS
    for _ in range(9):
        await world.ask(world.command("Anna1", asked.does, values=values))
    forged = values | {"team": "Somebody"}
    refused = await world.ask(world.command("Anna1", asked.does, values=forged))
    assert title(refused) == "There are no questions for you at the moment."
    await at(world, 4, 13, 6)
    assert "Nothing is published yet." in lines(card(await world.says("Dace", "/voice pulse")))


async def test_an_answer_is_a_row_that_leads_to_nobody(world: World, tmp_path: Path) -> None:
    """With copies from before and after; who opened the questions is kept, and in another row."""
    await house(world)
    await at(world, 4, 6, 6)
    asked, file = await opens(world, "Anna0"), tmp_path / "world.db"
    person = (await world.known("Anna0")).id
    before = attack.copied(file)
    command = world.command("Anna0", asked.does, values=dict(asked.values) | ANSWERS)
    await world.engine.desk.ask(command)
    changed = attack.changed(before, attack.copied(file))
    assert changed.keys() == {"pulse_answers"}
    theirs = {person, "Anna0", command.delivery, asked.values["ballot"]}
    assert theirs.isdisjoint(re.findall(r"\w+", repr(changed)))


async def test_it_is_off_until_somebody_wants_it_and_nothing_is_left(world: World) -> None:
    await world.person("Anna")
    assert "switched off" in lines(card(await world.says("Anna", "/voice pulse")))
    await house(world)
    await at(world, 4, 6, 6)
    asked = form(await world.ask(world.command("Dace", "settings.voice")))
    await world.fills("Dace", asked, pulse="no")
    assert title(await world.presses("Anna0", "Open the three questions")) == (
        "There are no questions for you at the moment."
    )
