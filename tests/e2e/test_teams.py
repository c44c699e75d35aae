"""Days told over the real server, botbuilder in front, and a strict Teams behind."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from handlers.kit.people import Role
from tests.e2e.teams_house import House, house_in_teams
from tests.fakes.teams import buttons


@pytest.fixture
async def house(empty_sqlite: Path, tmp_path: Path) -> AsyncIterator[House]:
    file = tmp_path / "teams.db"
    shutil.copy(empty_sqlite, file)
    async with house_in_teams(f"sqlite:///{file}") as opened:
        yield opened


async def test_a_hand_is_raised_climbs_is_taken_and_solved(house: House) -> None:
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
    assert [buttons(one.card) for one in janis.messages] == [[]]
    await house.sees(anna, "[Solved]")
    await anna.presses("Solved")
    await house.settle()
    await house.teams.until(lambda: not any("[Solved]" in one for one in (*anna.sees, *liga.sees)))
    assert any("Take a breath" in one for one in anna.sees)


async def test_a_stranger_in_latvian_with_a_slash(house: House) -> None:
    ilze = house.teams.add("ilze", "Ilze Bērziņa", locale="lv-LV")
    await ilze.says("/roka viņš draud")
    await house.teams.until(lambda: ilze.sees)
    known = await house.known("ilze")
    assert known is not None
    assert (known.name, known.locale, known.zone) == ("Ilze Bērziņa", "lv", "Europe/Riga")
    assert "neviens" in ilze.sees[0].casefold()
