"""Sends the shots at whole houses of ours, over HTTP, and counts what came of them."""

import asyncio
import json
import logging
import shutil
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterator, Mapping
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from time import monotonic
from typing import Any
from urllib.parse import urlencode

import aiohttp
from aiohttp.test_utils import TestServer
from pydantic import SecretStr
from structlog.testing import capture_logs
from yarl import URL

from bot.contacts import Contacts
from bot.learning_posts import LearningPosts
from bot.server import application
from handlers.calls.model import Calls
from handlers.escalation.coverage import WEEK
from tests import webhooks
from tests.bot.teams.test_tab import signed_in
from tests.e2e.served import Served
from tests.e2e.slack_house import house_in_slack
from tests.e2e.teams_house import house_in_teams
from tests.fakes.slack import (
    BOT_TOKEN,
    CLIENT_ID,
    CLIENT_SECRET,
    SIGNING_SECRET,
    fake_slack,
    signed,
)
from tests.fuzz import shots
from tests.fuzz.shots import Shot
from tests.webhooks import SECRET
from tests.world import open_world


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """What came of one shot: the status, whether a retry is asked for, what was answered to what,
    after how many seconds; and what kind of request it was, where that is told."""

    status: int
    wants_another: bool
    said: str
    seconds: float
    kind: str = ""


Send = Callable[[Random], Awaitable[HttpAnswer]]
"""Sends one shot."""

_AT_ONCE = 8
SLACK_WAITS = 3.0
"""Seconds: until then Slack wants to know that what it posted has come."""
_EXAMPLES = 20

_SHARES = {
    "every address, not signed": 0.15,
    "Slack, not signed": 0.2,
    "Slack, signed": 0.06,
    "Teams, not signed": 0.15,
    "Teams, signed": 0.05,
    "Teams' page, signed in": 0.02,
    "telephone systems, not signed": 0.04,
    "telephone systems, signed": 0.04,
    "telephone systems, at their own address": 0.04,
    "e-learning systems, signed": 0.02,
    "calendars, files, pictures: guessed": 0.08,
    "the local page, from elsewhere": 0.1,
    "the local page": 0.05,
}
"""Of all requests; what is refused costs little, so there is more of it."""


@dataclass(slots=True)
class FuzzKind:
    """How requests of one kind were answered, and how many of them within `SLACK_WAITS`."""

    statuses: Counter[int] = field(default_factory=Counter)
    in_time: int = 0

    def __str__(self) -> str:
        waits = f"{SLACK_WAITS:.0f} s"
        return (
            f"{self.statuses.total():7} sent; acknowledged within Slack's {waits} {self.in_time} "
            f"({_listed(self.statuses)})"
        )


@dataclass(slots=True)
class FuzzTally:
    """What came of the requests to one door. `again`: refused with the wish to try later; `kinds`:
    the same by what they were, where a door tells them apart."""

    name: str
    is_refused: bool
    sent: int = 0
    accepted_wrongly: int = 0
    again: int = 0
    failed: int = 0
    tracebacks: int = 0
    is_changed: bool = False
    statuses: Counter[int] = field(default_factory=Counter)
    kinds: dict[str, FuzzKind] = field(default_factory=dict)
    examples: list[str] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        wrong = self.accepted_wrongly or self.failed or self.tracebacks
        return not wrong and not (self.is_refused and self.is_changed)

    def __str__(self) -> str:
        whole = (
            f"{self.name:36} {self.sent:7} sent; accepted wrongly {self.accepted_wrongly}, "
            f"tracebacks {self.tracebacks}, 5xx {self.failed}, try again {self.again}, database "
            f"{'changed' if self.is_changed else 'unchanged'} ({_listed(self.statuses)})"
        )
        kinds = (f"    {name:32} {kind}" for name, kind in sorted(self.kinds.items()))
        return "\n".join((whole, *kinds))

    def count(self, answer: HttpAnswer) -> None:
        """Counts what came of one request."""
        self.sent += 1
        self.statuses[answer.status] += 1
        if answer.kind:
            kind = self.kinds.setdefault(answer.kind, FuzzKind())
            kind.statuses[answer.status] += 1
            kind.in_time += answer.seconds <= SLACK_WAITS
        self.tracebacks += "Traceback" in answer.said
        if answer.status == 503 and answer.wants_another:
            self.again += 1
        elif answer.status >= 500:
            self.failed += 1
        elif self.is_refused and answer.status < 400:
            self.accepted_wrongly += 1
            self.examples += [answer.said[:120]] if self.accepted_wrongly <= _EXAMPLES else []


