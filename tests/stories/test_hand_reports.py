"""Hands looked back at, and the rings that they climb."""

import pytest

from handlers.kit.cards import Card, Form
from handlers.kit.people import Role
from tests.world import World, button_labels, card, lines, plain, title


async def test_the_log_and_the_week(world: World) -> None:
    await world.person("Anna")
    await world.person("Jānis", topics=("contracts",))
    await world.person("Līga", Role.SUPERVISOR)
    empty = await world.says("Anna", "/hand log")
    assert isinstance(empty, Card)
    assert "You have not raised a hand yet." in lines(empty)
    await world.says("Anna", "/hand contracts")
    await world.forward(seconds=12)
    await world.presses("Jānis", "I'm coming")
    await world.presses("Anna", "Solved")
    await world.says("Anna", "/hand")
    await world.presses("Anna", "Take my hand down")

    own = await world.says("Anna", "/plecs roka žurnāls")
    assert isinstance(own, Card)
    assert lines(own).splitlines()[1:3] == [
        "<time>, no topic: taken down",
        "<time>, contracts: a human after 12 seconds",
    ]
    assert button_labels(own) == []
    refused = await world.ask(world.command("Anna", "hand.week"))
    assert title(refused) == "This is for supervisors and coordinators."

    await world.says("Līga", "/hand log")
    week = await world.presses("Līga", "The week in numbers")
    assert isinstance(week, Card)
    assert lines(week).splitlines()[1:5] == [
        "Hands raised: 2",
        "To a human, half of them within: 12 seconds",
        "To a human, 95 of 100 within: 12 seconds",
        "Nobody came: 0",
    ]
    assert "Anna" not in lines(week)
    before = await world.presses("Līga", "Week before")
    assert isinstance(before, Card)
    assert "Nobody raised a hand this week." in lines(before)


async def test_an_admin_changes_the_rings(world: World) -> None:
    await world.person("Boss", Role.ADMIN, helps=False)
    await world.person("Anna")
    await world.person("Līga", Role.SUPERVISOR)
    form = await world.ask(world.command("Boss", "settings.ladder"))
    assert isinstance(form, Form)
    wrong = await world.fills("Boss", form, after1="90", after2="60")
    assert isinstance(wrong, Form)
    assert {name: plain(line) for name, line in wrong.errors.items()} == {
        "after2": "This must be later than the one before."
    }
    saved = await world.fills("Boss", form, members0=("supervisors",), after1="5", after2="10")
    assert title(saved) == "Saved"
    await world.says("Anna", "/hand")
    assert world.titles("Līga") == ["Anna needs a colleague"]


async def test_the_log_says_nobody_came_only_when_nobody_did(world: World) -> None:
    await world.person("Anna")
    await world.person("Jānis", topics=("contracts",))

    async def newest_hand() -> str:
        log = await world.says("Anna", "/hand log")
        assert isinstance(log, Card)
        return lines(log).splitlines()[1]

    await world.says("Anna", "/hand contracts")
    assert await newest_hand() == "<time>, contracts: your hand is up"
    await world.presses("Anna", "Take my hand down")
    assert await newest_hand() == "<time>, contracts: taken down"
    await world.forward(seconds=1)
    await world.says("Anna", "/hand bills")
    await world.forward(seconds=120)
    await world.ask(world.command("Anna", "hand.cancel"))
    assert await newest_hand() == "<time>, bills: nobody came"


async def test_numbers_that_are_none(world: World) -> None:
    await world.person("Māra", Role.ADMIN, Role.SUPERVISOR)
    for back in ("abc", "-3", "9" * 40):
        reply = await world.ask(world.command("Māra", "hand.week", values={"back": back}))
        assert title(reply) == "Week from <time> to <time>"
    for offset in ("abc", "-3", "9" * 40):
        reply = await world.ask(world.command("Māra", "people", values={"offset": offset}))
        assert title(reply) == "People"


async def test_a_ladder_with_holes_in_it_is_not_saved(world: World) -> None:
    await world.person("Māra", Role.ADMIN)
    form = await world.ask(world.command("Māra", "settings.ladder"))
    assert isinstance(form, Form)
    wrong = await world.fills(
        "Māra", form, size0="", after1="soon", size1="1000", nobody="-1", members2=("xyz",)
    )
    assert isinstance(wrong, Form)
    assert {name: plain(line) for name, line in wrong.errors.items()} == {
        "size0": "A whole number from 1 to 50.",
        "after1": "A whole number from 0 to 3600.",
        "size1": "A whole number from 1 to 50.",
        "members2": "Please choose.",
        "nobody": "A whole number from 1 to 3600.",
    }
    assert await world.ask(world.command("Māra", "settings.ladder")) == form


async def test_a_supervisor_sees_whom_a_hand_would_ask(world: World) -> None:
    await world.person("Līga", Role.SUPERVISOR)
    await world.person("Kārlis")
    told = lines(card(await world.says("Līga", "/hand who")))
    assert told == (
        "Whom a hand would ask now\nAny topic.\n"
        "After 0 s: nobody is free\nAfter 30 s: nobody is free\nAfter 60 s: Kārlis"
    )
    assert world.titles("Kārlis") == [], "nobody is asked by it"
    refused = await world.says("Kārlis", "/hand who")
    assert title(refused) == "This is for supervisors and coordinators."


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.ADMIN])
async def test_whoever_coordinates_sees_it_and_the_week_too(world: World, role: Role) -> None:
    await world.person("Māra", role)
    assert title(await world.says("Māra", "/hand who")) == "Whom a hand would ask now"
    week = card(await world.says("Māra", "/hand week"))
    assert "Nobody raised a hand this week." in lines(week)
    assert button_labels(card(await world.says("Māra", "/hand log"))) == ["The week in numbers"]
    told = lines(card(await world.says("Māra", "/plecs help")))
    assert "/hand who – Who would be asked now" in told
