"""The people that the benchmark's hands go up among: 2,000 in a workspace, ten anchors a topic.

Plecs is installed in each workspace, with a token of its own, and Slack has told of everybody.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial

from handlers.common.topics import topics_of
from handlers.kit.hours import parse_hours
from handlers.kit.people import Address, Profile, Role
from storage.database import Database
from storage.migrate import migrate
from storage.sealed import Seal
from storage.slack import SlackInstallation, Token
from storage.work import SqlWork
from tests.bench.load import SECRET, token_of

PEOPLE = 2000
ANCHORS = 10
_HOURS = parse_hours("Mon-Sun 00:00-24:00")


@dataclass(frozen=True, slots=True)
class Company:
    """One workspace. `agents` are the Slack ids of those who are nobody's anchor."""

    team: str
    agents: tuple[str, ...]


def found(url: str, *sizes: int, anchors: int = ANCHORS) -> tuple[Company, ...]:
    """One workspace for each of the sizes in an empty database, with so many anchors a topic."""
    migrate(url)
    database = Database(url, Seal(SECRET))
    try:
        return tuple(
            database.run_now(partial(_hire, number=number, size=size, anchors=anchors))
            for number, size in enumerate(sizes)
        )
    finally:
        database.close()


def _hire(work: SqlWork, number: int, size: int, anchors: int) -> Company:
    team, now = f"T{number:06}", datetime.now(UTC)
    work.slack.put(SlackInstallation(team, team, "", now), Token(token_of(team)))
    topics = [topic.id for topic in topics_of(work.settings, f"slack-{team}")]
    anchored = iter([topic for topic in topics for _ in range(anchors)])
    users = list(_users(team, size))
    agents = []
    for position, user in enumerate(users):
        topic = next(anchored, None)
        roles = {Role.SUPERVISOR} if topic is None and position % 30 == 0 else set()
        locale = "lv" if position % 3 else "en"
        profile = Profile(Address("slack", team, user), f"Person {position}", locale, "Europe/Riga")
        person = work.people.add(f"slack-{team}", profile, frozenset(roles))
        work.people.save(
            replace(person, hours=_HOURS, topics=(topic,) if topic is not None else ())
        )
        work.addresses.is_news(profile.address, now)
        if topic is None:
            agents.append(user)
    return Company(team, tuple(agents))


def _users(team: str, size: int) -> Iterator[str]:
    return (f"U{team[-3:]}{position:06}" for position in range(size))
