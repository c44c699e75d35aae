"""A door to the outside, as the wiring sees it: Slack's, Teams', or the local workspace's."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from aiohttp import web

from bot.desk import Desk
from handlers.kit.delivery import Platform
from handlers.kit.ports import Statuses
from scheduling.clock import Clock

Job = Callable[[], Awaitable[None]]


class Woken(Protocol):
    """Something that waits for a time, and can be told that it may have come."""

    def wake(self, *due: datetime) -> None: ...


class Front(Protocol):
    """One door. `open` comes once the engine is there, `start` once the server listens."""

    @property
    def platforms(self) -> Mapping[str, Platform]: ...

    @property
    def statuses(self) -> Mapping[str, Statuses]:
        """The platforms, by name, on which people's status can be set."""
        ...

    @property
    def clock(self) -> Clock: ...

    @property
    def greeting(self) -> Sequence[str]:
        """What to tell whoever started Plecs, a line each."""
        ...

    def open(self, desk: Desk, *woken: Woken) -> None: ...

    def routes(self) -> Sequence[web.RouteDef]: ...

    def jobs(self) -> Sequence[tuple[float, Job]]:
        """What is to be done every so many seconds."""
        ...

    async def start(self) -> None: ...

    async def closing(self, _app: web.Application) -> None:
        """The server takes no new requests: open pages are let go."""

    async def stop(self) -> None:
        """Every request has been answered."""
        ...
