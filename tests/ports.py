"""Ports for what is started, killed and started again."""

import asyncio
import random
import socket

from tests.patience import LIMIT

_FIRST, _LAST = 20_000, 32_000
"""Below what systems hand out by themselves (Linux from 32768): so one stays free while whoever
had it is down."""


def free_port() -> int:
    """A port of this machine at which nobody listens."""
    while True:
        port = random.randint(_FIRST, _LAST)  # noqa: S311 - no secret
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


async def listening(port: int, process: asyncio.subprocess.Process) -> None:
    """Comes back when the process listens on the port."""
    async with asyncio.timeout(LIMIT):
        while True:
            assert process.returncode is None, "a server ended before it listened"
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)
                continue
            writer.close()
            return
