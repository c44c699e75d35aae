"""Days told over the real server, botbuilder in front, and a strict Teams behind."""

import asyncio
import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from handlers.kit.people import Role
from handlers.routes import ROUTES
from tests.e2e.teams_house import TeamsHouse, house_in_teams
from tests.fakes.graph import GRANTS, NOTIFIES
from tests.fakes.teams import TeamsMessage, actions, buttons


@pytest.fixture
async def house(empty_sqlite: Path, tmp_path: Path) -> AsyncIterator[TeamsHouse]:
    file = tmp_path / "teams.db"
    shutil.copy(empty_sqlite, file)
    async with house_in_teams(f"sqlite:///{file}") as opened:
        yield opened


async def test_a_hand_is_raised_climbs_is_taken_and_solved(house: TeamsHouse) -> None:
    anna = await house.person("anna", "Anna Liepa")
    janis = await house.person("janis", "Jānis Ozols", topics=("contracts",))
    liga = await house.person("liga", "Līga Kalna", Role.SUPERVISOR)

    await anna.says("hand contracts he <shouts> & threatens me")
    await house.sees(anna, "Your hand is up")
    await house.sees(janis, r"he \<shouts\> & threatens me")
    assert liga.messages == []
    await house.later(seconds=30)
    await house.sees(liga, "[I'm coming]")

    await liga.presses("I'm coming")
    await house.sees(janis, "Līga is on the way")
    assert [buttons(one.card) for one in janis.messages] == [["Join them"]]
    await house.sees(anna, "[Solved]")
    await anna.presses("Solved")
    await house.settle()
    await house.teams.until(lambda: not any("[Solved]" in one for one in (*anna.sees, *liga.sees)))
    assert any("Take a breath" in one for one in anna.sees)


async def test_a_stranger_in_latvian_with_a_slash(house: TeamsHouse) -> None:
    ilze = house.teams.add("ilze", "Ilze Bērziņa", locale="lv-LV")
    await ilze.says("/roka viņš draud")
    await house.teams.until(lambda: ilze.sees)
    known = await house.known("ilze")
    assert known is not None
    assert (known.name, known.locale, known.zone) == ("Ilze Bērziņa", "lv", "Europe/Riga")
    assert "neviena" in ilze.sees[0].casefold()


async def test_letting_off_steam_from_the_question_to_the_end(
    house: TeamsHouse, capfd: pytest.CaptureFixture[str]
) -> None:
    anna = await house.person("anna", "Anna Liepa")
    liga = await house.person("liga", "Līga Kalna")
    group = house.teams.group(anna, liga)
    await anna.says("@Plecs vent @Līga Kalna MARKER for an hour", group, liga)
    await house.sees(liga, "[Yes, now]")
    await liga.presses("Yes, now")
    for who, other in ((anna, "liga"), (liga, "anna")):
        await house.sees(who, f"https://teams.microsoft.com/l/chat/0/0?users={other}@plecs.example")
    [talk] = [one for one in anna.messages if "l/chat/0/0" in one.text]
    as_sent = talk.text
    await anna.looks_at(talk)
    assert talk.text == as_sent
    await anna.presses("Done")
    await house.sees(anna, "This conversation has ended")
    await house.sees(liga, "This conversation has ended")
    await house.settle()
    assert not any("MARKER" in one.text for one in house.teams.messages)
    assert "MARKER" not in "".join(capfd.readouterr())


async def test_with_graphs_permissions_plecs_opens_the_chat_of_the_two_itself(
    house: TeamsHouse,
) -> None:
    house.teams.granted = GRANTS
    anna = await house.person("anna", "Anna Liepa")
    liga = await house.person("liga", "Līga Kalna", topics=("contracts",))
    await anna.says("hand contracts he shouts")
    await house.sees(liga, "[I'm coming]")
    await liga.presses("I'm coming")
    await house.teams.until(lambda: rooms(house))
    [room] = rooms(house)
    assert house.teams.conversations[room.conversation].members == [anna.id, liga.id]
    assert "l/chat/0/0" not in room.text
    await anna.presses("Solved", room)
    await house.teams.until(lambda: "Take a breath" in room.text)
    assert buttons(room.card) == []

    await anna.says("hand contracts again")
    await house.sees(liga, "again")
    await liga.presses("I'm coming")
    await house.teams.until(lambda: len(rooms(house)) == 2)
    assert len({one.conversation for one in rooms(house)}) == 1
    assert len(house.teams.called("GRAPH GET")) == 1


async def test_where_graph_lets_it_a_ping_stands_in_the_activity_feed(house: TeamsHouse) -> None:
    house.teams.granted = (NOTIFIES,)
    anna = await house.person("anna", "Anna Liepa")
    liga = await house.person("liga", "Līga Kalna", topics=("contracts",))
    await anna.says("hand contracts he shouts")
    await house.sees(liga, "[I'm coming]")
    await house.teams.until(lambda: house.teams.feed)
    assert house.teams.feed == [("liga", "Anna needs a colleague: he shouts")]


