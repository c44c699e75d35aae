"""The network between Plecs and its database, which can be taken away."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field


@dataclass
class Network:
    """While it is not `open`, nothing comes through and nobody is told: connections stay."""

    host: str
    behind: int
    port: int = 0
    open: asyncio.Event = field(default_factory=asyncio.Event)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.host.startswith("/"):
            there = await asyncio.open_unix_connection(f"{self.host}/.s.PGSQL.{self.behind}")
        else:
            there = await asyncio.open_connection(self.host, self.behind)
        with suppress(asyncio.CancelledError):  # the run is over
            await asyncio.gather(self._pass(reader, there[1]), self._pass(there[0], writer))

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while content := await reader.read(65536):
                await self.open.wait()
                writer.write(content)
                await writer.drain()
        writer.close()


@asynccontextmanager
async def network(host: str, port: int) -> AsyncIterator[Network]:
    """Before the server at `host` (or whose socket is in that folder); open at first."""
    made = Network(host, port)
    made.open.set()
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.port = int(server.sockets[0].getsockname()[1])
    try:
        yield made
    finally:
        server.close()
