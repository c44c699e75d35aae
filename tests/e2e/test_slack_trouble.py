"""Plecs and people in Slack while Slack, or Plecs, is in trouble."""

from dataclasses import replace

import pytest
from sqlalchemy import update

from handlers.kit.people import Role
from storage.outbox.table import outbox
from storage.work import SqlWork
from tests.e2e.slack_house import SlackHouse, pings, shown
from tests.fakes.slack import (
    SlackMessage,
    SlackUser,
    buttons,
    words,
)

FORM = "application/x-www-form-urlencoded"


async def test_who_presses_sees_it_at_once_however_many_others_wait_for_a_change(
    house: SlackHouse,
) -> None:
    anna = await house.person("U1", "Anna Liepa")
    janis = await house.person("U2", "Jānis Ozols", topics=("contracts",))
    ieva = await house.person("U3", "Ieva Kalna", topics=("contracts",))
    await anna.types("/hand contracts help")
    await house.sees(janis, "[I'm coming] [Not now]")
    await house.sees(ieva, "[I'm coming] [Not now]")
    for _ in range(20):
        house.slack.fail_next("chat.update", "429")
    await janis.presses("I'm coming")
    await house.slack.until(lambda: pings(janis) == [])
    assert pings(ieva) != [], "hers waits until Slack takes changes again"
    changed = [call["ts"] for call in house.slack.called("chat.update")]
    assert [message.ts for message in janis.messages if message.ts in changed] == []


async def test_a_message_that_came_while_plecs_died_is_known_when_it_is_pressed(
    over_http: SlackHouse,
) -> None:
    anna = await over_http.person("U1", "Anna Liepa")
    janis = await over_http.person("U2", "Jānis Ozols", topics=("contracts",))
    await anna.types("/hand contracts help")
    await over_http.sees(janis, "[I'm coming] [Not now]")

    def nothing_heard(work: SqlWork) -> None:
        """As if the process had died between Slack's answer and its own note of it."""
        work.connection.execute(
            update(outbox)
            .where(outbox.c.kind == "hand.ping")
            .values(ref=None, place=None, fingerprint=None, settled_at=None)
        )

    await over_http.engine.database.run(nothing_heard)
    await janis.presses("I'm coming")
    await over_http.slack.until(lambda: pings(janis) == [])
    await over_http.later(minutes=2)
    assert len([m for m in janis.messages if m.to == {"U2"} and "help" in words(m.blocks)]) <= 1
    figures = (await over_http.engine.figures()).decode()
    assert 'plecs_messages_found_total{how="adopted"} 1.0' in figures


async def test_a_button_that_stayed_because_plecs_died_goes_when_it_is_pressed_again(
    over_http: SlackHouse,
) -> None:
    """It died between keeping that somebody comes and showing it to them."""
    anna = await over_http.person("U1", "Anna Liepa")
    janis = await over_http.person("U2", "Jānis Ozols", topics=("contracts",))
    await anna.types("/hand contracts help")
    await over_http.sees(janis, "[I'm coming] [Not now]")
    (ping,) = janis.messages
    before = ping.blocks
    await janis.presses("I'm coming", ping)
    await over_http.slack.until(lambda: "I'm coming" not in buttons(ping.blocks))
    ping.blocks = before
    await janis.presses("I'm coming", ping)
    await over_http.slack.until(lambda: "I'm coming" not in buttons(ping.blocks))


@pytest.mark.parametrize("first", ["kept", "besides"])
async def test_a_message_that_came_twice_is_put_right_wherever_it_is_pressed(
    over_http: SlackHouse, first: str
) -> None:
    anna = await over_http.person("U1", "Anna Liepa")
    janis = await over_http.person("U2", "Jānis Ozols", topics=("contracts",))
    await anna.types("/hand contracts help")
    await over_http.sees(janis, "[I'm coming] [Not now]")
    (kept,) = janis.messages
    besides = replace(kept, ts="1600000000.000100")
    over_http.slack.messages.append(besides)
    one, other = (kept, besides) if first == "kept" else (besides, kept)
    await janis.presses("I'm coming", one)
    await over_http.slack.until(lambda: "I'm coming" not in buttons(one.blocks))
    if first == "kept":
        await janis.presses("I'm coming", other)
    await over_http.slack.until(lambda: "I'm coming" not in buttons(other.blocks))


