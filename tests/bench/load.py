"""Slack's side of a command: signed requests, and clients that send them over open connections.

The clients speak only as much HTTP as it takes, on ready-made bytes, so that they cost little of
the machine that the server runs on.
"""

import asyncio
import hashlib
import hmac
import json
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

from tests.patience import LIMIT

CLIENTS = 16
SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
NUMBER = r"nr\d+x"
"""The word in a hand's line by which its messages are found."""


@dataclass(frozen=True, slots=True)
class TypedCommand:
    """A slash command that somebody types; `expect` must stand in the answer. What is said later
    goes to `response_url`."""

    team: str
    user: str
    command: str
    text: str
    expect: str
    response_url: str = "https://hooks.slack.example/commands/1"

    def fields(self) -> dict[str, str]:
        return {
            "token": "deprecated",
            "team_id": self.team,
            "team_domain": "bench",
            "channel_id": "D0BENCH",
            "channel_name": "directmessage",
            "user_id": self.user,
            "user_name": self.user.lower(),
            "command": self.command,
            "text": self.text,
            "api_app_id": "A0BENCH",
            "is_enterprise_install": "false",
            "response_url": self.response_url,
            "trigger_id": uuid4().hex,
        }


@dataclass(frozen=True, slots=True)
class PressedButton:
    """A button under a private reply that somebody presses; it is answered at `response_url`."""

    team: str
    user: str
    route: str
    response_url: str
    expect: str = ""

    def fields(self) -> dict[str, str]:
        payload = {
            "type": "block_actions",
            "user": {"id": self.user, "team_id": self.team},
            "team": {"id": self.team},
            "trigger_id": uuid4().hex,
            "response_url": self.response_url,
            "container": {"type": "message", "is_ephemeral": True},
            "actions": [{"type": "button", "action_id": f"{self.route}#0", "value": "{}"}],
        }
        return {"payload": json.dumps(payload)}


@dataclass(frozen=True, slots=True)
class BenchServer:
    """Where a server listens, and its process."""

    port: int
    process: int

    def processor(self) -> float:
        """Seconds of processor time it has used (fields 14 and 15 of Linux's proc(5))."""
        fields = Path(f"/proc/{self.process}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class LoadRound:
    """How long a round took, the server's processor time in it and the clients' own (all in
    seconds), each request's seconds, and the answers, in the order they came."""

    took: float
    processor: float
    clients: float
    seconds: tuple[float, ...]
    answers: tuple[bytes, ...]

    @property
    def rate(self) -> float:
        """Requests a second."""
        return len(self.seconds) / self.took

    def __add__(self, other: "LoadRound") -> "LoadRound":
        return LoadRound(
            self.took + other.took,
            self.processor + other.processor,
            self.clients + other.clients,
            self.seconds + other.seconds,
            self.answers + other.answers,
        )


class LoadConnection:
    """One open connection. Raises AssertionError for an answer that is not the expected one."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def open(cls, port: int) -> "LoadConnection":
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    async def ask(self, request: bytes, expect: bytes) -> bytes:
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        body = await self._reader.readexactly(length)
        assert head.startswith(b"HTTP/1.1 200") and expect in body, (head, body, expect)
        return body

    async def close(self) -> None:
        self._writer.close()
        await self._writer.wait_closed()


def token_of(team: str) -> str:
    """With which Slack's workspace `team` is spoken to."""
    return f"xoxb-{team}"


async def in_turn(server: BenchServer, asked: Sequence[TypedCommand | PressedButton]) -> LoadRound:
    """All of it through `CLIENTS` connections, each sending its next as soon as it is answered."""
    work = iter([(signed(one, server.port), one.expect.encode()) for one in asked])
    connections = [await LoadConnection.open(server.port) for _ in range(CLIENTS)]
    seconds: list[float] = []
    answers: list[bytes] = []

    async def client(connection: LoadConnection) -> None:
        for request, expect in work:
            begun = time.perf_counter()
            answers.append(await connection.ask(request, expect))
            seconds.append(time.perf_counter() - begun)

    begun, used, own = time.perf_counter(), server.processor(), time.process_time()
    async with asyncio.timeout(LIMIT):
        await asyncio.gather(*map(client, connections))
    took, used = time.perf_counter() - begun, server.processor() - used
    own = time.process_time() - own
    for connection in connections:
        await connection.close()
    return LoadRound(took, used, own, tuple(seconds), tuple(answers))


async def at_a_pace(port: int, typed: Sequence[TypedCommand], per_second: float) -> list[float]:
    """Each at its time, however long others take; answers when each was sent (seconds of the
    machine's monotonic clock)."""
    requests = [(signed(one, port), one.expect.encode()) for one in typed]
    idle = [await LoadConnection.open(port) for _ in range(CLIENTS)]
    begun = time.monotonic() + 0.1
    sent: list[float] = []

    async def one(position: int, request: bytes, expect: bytes) -> None:
        await asyncio.sleep(begun + position / per_second - time.monotonic())
        connection = idle.pop() if idle else await LoadConnection.open(port)
        sent.append(time.monotonic())
        await connection.ask(request, expect)
        idle.append(connection)

    async with asyncio.timeout(LIMIT):
        await asyncio.gather(*(one(n, *request) for n, request in enumerate(requests)))
    for connection in idle:
        await connection.close()
    return sent


def signed(asked: TypedCommand | PressedButton, port: int) -> bytes:
    """What was typed or pressed, as Slack would post it now."""
    body = urlencode(asked.fields())
    now = str(int(time.time()))
    signature = hmac.new(SECRET.encode(), f"v0:{now}:{body}".encode(), hashlib.sha256).hexdigest()
    head = (
        f"POST /slack/events HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\n"
        f"X-Slack-Request-Timestamp: {now}\r\nX-Slack-Signature: v0={signature}\r\n\r\n"
    )
    return (head + body).encode()