@pytest.mark.parametrize("left_out", GRANTS)
async def test_without_one_of_them_each_gets_a_link(house: TeamsHouse, left_out: str) -> None:
    house.teams.granted = tuple(one for one in GRANTS if one != left_out)
    anna = await house.person("anna", "Anna Liepa")
    liga = await house.person("liga", "Līga Kalna", topics=("contracts",))
    await anna.says("hand contracts he shouts")
    await house.sees(liga, "[I'm coming]")
    await liga.presses("I'm coming")
    await house.sees(anna, "l/chat/0/0?users=liga@plecs.example")
    await house.sees(liga, "l/chat/0/0?users=anna@plecs.example")
    assert rooms(house) == []
    assert house.teams.called("GRAPH POST") == []


async def test_a_boundary_is_found_warned_of_and_ended_with_permission(house: TeamsHouse) -> None:
    anna = await house.person("anna", "Anna Liepa")
    marta = await house.person("marta", "Marta", Role.SUPERVISOR)
    await anna.says("policy swearing at me")
    await house.sees(anna, "[I warned]")
    [card] = anna.messages
    while "I warned" in buttons(card.card):
        await anna.presses("I warned", card)
    await asyncio.gather(*(anna.presses("I ended the call", card) for _ in range(2)))
    await house.sees(anna, "You did right")
    await house.sees(marta, "Anna ended a call")
    await house.settle()
    assert len(marta.messages) == 1


async def test_a_break_and_a_break_plan(house: TeamsHouse) -> None:
    anna = await house.person("anna", "Anna Liepa")
    await anna.says("break 5")
    await house.teams.until(lambda: anna.messages)
    assert "break" in anna.sees[0].casefold()
    await anna.says("plan")
    await house.sees(anna, "Your break plan")
    await anna.presses("5 minutes each hour")
    await house.sees(anna, "5 min every 60 min")


async def test_who_blocked_plecs_is_passed_over_and_the_hand_climbs(house: TeamsHouse) -> None:
    anna = await house.person("anna", "Anna Liepa")
    janis = await house.person("janis", "Jānis Ozols", topics=("contracts",))
    liga = await house.person("liga", "Līga Kalna", Role.SUPERVISOR)
    house.teams.conversations[janis.chat].installed = False
    await anna.says("hand contracts")
    await house.sees(anna, "Your hand is up")
    await house.later(seconds=30)
    await house.sees(liga, "[I'm coming]")
    assert await house.reference("janis") is None
    assert janis.messages == []

    boss = await house.person("boss", "Boss", Role.ADMIN)
    await boss.says("people")
    await house.sees(boss, "Not reached by Plecs: Jānis Ozols.")
    await janis.installs()
    await house.teams.until(lambda: janis.messages)
    await boss.says("people")
    await house.teams.until(lambda: len(boss.messages) == 2)
    assert "Not reached" not in boss.sees[1]


async def test_teams_stumbles_and_nothing_is_lost(house: TeamsHouse) -> None:
    anna = await house.person("anna", "Anna Liepa")
    janis = await house.person("janis", "Jānis Ozols", topics=("contracts",))
    for trouble in (502, 429, 412, 504):
        house.teams.fail_next("POST", trouble)
    await anna.says("hand contracts")
    await house.sees(anna, "Your hand is up")
    await house.sees(janis, "[I'm coming]")
    assert [len(who.messages) for who in (anna, janis)] == [1, 1]


async def test_many_at_once_come_to_one_within_teams_pace(house: TeamsHouse) -> None:
    """The fake counts each window of Teams', and fails the test over one too many."""
    liga = await house.person("liga", "Līga Kalna", topics=("contracts",))
    agents = [await house.person(f"agent{n}", f"Anna{n} Liepa") for n in range(12)]
    await asyncio.gather(*(agent.says("hand contracts") for agent in agents))
    for _ in range(20):
        await house.later(seconds=1.5)
    # On a busy machine she is reminded of the first before the last has come.
    pinged = {name for one in liga.messages for name in re.findall(r"Anna\d+", one.text)}
    assert pinged == {f"Anna{n}" for n in range(12)}


@pytest.mark.parametrize("language", ["en", "lv"])
async def test_every_word_is_answered_and_every_button_on_the_answers(
    house: TeamsHouse, language: str, capfd: pytest.CaptureFixture[str]
) -> None:
    """As somebody with every role; what is shown is judged by the fake."""
    house.teams.keep_pace = False
    dace = await house.person("dace", "Dace Kļava", *Role, locale=language)
    await house.person("liga", "Līga Kalna", topics=("contracts",))
    words = [route.typed.words[language] for route in ROUTES if route.typed is not None]
    for number, word in enumerate(words, 1):
        await dace.says(word)
        await house.teams.until(lambda number=number: len(dace.messages) >= number)  # type: ignore[misc] # bound now
    pressed = 0
    for message in list(dace.messages):
        for action in actions(message.card):
            if action["title"] in buttons(message.card):
                await dace.executes(message, action["verb"], action["data"])
                pressed += 1
    assert pressed > 20
    logged = "".join(capfd.readouterr())
    assert [line for line in logged.splitlines() if "_failed" in line or "unshowable" in line] == []


def rooms(house: TeamsHouse) -> list[TeamsMessage]:
    """What Plecs wrote where two people read it."""
    chats = house.teams.conversations
    return [one for one in house.teams.messages if chats[one.conversation].kind == "groupChat"]