async def test_when_slack_refuses_every_message_the_agent_reads_whom_to_call(
    over_http: SlackHouse,
) -> None:
    anna = await over_http.person("U1", "Anna Liepa", locale="lv")
    await over_http.person("U2", "Jānis Ozols", topics=("contracts",))
    await over_http.person("U3", "Līga Kalna", Role.SUPERVISOR, extension="214")
    over_http.slack.fail_next("chat.postMessage", "missing_scope", 100)

    await anna.types("/hand contracts help")
    await over_http.slack.until(lambda: "Roka ir pacelta" in shown(anna)[-1])
    await over_http.later(seconds=5)
    await over_http.sees(
        anna,
        "Pašlaik Slack manas ziņas nepieņem. Zvaniet: &lt;@U3&gt;, 214, &lt;@U2&gt;.".replace(
            "&lt;", "<"
        ).replace("&gt;", ">"),
    )
    assert [one.to for one in over_http.slack.messages if not one.ephemeral] == []
    assert len(over_http.slack.called("response_url")) == 1

    await anna.presses("Nolaist roku")
    await over_http.sees(anna, "Roka ir nolaista")
    assert buttons(anna.messages[-1].blocks) == []


async def test_a_conversation_that_slack_refuses_leaves_each_a_card_and_the_agent_hers(
    over_http: SlackHouse,
) -> None:
    anna = await over_http.person("U1", "Anna Liepa")
    janis = await over_http.person("U2", "Jānis Ozols", topics=("contracts",), extension="118")
    over_http.slack.fail_next("conversations.open", "missing_scope", 100)
    await anna.types("/hand contracts help")
    await over_http.sees(janis, "[I'm coming] [Not now]")
    await janis.presses("I'm coming")

    def alone(who: SlackUser) -> list[str]:
        return [text for text in shown(who) if "You have no chat of the two of you here" in text]

    await over_http.slack.until(lambda: alone(anna) and alone(janis))

    def mine() -> list[SlackMessage]:
        """Her card, as it was and, below that, as it is: Slack adds what comes by the address."""
        return [one for one in anna.messages if "Jānis is on the way" in words(one.blocks)]

    await over_http.slack.until(lambda: mine() and "speak by phone" in words(mine()[-1].blocks))
    assert all(one.ephemeral for one in mine()), "by the reply address of her command"
    assert "<@U2>, ext. 118" in words(mine()[-1].blocks)
    await anna.presses("Solved")
    await over_http.slack.until(lambda: any("Well done" in text for text in shown(anna)))


async def test_what_no_window_and_no_reply_can_show_comes_in_their_chat(
    over_http: SlackHouse,
) -> None:
    anna = await over_http.person("U1", "Anna Liepa")
    await anna.opens_home()
    over_http.slack.fail_next("views.open", "expired_trigger_id")
    await anna.presses_at_home("Raise with a few words")
    await over_http.slack.until(lambda: anna.messages)
    assert "Slack was too slow to open the window. Please try once more." in anna.sees[0]

    over_http.slack.fail_next("views.open", "expired_trigger_id")
    await anna.presses_at_home("More…")
    await over_http.slack.until(lambda: any("[My hands]" in text for text in shown(anna)))

    await anna.types("/policy swearing at me")
    over_http.slack.fail_next("response_url", "404")
    await anna.presses("I warned")
    await over_http.slack.until(lambda: not anna.messages[-1].ephemeral)
    assert "[I warned]" in shown(anna)[-1]


async def test_somebody_slack_can_not_reach_does_not_hold_up_the_ring(house: SlackHouse) -> None:
    anna = await house.person("U1", "Anna Liepa")
    await house.person("U2", "Jānis Ozols", topics=("contracts",))
    liga = await house.person("U3", "Līga Kalna", Role.SUPERVISOR)
    house.slack.users["U2"].deleted = True  # and no event has told us
    await anna.types("/hand contracts")
    await house.sees(liga, "[I'm coming]")


async def test_slack_in_trouble_is_tried_again(house: SlackHouse) -> None:
    anna = await house.person("U1", "Anna Liepa")
    janis = await house.person("U2", "Jānis Ozols", topics=("contracts",))
    for trouble in ("500", "429"):
        house.slack.fail_next("chat.postMessage", trouble)
    await anna.types("/hand contracts")
    await house.slack.until(lambda: len(house.slack.troubles) == 1)
    await house.later(seconds=2)
    await house.slack.until(lambda: not house.slack.troubles)
    assert pings(janis) == []
    await house.later(seconds=8)
    await house.sees(janis, "[I'm coming]")
