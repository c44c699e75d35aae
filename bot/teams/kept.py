"""What Teams needs kept: how each person is reached, and who there is to choose from."""

from collections.abc import Callable, Sequence
from datetime import datetime

from handlers.kit.people import Address, Person
from handlers.kit.told import happened
from storage.database import Database
from storage.teams import PLATFORM, Reference
from storage.work import SqlWork

_TEAM_AT_MOST = 101
"""One more than a list holds: a larger team is searched instead."""


class TeamsStore:
    """`send.References` and `listen.References` over the database."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    async def get(self, address: Address) -> Reference | None:
        return await self._database.read(lambda work: work.teams.reference(address))

    async def put(self, address: Address, reference: Reference, at: datetime | None = None) -> None:
        """Keeps it, unless it is kept already or something newer than `at` is known, or Plecs is
        not for whose it is."""
        if await self.get(address) == reference:
            return
        when = self._when(at)

        def put(work: SqlWork) -> None:
            person = work.people.at(address)
            if person is None or person.belongs:
                work.teams.put(address, reference, when)

        await self._database.run(put)

    async def gone(self, address: Address, at: datetime | None = None) -> None:
        when = self._when(at)
        await self._database.run(lambda work: work.teams.gone(address, when))

    def _when(self, at: datetime | None) -> datetime:
        now = self._clock()
        return now if at is None else happened(at, now)

    async def chat(self, of: Sequence[Address]) -> str | None:
        """The chat that Plecs opened for these, whichever replica did."""
        return await self._database.read(lambda work: work.teams.chat(*_whose(of)))

    async def opened(self, of: Sequence[Address], chat: str) -> str:
        """Keeps that it was opened, and answers which one is theirs."""
        day = self._clock().replace(hour=0, minute=0, second=0, microsecond=0)
        return await self._database.run(lambda work: work.teams.opened(*_whose(of), chat, day))

    async def closed(self, of: Sequence[Address]) -> None:
        """The chat is gone."""
        await self._database.run(lambda work: work.teams.closed(*_whose(of)))

    async def team(self, address: Address) -> Sequence[tuple[str, str]]:
        """Whom the person may choose from, as user id and name; none when they are many."""
        return [(user, person.name) for user, person in await self.colleagues(address)]

    async def colleagues(self, address: Address) -> Sequence[tuple[str, Person]]:
        """The same as user id and person."""

        def read(work: SqlWork) -> list[tuple[str, Person]]:
            me = work.people.at(address)
            if me is None:
                return []
            found, total = work.people.search(me.workspace, "", 0, _TEAM_AT_MOST)
            if total >= _TEAM_AT_MOST:
                return []
            return [
                (there.user, person)
                for person in found
                for there in person.addresses
                if there.platform == PLATFORM and there.workspace == address.workspace
            ]

        return await self._database.read(read)


def _whose(addresses: Sequence[Address]) -> tuple[str, list[str]]:
    return addresses[0].workspace, [one.user for one in addresses]
