"""Raised hands, told as the days on which they happened."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from handlers.escalation.model import State
from handlers.kit.cards import Card
from handlers.kit.hours import parse_hours
from handlers.kit.people import UNTIL_BACK, Address, Profile, Role
from tests.world import MONDAY_TEN, World, button_labels, card, lines, plain, title


async def test_a_specialist_comes_at_once(world: World) -> None:
    await world.person("Anna")
    await world.person("Jānis", topics=("contracts",))
    await world.person("Līga", Role.SUPERVISOR)

    reply = await world.says("Anna", "/hand contracts he threatens me")
    assert title(reply) == "Your hand is up"
    assert world.titles("Jānis") == ["Anna needs a colleague"]
    assert lines(world.inbox("Jānis")[0]) == (
        "Anna needs a colleague\nAbout: contracts\nHow: Join the call\nhe threatens me"
    )
    assert world.titles("Līga") == []

    await world.presses("Jānis", "I'm coming")
    assert world.titles("Anna") == ["Jānis is on the way"]
    assert world.titles("Jānis") == ["You are on the way to Anna"]
    assert world.titles("Anna", "Jānis") == ["Anna and Jānis"]

    await world.forward(minutes=10)
    assert world.titles("Līga") == []
    await world.presses("Anna", "Solved")
    assert world.titles("Jānis") == ["Solved. Thank you for being there."]
    assert "Solved. Thank you both." in lines(world.inbox("Anna", "Jānis")[0])
    assert button_labels(world.inbox("Anna", "Jānis")[0]) == []


async def test_the_rings_climb_until_somebody_comes(world: World) -> None:
    await world.person("Jānis", topics=("contracts",))
    await world.person("Līga", Role.SUPERVISOR)
    trusted = await world.person("Ilze")
    await world.person("Pēteris")
    await world.person("Anna", trusted=(trusted.id,))

    await world.says("Anna", "/hand līgumiem viņš kliedz")
    asked = {user: world.titles(user) for user in ("Jānis", "Līga", "Ilze", "Pēteris")}
    assert asked == {"Jānis": ["Anna needs a colleague"], "Līga": [], "Ilze": [], "Pēteris": []}

    await world.forward(seconds=29)
    assert world.titles("Līga") == []
    await world.forward(seconds=1)
    assert world.titles("Līga") == world.titles("Ilze") == ["Anna needs a colleague"]
    assert world.titles("Pēteris") == []
    await world.forward(seconds=30)
    assert world.titles("Pēteris") == ["Anna needs a colleague"]
    assert world.titles("Jānis") == ["Anna needs a colleague", "Anna is still waiting"]

    await world.presses("Pēteris", "I'm coming")
    assert world.titles("Jānis") == ["Pēteris is on the way"] * 2
    assert world.titles("Līga") == ["Pēteris is on the way"]
    assert all(button_labels(card) == ["Join them"] for card in world.inbox("Jānis"))

    before = len(world.platform.messages)
    await world.forward(minutes=5)
    assert len(world.platform.messages) == before, "no reminder leaves after somebody came"


async def test_nobody_comes_and_plecs_says_so(world: World) -> None:
    await world.person("Anna")
    await world.person("Pēteris")
    await world.person("Māra", Role.COORDINATOR, helps=False)

    await world.says("Anna", "/hand")
    assert world.titles("Pēteris") == ["Anna needs a colleague"], "empty rings are skipped at once"
    await world.forward(seconds=29)
    assert world.titles("Anna") == []
    await world.forward(seconds=1)
    assert world.titles("Anna") == ["Nobody is free right now"]
    assert world.titles("Māra") == ["Nobody was free for Anna"]

    came = await world.presses("Māra", "I'm coming")
    assert title(came) == "You are on the way to Anna", "a coordinator may come as well"
    assert world.titles("Anna") == ["Māra is on the way"], "the one card that she keeps"
    assert world.titles("Pēteris") == ["Māra is on the way"]
    assert "The hand is no longer up." in lines(world.inbox("Māra")[0])


async def test_a_coordinator_who_was_asked_as_well_has_one_card_with_buttons(world: World) -> None:
    await world.person("Anna")
    await world.person("Māra", Role.COORDINATOR)

    await world.says("Anna", "/hand")
    assert world.titles("Māra") == ["Anna needs a colleague"]
    await world.forward(seconds=30)
    cards = {plain(one.title): button_labels(one) for one in world.inbox("Māra")}
    assert cards == {"Anna is still waiting": [], "Nobody was free for Anna": ["I'm coming"]}
    await world.presses("Māra", "I'm coming")
    assert world.titles("Anna") == ["Māra is on the way"]


async def test_with_nobody_on_duty_the_honest_card_comes_at_once(world: World) -> None:
    await world.person("Anna")
    await world.person("Jānis", topics=("contracts",), away_until=UNTIL_BACK)
    await world.person("Līga", Role.SUPERVISOR, hours=parse_hours("Mon-Fri 12:00-20:00"))
    noon = MONDAY_TEN + timedelta(hours=2)
    await world.person("Ilze", quiet_from=MONDAY_TEN, quiet_until=noon)
    await world.person("Pēteris", active=False)
    await world.person("Māra", Role.COORDINATOR, helps=False)

    reply = await world.says("Anna", "/hand contracts")
    assert title(reply) == "Nobody is free right now"
    assert world.titles("Māra") == ["Nobody was free for Anna"]
    assert world.titles("Anna") == ["Nobody is free right now"], "the answer, which says so now"
    assert "The coordinators are told." in lines(world.inbox("Anna")[0])
    assert [m.to for m in world.platform.messages.values()] == [("Māra",), ("Anna",)]


async def test_fifty_press_in_the_same_instant_and_one_comes(world: World) -> None:
    await world.person("Anna")
    helpers = [f"H{number}" for number in range(20)]
    for helper in helpers:
        await world.person(helper)
    await world.says("Anna", "/hand")
    replies = await asyncio.gather(*(world.presses(helper, "I'm coming") for helper in helpers))
    assert replies.count(None) == 1, "the winner's own message changes"
    winner = helpers[replies.index(None)]
    assert world.titles(winner) == ["You are on the way to Anna"]
    assert {title(reply) for reply in replies if reply} == {f"{winner} was a moment faster"}


async def test_not_now_is_never_shown_to_the_agent(world: World) -> None:
    await world.person("Anna")
    await world.person("Jānis", topics=("contracts",))
    await world.person("Līga", Role.SUPERVISOR)
    up = await world.says("Anna", "/hand contracts")

    await world.presses("Jānis", "Not now")
    assert world.titles("Līga") == ["Anna needs a colleague"], "nobody is left to wait for"
    assert button_labels(world.inbox("Jānis")[0]) == ["I can come after all"]
    again = await world.says("Anna", "/hand")
    assert isinstance(up, Card)
    assert isinstance(again, Card)
    assert "Asked: Jānis, Līga." in lines(again), "who said not now stands there as before"
    assert world.titles("Anna") == ["Your hand is up"]

    await world.presses("Jānis", "I can come after all")
    assert world.titles("Anna")[1:] == ["Jānis is on the way"], "on her newest answer"


async def test_a_second_hand_shows_the_first(world: World) -> None:
    await world.person("Anna")
    await world.person("Jānis")
    first = await world.says("Anna", "/hand bills he shouts")
    second = await world.says("Anna", "/hand contracts")
    assert isinstance(first, Card)
    assert isinstance(second, Card)
    again = "This is the hand you raised before; it is still up."
    assert lines(second) == lines(first).replace("\n", f"\n{again}\n", 1)
    assert "he shouts" in lines(first), "the agent sees what helpers see"
    assert len(world.inbox("Jānis")) == 1


async def test_the_same_delivery_twice_raises_one_hand(world: World) -> None:
    await world.person("Anna")
    await world.person("Jānis")
    command = world.command("Anna", "hand", "he shouts")
    first = await world.ask(command)
    await world.presses("Anna", "Take my hand down")
    assert title(first) == "Your hand is up"
    assert await world.ask(command) is None
    assert world.titles("Jānis") == ["Anna no longer needs anybody"]


async def test_taking_the_hand_down(world: World) -> None:
    await world.person("Anna")
    await world.person("Jānis")
    await world.says("Anna", "/hand")
    assert title(await world.presses("Anna", "Take my hand down")) == "Your hand is down"
    assert world.titles("Jānis") == ["Anna no longer needs anybody"]
    assert title(await world.presses("Anna", "Take my hand down")) == "Your hand is down"
    late = await world.ask(world.command("Jānis", "hand.take", values=world.last_values("Anna")))
    assert title(late) == "Anna no longer needs anybody"


async def test_another_way_of_helping(world: World) -> None:
    await world.person("Anna")
    await world.person("Jānis")
    await world.says("Anna", "/hand")
    await world.presses("Anna", "Please take over")
    assert "How: Take the call over" in lines(world.inbox("Jānis")[0])


async def test_somebody_else_is_needed(world: World) -> None:
    await world.person("Anna")
    await world.person("Jānis", topics=("contracts",))
    await world.person("Ilze", topics=("contracts",))
    await world.person("Līga", Role.SUPERVISOR)
    await world.says("Anna", "/hand contracts")
    await world.presses("Jānis", "I'm coming")
    room = world.inbox("Anna", "Jānis")[0]
    assert button_labels(room) == ["Solved", "I need somebody else", "One more colleague"]

    await world.forward(minutes=2)
    room = world.inbox("Anna", "Jānis")[0]
    assert button_labels(room) == [
        "Solved",
        "I need somebody else",
        "Nobody came",
        "One more colleague",
    ]
    await world.presses("Anna", "Nobody came")
    assert "Thank you, Jānis." in lines(world.inbox("Anna", "Jānis")[0])
    assert world.titles("Ilze")[-1] == world.titles("Līga")[-1] == "Anna needs a colleague"
    assert (
        world.titles("Jānis")[-1]
        == "This has moved on. If you are needed, there is a newer message."
    )

    await world.presses("Anna", "Nobody came", room)
    await world.presses("Līga", "I'm coming")
    assert world.titles("Anna", "Līga") == ["Anna and Līga"]
    assert world.titles("Anna") == ["Līga is on the way"]


async def test_a_helper_is_not_asked_for_a_second_hand(world: World) -> None:
    await world.person("Anna")
    await world.person("Pēteris")
    await world.person("Jānis", topics=("contracts",))
    await world.says("Anna", "/hand contracts")
    await world.presses("Jānis", "I'm coming")
    reply = await world.says("Pēteris", "/hand contracts")
    assert title(reply) == "Nobody is free right now"
    assert world.titles("Jānis") == ["You are on the way to Anna"]

    refused = await world.ask(
        world.command("Jānis", "hand.take", values=world.last_values("Pēteris"))
    )
    assert title(refused) == "You are with Anna now. Press Solved there first, then come here."


async def test_a_hand_that_nobody_closed_is_over_after_half_an_hour(world: World) -> None:
    await world.person("Anna")
    await world.person("Jānis")
    await world.says("Anna", "/hand")
    await world.presses("Jānis", "I'm coming")
    await world.forward(minutes=30, seconds=1)
    assert world.titles("Anna")[-1] == world.titles("Jānis")[-1] == "Is it over?"
    assert "Closed by itself" in lines(world.inbox("Anna", "Jānis")[0])
    before = len(world.platform.messages)
    await world.forward(hours=4)
    assert len(world.platform.messages) == before
    assert title(await world.says("Anna", "/hand")) == "Your hand is up"


async def test_somebody_who_is_gone_holds_nobody_up(world: World) -> None:
    await world.person("Anna")
    await world.person("Jānis", topics=("contracts",))
    await world.person("Līga", Role.SUPERVISOR)
    world.platform.unreachable.add("Jānis")
    await world.says("Anna", "/hand contracts")
    assert world.titles("Līga") == ["Anna needs a colleague"]

    gone = Profile(Address("paper", "T1", "Līga"), "Līga", active=False)
    await world.engine.desk.learn(gone)
    await world.settle()
    assert world.titles("Anna") == ["Nobody is free right now"]


async def test_the_helper_leaves_the_company_on_the_way(world: World) -> None:
    await world.person("Anna")
    await world.person("Jānis", topics=("contracts",))
    await world.person("Līga", Role.SUPERVISOR)
    await world.says("Anna", "/hand contracts")
    await world.presses("Jānis", "I'm coming")
    await world.engine.desk.learn(Profile(Address("paper", "T1", "Jānis"), "Jānis", active=False))
    await world.settle()
    assert world.titles("Līga") == ["Anna needs a colleague"]


async def test_one_workspace_never_sees_another(world: World) -> None:
    await world.person("Anna")
    await world.person("Stranger", Role.SUPERVISOR, workspace="T2", topics=("contracts",))
    reply = await world.says("Anna", "/hand contracts")
    assert title(reply) == "Nobody else is here yet"
    assert world.inbox("Stranger") == []
    taken = world.command("Stranger", "hand.take", values=world.last_values("Anna"))
    elsewhere = replace(taken, by=Address("paper", "T2", "Stranger"))
    assert title(await world.ask(elsewhere)) == "That hand is long down. Nothing needs doing."


async def test_a_conversation_the_platform_refuses_is_had_alone(world: World) -> None:
    await world.person("Anna")
    await world.person("Jānis", topics=("contracts",))
    world.platform.refuses_groups = True
    await world.says("Anna", "/hand contracts")
    await world.presses("Jānis", "I'm coming")
    for user in ("Anna", "Jānis"):
        labels = button_labels(world.inbox(user)[-1])
        assert labels == ["Solved", "I need somebody else", "One more colleague"]
    await world.presses("Anna", "Solved")
    for user in ("Anna", "Jānis"):
        assert "Solved. Thank you both." in "".join(lines(card) for card in world.inbox(user))


@pytest.mark.parametrize("state", [State.SOLVED, State.CANCELLED])
async def test_a_pressed_button_of_a_closed_hand_says_so_kindly(world: World, state: State) -> None:
    await world.person("Anna")
    await world.person("Jānis")
    await world.says("Anna", "/hand")
    values = world.last_values("Anna")
    if state is State.SOLVED:
        await world.presses("Jānis", "I'm coming")
        await world.presses("Anna", "Solved")
    else:
        await world.presses("Anna", "Take my hand down")
    for name in ("hand.cancel", "hand.mode"):
        reply = await world.ask(world.command("Anna", name, values={**values, "mode": "tip"}))
        assert title(reply) in {"Solved. Well done.", "Your hand is down"}
    for name in ("hand.solved", "hand.else", "hand.decline"):
        assert await world.ask(world.command("Anna", name, values={**values, "round": "1"})) in (
            None,
            world.replies["Anna"][-1],
        )


async def test_not_now_does_not_show_when_the_agent_looks_again(world: World) -> None:
    await world.person("Anna")
    await world.person("Jānis", topics=("contracts",))
    await world.person("Ilze", topics=("contracts",))
    await world.says("Anna", "/hand contracts")
    before = await world.says("Anna", "/hand")
    assert isinstance(before, Card)
    await world.presses("Jānis", "Not now")
    assert await world.says("Anna", "/hand") == before
    after = await world.presses("Anna", "A tip is enough")
    assert isinstance(after, Card)
    again = "This is the hand you raised before; it is still up.\n"
    changed = lines(before).replace("How: Join the call", "How: A tip in chat")
    assert lines(after) == changed.replace(again, "")


async def test_nobody_is_reminded_who_is_with_somebody_else_by_then(world: World) -> None:
    await world.person("Anna")
    await world.person("Kārlis", helps=False)
    await world.person("Jānis", topics=("contracts", "bills"))
    await world.person("Ilze", topics=("contracts",))
    await world.says("Anna", "/hand contracts")
    await world.says("Kārlis", "/hand bills")
    await world.presses("Jānis", "I'm coming", world.inbox("Jānis")[1])
    await world.forward(seconds=50)
    assert world.titles("Ilze") == ["Anna needs a colleague", "Anna is still waiting"]
    assert world.titles("Jānis") == ["Anna needs a colleague", "You are on the way to Kārlis"]


async def test_a_ring_asks_whoever_is_free_when_it_is_due(world: World) -> None:
    await world.person("Anna")
    await world.person("Jānis", topics=("contracts",))
    await world.person("Līga", Role.SUPERVISOR)
    await world.person("Mārtiņš", Role.SUPERVISOR)
    await world.says("Līga", "/plecs away")
    await world.says("Anna", "/hand contracts help")
    await world.says("Līga", "/plecs back")
    await world.says("Mārtiņš", "/plecs away")
    await world.forward(seconds=30)
    assert world.titles("Līga") == ["Anna needs a colleague"]
    assert world.titles("Mārtiņš") == []


async def test_nobody_was_free_and_somebody_becomes_so(world: World) -> None:
    await world.person("Anna")
    await world.person("Jānis")
    await world.says("Jānis", "/plecs away")
    assert title(await world.says("Anna", "/hand help")) == "Nobody is free right now"
    await world.forward(minutes=5)
    assert world.titles("Jānis") == []
    await world.says("Jānis", "/plecs back")
    await world.forward(seconds=30)
    assert world.titles("Jānis") == ["Anna needs a colleague"]
    assert title(await world.says("Anna", "/hand")) == "Your hand is up"


async def test_the_second_hand_looks_at_once_and_adds_its_words(world: World) -> None:
    await world.person("Anna")
    await world.person("Jānis")
    await world.says("Jānis", "/plecs away")
    await world.says("Anna", "/hand he shouts")
    await world.says("Jānis", "/plecs back")
    again = await world.says("Anna", "/hand and now he threatens me")
    assert title(again) == "Your hand is up"
    assert "he shouts\nand now he threatens me" in lines(world.inbox("Jānis")[0])


async def test_what_it_is_about_said_later_asks_those_who_know_it(world: World) -> None:
    await world.person("Anna")
    await world.person("Jānis", topics=("contracts",))
    await world.person("Pēteris", topics=("bills",))
    await world.person("Līga", Role.SUPERVISOR)
    await world.says("Anna", "/hand")
    assert world.inbox("Jānis") == []
    again = lines(card(await world.says("Anna", "/hand contracts he threatens me")))
    assert "Asked: Līga, Jānis." in again
    assert "About: contracts" in again
    assert world.titles("Jānis") == ["Anna needs a colleague"]
    assert "About: contracts" in lines(world.inbox("Līga")[0])
    await world.presses("Jānis", "I'm coming")
    await world.says("Anna", "/hand bills")
    assert world.inbox("Pēteris") == [], "somebody is on the way"


async def test_a_new_call_after_ten_minutes_is_a_new_hand(world: World) -> None:
    await world.person("Anna")
    await world.person("Jānis")
    await world.says("Anna", "/hand")
    await world.presses("Jānis", "I'm coming")
    await world.forward(minutes=9)
    assert title(await world.says("Anna", "/hand")) == "Jānis is on the way"
    await world.forward(minutes=2)
    assert title(await world.says("Anna", "/hand the next one")) == "Your hand is up"


async def test_everybody_is_asked_when_the_agent_cannot_wait(world: World) -> None:
    await world.person("Anna")
    await world.person("Jānis", topics=("contracts",))
    await world.person("Līga", Role.SUPERVISOR)
    await world.person("Kārlis")
    await world.says("Anna", "/hand contracts help")
    assert (world.titles("Līga"), world.titles("Kārlis")) == ([], [])
    up = card(await world.presses("Anna", "Ask everybody now"))
    assert (world.titles("Līga"), world.titles("Kārlis")) == (
        ["Anna needs a colleague"],
        ["Anna needs a colleague"],
    )
    assert "Ask everybody now" not in button_labels(up)


async def test_the_coordinators_are_said_to_be_told_once_one_of_them_is(world: World) -> None:
    await world.person("Anna")
    await world.person("Dace", Role.COORDINATOR, helps=False)
    world.platform.refuses = "missing_scope"
    assert "coordinators" not in lines(card(await world.says("Anna", "/hand")))
    assert (world.titles("Dace"), world.titles("Anna")) == ([], [])
    world.platform.refuses = ""
    await world.forward(minutes=2)
    assert world.titles("Dace") == ["Nobody was free for Anna"]
    assert "The coordinators are told." in lines(world.inbox("Anna")[0])


async def test_of_coordinators_who_came_later_nothing_is_said(world: World) -> None:
    await world.person("Anna")
    await world.says("Anna", "/hand")
    await world.person("Dace", Role.COORDINATOR, away_until=UNTIL_BACK)
    assert "coordinators" not in lines(card(await world.says("Anna", "/hand")))


async def test_a_public_holiday_is_off_duty_for_who_has_hours(world: World) -> None:
    """On 4 May, a Monday, Latvia rests."""
    hours = parse_hours("Mon-Sun 00:00-24:00")
    await world.person("Anna")
    await world.person("Jānis", hours=hours)
    await world.person("Kārlis")
    world.platform.now = world.other.now = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
    await world.says("Anna", "/hand help")
    assert world.titles("Kārlis") == ["Anna needs a colleague"]
    await world.forward(minutes=2)
    assert world.titles("Jānis") == []
