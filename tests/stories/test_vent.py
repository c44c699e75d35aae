"""Letting off steam, told as the afternoons on which it happened."""

import asyncio

from handlers.kit.cards import Card, Form
from handlers.kit.hours import parse_hours
from handlers.kit.people import Address, Profile, Role
from tests.stories.vents import CANT, kept, later, three
from tests.world import World, button_labels, lines, plain, title


async def test_a_yes_opens_the_conversation_of_the_two(world: World) -> None:
    await three(world)
    reply = await world.says("Anna", "/vent Līga he shouted for an hour")
    assert title(reply) == "Asked"
    assert isinstance(reply, Card)
    assert "Līga" not in lines(reply), "an answer can't be taken back later, so it names nobody"
    asked = world.inbox("Līga")[0]
    assert lines(asked).splitlines()[:4] == [
        "Anna would like to talk with you",
        "Wish: Just listen",
        "When: now",
        "he shouted for an hour",
    ]
    assert button_labels(asked) == ["Yes, now", "In 15 minutes", "Not today"]
    assert world.titles("Anna") == ["You asked Līga to talk"]

    await world.presses("Anna", "Give me advice")
    assert "Wish: Give me advice" in lines(world.inbox("Līga")[0])

    await world.presses("Līga", "Yes, now")
    room = world.inbox("Anna", "Līga")[0]
    assert plain(room.title) == "Anna and Līga"
    said = lines(room)
    for words in ("Give me advice", "thread of this message", "no right to read", "116123"):
        assert words in said
    assert "may be able to export" in said
    assert "he shouted" not in said
    assert world.titles("Līga") == ["Your conversation is open"]


async def test_done_by_either_ends_it_and_both_get_one_line(world: World) -> None:
    await three(world)
    await world.says("Anna", "/vent Līga")
    await world.presses("Līga", "Yes, now")
    await world.presses("Līga", "Done")
    assert world.titles("Anna", "Līga") == ["This conversation has ended"]
    assert world.titles("Anna")[-1].startswith("Good that you talked.")
    assert world.titles("Līga")[-1].startswith("Thank you for listening.")
    assert button_labels(world.inbox("Anna")[-1]) == ["Take a break", "Thank them"]
    assert button_labels(world.inbox("Līga")[-1]) == ["Take a break"]
    assert await kept(world) == {}


async def test_forty_five_minutes_without_a_tap_end_it_quietly(world: World) -> None:
    await three(world)
    await world.says("Anna", "/vent Līga")
    await world.presses("Līga", "Yes, now")
    await later(world, minutes=44)
    await world.presses("Anna", "A light frame")
    assert "Facts: what happened, in two sentences?" in lines(world.inbox("Anna", "Līga")[0])
    await later(world, minutes=44)
    assert world.titles("Anna", "Līga") == ["Anna and Līga"]
    await later(world, minutes=1, seconds=1)
    assert world.titles("Anna", "Līga") == ["This conversation has ended"]
    assert world.titles("Anna")[-1].startswith("Good that you talked.")


async def test_a_minute_of_breathing_counts_with_them(world: World) -> None:
    await three(world)
    await world.says("Anna", "/vent Līga")
    await world.presses("Līga", "Yes, now")
    await world.presses("Anna", "A minute of breathing")
    for breath in range(1, 7):
        assert f"Breath {breath} of 6" in lines(world.inbox("Anna", "Līga")[0])
        await world.forward(seconds=10)
    assert "Breath" not in lines(world.inbox("Anna", "Līga")[0])
    await world.presses("Līga", "A minute of breathing")
    await world.forward(seconds=20)
    await world.presses("Anna", "Enough, thank you")
    assert "Breath" not in lines(world.inbox("Anna", "Līga")[0])
    assert len(world.inbox("Anna", "Līga")) == 1


async def test_the_next_colleague_is_one_tap_away(world: World) -> None:
    await three(world)
    await world.says("Anna", "/vent Līga he shouted")
    await world.presses("Līga", "Not today")
    assert title(world.inbox("Līga")[0]) == "Not today. That is all right."
    assert world.titles("Anna") == ["You asked Līga to talk"]
    await later(world, minutes=5)
    assert world.titles("Anna")[-1] == CANT
    assert title(await world.presses("Anna", "Ask Jānis")) == "Asked"
    assert "he shouted" in lines(world.inbox("Jānis")[0])
    over = "This is over, and nothing of it is kept."
    assert world.titles("Anna") == [over, over, "You asked Jānis to talk"]
    await later(world, minutes=5)
    assert button_labels(world.inbox("Anna")[-1]) == ["See all colleagues"]