def _listed(statuses: Counter[int]) -> str:
    return " ".join(f"{status}:{count}" for status, count in sorted(statuses.items()))


async def fuzz(
    empty: Path, folder: Path, requests: int, seed: int
) -> tuple[list[FuzzTally], Mapping[str, str]]:
    """Every door's tally, and the addresses that Plecs has, with their methods. `empty`: a database
    with its tables and nothing in it."""
    tallies: list[FuzzTally] = []
    addresses: dict[str, str] = {}
    for house in (_everything, _slack, _teams, _telephones, _local):
        database = folder / f"{house.__name__}.db"
        async with house(empty, database) as (doors, file, there):
            addresses |= {path: method for method, path in there}
            for name, send in doors.items():
                tally = FuzzTally(name, is_refused=name not in WELCOME)
                count = max(1, round(requests * _SHARES[name]))
                await _shoot(tally, send, count, Random(f"{seed} {name}"), file)  # noqa: S311 - no secret
                tallies.append(tally)
    return tallies, addresses


WELCOME = {
    *("Slack, signed", "Teams, signed", "the local page", "telephone systems, signed"),
    *("telephone systems, at their own address", "e-learning systems, signed"),
    "Teams' page, signed in",
}

BEGINS_ANEW = "begins everything anew, and takes nothing"

TAKES: Mapping[str, str] = {
    "/slack/events": "Slack, signed",
    "/teams/messages": "Teams, signed",
    "/teams/tab/ask": "Teams' page, signed in",
    "/teams/tab/in": "Teams' page, signed in",
    "/api/contacts": "telephone systems, signed",
    "/api/cti/{token}": "telephone systems, at their own address",
    "/api/learning": "e-learning systems, signed",
    **dict.fromkeys(("/local/ask", "/local/telephone", "/local/clock"), "the local page"),
    "/local/again": BEGINS_ANEW,
}
"""By which door what is posted to an address gets as far as the handlers; or why there is none."""


async def _shoot(tally: FuzzTally, send: Send, count: int, random: Random, file: Path) -> None:
    before = _dump(file)
    left = iter(range(count))

    async def one_after_the_other() -> None:
        for _ in left:
            tally.count(await send(random))

    with _what_goes_wrong() as wrong:
        await asyncio.gather(*(one_after_the_other() for _ in range(_AT_ONCE)))
    tally.tracebacks += len(wrong)
    tally.examples += wrong[:_EXAMPLES]
    after = _dump(file)
    tally.is_changed = after != before
    if tally.is_refused:
        tally.examples += [one[:200] for one in after if one not in before][:5]


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


_BY_ITSELF = ('INTO "heartbeats"', f"'{WEEK}")
"""What a house writes that nobody asked: when it was last seen to live, and that the coming week
has hours without anybody."""


def _dump(file: Path) -> list[str]:
    """All that is kept, but for what it writes by itself."""
    with closing(sqlite3.connect(file)) as connection:
        lines = connection.iterdump()
        return [one for one in lines if not any(own in one for own in _BY_ITSELF)]


async def _at_rest(file: Path) -> None:
    """Returns when the house does nothing more by itself, as it does when it has begun."""
    before: list[str] = []
    while (now := _dump(file)) != before:
        before = now
        await asyncio.sleep(1.5)


