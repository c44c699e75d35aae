"""What the local workspace keeps in the database: its messages, its clock, and the demo team."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.local.team import PLATFORM, TEAM, seed
from handlers.common.topics import topics_of
from handlers.kit.people import Person
from handlers.kit.settings import Section, number
from storage.database import Database
from storage.local import LocalMessage
from storage.work import SqlWork
from storage.workspaces import empty


@dataclass(frozen=True, slots=True)
class _Moved:
    """How many seconds the clock was moved ahead. Nobody sets it in a form: it has no title."""

    ahead: int = 0


_CLOCK = Section("local_clock", "", _Moved(), {"ahead": number(0, 10**10)})


class LocalStore:
    """`send.Messages` and `listen.Surroundings` over the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(self, now: datetime) -> timedelta:
        """Introduces the team at the first start; answers how far the clock was moved before."""

        def first_or_again(work: SqlWork) -> timedelta:
            seed(work, now)
            return timedelta(seconds=_CLOCK.of(work.settings, _workspace(work)).ahead)

        return await self._database.run(first_or_again)

    async def begin_again(self, now: datetime) -> None:
        """The demo team as on its first day: whatever it did meanwhile is deleted. Its clock never
        goes back."""

        def anew(work: SqlWork) -> None:
            workspace = _workspace(work)
            clock = _CLOCK.of(work.settings, workspace)
            empty(work.connection, workspace)
            work.local_messages.clear()
            seed(work, now)
            _CLOCK.put(work.settings, workspace, clock)

        await self._database.run(anew)

    async def keep_clock(self, offset: timedelta) -> None:
        moved = _Moved(int(offset.total_seconds()))
        await self._database.run(lambda work: _CLOCK.put(work.settings, _workspace(work), moved))

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
