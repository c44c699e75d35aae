"""The database as scheduling sees it: a door that runs functions in transactions."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol, TypeVar

from handlers.kit.ports import Claims, Digests, KnownAddresses, Lanes, People

T = TypeVar("T")


class Instants(Protocol):
    """Every instant that is kept."""

    def latest(self) -> datetime | None:
        """When, by the clock of whoever wrote it, the last thing happened that is kept."""
        ...

    def put_right(self, wrong: datetime, now: datetime) -> int:
        """The clock that said `wrong` says `now` instead: moves what was kept by it, once for all
        replicas that ask. Answers how many rows it moved."""
        ...


class SenderWork(Protocol):
    """What the sender and the clock need of a transaction."""

    @property
    def instants(self) -> Instants: ...

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
