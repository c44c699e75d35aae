"""What is said without a name, over signed Slack: from the start page, where a window that was sent
has the page made again, and by somebody whom Plecs has not met since it started."""

import re
import shutil
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest

from handlers.kit.people import Role
from tests.e2e.slack_house import SlackHouse, house_in_slack, shown
from tests.fakes.slack import SlackUser, words
from tests.stories import voice_attack as attack

WORDS = "MARKER the plan comes too late"


@pytest.fixture
async def house(empty_sqlite: Path, tmp_path: Path) -> AsyncIterator[SlackHouse]:
    file = tmp_path / "plecs.db"
    shutil.copy(empty_sqlite, file)
    async with house_in_slack(f"sqlite:///{file}") as opened:
        yield opened


async def test_a_message_without_a_name_gets_its_answer(house: SlackHouse, tmp_path: Path) -> None:
    dace = await house.person("U1", "Dace", Role.COORDINATOR)
    anna, *others = [await house.person(f"U{n}", f"Anna{n} Liepa{n}") for n in range(2, 10)]
    await house.settle()
    before = attack.copied(tmp_path / "plecs.db")
    asked = len(house.slack.calls)

    await anna.types("/voice")
    await anna.presses("Without my name")
    await house.slack.until(lambda: anna.window is not None)
    assert anna.window is not None
    assert "your chat program puts your name into every request" in words(anna.window["blocks"])
    assert await anna.submits(kind="change", words=WORDS) == {}
    code = re.findall(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}", words(anna.window["blocks"]))[-1]

    rows = attack.changed(before, attack.copied(tmp_path / "plecs.db"))
    assert rows.keys() == {"voice_waiting", "voice_sent"}
    assert not re.findall(r"Anna2|\bU2\b", repr(rows))
    assert _of_people(house, asked) == set(), "nobody is asked who she is"

    for _ in range(3):
        await house.later(days=1)
    await house.sees(dace, "1 message without a name waits for an answer")
    await dace.presses("Read", dace.messages[-1])
    await house.slack.until(lambda: "MARKER" in shown(dace)[-1])
    await dace.presses("Open", dace.messages[-1])
    await house.slack.until(lambda: "[Answer]" in shown(dace)[-1])
    await dace.presses("Answer", dace.messages[-1])
    await house.slack.until(lambda: dace.window is not None)
    assert await dace.submits(words="From May on, a week before") == {}
    assert all("From May on" not in text for one in (anna, *others) for text in shown(one))

    await anna.types("/voice")
    await anna.presses("Read an answer")
    await house.slack.until(lambda: "Read an answer" in str(anna.window))
    assert await anna.submits(code=code) == {}
    assert anna.window is not None
    assert "From May on, a week before" in words(anna.window["blocks"])


async def test_a_window_over_the_start_page_has_nothing_made_again(
    house: SlackHouse, tmp_path: Path
) -> None:
    await house.person("U1", "Dace", Role.COORDINATOR)
    anna, *_ = [await house.person(f"U{n}", f"Anna{n} Liepa{n}") for n in range(2, 10)]
    await anna.opens_home()
    await anna.presses_at_home("More…")
    await house.slack.until(lambda: anna.window is not None)
    await house.slack.until(lambda: house.slack.called("dnd.info"))
    await house.settle()
    before, asked = attack.copied(tmp_path / "plecs.db"), len(house.slack.calls)
    for label, shows in (
        ("Say it, ask it", "Say it, ask it, admit it"),
        ("Without my name", "Your own way of writing"),
    ):
        await anna.presses_in_window(label)
        await house.slack.until(partial(_shows, anna, shows))
    assert await anna.submits(kind="lesson", words=WORDS) == {}
    rows = attack.changed(before, attack.copied(tmp_path / "plecs.db"))
    assert rows.keys() == {"voice_waiting", "voice_sent"}
    assert _of_people(house, asked) == set()


def _shows(who: SlackUser, text: str) -> bool:
    return text in str(who.window)


def _of_people(house: SlackHouse, since: int) -> set[str]:
    """What Slack was asked of people, or told to show them, since then."""
    called = {call.method for call in house.slack.calls[since:]}
    return called & {"dnd.info", "users.info", "views.publish", "chat.postMessage"}
