"""Letting off steam in Slack: mentions, a conversation of the two, and nothing left of it."""

import re
import shutil
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from time import monotonic

import pytest

from tests.chaos.replica import Arrivals
from tests.e2e.slack_house import SlackHouse, shown
from tests.e2e.test_kill import Plecs
from tests.fakes.slack import SlackMessage, User, buttons, fake_slack, words


async def test_a_talk_from_the_mention_to_the_end(
    house: SlackHouse, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    anna = await house.person("U1", "Anna Liepa")
    liga = await house.person("U2", "Līga Kalna")
    await anna.types("/vent @U2 MARKER <shouted> for an hour")
    await house.sees(liga, "[Yes, now] [In 15 minutes] [Not today]")
    assert "MARKER &lt;shouted&gt; for an hour" in shown(liga)[0]
    await liga.presses("Yes, now")
    await house.slack.until(lambda: rooms(house))
    [room] = rooms(house)
    assert room.to == {"U1", "U2"}
    assert buttons(room.blocks) == ["A minute of breathing", "A light frame", "Done"]
    assert "116123" in words(room.blocks)

    await anna.presses("A minute of breathing", room)
    await house.slack.until(lambda: "Breath 1 of 6" in words(room.blocks))
    await house.later(seconds=10)
    await house.slack.until(lambda: "Breath 2 of 6" in words(room.blocks))
    await liga.presses("Done", room)
    await house.slack.until(lambda: "This conversation has ended" in words(room.blocks))
    for who, line in ((anna, "Good that you talked"), (liga, "Thank you for listening")):
        await house.slack.until(lambda who=who, line=line: any(line in s for s in shown(who)))  # type: ignore[misc] # bound now
    await house.settle()
    now = [words(message.blocks) + message.text for message in house.slack.messages]
    assert not any("MARKER" in said for said in now)
    assert not re.search("U1|Anna", words(room.blocks) + room.text)

    [count] = await house.engine.database.run(
        lambda work: work.connection.exec_driver_sql(
            "SELECT count(*) FROM outbox WHERE kind LIKE 'vent.%'"
        ).one()
    )
    assert count == 0
    logged = "".join(capfd.readouterr())
    assert "MARKER" not in logged


async def test_a_conversation_that_slack_refuses_is_as_if_nobody_had_answered(
    house: SlackHouse,
) -> None:
    anna = await house.person("U1", "Anna Liepa")
    liga = await house.person("U2", "Līga Kalna")
    await anna.types("/vent @U2")
    await house.sees(liga, "[Yes, now]")
    house.slack.fail_next("conversations.open", "restricted_action")
    await liga.presses("Yes, now")
    await house.slack.until(lambda: any("It didn't work out" in said for said in shown(anna)))
    assert rooms(house) == []


IN_TIME = 2.0
"""Seconds within which an answer surely tells of what is kept."""


def rooms(house: SlackHouse) -> list[SlackMessage]:
    return [message for message in house.slack.messages if len(message.to) == 2]


async def test_killed_at_each_step_and_all_goes_on(empty_sqlite: Path, tmp_path: Path) -> None:
    """`plecs run`, killed with SIGKILL after the question, in the conversation, and at its end."""
    shutil.copy(empty_sqlite, tmp_path / "plecs.db")
    async with fake_slack() as slack:
        slack.calls = Arrivals()
        anna, liga = slack.add(User("U1", "Anna")), slack.add(User("U2", "Līga"))
        plecs = Plecs(f"sqlite:///{tmp_path / 'plecs.db'}", slack, tmp_path)

        async def killed_after(act: Callable[[], Awaitable[object]]) -> None:
            """Somebody acts, is answered, and it is killed at once. What takes too long is answered
            before it is kept: then they act again."""
            late = True
            while late:
                begun = monotonic()
                with suppress(StopIteration, RuntimeError):  # it was kept, and the button is gone
                    await act()
                late = monotonic() - begun > IN_TIME
            await plecs.kill()
            await plecs.start()

        await plecs.start()
        try:
            await killed_after(lambda: anna.types("/vent @U2 MARKER"))
            await slack.until(lambda: any("Yes, now" in buttons(m.blocks) for m in liga.messages))
            await killed_after(lambda: liga.presses("Yes, now"))
            await slack.until(lambda: [m for m in slack.messages if len(m.to) == 2])
            [room] = [m for m in slack.messages if len(m.to) == 2]
            await killed_after(lambda: anna.presses("Done", room))
            await slack.until(lambda: "This conversation has ended" in words(room.blocks))
            for who, line in ((anna, "Good that you talked"), (liga, "Thank you for listening")):
                await slack.until(lambda who=who, line=line: any(line in s for s in shown(who)))  # type: ignore[misc] # bound now
        finally:
            await plecs.kill()
