"""Sends the shots at whole houses of ours, over HTTP, and counts what came of them."""

import asyncio
import json
import logging
import shutil
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import aiohttp
from structlog.testing import capture_logs
from yarl import URL

from tests.e2e.served import Served
from tests.e2e.slack_house import house_in_slack
from tests.e2e.teams_house import house_in_teams
from tests.fakes.slack import signed
from tests.fuzz import shots
from tests.fuzz.shots import Shot

Send = Callable[[Random], Awaitable[tuple[int, bool, str]]]
"""Sends one shot: the status, whether a retry is asked for, and the body."""

_AT_ONCE = 8

_SHARES = {
    "Slack, not signed": 0.25,
    "Slack, signed": 0.08,
    "Teams, not signed": 0.2,
    "Teams, signed": 0.07,
    "calendars, files, pictures: guessed": 0.25,
    "the local page, from elsewhere": 0.1,
    "the local page": 0.05,
}
"""Of all requests; what is refused costs little, so there is more of it."""


@dataclass(slots=True)
class Tally:
    """What came of the requests to one door. `again`: refused with the wish to try later."""

    name: str
    is_refused: bool
    sent: int = 0
    accepted_wrongly: int = 0
    again: int = 0
    failed: int = 0
    tracebacks: int = 0
    is_changed: bool = False
    statuses: Counter[int] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        wrong = self.accepted_wrongly or self.failed or self.tracebacks
        return not wrong and not (self.is_refused and self.is_changed)

    def __str__(self) -> str:
        seen = " ".join(f"{status}:{count}" for status, count in sorted(self.statuses.items()))
        return (
            f"{self.name:36} {self.sent:7} sent; accepted wrongly {self.accepted_wrongly}, "
            f"tracebacks {self.tracebacks}, 5xx {self.failed}, try again {self.again}, database "
            f"{'changed' if self.is_changed else 'unchanged'} ({seen})"
        )


async def fuzz(empty: Path, folder: Path, requests: int, seed: int) -> list[Tally]:
    """Every door's tally. `empty`: a database with its tables and nothing in it."""
    tallies = []
    for house in (_slack, _teams, _local):
        database = folder / f"{house.__name__}.db"
        async with house(empty, database) as (doors, file):
            for name, send in doors.items():
                tally = Tally(name, is_refused=name not in _WELCOME)
                count = max(1, round(requests * _SHARES[name]))
                await _shoot(tally, send, count, Random(f"{seed} {name}"), file)  # noqa: S311 - no secret
                tallies.append(tally)
    return tallies


_WELCOME = {"Slack, signed", "Teams, signed", "the local page"}


async def _shoot(tally: Tally, send: Send, count: int, random: Random, file: Path) -> None:
    before = _dump(file)
    left = iter(range(count))

    async def one_after_the_other() -> None:
        for _ in left:
            status, wants_another, body = await send(random)
            tally.sent += 1
            tally.statuses[status] += 1
            tally.tracebacks += "Traceback" in body
            if status == 503 and wants_another:
                tally.again += 1
            elif status >= 500:
                tally.failed += 1
            elif tally.is_refused and status < 400:
                tally.accepted_wrongly += 1

    with _what_goes_wrong() as wrong:
        await asyncio.gather(*(one_after_the_other() for _ in range(_AT_ONCE)))
    tally.tracebacks += len(wrong)
    tally.examples += wrong[:20]
    tally.is_changed = _dump(file) != before


@contextmanager
def _what_goes_wrong() -> Iterator[list[str]]:
    """What is logged as an error meanwhile: whatever nobody foresaw."""
    wrong: list[str] = []

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            cause = record.exc_info[1] if record.exc_info else None
            wrong.append(f"{record.name}: {record.getMessage()} {cause!r}")

    ear = Ear(logging.ERROR)
    logging.getLogger().addHandler(ear)
    try:
        with capture_logs() as logged:
            yield wrong
        wrong += [str(one) for one in logged if one["log_level"] in ("error", "critical")]
    finally:
        logging.getLogger().removeHandler(ear)


