"""What people do in Teams, and where they see the answer."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from handlers.kit.cards import (
    Button,
    Buttons,
    Card,
    ChoiceField,
    Form,
    NumberField,
    Option,
    PeopleField,
    TextField,
)
from handlers.kit.people import Role
from storage.outbox.table import outbox
from tests.bot.teams.gate import Gate, open_gate
from tests.e2e.teams_house import TeamsHouse
from tests.fakes.adaptive_cards import walk
from tests.fakes.teams import TENANT, TeamsMessage, buttons, shown, words


def notice_on(message: TeamsMessage) -> str:
    """The key of the notice that a delivered card carries."""
    key: str = message.card["refresh"]["action"]["data"]["plecs.notice"]
    return key


def lines(house: TeamsHouse, conversation: str) -> list[str]:
    return [one.text for one in house.teams.messages if one.conversation == conversation]


@pytest.mark.parametrize(
    "typed",
    ["help", "/help", "palīdzība", "Plecs help", "/plecs palidziba", "HELP", " help \n", ""],
)
async def test_help_is_asked_for_in_many_ways(house: TeamsHouse, typed: str) -> None:
    anna = await house.person("anna", "Anna Liepa")
    await anna.says(typed)
    await house.sees(anna, "Plecs stands beside you")


async def test_unknown_words_are_answered_with_what_there_is(house: TeamsHouse) -> None:
    anna = await house.person("anna", "Anna Liepa")
    await anna.says("bold *evening* <b>")
    await house.sees(anna, "I don't know “bold”")
    assert anna.sees[0].endswith("[Raise a hand with these words] [Help]")


async def test_the_answer_to_a_reply_takes_its_place_for_good(house: TeamsHouse) -> None:
    anna = await house.person("anna", "Anna Liepa")
    await anna.says("policy swearing at me")
    await house.sees(anna, "[I warned]")
    [message] = anna.messages
    body = await anna.presses("I warned")
    assert body["type"] == "application/vnd.microsoft.card.adaptive"
    await house.teams.until(lambda: message.edits == 1)
    assert len(anna.messages) == 1


async def test_a_delivered_card_stays_and_the_answer_comes_below(house: TeamsHouse) -> None:
    anna = await house.person("anna", "Anna Liepa")
    janis = await house.person("janis", "Jānis Ozols", topics=("contracts",))
    await anna.says("hand contracts")
    await house.sees(janis, "[I'm coming]")
    [ping] = janis.messages
    await anna.presses("Take my hand down")
    await house.teams.until(lambda: ping.edits == 1)
    old = TeamsMessage(ping.conversation, ping.id, ping.activity)
    assert "I'm coming" not in shown(old.card)


async def test_a_form_is_sent_and_replaced(house: TeamsHouse) -> None:
    anna = await house.person("anna", "Anna Liepa")
    janis = await house.person("janis", "Jānis Ozols", topics=("contracts",))
    await anna.says("help")
    await house.teams.until(lambda: anna.messages)
    [message] = anna.messages
    await anna.executes(message, "hand.form", {"plecs.reply": "1"})
    assert buttons(message.card) == ["Raise it", "Cancel"]
    await anna.presses("Raise it", topic="contracts", mode="tip", line="clause 14")
    assert "Your hand is up" in words(message.card)
    await house.sees(janis, "clause 14")


async def test_an_old_client_sends_a_message_and_gets_one(house: TeamsHouse) -> None:
    anna = await house.person("anna", "Anna Liepa", old_client=True)
    janis = await house.person("janis", "Jānis Ozols", topics=("contracts",))
    await anna.says("hand contracts")
    await house.sees(janis, "[I'm coming]")
    await anna.presses("Take my hand down")
    await house.teams.until(lambda: len(anna.messages) > 1)
    await house.teams.until(lambda: janis.messages[0].edits == 1)


async def test_the_compose_extension_raises_a_hand_in_a_dialog(house: TeamsHouse) -> None:
    anna = await house.person("anna", "Anna Liepa")
    janis = await house.person("janis", "Jānis Ozols", topics=("contracts",))
    await anna.opens("hand.form", house.teams.group(anna, janis))
    await anna.submits("Raise it", topic="contracts", mode="tip", line="clause 14")
    assert "Your hand is up" in shown(anna.dialog)
    await house.sees(janis, "clause 14")


async def test_a_delivered_card_that_is_looked_at_shows_how_things_stand(house: TeamsHouse) -> None:
    anna = await house.person("anna", "Anna Liepa")
    janis = await house.person("janis", "Jānis Ozols", topics=("contracts",))
    liga = await house.person("liga", "Līga Kalna", Role.SUPERVISOR)
    await anna.says("hand contracts")
    await house.sees(janis, "[I'm coming]")
    [ping] = janis.messages
    old = ping.activity
    await anna.presses("Take my hand down")
    await house.teams.until(lambda: ping.edits == 1)
    ping.activity = old  # as a client that was asleep still has it
    await janis.looks_at(ping)
    assert buttons(ping.card) == []
    before = ping.activity
    await liga.looks_at(TeamsMessage(liga.chat, ping.id, old))
    assert ping.activity is before


async def test_somebody_elses_card_tells_nothing(house: TeamsHouse) -> None:
    anna = await house.person("anna", "Anna Liepa")
    janis = await house.person("janis", "Jānis Ozols", topics=("contracts",))
    liga = await house.person("liga", "Līga Kalna", Role.SUPERVISOR)
    await anna.says("hand contracts secret")
    await house.sees(janis, "[I'm coming]")
    body = await liga.looks_at(TeamsMessage(liga.chat, "x", janis.messages[0].activity))
    assert body["value"] == ""


async def test_a_reply_that_only_reads_is_asked_for_again(house: TeamsHouse) -> None:
    anna = await house.person("anna", "Anna Liepa")
    await anna.says("help")
    await house.teams.until(lambda: anna.messages)
    [message] = anna.messages
    before = shown(message.card)
    await anna.looks_at(message)
    assert shown(message.card) == before
    await anna.says("away")
    await house.teams.until(lambda: len(anna.messages) == 2)
    assert "refresh" not in anna.messages[1].card


@pytest.mark.parametrize(("length", "is_asked_again"), [(100, True), (40_000, False)])
async def test_what_is_too_long_to_travel_in_the_card_is_not_asked_for_again(
    house: TeamsHouse, length: int, is_asked_again: bool
) -> None:
    anna = await house.person("anna", "Anna Liepa")
    action = {"action": {"verb": "policy", "data": {"odd": "x" * length}}}
    pressed = anna.activity("invoke", name="adaptiveCard/action", value=action)
    await house.teams.deliver(pressed)
    await house.teams.until(lambda: anna.messages)
    [message] = anna.messages
    assert "What does the caller do?" in shown(message.card)
    assert ("refresh" in message.card) is is_asked_again


async def test_the_same_delivery_twice_has_one_effect(house: TeamsHouse) -> None:
    anna = await house.person("anna", "Anna Liepa")
    await house.person("janis", "Jānis Ozols", topics=("contracts",))
    said = anna.activity("message", text="hand contracts he shouts")
    for _ in range(3):
        await house.teams.deliver(said)
    await house.sees(anna, "Your hand is up")
    await house.settle()
    assert len(anna.messages) == 1


async def test_what_is_no_business_of_plecs_is_left_alone(house: TeamsHouse) -> None:
    anna = await house.person("anna", "Anna Liepa")
    for kind in (
        *(
            "messageUpdate",
            "messageDelete",
            "messageReaction",
            "typing",
            "event",
            "endOfConversation",
        ),
        *("conversationUpdate", "invoke", "handoff"),
    ):
        await house.teams.deliver(
            anna.activity(kind, text="hand contracts", name="signin/verifyState")
        )
    await house.settle()
    assert anna.messages == []


# --- with others ----------------------------------------------------------------------------------


async def test_in_a_group_it_answers_when_mentioned_and_to_one_alone(house: TeamsHouse) -> None:
    anna = await house.person("anna", "Anna Liepa")
    janis = await house.person("janis", "Jānis Ozols", topics=("contracts",))
    group = house.teams.group(anna, janis)
    await anna.says("hand contracts he shouts", group)
    await house.settle()
    assert house.teams.messages == []
    await anna.says("@Plecs hand contracts he shouts", group)
    await house.sees(anna, "Your hand is up")
    await house.teams.until(lambda: lines(house, group))
    await anna.says("@Plecs help", group)
    await house.sees(anna, "Plecs stands beside you")
    await house.settle()
    assert lines(house, group) == ["I've answered you in our own chat."]
    await house.later(days=1)  # it is said there once a day
    await anna.says("@Plecs help", group)
    await house.teams.until(lambda: len(lines(house, group)) == 2)


async def test_a_colleague_who_is_mentioned_is_meant(house: TeamsHouse) -> None:
    anna = await house.person("anna", "Anna Liepa")
    liga = await house.person("liga", "Līga Kalna")
    channel = house.teams.group(anna, liga, kind="channel")
    await anna.says("@Plecs vent @Līga Kalna", channel, liga)
    await house.teams.until(lambda: anna.messages and lines(house, channel))
    await house.sees(liga, "Anna")
    assert lines(house, channel) == ["I've answered you in our own chat."]


async def test_who_has_the_app_and_never_used_it_gets_a_chat(house: TeamsHouse) -> None:
    ilze = house.teams.add("ilze", "Ilze Bērziņa", locale="lv-LV")
    group = house.teams.group(ilze)
    await ilze.says("@Plecs help", group)
    await house.sees(ilze, "Plecs ir jums līdzās")
    await house.teams.until(lambda: lines(house, group))
    assert lines(house, group) == ["Atbildēju mūsu divu sarakstē."]


async def test_who_has_not_installed_the_app_hears_how_and_nothing_is_done(
    house: TeamsHouse,
) -> None:
    ilze = house.teams.add("ilze", "Ilze Bērziņa", installed=False)
    janis = await house.person("janis", "Jānis Ozols", topics=("contracts",))
    group = house.teams.group(ilze, janis)
    await ilze.says("@Plecs hand contracts", group)
    await house.teams.until(lambda: lines(house, group))
    assert "add Plecs under Apps" in lines(house, group)[0]
    await house.settle()
    assert await house.known("ilze") is None
    assert janis.messages == []


# --- the app itself -------------------------------------------------------------------------------


async def test_who_installs_is_welcomed_and_can_be_asked_before_they_wrote(
    house: TeamsHouse,
) -> None:
    ilze = house.teams.add("ilze", "Ilze Bērziņa", locale="lv-LV", installed=False)
    await ilze.installs()
    await house.sees(ilze, "Grūtā zvanā pasaukšu jums kolēģi")
    assert await house.reference("ilze") is not None
    known = await house.known("ilze")
    assert known is not None
    assert known.name == "Ilze Bērziņa"
    anna = await house.person("anna", "Anna Liepa")
    await anna.says("hand")
    await house.sees(ilze, "Anna lūdz palīgu")


async def test_who_removes_the_app_is_not_written_to(house: TeamsHouse) -> None:
    anna = await house.person("anna", "Anna Liepa")
    janis = await house.person("janis", "Jānis Ozols", topics=("contracts",))
    await janis.removes()
    assert await house.reference("janis") is None
    await anna.says("hand contracts")
    await house.sees(anna, "Your hand is up")
    await house.settle()
    assert janis.messages == []
    await janis.installs()
    assert await house.reference("janis") is not None


async def test_a_guest_is_an_outsider(house: TeamsHouse) -> None:
    guest = house.teams.add("guest", "Gunta", role="guest")
    await guest.says("help")
    await house.teams.until(lambda: guest.messages)
    known = await house.known("guest")
    assert known is not None
    assert known.kind.value == "outsider"


async def test_when_the_roster_does_not_answer_the_activitys_own_name_is_taken(
    house: TeamsHouse,
) -> None:
    ilze = house.teams.add("ilze", "Ilze Bērziņa")
    house.teams.fail_next("GET", 404)
    await ilze.says("hand contracts")
    await house.teams.until(lambda: ilze.messages)
    known = await house.known("ilze")
    assert known is not None
    assert (known.name, known.addresses[0].workspace) == ("Ilze Bērziņa", TENANT)


# --- what goes wrong ------------------------------------------------------------------------------


async def test_a_form_that_asks_again_keeps_what_was_filled_in(gate: Gate) -> None:
    options = (Option("a", ("A",)), Option("b", ("B",)))
    gate.desk.reply = Form(
        ("Raise",),
        "hand.raise",
        ("Raise",),
        (
            TextField("line", ("Line",), value="before"),
            NumberField("minutes", ("Minutes",), value=1),
            ChoiceField("topics", ("Topics",), options, most=2),
            ChoiceField("mode", ("Mode",), options),
            PeopleField("who", ("Who",)),
            TextField("untouched", ("Untouched",), value="as it was"),
        ),
        errors={"line": ("Too short",)},
    )
    typed = {"line": "x", "minutes": "5", "topics[]": "b,a", "mode": "b", "who": "janis"}
    body = await gate.presses("hand.raise", typed)
    inputs = {one["id"]: one["value"] for one in walk(body["value"]) if "label" in one}
    assert inputs == {
        "line": "x",
        "minutes": 5,
        "topics[]": "b,a",
        "mode": "b",
        "who": "janis",
        "untouched": "as it was",
    }
    assert gate.desk.asked[0].values == {
        "line": "x",
        "minutes": "5",
        "topics": ("b", "a"),
        "mode": "b",
        "who": "janis",
    }


async def test_a_form_is_a_window_that_closes(gate: Gate) -> None:
    gate.desk.reply = Form(("What Anna brings",), "read.close", ("Close",), ())
    await gate.anna.says("read")
    await gate.teams.until(lambda: gate.anna.sees)
    [message] = gate.anna.messages
    gate.desk.reply = None
    await gate.anna.presses("Close")
    assert message.text == "Done."
    await gate.teams.until(lambda: message.edits == 1)


async def test_a_form_on_a_reply_is_written_nowhere(gate: Gate) -> None:
    reading = Button(("Read",), "read")
    gate.desk.reply = Card(("Your group",), (Buttons((reading,)),))
    await gate.anna.says("supervision")
    await gate.teams.until(lambda: gate.anna.sees)
    gate.desk.reply = Form(("What Anna brings",), "read.close", ("Close",), ())
    await gate.anna.presses("Read")
    assert gate.anna.sees == ["What Anna brings [Close]"]
    await gate.listener.stop()
    assert gate.teams.called("PUT") == []


async def test_a_form_on_a_delivered_card_makes_place_for_it_again(house: TeamsHouse) -> None:
    anna = await house.person("anna", "Anna Liepa")
    janis = await house.person("janis", "Jānis Ozols", topics=("contracts",))
    await anna.says("hand contracts")
    await house.sees(janis, "[I'm coming]")
    [ping] = janis.messages
    data = {"plecs.notice": notice_on(ping)}
    await janis.executes(ping, "hand.form", data)
    assert buttons(ping.card) == ["Raise it", "Cancel"]
    await janis.presses("Cancel")
    assert "I'm coming" in buttons(ping.card)
    await janis.executes(ping, "hand.form", data)
    await janis.presses("Raise it", mode="tip", line="clause 14")
    # The ping, as it is by now; a change of it that was under way may come in between.
    await house.teams.until(lambda: buttons(ping.card) == ["I can come after all"])
    await house.sees(janis, "Nobody is free right now")


@pytest.mark.parametrize("settles", ["somebody else, soon", "nobody any more"])
async def test_a_card_before_anybody_wrote_down_that_it_was_sent(
    house: TeamsHouse, settles: str
) -> None:
    anna = await house.person("anna", "Anna Liepa")
    janis = await house.person("janis", "Jānis Ozols", topics=("contracts",))
    await anna.says("hand contracts")
    await house.sees(janis, "[I'm coming]")
    [ping] = janis.messages
    while not await house.is_sent(notice_on(ping)):
        pass
    claim: dict[str, Any] = {"claimed_by": None, "lease_until": None, "due": None}
    if settles == "somebody else, soon":
        now = house.clock()
        claim = {"claimed_by": "another", "lease_until": now + timedelta(seconds=4), "due": now}
    await house.engine.database.run(
        lambda work: work.connection.execute(
            update(outbox).where(outbox.c.key == notice_on(ping)).values(ref=None, **claim)
        )
    )
    await janis.executes(ping, "hand.form", {"plecs.notice": notice_on(ping)})
    await janis.presses("Cancel")
    assert "I'm coming" in buttons(ping.card), "what was opened over it is put away"
    await anna.presses("Take my hand down")
    await house.teams.until(lambda: "no longer needs anybody" in ping.text)
    assert (len(janis.messages), buttons(ping.card)) == (1, [])


async def test_what_a_desk_can_not_do_is_said_with_a_number(
    gate: Gate, capsys: pytest.CaptureFixture[str]
) -> None:
    body = await gate.presses("broken", {})
    said = words(body["value"])
    assert "nothing was changed" in said
    assert "nekas netika mainīts" in said
    number = said.partition("Number: ")[2].partition(")")[0]
    logged = capsys.readouterr().out
    assert number in logged
    assert "the words somebody wrote" not in logged


async def test_a_card_too_big_for_teams_is_apologised_for(gate: Gate) -> None:
    gate.desk.reply = Card(("x" * 50_000,))
    body = await gate.presses("help", {})
    assert "can't be shown here" in words(body["value"])


async def test_an_answer_that_comes_late_is_shown_all_the_same() -> None:
    async with open_gate(answers_within=0) as gate:
        gate.desk.slow = asyncio.Event()
        body = await gate.presses("hand.raise", {})
        assert "longer than usual" in body["value"]
        assert "Call: Līga, ext. 214. This takes longer than usual. As long as" in body["value"]
        assert gate.anna.messages == []
        gate.desk.slow.set()
        await gate.teams.until(lambda: gate.anna.sees == ["Yes"])


async def test_who_types_reads_that_it_takes_longer_and_whom_to_phone() -> None:
    async with open_gate(answers_within=0) as gate:
        gate.desk.slow = asyncio.Event()
        typing = asyncio.create_task(gate.anna.says("hand he threatens me"))
        await gate.teams.until(lambda: gate.anna.sees)
        assert "Call: Līga, ext. 214. This takes longer than usual. As long as" in gate.anna.sees[0]
        gate.desk.slow.set()
        await typing
        await gate.teams.until(lambda: gate.anna.sees[1:] == ["Yes"])


async def test_who_is_mentioned_holds_up_no_hand() -> None:
    """Teams does not say who that is; the name stands there all the same."""
    async with open_gate(answers_within=0) as gate:
        janis = gate.teams.add("janis", "Jānis Ozols")
        gate.teams.fail_next("GET", "hang")
        typed = "hand @Jānis Ozols he shouts"
        await gate.anna.says(typed, gate.anna.chat, janis)
        assert [one.text for one in gate.desk.asked] == ["hand Jānis Ozols he shouts"]


async def test_what_can_not_be_remembered_is_answered_all_the_same(gate: Gate) -> None:
    gate.kept.broken = True
    await gate.anna.says("help")
    await gate.teams.until(lambda: gate.anna.sees == ["Yes"])
    assert (await gate.presses("help", {}))["statusCode"] == 200


async def test_a_reply_is_sent_again_when_teams_is_busy(gate: Gate) -> None:
    gate.teams.fail_next("POST", 502)
    await gate.anna.says("help")
    await gate.teams.until(lambda: gate.anna.sees == ["Yes"])


async def test_a_reply_to_a_message_that_is_gone_is_sent_by_itself(gate: Gate) -> None:
    gate.teams.fail_next("POST", 404)
    await gate.anna.says("help")
    await gate.teams.until(lambda: gate.anna.sees == ["Yes"])


async def test_a_chat_that_takes_nothing_any_more_is_begun_anew(gate: Gate) -> None:
    gate.teams.fail_next("POST", 403, times=2)
    await gate.anna.says("help")
    await gate.teams.until(lambda: gate.anna.sees == ["Yes"])
    assert "/emea/v3/conversations" in gate.teams.called("POST")


async def test_a_reply_that_can_not_be_changed_any_more_is_said_anew(house: TeamsHouse) -> None:
    anna = await house.person("anna", "Anna Liepa")
    await anna.says("policy swearing at me")
    await house.sees(anna, "[I warned]")
    house.teams.fail_next("PUT", 404)
    await anna.presses("I warned")
    await house.teams.until(lambda: len(anna.messages) == 2)
    assert [message.edits for message in anna.messages] == [0, 0]
