"""The whole of Plecs as people in Slack meet it: over signed HTTP and over the socket."""

import asyncio
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from pydantic import SecretStr

from bot.app import running
from bot.settings import Settings
from handlers.escalation.ladder import LADDER
from handlers.escalation.model import Cases, Ladder, Member, Ring
from handlers.kit.delivery import Pace, Rate
from handlers.kit.people import Address, Role
from handlers.routes import ROUTES
from storage.work import SqlWork
from tests.e2e.slack_house import SlackHouse, pings, shown
from tests.fakes.slack import (
    BOT_TOKEN,
    SIGNING_SECRET,
    TEAM,
    SlackMessage,
    SlackUser,
    User,
    buttons,
    fake_slack,
    words,
)
from tests.ports import free_port

FORM = "application/x-www-form-urlencoded"


async def test_a_hand_is_raised_climbs_is_taken_and_solved(house: SlackHouse) -> None:
    anna = await house.person("U1", "Anna Liepa")
    janis = await house.person("U2", "Jānis Ozols", topics=("contracts",))
    liga = await house.person("U3", "Līga Kalna", Role.SUPERVISOR)
    karlis = await house.person("U4", "Kārlis Bērzs")

    await anna.types("/hand contracts he <shouts> & threatens me")
    await house.slack.until(lambda: any("Your hand is up" in text for text in shown(anna)))
    await house.sees(janis, "he &lt;shouts&gt; &amp; threatens me")
    assert (pings(liga), pings(karlis)) == ([], [])

    await house.later(seconds=30)
    await house.sees(liga, "[I'm coming] [Not now]")
    assert pings(karlis) == []
    await house.later(seconds=30)
    await house.sees(karlis, "[I'm coming]")

    await liga.presses("I'm coming")
    await house.slack.until(lambda: not pings(janis) and not pings(karlis) and not pings(liga))
    for other in (janis, karlis):
        assert [text for text in shown(other) if "Līga is on the way" not in text] == []
        assert {tuple(buttons(message.blocks)) for message in other.messages} == {("Join them",)}
    await house.slack.until(lambda: any(len(message.to) == 2 for message in anna.messages))
    [room] = [message for message in house.slack.messages if len(message.to) == 2]
    assert room.to == {"U1", "U3"}
    assert buttons(room.blocks) == ["Solved", "I need somebody else", "One more colleague"]
    await house.slack.until(lambda: any("Līga is on the way" in text for text in shown(anna)))

    before = len(house.slack.called("chat.postMessage"))
    await house.later(minutes=3)
    await house.slack.until(lambda: "Nobody came" in buttons(room.blocks))
    await anna.presses("Solved")
    await house.slack.until(lambda: buttons(room.blocks) == [])
    assert "Take a breath" in words(room.blocks)
    await house.later(hours=5)
    assert [text for text in shown(anna) if text.startswith("Solved. Well done.")] != []
    # Her command's address is good for five changes; the machine's pace decides how many there are.
    after = [call["channel"] for call in house.slack.called("chat.postMessage")[before:]]
    assert after in ([], ["U1"])


async def test_nobody_comes_and_the_agent_hears_it(house: SlackHouse) -> None:
    anna = await house.person("U1", "Anna Liepa", locale="lv")
    coordinator = await house.person("U2", "Dace", Role.COORDINATOR)
    await anna.types("/plecs roka")
    for _ in range(3):
        await house.later(seconds=30)
    await house.slack.until(lambda: any("neviens nav brīvs" in text for text in shown(anna)))
    await house.slack.until(
        lambda: any("Nobody was free for Anna" in text for text in shown(coordinator))
    )


async def test_the_shortcut_asks_and_raises(house: SlackHouse) -> None:
    anna = await house.person("U1", "Anna Liepa")
    janis = await house.person("U2", "Jānis Ozols", topics=("contracts",))
    await anna.uses_shortcut("hand.form#message", on_message=True)
    assert await anna.submits(topic="contracts", mode="tip", line="the 14th clause") == {}
    assert anna.window is not None
    assert "Your hand is up" in words(anna.window["blocks"])
    await house.sees(janis, "the 14th clause")


