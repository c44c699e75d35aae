"""The start page: what is mine now and next, and for supervisors the hands that are up."""

import asyncio

from handlers.kit.cards import Card, Reply
from handlers.kit.people import Role
from tests.patience import LIMIT
from tests.world import World, button_labels, card, lines

ACTIONS = ["What may I do?", "A break", "Let off steam", "Supervision groups", "More…"]


async def home(world: World, user: str) -> Card:
    return card(await world.ask(world.command(user, "home")))


async def test_an_agent_sees_seven_things_to_do_and_the_rest_behind_more(world: World) -> None:
    await world.person("Anna", topics=("bills",))
    page = await home(world, "Anna")
    assert button_labels(page) == ["Raise a hand now", "Raise with a few words", *ACTIONS]
    assert lines(page) == "Good that you are here, Anna\nOnly you see this page."

    rest = card(await world.presses("Anna", "More…", page))
    assert lines(rest).splitlines() == [
        "Everything else",
        "A moment for yourself",
        "Calls and colleagues",
        "About you",
        "My topics: bills",
    ]
    shown = {*button_labels(page), *button_labels(rest)}
    assert {"Break plan", "My receipts", "My hands", "Language", "Help", "I'm away"} <= shown
    assert not set(button_labels(page)) & set(button_labels(rest))
    assert card(await world.presses("Anna", "Start page", rest)) == page


async def test_what_matters_most_comes_first(world: World) -> None:
    await world.person("Anna")
    await world.says("Anna", "/plecs away 1 h")
    away = await home(world, "Anna")
    assert "You are away until <time>." in lines(away)
    assert button_labels(away)[2:] == ["I'm back", *ACTIONS[:3], "More…"]
    await world.presses("Anna", "I'm back", away)

    await world.says("Anna", "/break 10")
    resting = await home(world, "Anna")
    assert "You are on a break until <time>." in lines(resting)
    assert "A break" not in button_labels(resting)

    await world.person("Boss", Role.ADMIN)
    assert "Settings" in button_labels(await home(world, "Boss"))


async def test_what_comes_next_is_said(world: World) -> None:
    await world.person("Anna")
    await world.person("Jānis")
    await world.says("Anna", "/break")
    await world.presses("Anna", "10 min", card(await world.presses("Anna", "After this call…")))
    await world.says("Anna", "/vent @Jānis he shouted")
    assert lines(await home(world, "Anna")).splitlines()[1:3] == [
        "Next",
        "Your break comes after this call",
    ]
    assert lines(await home(world, "Jānis")).splitlines()[1:3] == [
        "Next",
        "A colleague would like to talk with you, and waits for an answer",
    ], "whoever asks for a talk is not named on a page that stays"


async def test_whom_a_hand_asks_sees_who_waits(world: World) -> None:
    await world.person("Anna")
    await world.person("Jānis", topics=("contracts",))
    await world.says("Anna", "/hand contracts")
    page = await home(world, "Jānis")
    assert lines(page).splitlines()[1:3] == ["Who waits for you", "Anna, since <time>: ring 1 of 3"]
    await world.presses("Jānis", "I'm coming", page)
    assert "You are on the way to Anna." in lines(await home(world, "Jānis"))


async def test_a_supervisors_page_follows_the_hands(world: World) -> None:
    await world.person("Anna")
    await world.person("Jānis", topics=("contracts",))
    await world.person("Līga", Role.SUPERVISOR)
    await world.person("Zane", Role.SUPERVISOR, workspace="T2")
    before: Reply = await world.says("Līga", "/home")
    assert "No hand is up at the moment." in lines(card(before))
    await world.says("Zane", "/home", workspace="T2")

    def page() -> str:
        [shown] = [one for one in world.inbox("Līga") if "Good that" in lines(one)]
        return lines(shown).splitlines()[2]

    async def reads(line: str) -> None:
        """The page follows by itself, a moment after the hand's own cards."""
        async with asyncio.timeout(LIMIT):
            while page() != line:
                await asyncio.sleep(0)
                await world.settle()

    await world.says("Anna", "/hand contracts")
    await reads("Anna, since <time>: ring 1 of 3")
    await world.forward(seconds=30)
    await reads("Anna, since <time>: ring 2 of 3")
    await world.presses("Jānis", "I'm coming")
    await reads("Anna, since <time>: Jānis is there")
    await world.presses("Anna", "Solved")
    [shown] = [one for one in world.inbox("Līga") if "Good that" in lines(one)]
    assert shown == before
    assert world.inbox("Zane") == [], "it is not her workspace"

    await world.forward(days=1)
    await world.says("Anna", "/hand contracts")
    [still] = [one for one in world.inbox("Līga") if "Good that" in lines(one)]
    assert still == before, "yesterday's page is read by nobody"
