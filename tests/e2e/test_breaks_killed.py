"""`plecs run`, killed with SIGKILL in the middle of breaks."""

import shutil
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from handlers.breaks.model import Breaks
from handlers.kit.people import Address
from storage.database import Database
from storage.work import SqlWork
from tests.chaos.replica import Arrivals
from tests.e2e.slack_house import shown
from tests.e2e.test_kill import Plecs
from tests.fakes.slack import TEAM, SlackUser, User, fake_slack


async def test_a_break_goes_on_and_its_end_is_told_once(empty_sqlite: Path, tmp_path: Path) -> None:
    """One ends while nothing runs, one after the start, and one over a second kill, after which
    nothing comes again of the first two."""
    shutil.copy(empty_sqlite, tmp_path / "plecs.db")
    url = f"sqlite:///{tmp_path / 'plecs.db'}"
    async with fake_slack() as slack:
        slack.calls = arrivals = Arrivals()
        anna, liga, janis = (slack.add(User(user, user)) for user in ("U1", "U2", "U3"))
        plecs = Plecs(url, slack, tmp_path)
        await plecs.start()
        try:
            await janis.types("/plecs help")
            for who in (anna, liga):
                await who.types("/break 10")
                await slack.until(lambda who=who: "Your break, until" in newest(who))  # type: ignore[misc] # bound now
            await plecs.kill()
            assert told(arrivals) == {}
            end_in(url, anna, timedelta(seconds=-1))
            end_in(url, liga, timedelta(seconds=5))
            await plecs.start()
            for who in (anna, liga):
                await slack.until(lambda who=who: "Your break is over" in newest(who))  # type: ignore[misc] # bound now
                await who.presses("Available")
                # The sent message changes: what was sent is noted by now.
                await slack.until(lambda who=who: "Good to have you back" in newest(who))  # type: ignore[misc] # bound now
            await janis.types("/break 10")
            await slack.until(lambda: "Your break, until" in newest(janis))
            await plecs.kill()
            end_in(url, janis, timedelta(seconds=-1))
            await plecs.start()
            await slack.until(lambda: "Your break is over" in newest(janis))
        finally:
            await plecs.kill()
    assert told(arrivals) == {"U1": 1, "U2": 1, "U3": 1}


def newest(who: SlackUser) -> str:
    return shown(who)[-1]


def told(arrivals: Arrivals) -> Counter[str]:
    """How many messages were sent to each; answers to what they typed are none."""
    return Counter(call.args["channel"] for _, call in arrivals.messages())


def end_in(url: str, who: SlackUser, time: timedelta) -> None:
    """The break that runs ends so much from now: nobody waits ten minutes for a test."""
    database, end = Database(url), datetime.now(UTC) + time

    def move(work: SqlWork) -> None:
        person = work.people.at(Address("slack", TEAM, who.id))
        assert person is not None
        one = work.of(Breaks).live_of(person.id)
        assert one is not None
        assert one.is_on(datetime.now(UTC)), "it is kept as it was when the process died"
        work.of(Breaks).save(replace(one, ends_at=end, step_at=end))

    try:
        database.run_now(move)
    finally:
        database.close()
