"""The database as scheduling sees it: a door that runs functions in transactions."""

from collections.abc import Callable, Hashable
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from handlers.kit.delivery import Claims, ClockStep, Digests, Lanes
from handlers.kit.ports import KnownAddresses, People

T = TypeVar("T")


class Instants(Protocol):
    """Every instant that is kept."""

    def latest(self) -> datetime | None:
        """When, by the clock of whoever wrote it, the last thing happened that is kept."""
        ...

    def step(self) -> ClockStep:
        """The last step of the clock that was agreed on; number 0 where there was none."""
        ...

    def agree(self, known: ClockStep, at: datetime, by: timedelta) -> ClockStep:
        """Has all replicas go over when the time is `at` to one so much later. Where it stands
        otherwise than `known`, because another one was quicker, that is the answer."""
        ...

    def put_right(self, step: ClockStep) -> ClockStep:
        """Moves what is kept with the clock, once for all replicas that ask. Answers how it stands
        then: where the step is not the last one any more, nothing was moved."""
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

    async def run(self, fn: Callable[[WorkT_co], T], whose: Hashable = "") -> T:
        """Runs `fn` and answers when what it wrote is committed; keeps nothing if it raises. It
        waits in a line with what is of the same `whose`, and the lines take turns."""
        ...

    async def read(self, fn: Callable[[WorkT_co], T], whose: Hashable = "") -> T:
        """Runs `fn`, which must not write, beside the writers. It waits in a line as with `run`."""
        ...

    def halted(self) -> AbstractAsyncContextManager[None]:
        """Nothing is written meanwhile but by `run_halted`: whoever wants to waits. What is under
        way ends before, for some seconds at most."""
        ...

    async def run_halted(self, fn: Callable[[WorkT_co], T]) -> T:
        """`run` for whoever has halted the others."""
        ...


class FeatureWork(Protocol):
    """A transaction that gives what a feature keeps."""

    def of(self, kind: type[T]) -> T: ...


FeatureWorkT = TypeVar("FeatureWorkT", bound=FeatureWork)
FeatureWorkT_co = TypeVar("FeatureWorkT_co", bound=FeatureWork, covariant=True)


class FeatureTransactions(Protocol[FeatureWorkT_co]):
    """`Transactions` for whoever needs what a feature keeps, and no more."""

    async def run(self, fn: Callable[[FeatureWorkT_co], T]) -> T: ...

    async def read(self, fn: Callable[[FeatureWorkT_co], T]) -> T: ...