async def test_in_fifteen_minutes(world: World) -> None:
    await three(world)
    await world.says("Anna", "/vent Līga")
    await world.presses("Līga", "In 15 minutes")
    assert world.titles("Anna")[-1] == "Līga has time for you at <time>"
    await later(world, minutes=14)
    assert world.titles("Anna", "Līga") == []
    await later(world, minutes=1)
    assert world.titles("Anna", "Līga") == ["Anna and Līga"]


async def test_after_the_shift_and_at_the_next_break(world: World) -> None:
    await three(world)
    await world.person("Ilze", hours=parse_hours("Mon-Fri 06:00-11:00"))
    form = await world.ask(world.command("Anna", "vent.form"))
    assert isinstance(form, Form)
    again = await world.fills("Anna", form, colleague="Līga", when="shift")
    assert isinstance(again, Form)
    assert plain(again.errors["when"]).startswith("I don't know when your shift ends.")
    again = await world.fills("Anna", form, colleague="Līga", words="one two three four five six")
    assert isinstance(again, Form)
    assert plain(again.errors["words"]).startswith("Five words at most")

    await world.fills("Ilze", form, colleague="Līga", when="shift", wish="distract")
    assert button_labels(world.inbox("Līga")[-1]) == ["Yes, then", "Not today"]
    await world.presses("Līga", "Yes, then")
    await later(world, minutes=59)
    assert world.titles("Ilze", "Līga") == []
    await later(world, minutes=1)
    assert world.titles("Ilze", "Līga") == ["Ilze and Līga"]

    await world.fills("Anna", form, colleague="Jānis", when="break")
    await world.presses("Jānis", "Yes, then")
    assert world.titles("Anna")[-1] == "Jānis has time for you at your next break"
    await world.presses("Anna", "I have time now")
    assert world.titles("Anna", "Jānis") == ["Anna and Jānis"]


async def test_without_a_name_the_list_those_here_first_in_a_fixed_order(world: World) -> None:
    await three(world)
    for user in ("Zane", "Ilze", "Māra"):
        await world.person(user)
        form = await world.ask(world.command(user, "vent.settings.form"))
        assert isinstance(form, Form)
        await world.fills(user, form, listens="gladly")
    await world.person("Pēteris")
    await world.ask(world.command("Jānis", "away"))

    async def offered() -> list[str]:
        reply = await world.says("Anna", "/vent")
        assert isinstance(reply, Card)
        return [line for line in lines(reply).splitlines()[1:8] if ":" not in line or "now" in line]

    expected = ["Here now:", "Līga", "Ilze", "Māra", "Zane", "Perhaps not just now:", "Jānis"]
    assert await offered() == expected
    await world.says("Anna", "/vent Ilze")
    await world.presses("Ilze", "Yes, now")
    await world.presses("Ilze", "Done")
    assert [name for name in await offered() if name != "Ilze"] == [
        name for name in expected if name != "Ilze"
    ]
    await later(world, minutes=30)
    assert await offered() == expected, "having been asked moves nobody up or down"


async def test_a_listener_is_guarded(world: World) -> None:
    await three(world)
    await world.person("Ilze")
    await world.person("Māra")
    for number, asker in enumerate(("Anna", "Ilze")):
        await world.says(asker, "/vent Līga")
        await world.presses("Līga", "Yes, now")
        await world.presses(asker, "Done")
        if number == 0:
            await later(world, minutes=29)
            await world.says("Māra", "/vent Līga")
            assert not any("Māra" in each for each in world.titles("Līga")), "29 minutes after"
            await world.presses("Māra", "Never mind")
            await later(world, minutes=1)
    await later(world, minutes=31)
    await world.says("Māra", "/vent Līga")
    assert not any("Māra" in each for each in world.titles("Līga")), "two a day"
    await later(world, hours=24)
    await world.says("Māra", "/vent Līga")
    assert world.titles("Līga")[-1] == "Māra would like to talk with you"