def _over_http(session: aiohttp.ClientSession, base: str, shot: Callable[[Random], Shot]) -> Send:
    async def send(random: Random) -> HttpAnswer:
        one = shot(random)
        return await _sent(session, f"{base}{one.path}", one)

    return send


async def _sent(session: aiohttp.ClientSession, url: str, shot: Shot, kind: str = "") -> HttpAnswer:
    """A body that is not read to its end ends the connection: that, too, is a refusal."""
    begun = monotonic()
    try:
        async with session.request(
            shot.method,
            URL(url, encoded=True),
            data=shot.body or None,
            headers=shot.headers,
            allow_redirects=False,
        ) as answer:
            body = await answer.content.read(10_000)
            said = f"{shot.method} {shot.path}: {body.decode(errors='replace')}"
            wants_another = "Retry-After" in answer.headers
            return HttpAnswer(answer.status, wants_another, said, monotonic() - begun, kind)
    except aiohttp.ClientConnectionError:
        return HttpAnswer(499, False, "", monotonic() - begun, kind)


MethodsAndPaths = Collection[tuple[str, str]]
House = AsyncIterator[tuple[dict[str, Send], Path, MethodsAndPaths]]
"""The doors, the database's file, and each address with its method, as far as it says them."""


@asynccontextmanager
async def _everything(empty: Path, file: Path) -> House:
    """Plecs as it is started for Slack and Teams, with all the addresses it has then."""
    folder = file.with_suffix("")
    folder.mkdir()
    shutil.copy(empty, folder / "plecs.db")
    async with fake_slack() as slack, aiohttp.ClientSession() as session:
        settings: dict[str, Any] = {
            "slack_api_url": slack.api_url,
            "slack_client_id": CLIENT_ID,
            "teams_app_id": _GUID,
            "teams_tenant_id": _GUID,
            "slack_bot_token": SecretStr(BOT_TOKEN),
            "slack_signing_secret": SecretStr(SIGNING_SECRET),
            "slack_client_secret": SecretStr(CLIENT_SECRET),
            "teams_app_password": SecretStr("a password"),
            "metrics_token": SecretStr("a token for the figures"),
            "public_url": "https://plecs.example",
        }
        served = await asyncio.to_thread(lambda: Served(folder, **settings))
        await _at_rest(folder / "plecs.db")
        shot = shots.anywhere([one for one in served.answers_to if one[1] not in _OPEN])
        base = f"http://127.0.0.1:{served.port}"
        try:
            yield (
                {"every address, not signed": _over_http(session, base, shot)},
                folder / "plecs.db",
                served.answers_to,
            )
        finally:
            await asyncio.to_thread(served.stop)


_GUID = "0a1b2c3d-0000-4000-8000-cba987654321"