def _dump(file: Path) -> list[str]:
    with closing(sqlite3.connect(file)) as connection:
        return list(connection.iterdump())


def _over_http(session: aiohttp.ClientSession, base: str, shot: Callable[[Random], Shot]) -> Send:
    async def send(random: Random) -> tuple[int, bool, str]:
        one = shot(random)
        return await _sent(session, f"{base}{one.path}", one)

    return send


async def _sent(session: aiohttp.ClientSession, url: str, shot: Shot) -> tuple[int, bool, str]:
    """A body that is not read to its end ends the connection: that, too, is a refusal."""
    try:
        async with session.request(
            shot.method,
            URL(url, encoded=True),
            data=shot.body or None,
            headers=shot.headers,
            allow_redirects=False,
        ) as answer:
            body = await answer.content.read(10_000)
            return answer.status, "Retry-After" in answer.headers, body.decode(errors="replace")
    except aiohttp.ClientConnectionError:
        return 499, False, ""


House = AsyncIterator[tuple[dict[str, Send], Path]]


@asynccontextmanager
async def _slack(empty: Path, file: Path) -> House:
    shutil.copy(empty, file)
    async with house_in_slack(f"sqlite:///{file}") as house:
        for user, name in (("U1", "Anna Liepa"), ("U2", "Jānis Ozols")):
            await house.person(user, name, topics=("contracts",))
        session, url = house.slack.session, house.slack.app_url
        assert session is not None
        assert url is not None
        path = "/slack/events"

        async def signed_one(random: Random) -> tuple[int, bool, str]:
            body = shots.slack_body(random)
            kind = "application/json" if body[:1] == b"{" else "application/x-www-form-urlencoded"
            at = str(int(house.clock().timestamp()))
            headers = {
                "Content-Type": kind,
                "X-Slack-Request-Timestamp": at,
                "X-Slack-Signature": signed(at, body),
            }
            return await _sent(session, url, Shot("POST", path, body, headers))

        not_signed = shots.unsigned(path, shots.slack_body)
        await house.settle()
        yield (
            {
                "Slack, not signed": _over_http(session, url.removesuffix(path), not_signed),
                "Slack, signed": signed_one,
            },
            file,
        )


@asynccontextmanager
async def _teams(empty: Path, file: Path) -> House:
    shutil.copy(empty, file)
    async with house_in_teams(f"sqlite:///{file}") as house:
        anna = await house.person("anna", "Anna Liepa")
        await house.person("janis", "Jānis Ozols", topics=("contracts",))
        session, url, path = house.teams.session, house.teams.app_url, "/teams/messages"
        house.teams.holds_to_pace = False  # whoever asks so fast is answered as fast
        assert session is not None

        def body(random: Random) -> tuple[bytes, Any]:
            activity = shots.teams_change(random, anna.activity("message"))
            return json.dumps(activity).encode(), activity.get("serviceUrl")

        async def signed_one(random: Random) -> tuple[int, bool, str]:
            raw, service = body(random)
            is_text = isinstance(service, str) and service.isascii()
            token = house.teams.token(serviceurl=service) if is_text else house.teams.token()
            headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
            return await _sent(session, url, Shot("POST", path, raw, headers))

        not_signed = shots.unsigned(path, lambda random: body(random)[0])
        await house.settle()
        yield (
            {
                "Teams, not signed": _over_http(session, url.removesuffix(path), not_signed),
                "Teams, signed": signed_one,
            },
            file,
        )


@asynccontextmanager
async def _local(empty: Path, file: Path) -> House:
    folder = file.with_suffix("")
    folder.mkdir()
    shutil.copy(empty, folder / "plecs.db")
    served = await asyncio.to_thread(Served, folder)
    base = served.address.rstrip("/")
    try:
        async with aiohttp.ClientSession() as session:
            yield (
                {
                    "calendars, files, pictures: guessed": _over_http(session, base, shots.guessed),
                    "the local page, from elsewhere": _over_http(session, base, shots.foreign),
                    "the local page": _over_http(session, base, shots.asked),
                },
                folder / "plecs.db",
            )
    finally:
        await asyncio.to_thread(served.stop)