async def test_a_boundary_is_found_warned_of_and_ended_with_permission(house: SlackHouse) -> None:
    anna = await house.person("U1", "Anna Liepa")
    marta = await house.person("U2", "Marta", Role.SUPERVISOR)
    await anna.types("/policy swearing at me")
    [card] = anna.messages
    assert "[I warned]" in shown(anna)[0]

    await anna.presses("I warned", card)
    await house.slack.until(lambda: card.edits == 1)
    await anna.presses("I warned", card)
    await house.slack.until(lambda: card.edits == 2)
    assert buttons(card.blocks)[1] == "I ended the call"
    await asyncio.gather(*(anna.presses("I ended the call", card) for _ in range(2)))
    await house.slack.until(lambda: "You did right" in shown(anna)[0])
    assert len(anna.messages) == 1
    await house.sees(marta, "Anna ended a call")
    await house.settle()
    assert len(marta.messages) == 1

    await anna.types("/policy mine")
    assert buttons(anna.messages[1].blocks) == ["Open"]


async def test_a_supervisors_home_shows_the_hands_as_they_are(house: SlackHouse) -> None:
    anna = await house.person("U1", "Anna Liepa")
    liga = await house.person("U2", "Līga Bērziņa", Role.SUPERVISOR)
    await liga.opens_home()
    assert "No hand is up at the moment." in words((liga.home or {})["blocks"])
    await anna.types("/hand")
    await house.slack.until(lambda: ", since" in words((liga.home or {})["blocks"]))
    await liga.presses_at_home("I'm coming")
    await house.slack.until(lambda: "You are on the way" in words((liga.home or {})["blocks"]))


async def test_home_shows_my_hand_and_follows_what_i_press(house: SlackHouse) -> None:
    anna = await house.person("U1", "Anna Liepa")
    await anna.opens_home()
    assert anna.home is not None
    assert "Good that you are here, Anna" in words(anna.home["blocks"])
    await anna.presses_at_home("Raise a hand now")
    await house.slack.until(lambda: anna.window and anna.home)
    await house.slack.until(lambda: "Take my hand down" in buttons((anna.home or {})["blocks"]))
    await anna.presses_in_window("Take my hand down")
    await house.slack.until(lambda: "Raise a hand now" in buttons((anna.home or {})["blocks"]))


async def test_a_stranger_is_introduced_by_what_slack_tells(house: SlackHouse) -> None:
    anna = house.slack.add(User("U9", "Anna Liepa", tz="Europe/London"))
    await anna.types("/topics")
    person = await house.known("U9")
    assert (person.name, person.zone, person.locale) == ("Anna Liepa", "Europe/London", "en")


async def test_the_same_delivery_three_times_has_one_effect(house: SlackHouse) -> None:
    anna = await house.person("U1", "Anna Liepa")
    janis = await house.person("U2", "Jānis Ozols")
    payload = await anna.types("/hand")
    for _ in range(2):
        await house.slack.deliver("slash_commands", payload)
    await house.sees(janis, "[I'm coming]")
    press = await janis.presses("I'm coming")
    for _ in range(2):
        await house.slack.deliver("interactive", press)
    await house.slack.until(lambda: any(len(message.to) == 2 for message in janis.messages))
    await house.settle()
    asked = [message for message in janis.messages if not message.ephemeral]
    assert len(asked) == 2  # the ping and the conversation
    assert await house.engine.database.read(_hands_of("U1")) == 1


async def test_a_double_click_has_one_effect(house: SlackHouse) -> None:
    anna = await house.person("U1", "Anna Liepa")
    janis = await house.person("U2", "Jānis Ozols")
    await asyncio.gather(anna.types("/hand"), anna.types("/hand"))
    await house.sees(janis, "[I'm coming]")
    [ping] = pings(janis)
    await asyncio.gather(*(janis.presses("I'm coming", ping) for _ in range(2)))
    await house.slack.until(lambda: any(len(message.to) == 2 for message in janis.messages))
    await house.settle()
    assert len([message for message in janis.messages if len(message.to) == 2]) == 1
    assert await house.engine.database.read(_hands_of("U1")) == 1


