"""How many connections there are, and for how long one may say nothing.

aiohttp closes a connection that is idle for too long, and has no other bounds. So each of its
connections stands behind one of ours, which counts, and closes those that hold a place for nothing:
first of all those that never asked anything.
"""

import asyncio
import resource
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from typing import cast

import structlog
from aiohttp import web

log = structlog.get_logger()

ASKS_WITHIN = 15.0
"""Seconds from a connection's begin to the end of its first request: platforms, proxies and
browsers connect when they have something to ask."""

IDLE_FOR = 75.0
"""Seconds that a connection may wait for its next request, as proxies let it wait for a minute."""

MOST = 1000
"""Connections at once. Half of what the system allows the process where that is less: the database
and the platforms need some."""

MOST_OF_ONE = 100
"""Connections at once of one address in the public network. Proxies stand in one's own."""


def most_connections() -> int:
    """How many this process may have open."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return MOST if soft == resource.RLIM_INFINITY else min(MOST, soft // 2)


class Site(web.TCPSite):
    """Where the server listens, within bounds."""

    async def start(self) -> None:
        await web.BaseSite.start(self)
        server, loop = self._runner.server, asyncio.get_running_loop()
        assert server is not None, "the runner is set up before"
        self._server = await loop.create_server(
            Connections(server, most_connections()), self._host, self._port, backlog=self._backlog
        )


class Connections:
    """Makes the protocol of each new connection to `server`, and keeps them at `most`."""

    def __init__(
        self,
        server: web.Server,
        most: int,
        *,
        most_of_one: int = MOST_OF_ONE,
        asks_within: float = ASKS_WITHIN,
    ) -> None:
        self._server = server
        self._most = most
        self._most_of_one = most_of_one
        self.asks_within = asks_within
        self._open: set[Connection] = set()
        self._of: Counter[str] = Counter()
        # Those that do nothing now, the oldest first.
        self._silent: dict[Connection, None] = {}
        self._idle: dict[Connection, None] = {}

    def __call__(self) -> "Connection":
        return Connection(self, self._server())

    def begins(self, connection: "Connection") -> bool:
        """Whether there is a place for it; one that does nothing makes place when there is none."""
        peer = connection.peer
        if peer and self._of[peer] >= self._most_of_one:
            return False
        if len(self._open) >= self._most:
            least = next(iter(self._silent or self._idle), None)
            if least is None:
                return False
            self.ends(least)
            least.abort()
        self._open.add(connection)
        self._silent[connection] = None
        if peer:
            self._of[peer] += 1
        return True

    def works(self, connection: "Connection") -> None:
        self._silent.pop(connection, None)
        self._idle.pop(connection, None)

    def rests(self, connection: "Connection") -> None:
        if connection in self._open:
            self._idle[connection] = None

    def ends(self, connection: "Connection") -> None:
        if connection not in self._open:
            return
        self._open.discard(connection)
        self.works(connection)
        if connection.peer:
            self._of[connection.peer] -= 1
            if not self._of[connection.peer]:
                del self._of[connection.peer]


class Connection(asyncio.Protocol):
    """One connection: what comes is aiohttp's, as long as there is a place for it."""

    def __init__(self, all_of_them: Connections, inner: asyncio.Protocol) -> None:
        self._all = all_of_them
        self._inner = inner
        self._has_begun = False
        self.peer = ""
        self._transport: asyncio.Transport | None = None
        self._deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self.peer = _public(transport.get_extra_info("peername"))
        if not self._all.begins(self):
            log.warning("no_place_for_a_connection")
            self.abort()
            return
        self._has_begun = True
        loop = asyncio.get_running_loop()
        self._deadline = loop.call_later(self._all.asks_within, self.abort)
        self._inner.connection_made(transport)

    def data_received(self, data: bytes) -> None:
        if self._has_begun:
            self._inner.data_received(data)

    def eof_received(self) -> bool | None:
        return self._inner.eof_received() if self._has_begun else None

    def pause_writing(self) -> None:
        self._inner.pause_writing()

    def resume_writing(self) -> None:
        self._inner.resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        self._wait_no_more()
        self._all.ends(self)
        if self._has_begun:
            self._inner.connection_lost(exc)

    def abort(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    @contextmanager
    def works(self) -> Iterator[None]:
        """While a request is being answered: it is not in anybody's way."""
        self._wait_no_more()
        self._all.works(self)
        try:
            yield
        finally:
            self._all.rests(self)

    def _wait_no_more(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


def _public(peername: object) -> str:
    """The peer's address if it is one of the public network; empty for a proxy's, say."""
    host = str(peername[0]) if isinstance(peername, tuple) else ""
    try:
        return host if ip_address(host).is_global else ""
    except ValueError:
        return ""
