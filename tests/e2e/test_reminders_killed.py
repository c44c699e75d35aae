"""`plecs run` with a thousand reminders due at once, killed with SIGKILL in the middle of them."""

import asyncio
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from uuid import uuid4

from handlers.kit.people import Address, Profile
from handlers.plans.model import Plans, Reminder, ReminderKind
from scheduling.delivery import AT_ONCE
from storage.database import Database
from storage.migrate import migrate
from storage.work import SqlWork
from tests.chaos.replica import Arrivals
from tests.e2e.test_kill import Plecs
from tests.fakes.slack import FakeSlack, User, fake_slack
from tests.patience import LIMIT

REMINDERS = 1_000
TEAMS = 40
"""Slack lets so many into a workspace at once that a thousand in one would take minutes."""

KILLED_AFTER = (100, 400, 700)
"""Messages after which each kill falls."""


async def test_all_go_on_and_none_is_lost(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'plecs.db'}"
    migrate(url)
    async with fake_slack() as slack:
        slack.calls = arrivals = Arrivals()
        users = prepare(url, slack)
        plecs = Plecs(url, slack, tmp_path)
        try:
            for messages in KILLED_AFTER:
                await plecs.start()
                await until(partial(has_told, arrivals, messages))
                await plecs.kill()
            await plecs.start()
            await until(lambda: len(told(arrivals)) >= REMINDERS)
            await asyncio.sleep(1)  # whatever might still come, comes now
        finally:
            await plecs.kill()
    times = told(arrivals)
    assert set(times) == users
    # What was being sent when it was killed may come again, and nothing else.
    assert times.total() - REMINDERS <= len(KILLED_AFTER) * AT_ONCE
    assert max(times.values()) <= 1 + len(KILLED_AFTER)


def told(arrivals: Arrivals) -> Counter[str]:
    return Counter(call.args["channel"] for _, call in arrivals.messages())


def has_told(arrivals: Arrivals, messages: int) -> bool:
    return told(arrivals).total() >= messages


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(LIMIT):
        while not holds():  # noqa: ASYNC110 - the fake Slack notes calls, and wakes nobody
            await asyncio.sleep(0.02)


def prepare(url: str, slack: FakeSlack) -> set[str]:
    """A thousand people, each with a reminder that is due now."""
    database, now = Database(url), datetime.now(UTC)

    def fill(work: SqlWork) -> None:
        for number in range(REMINDERS):
            address = Address("slack", f"T{number % TEAMS}", f"U{number}")
            workspace = work.workspaces.of(address)
            person = work.people.add(workspace, Profile(address, address.user, "en"), frozenset())
            reminder = Reminder(
                id=uuid4().hex,
                plan="p",
                person=person.id,
                workspace=workspace,
                kind=ReminderKind.RHYTHM,
                minutes=5,
                day=now.date().isoformat(),
                at=now,
                due=now,
                until=now + timedelta(hours=1),
            )
            work.of(Plans).add((reminder,))
            work.outbox.add(workspace, reminder.notice)

    try:
        database.run_now(fill)
    finally:
        database.close()
    users = {f"U{number}" for number in range(REMINDERS)}
    for user in users:
        slack.add(User(user, user))
    return users
