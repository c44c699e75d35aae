"""What stands beside the message box, and forms that are put away."""

from bot.teams.package import BOUNDARIES, RAISE_A_HAND
from handlers.kit.cards import Form, TextField
from handlers.kit.people import Role
from tests.bot.teams.gate import Gate
from tests.e2e.teams_house import TeamsHouse
from tests.fakes.adaptive_cards import walk
from tests.fakes.teams import buttons, shown, words


async def test_a_hand_raised_beside_a_message_has_its_words_and_stands_in_the_chat(
    house: TeamsHouse,
) -> None:
    anna = await house.person("anna", "Anna Liepa")
    janis = await house.person("janis", "Jānis Ozols", topics=("contracts",))
    group = house.teams.group(anna, janis)
    await anna.opens(RAISE_A_HAND, group, beside="<p>clause 14&nbsp;is <b>void</b></p><p>?</p>")
    await anna.submits("Raise it", topic="contracts")
    assert "This stands in our own chat, too" in shown(anna.dialog)
    assert buttons(anna.dialog) == []
    await house.sees(janis, "clause 14 is void ?")
    await house.sees(anna, "[Take my hand down]")
    [card] = anna.messages
    await janis.presses("I'm coming")
    await house.teams.until(lambda: "Jānis is on the way" in card.text)
    await anna.presses("Solved", card)
    await house.teams.until(lambda: "Solved. Well done." in card.text)
    assert buttons(card.card) == ["Thank them"]


async def test_the_boundaries_are_searched_to_be_read(house: TeamsHouse) -> None:
    anna = await house.person("anna", "Anna Liepa", locale="lv")
    group = house.teams.group(anna)
    everything = await anna.searches(BOUNDARIES, "", group)
    assert len(everything) > 3
    [one] = await anna.searches(BOUNDARIES, "swearing at me", group)
    assert one["preview"]["content"]["title"] in words(one["content"])
    assert [thing for thing in walk(one["content"]) if thing["type"].startswith("Action.")] == []
    assert anna.messages == []


async def test_a_search_that_fails_says_so_where_one_searches(gate: Gate) -> None:
    value = {"commandId": BOUNDARIES, "parameters": [{"name": "said", "value": "broken"}]}
    body = await gate.teams.deliver(
        gate.anna.activity("invoke", name="composeExtension/query", value=value)
    )
    assert body["composeExtension"]["type"] == "message"
    assert "Something went wrong here; nothing was changed." in body["composeExtension"]["text"]


async def test_a_form_that_is_put_away_gives_back_what_it_was_opened_over(
    house: TeamsHouse,
) -> None:
    mara = await house.person("mara", "Māra", Role.ADMIN)
    await mara.says("settings")
    await house.sees(mara, "Settings for everybody")
    [message] = mara.messages
    before = shown(message.card)
    await mara.presses("Change the language")
    assert buttons(message.card)[-1] == "Cancel"
    await mara.presses("Cancel")
    assert (shown(message.card), message.edits) == (before, 0)


async def test_a_form_that_is_a_message_of_its_own_says_that_nothing_was_changed(
    gate: Gate,
) -> None:
    gate.desk.reply = Form(("Plan",), "plan.save", ("Save",), (TextField("lunch", ("Lunch",)),))
    await gate.anna.says("plan")
    await gate.teams.until(lambda: gate.anna.messages)
    [message] = gate.anna.messages
    assert buttons(message.card) == ["Save", "Cancel"]
    await gate.anna.presses("Cancel")
    await gate.teams.until(lambda: message.edits == 1)
    assert (words(message.card), buttons(message.card)) == ("Nothing was changed.", [])
    assert [one.name for one in gate.desk.asked] == ["plecs"]
