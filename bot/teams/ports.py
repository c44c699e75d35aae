"""What the listener works with, as far as it needs it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from handlers.kit.commands import Command
from handlers.kit.delivery import Reader
from handlers.kit.people import Address, Person
from handlers.router import Answered
from storage.teams import Reference


class TeamsDesk(Protocol):
    """The core, as far as Teams needs it."""

    async def ask(self, command: Command) -> Answered: ...

    def phoned(self, command: Command) -> Sequence[Person] | None: ...

    async def shown(self, by: Address, key: str) -> Answered | None: ...

    async def stood(self, key: str, by: Address, ref: str) -> None: ...

    async def meet(self, address: Address) -> None: ...

    async def reader(self, address: Address) -> Reader: ...

    async def is_first_use(self, platform: str, number: str) -> bool: ...


class TeamsPeople(Protocol):
    """How people are reached, kept; and who there is to choose from."""

    async def put(
        self, address: Address, reference: Reference, at: datetime | None = None
    ) -> None: ...

    async def gone(self, address: Address, at: datetime | None = None) -> None: ...

    async def team(self, address: Address) -> Sequence[tuple[str, str]]: ...