_OPEN = {
    **dict.fromkeys(("/healthz", "/readyz"), "whoever watches over Plecs asks"),
    "/api/openapi.json": "says what a telephone system may post, and nothing of anybody",
    "/about": "says what Plecs is, to everybody",
    **dict.fromkeys(
        ("/teams/tab", *(f"/teams/tab/{one}" for one in ("tab.js", "tab.css", "look.css"))),
        "an empty page, until it is signed in",
    ),
}
"""What is for everybody, and why."""


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

        async def signed_one(random: Random) -> HttpAnswer:
            what, body = shots.slack_request(random)
            kind = "application/json" if body[:1] == b"{" else "application/x-www-form-urlencoded"
            at = str(int(house.clock().timestamp()))
            headers = {
                "Content-Type": kind,
                "X-Slack-Request-Timestamp": at,
                "X-Slack-Signature": signed(at, body),
            }
            return await _sent(session, url, Shot("POST", path, body, headers), what)

        not_signed = shots.unsigned(path, shots.slack_body)
        await house.settle()
        yield (
            {
                "Slack, not signed": _over_http(session, url.removesuffix(path), not_signed),
                "Slack, signed": signed_one,
            },
            file,
            (),
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

        async def signed_one(random: Random) -> HttpAnswer:
            raw, service = body(random)
            is_text = isinstance(service, str) and service.isascii()
            token = house.teams.token(serviceurl=service) if is_text else house.teams.token()
            headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
            return await _sent(session, url, Shot("POST", path, raw, headers))

        page = await signed_in(house, anna)
        there = f"{url.removesuffix(path)}/teams/tab/ask"

        async def signed_in_one(random: Random) -> HttpAnswer:
            headers = {"Content-Type": "application/json", "Authorization": f"Bearer {page}"}
            shot = Shot("POST", "/teams/tab/ask", shots.tab_asked(random), headers)
            return await _sent(session, there, shot)

        not_signed = shots.unsigned(path, lambda random: body(random)[0])
        await house.settle()
        yield (
            {
                "Teams, not signed": _over_http(session, url.removesuffix(path), not_signed),
                "Teams, signed": signed_one,
                "Teams' page, signed in": signed_in_one,
            },
            file,
            (),
        )


@asynccontextmanager
async def _telephones(empty: Path, file: Path) -> House:
    shutil.copy(empty, file)
    async with open_world(f"sqlite:///{file}") as world:
        anna = await world.person("Anna", extension="214")
        await world.person("Ilze", extension="215")
        engine = world.engine
        secret = await engine.database.run(
            lambda work: work.of(Calls).renew(anna.workspace, world.now)
        )
        contacts = Contacts(
            engine.desk, engine.database, lambda: world.now, (SECRET,), counts=engine.metrics
        )
        learning = LearningPosts(engine.database, engine.services, lambda: world.now, (SECRET,))
        routes = [*contacts.routes(), *learning.routes()]
        app = application(routes, engine.is_ready, engine.figures)
        async with TestServer(app) as server, aiohttp.ClientSession() as session:
            base, path = str(server.make_url("")).rstrip("/"), "/api/contacts"

            def told(random: Random) -> bytes:
                return shots.call_told(random, world.now.isoformat())

            async def signed_one(random: Random) -> HttpAnswer:
                body = told(random)
                headers = webhooks.signed(body)
                if random.random() < 0.2:
                    headers["Content-Type"] = "application/cloudevents+json"
                return await _sent(session, base + path, Shot("POST", path, body, headers))

            async def at_the_address(random: Random) -> HttpAnswer:
                fields = shots.cti_told(random)
                there = f"/api/cti/{secret}"
                raw, kind = json.dumps(fields).encode(), "application/json"
                if random.random() < 0.5:
                    form = {str(name): str(value) for name, value in fields.items()}
                    raw = urlencode(form, errors="replace").encode()
                    kind = "application/x-www-form-urlencoded"
                headers = {"Content-Type": kind}
                return await _sent(session, base + there, Shot("POST", there, raw, headers))

            async def learned(random: Random) -> HttpAnswer:
                body, there = shots.learned(random), "/api/learning"
                shot = Shot("POST", there, body, webhooks.signed(body))
                return await _sent(session, base + there, shot)

            await world.settle()
            yield (
                {
                    "e-learning systems, signed": learned,
                    "telephone systems, not signed": _over_http(
                        session, base, shots.unsigned(path, told)
                    ),
                    "telephone systems, signed": signed_one,
                    "telephone systems, at their own address": at_the_address,
                },
                file,
                [(one.method, one.path) for one in routes],
            )


@asynccontextmanager
async def _local(empty: Path, file: Path) -> House:
    folder = file.with_suffix("")
    folder.mkdir()
    shutil.copy(empty, folder / "plecs.db")
    served = await asyncio.to_thread(Served, folder)
    base = served.address.rstrip("/")
    await _at_rest(folder / "plecs.db")
    try:
        async with aiohttp.ClientSession() as session:
            yield (
                {
                    "calendars, files, pictures: guessed": _over_http(session, base, shots.guessed),
                    "the local page, from elsewhere": _over_http(session, base, shots.foreign),
                    "the local page": _over_http(session, base, shots.asked),
                },
                folder / "plecs.db",
                served.answers_to,
            )
    finally:
        await asyncio.to_thread(served.stop)
