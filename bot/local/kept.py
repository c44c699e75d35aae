"""What the local workspace keeps in the database: its messages, its clock, and the demo team."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from bot.local.team import PLATFORM, TEAM, seed
from handlers.common.topics import topics_of
from handlers.kit.people import Person
from storage.database import Database
from storage.local import LocalMessage
from storage.work import SqlWork

_CLOCK = "local_clock"


class LocalStore:
    """`send.Messages` and `listen.Surroundings` over the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(self) -> timedelta:
        """Introduces the team at the first start; answers how far the clock was moved before."""

        def first_or_again(work: SqlWork) -> timedelta:
            seed(work)
            kept = work.settings.get(_workspace(work), _CLOCK) or {}
            return timedelta(seconds=float(str(kept.get("ahead", 0))))

        return await self._database.run(first_or_again)

    async def keep_clock(self, offset: timedelta) -> None:
        ahead: dict[str, object] = {"ahead": offset.total_seconds()}
        await self._database.run(lambda work: work.settings.put(_workspace(work), _CLOCK, ahead))

    async def people(self) -> Sequence[Person]:
        """The team, in the order in which it was made up; and nobody whom only a forged form
        named."""
        order = list(TEAM)

        def read(work: SqlWork) -> list[Person]:
            found, _ = work.people.search(_workspace(work), "", 0, 100)
            team = [person for person in found if _user(person) in TEAM]
            return sorted(team, key=lambda person: order.index(_user(person)))

        return await self._database.read(read)

    async def topic_names(self, locale: str) -> Mapping[str, str]:
        return await self._database.read(
            lambda work: {
                topic.id: topic.name(locale) for topic in topics_of(work.settings, _workspace(work))
            }
        )

    async def put(self, message: LocalMessage) -> None:
        await self._database.run(lambda work: work.local_messages.put(message))

    async def get(self, message: str) -> LocalMessage | None:
        return await self._database.read(lambda work: work.local_messages.get(message))

    async def newer(self, version: int, limit: int) -> tuple[LocalMessage, ...]:
        return await self._database.read(lambda work: work.local_messages.newer(version, limit))

    async def newest(self, limit: int) -> tuple[LocalMessage, ...]:
        return await self._database.read(lambda work: work.local_messages.newest(limit))


def _workspace(work: SqlWork) -> str:
    return work.workspaces.of(TEAM["anna"].address)


def _user(person: Person) -> str:
    return next(address.user for address in person.addresses if address.platform == PLATFORM)