async def test_nobody_is_asked_by_one_person_more_than_twice_a_day(world: World) -> None:
    await three(world)
    for _ in range(2):
        await world.says("Anna", "/vent Līga")
        await world.presses("Anna", "Never mind")
    refused = await world.says("Anna", "/vent Līga")
    assert title(refused) == "You have asked Līga twice today. Somebody else may have time."
    offers = await world.says("Anna", "/vent")
    assert isinstance(offers, Card)
    assert "Līga" not in lines(offers)
    await later(world, hours=24)
    assert title(await world.says("Anna", "/vent Līga")) == "Asked"


async def test_who_is_in_a_conversation_is_not_pinged(world: World) -> None:
    await three(world)
    await world.says("Anna", "/vent Līga")
    await world.presses("Līga", "Yes, now")
    await world.person("Pēteris", topics=())
    await world.says("Pēteris", "/hand")
    assert world.titles("Jānis")[-1] == "Pēteris needs a colleague"
    assert "Pēteris needs a colleague" not in world.titles("Līga") + world.titles("Anna")


async def test_two_at_once_and_a_yes_that_comes_late(world: World) -> None:
    await three(world)
    await world.person("Ilze")
    await world.says("Anna", "/vent Līga")
    late = world.button("Līga", "Yes, now")
    assert title(await world.says("Anna", "/vent Jānis")).startswith("You have one conversation")
    assert world.titles("Jānis") == []
    offers = await world.says("Anna", "/vent")
    assert title(offers) == "A colleague is being asked for you"

    await world.says("Ilze", "/vent Jānis")
    await world.presses("Jānis", "Yes, now")
    await later(world, minutes=5)
    refused = await world.ask(world.command("Līga", late.does, values=dict(late.values)))
    assert title(refused).startswith("This question has run out")
    assert world.titles("Anna", "Līga") == []
    assert world.titles("Līga") == ["This question is over. Thank you for being there."]
    await later(world, minutes=50)
    refused = await world.ask(world.command("Līga", late.does, values=dict(late.values)))
    assert title(refused).startswith("This question has run out")


async def test_fifty_taps_on_yes_open_one_conversation(world: World) -> None:
    await three(world)
    await world.says("Anna", "/vent Līga")
    yes = world.button("Līga", "Yes, now")
    await asyncio.gather(
        *(world.ask(world.command("Līga", yes.does, values=dict(yes.values))) for _ in range(20))
    )
    assert world.titles("Anna", "Līga") == ["Anna and Līga"]


async def test_somebody_who_leaves_the_company_is_waited_for_by_nobody(world: World) -> None:
    await three(world)
    await world.says("Anna", "/vent Līga")
    await world.presses("Līga", "In 15 minutes")
    gone = Profile(Address("paper", "T1", "Līga"), "Līga", active=False)
    await world.engine.desk.learn(gone)
    await world.settle()
    assert world.titles("Anna")[-1] == CANT
    gone = Profile(Address("paper", "T1", "Anna"), "Anna", active=False)
    await world.engine.desk.learn(gone)
    await world.settle()
    assert await kept(world) == {}


async def test_settings_are_ones_own_page(world: World) -> None:
    await three(world)
    await world.person("Boss", Role.ADMIN)
    page = await world.says("Līga", "/vent settings")
    assert isinstance(page, Card)
    assert lines(page).splitlines()[1:5] == [
        "I like to listen: to those who choose me",
        "At most a day: 2",
        "Minutes between two: 30",
        "Never asked by: nobody",
    ]
    form = await world.presses("Līga", "Change")
    assert isinstance(form, Form)
    changed = await world.fills("Līga", form, listens="gladly", most="1", blocked=("Anna",))
    assert isinstance(changed, Card)
    assert lines(changed).splitlines()[1:5] == [
        "I like to listen: yes, offer me",
        "At most a day: 1",
        "Minutes between two: 30",
        "Never asked by: Anna",
    ]
    form = await world.ask(world.command("Boss", "vent.limits"))
    assert isinstance(form, Form)
    await world.fills("Boss", form, most="3", gap="10")
    page = await world.says("Jānis", "/vent settings")
    assert isinstance(page, Card)
    assert "At most a day: 3\nMinutes between two: 10" in lines(page)
