"""Slack's side of a command: signed requests, and clients that send them over open connections.

The clients speak only as much HTTP as it takes, on ready-made bytes, so that they cost little of
the machine that the server runs on.
"""

import asyncio
import hashlib
import hmac
import time
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import uuid4

CLIENTS = 16
SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
NUMBER = r"nr\d+x"
"""The word in a hand's line by which its messages are found."""

_PATIENCE = 60.0
"""Seconds after which a round is given up."""


@dataclass(frozen=True, slots=True)
class Typed:
    """A slash command that somebody types; `expect` must stand in the answer."""

    team: str
    user: str
    command: str
    text: str
    expect: str


@dataclass(frozen=True, slots=True)
class Round:
    """Requests a second, and each request's seconds in the order of their ends."""

    rate: float
    seconds: tuple[float, ...]


class Connection:
    """One open connection. Raises AssertionError for an answer that is not the expected one."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def open(cls, port: int) -> "Connection":
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    async def ask(self, request: bytes, expect: bytes) -> None:
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        body = await self._reader.readexactly(length)
        assert head.startswith(b"HTTP/1.1 200") and expect in body, (head, body, expect)

    async def close(self) -> None:
        self._writer.close()
        await self._writer.wait_closed()


async def in_turn(port: int, typed: Sequence[Typed]) -> Round:
    """All of it through `CLIENTS` connections, each sending its next as soon as it is answered."""
    work = iter([(signed(one, port), one.expect.encode()) for one in typed])
    connections = [await Connection.open(port) for _ in range(CLIENTS)]
    seconds: list[float] = []

    async def client(connection: Connection) -> None:
        for request, expect in work:
            begun = time.perf_counter()
            await connection.ask(request, expect)
            seconds.append(time.perf_counter() - begun)

    begun = time.perf_counter()
    async with asyncio.timeout(_PATIENCE):
        await asyncio.gather(*map(client, connections))
    took = time.perf_counter() - begun
    for connection in connections:
        await connection.close()
    return Round(len(typed) / took, tuple(seconds))


async def at_a_pace(port: int, typed: Sequence[Typed], per_second: float) -> list[float]:
    """Each at its time, however long others take; answers when each was sent (seconds of the
    machine's monotonic clock)."""
    requests = [(signed(one, port), one.expect.encode()) for one in typed]
    idle = [await Connection.open(port) for _ in range(CLIENTS)]
    begun = time.monotonic() + 0.1
    sent: list[float] = []

    async def one(position: int, request: bytes, expect: bytes) -> None:
        await asyncio.sleep(begun + position / per_second - time.monotonic())
        connection = idle.pop() if idle else await Connection.open(port)
        sent.append(time.monotonic())
        await connection.ask(request, expect)
        idle.append(connection)

    async with asyncio.timeout(_PATIENCE):
        await asyncio.gather(*(one(n, *request) for n, request in enumerate(requests)))
    for connection in idle:
        await connection.close()
    return sent


def signed(typed: Typed, port: int) -> bytes:
    """The command as Slack would post it now."""
    body = urlencode(
        {
            "token": "deprecated",
            "team_id": typed.team,
            "team_domain": "bench",
            "channel_id": "D0BENCH",
            "channel_name": "directmessage",
            "user_id": typed.user,
            "user_name": typed.user.lower(),
            "command": typed.command,
            "text": typed.text,
            "api_app_id": "A0BENCH",
            "is_enterprise_install": "false",
            "response_url": "https://hooks.slack.example/commands/1",
            "trigger_id": uuid4().hex,
        }
    )
    now = str(int(time.time()))
    signature = hmac.new(SECRET.encode(), f"v0:{now}:{body}".encode(), hashlib.sha256).hexdigest()
    head = (
        f"POST /slack/events HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\n"
        f"X-Slack-Request-Timestamp: {now}\r\nX-Slack-Signature: v0={signature}\r\n\r\n"
    )
    return (head + body).encode()