async def test_a_button_of_an_earlier_day_is_answered_kindly(house: SlackHouse) -> None:
    anna = await house.person("U1", "Anna Liepa")
    janis = await house.person("U2", "Jānis Ozols")
    await anna.types("/hand")
    await house.sees(janis, "[I'm coming]")
    [ping] = pings(janis)
    old, older = (
        SlackMessage(ping.channel, ping.ts, ping.to, ping.text, [*ping.blocks]) for _ in range(2)
    )
    await anna.presses("Take my hand down")
    await house.slack.until(lambda: "no longer needs anybody" in shown(janis)[0])
    await janis.presses("I'm coming", old)
    await house.slack.until(lambda: len(janis.messages) == 2)
    assert "no longer needs anybody" in shown(janis)[1]

    action = older.blocks[-1]["elements"][0]
    action["action_id"], action["value"] = "gone.since.long#0", "{"
    await janis.presses("I'm coming", older)
    await house.slack.until(lambda: len(janis.messages) == 3)
    assert "This button is from an earlier day" in shown(janis)[2]


async def test_who_is_deactivated_leaves_the_rings(house: SlackHouse) -> None:
    anna = await house.person("U1", "Anna Liepa")
    janis = await house.person("U2", "Jānis Ozols", topics=("contracts",))
    liga = await house.person("U3", "Līga Kalna", Role.SUPERVISOR)
    await anna.types("/hand contracts")
    await house.sees(janis, "[I'm coming]")

    gone = {**house.slack.users["U2"].object(), "deleted": True}
    await house.slack.event({"type": "user_change", "user": gone})
    await house.sees(liga, "[I'm coming]")  # the next ring is not waited for
    assert not (await house.known("U2")).active

    await anna.presses("Take my hand down")
    messages = len(janis.messages)
    await anna.types("/hand contracts")
    await house.slack.until(lambda: len(pings(liga)) == 1)
    assert len(janis.messages) == messages


async def test_who_does_not_want_to_be_disturbed_is_not(house: SlackHouse) -> None:
    anna = await house.person("U1", "Anna Liepa")
    janis = await house.person("U2", "Jānis Ozols", topics=("contracts",))
    liga = await house.person("U3", "Līga Kalna", Role.SUPERVISOR)
    now = int(time.time())
    quiet = User("U2", "Jānis", dnd=(now - 60, now + 3600)).dnd_status()
    await house.slack.event({"type": "dnd_updated_user", "user": "U2", "dnd_status": quiet})
    await anna.types("/hand contracts")
    await house.sees(liga, "[I'm coming]")
    assert janis.messages == []


async def test_what_is_no_request_of_slacks_is_refused(over_http: SlackHouse) -> None:
    body = b"command=%2Fhand&team_id=T0PLECS&user_id=U1&trigger_id=1&text="
    now = int(time.time())
    refused = [
        await over_http.slack.post(body, FORM, signature="v0=forged"),
        await over_http.slack.post(body, FORM, signature=""),
        await over_http.slack.post(body, FORM, timestamp=now - 301),
    ]
    assert [status for status, _ in refused] == [401, 401, 401]
    assert (await over_http.slack.post(b"x" * (1024 * 1024 + 1), FORM))[0] == 413
    over_http.slack.subscribe_by_hand("reaction_added")
    assert (await over_http.slack.event({"type": "reaction_added", "user": "U1"})) == {}


@pytest.mark.parametrize("locale", ["en", "lv"])
async def test_everything_that_can_be_typed_fits_slack(over_http: SlackHouse, locale: str) -> None:
    admin = await over_http.person(
        "U1", "Anna Liepa", *Role, locale=locale, topics=("contracts", "bills")
    )
    for route in ROUTES:
        if route.typed is not None:
            await admin.types(f"/plecs {route.typed.words[locale]}")
    for form in ("hand.form#global",):
        await admin.uses_shortcut(form)
        over_http.slack.windows.clear()
    await admin.types("/policy edit")
    for label in buttons(admin.messages[-1].blocks)[:-1]:
        await admin.types("/policy edit")
        edit = admin.messages[-1]
        await admin.presses(label, edit)
        # It opens a window, or shows something else in the message's place.
        await over_http.slack.until(partial(_has_led_on, admin, edit, label))
        over_http.slack.windows.clear()
    await admin.opens_home()
    assert len(admin.messages) >= len([route for route in ROUTES if route.typed])
    for text in shown(admin):
        assert "Number:" not in text


