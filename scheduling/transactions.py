"""The database as scheduling sees it: a door that runs functions in transactions."""

from collections.abc import Callable
from typing import Protocol, TypeVar

from handlers.kit.ports import Claims, Digests, KnownAddresses, Lanes, People

T = TypeVar("T")


class SenderWork(Protocol):
    """What the sender needs of a transaction."""

    @property
    def claims(self) -> Claims: ...

    @property
    def lanes(self) -> Lanes: ...

    @property
    def digests(self) -> Digests: ...

    @property
    def addresses(self) -> KnownAddresses: ...

    @property
    def people(self) -> People: ...


WorkT = TypeVar("WorkT", bound=SenderWork)
WorkT_co = TypeVar("WorkT_co", bound=SenderWork, covariant=True)


class Transactions(Protocol[WorkT_co]):
    """Runs a function in a transaction, off the event loop."""

    async def run(self, fn: Callable[[WorkT_co], T]) -> T:
        """Runs `fn` and answers when what it wrote is committed; keeps nothing if it raises."""
        ...

    async def read(self, fn: Callable[[WorkT_co], T]) -> T:
        """Runs `fn`, which must not write, beside the writers."""
        ...
