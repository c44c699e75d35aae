"""A supervision group as people in Slack meet it: forms in windows, people and dates picked."""

import shutil
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from handlers.kit.people import Role
from tests.e2e.slack_house import SlackHouse, house_in_slack, shown
from tests.fakes.slack import SlackUser, buttons, words


@pytest.fixture
async def house(empty_sqlite: Path, tmp_path: Path) -> AsyncIterator[SlackHouse]:
    shutil.copy(empty_sqlite, tmp_path / "plecs.db")
    async with house_in_slack(f"sqlite:///{tmp_path / 'plecs.db'}") as house:
        yield house


async def test_a_group_is_made_planned_and_lived(house: SlackHouse) -> None:
    dace = await house.person("U9", "Dace Kalna", Role.COORDINATOR)
    names = ("Anna Liepa", "Jānis <Ozols>", "Līga Bērza", "Oto Rags")
    members = [
        await house.person(f"U{number}", name, locale="lv" if number == 2 else "en")
        for number, name in enumerate(names, 1)
    ]
    await dace.types("/supervision")
    await dace.presses("New group")
    await house.slack.until(lambda: dace.window)
    assert await dace.submits(name="") == {"name": "Please fill this in."}
    await dace.submits(name="<Evening> & shift", place="https://meet.example/a?b=1&c=2")
    assert "0 of 8" in window(dace)

    await dace.presses_in_window("Invite")
    await house.slack.until(lambda: has_fields(dace))
    await dace.submits(people=["U1", "U2", "U3", "U4"])
    for one, label in zip(members, LABELS, strict=True):
        await house.sees(one, f"[{label}]")
        await one.presses(label)

    await dace.types("/supervision")
    await dace.presses("Open")
    await house.sees(dace, "[Plan a cycle]")
    await dace.presses("Plan a cycle")
    await house.slack.until(lambda: has_fields(dace))
    first = (house.clock() + timedelta(days=9)).date()
    await dace.submits(first=f"{first}", wall="16:00")
    assert "these dates?" in window(dace)
    await dace.presses_in_window("Plan these dates")
    anna = members[0]
    await house.slack.until(lambda: any("[I agree]" in one for one in shown(anna)))
    await anna.presses("I agree")
    await anna.types("/supervision")
    await house.sees(anna, "[In my calendar]")
    await anna.presses("In my calendar")
    await house.sees(anna, "Calendars can't reach Plecs here yet")

    await house.later(days=3)
    for one, label in zip(
        members, ("I'll be there", "Būšu", "I'll be late", "I can't"), strict=True
    ):
        await house.slack.until(lambda one=one, label=label: sees_button(one, label))  # type: ignore[misc] # bound now
        await one.presses(label)
    await house.slack.until(lambda: "Shall it move?" in "".join(shown(anna)))
    await anna.presses("Something I'd like to bring")
    await house.slack.until(lambda: has_fields(anna))
    await anna.submits(words="Mr Smith, +371 26123456, shouted")
    assert "+371 26123456" in window(anna)
    await anna.submits()
    assert "It waits for the session" in window(anna)


LABELS = ("I'd like to join", "Labprāt piedalos", "I'd like to join", "I'd like to join")


def sees_button(who: SlackUser, label: str) -> bool:
    return any(label in buttons(message.blocks) for message in who.messages)


def has_fields(who: SlackUser) -> bool:
    return any(block["type"] == "input" for block in (who.window or {}).get("blocks", ()))


def window(who: SlackUser) -> str:
    """What stands in the person's window."""
    assert who.window is not None
    return words(who.window["blocks"])