async def test_thirty_press_at_once_on_each_of_thirty_hands(over_http: SlackHouse) -> None:
    plenty = Rate(1_000_000, timedelta(seconds=1), burst=1_000_000)
    over_http.platform.pace = Pace(plenty, plenty, plenty)
    team = [
        await over_http.person(f"UH{number}", f"Helper{number} Ozols", topics=("contracts",))
        for number in range(30)
    ]
    agents = [await over_http.person(f"UA{number}", f"Agent{number} Liepa") for number in range(30)]
    all_at_once = Ladder((Ring(0, (Member.TOPIC,), 50), Ring(60, (Member.EVERYBODY,), 50)), 90)

    def widen(work: SqlWork) -> None:
        workspace = work.workspaces.of(Address("slack", TEAM, "UA0"))
        LADDER.put(work.settings, workspace, all_at_once)

    await over_http.engine.database.run(widen)
    winners: list[frozenset[str]] = []
    for agent in agents:
        await over_http.later(seconds=20)  # of more hands a minute fewer would be asked
        await agent.types("/hand contracts")
        free = [helper for helper in team if frozenset({helper.id}) not in winners]
        await over_http.slack.until(lambda: all(pings(helper) for helper in free))  # noqa: B023
        asked = {helper.id: pings(helper)[0] for helper in free}
        rooms = len(over_http.slack.called("conversations.open"))
        # The others are with somebody already: they press what they were shown before.
        await asyncio.gather(
            *(
                helper.presses("I'm coming", asked.get(helper.id) or asked[free[0].id])
                for helper in team
            )
        )
        await over_http.slack.until(lambda: not any(pings(helper) for helper in team))
        await over_http.settle()
        opened = over_http.slack.called("conversations.open")[rooms:]
        assert len(opened) == 1
        [winner] = {*opened[0]["users"].split(",")} - {agent.id}
        winners.append(frozenset({winner}))
    assert len(set(winners)) == 30
    # Ten minutes on, when every ring and reminder would have been due: one more hand goes up, and
    # its only ping is all that anybody gets.
    posted = len(over_http.slack.called("chat.postMessage"))
    last, rested = await over_http.person("UA50", "Agent50"), await over_http.person("UB1", "Free")
    await over_http.later(minutes=10)
    await last.types("/hand")
    await over_http.slack.until(lambda: pings(rested))
    assert len(over_http.slack.called("chat.postMessage")) == posted + 1


async def test_plecs_as_it_is_started_serves_slack(database_url: str) -> None:
    async with fake_slack() as slack:
        settings = Settings(
            _env_file=None,
            database_url=database_url,
            port=free_port(),
            slack_bot_token=SecretStr(BOT_TOKEN),
            slack_signing_secret=SecretStr(SIGNING_SECRET),
            slack_api_url=slack.api_url,
        )
        slack.app_url = f"{settings.own_url}/slack/events"
        anna, janis = slack.add(User("U1", "Anna Liepa")), slack.add(User("U2", "Jānis Ozols"))
        async with running(settings):
            await janis.types("/topics")
            await anna.types("/hand")
            await slack.until(lambda: pings(janis))
            await janis.presses("I'm coming")
            await slack.until(lambda: any(len(message.to) == 2 for message in anna.messages))


def _has_led_on(who: SlackUser, message: SlackMessage, label: str) -> bool:
    return who.window is not None or label not in buttons(message.blocks)


def _hands_of(user: str) -> Callable[[SqlWork], int]:
    def count(work: SqlWork) -> int:
        person = work.people.at(Address("slack", TEAM, user))
        assert person is not None
        return len(work.of(Cases).own(person.id, 10))

    return count
