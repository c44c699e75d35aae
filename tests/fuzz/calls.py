"""What a telephone system, a clumsy one and a burglar post to /api/contacts: 20,000 events, forged,
replayed, repeated, malformed, late and out of order; and who is on the telephone at the end,
compared with a model that knows no database. `make fuzz-calls`."""

import asyncio
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from time import monotonic
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from structlog.testing import capture_logs

from bot.contacts import Contacts
from handlers.availability.engaged import Availability
from storage.migrate import migrate
from tests.webhooks import OTHER, SECRET, signed
from tests.world import World, open_world

LONGEST = timedelta(hours=2)
KINDS = ("started", "answered", "transferred", "ended")
AGENTS = tuple(f"2{number:02}" for number in range(12))
NUMBER = "+37120000001"


@dataclass(frozen=True, slots=True)
class ToldCall:
    """An event as the model knows it."""

    at: datetime
    kind: str
    call: str
    agent: str


def on_telephone(events: Iterable[ToldCall], now: datetime) -> set[str]:
    """Who is on the telephone, by the definition: whoever's last answer or transfer is the last
    event of its call too, and not longer than two hours ago. So the end of one call ends no other.
    Each has an instant of its own, and whether it rings is nothing."""
    of_agent: dict[str, ToldCall] = {}
    of_call: dict[str, ToldCall] = {}
    for one in sorted(events, key=lambda told: told.at):
        if one.kind == "started":
            continue
        of_call[one.call] = one
        if one.agent and one.kind != "ended":
            of_agent[one.agent] = one
    return {
        agent
        for agent, last in of_agent.items()
        if of_call[last.call] is last and now < last.at + LONGEST
    }


@dataclass(slots=True)
class ShotOutcome:
    """What came of it. `wrong`: answered otherwise than it deserved."""

    sent: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    expected: set[str] = field(default_factory=set)
    found: set[str] = field(default_factory=set)

    @property
    def is_good(self) -> bool:
        return not self.wrong and not self.errors and self.expected == self.found

    def __str__(self) -> str:
        sent = ", ".join(f"{name} {count}" for name, count in sorted(self.sent.items()))
        return (
            f"{self.sent.total()} events ({sent}): accepted or refused wrongly {len(self.wrong)}, "
            f"errors {len(self.errors)}; on the telephone {len(self.found)}, by the model "
            f"{len(self.expected)}, {'the same' if self.expected == self.found else 'not the same'}"
        )


def made(random: Random, place: int, start: datetime) -> ToldCall:
    """Something that may happen to one of some calls, at an instant that nothing else has."""
    at = start + timedelta(seconds=random.randrange(3 * 3600), microseconds=place)
    agent = random.choice(AGENTS) if random.random() < 0.9 else ""
    return ToldCall(at, random.choice(KINDS), f"call {random.randrange(40)}", agent)


def body_of(told: ToldCall) -> dict[str, Any]:
    return {
        "type": f"call.{told.kind}",
        "call": told.call,
        "from": NUMBER,
        "agent": told.agent,
        "at": told.at.isoformat(),
    }


def malformed(random: Random, body: dict[str, Any]) -> bytes:
    """The same with something wrong in it."""
    wrong: Mapping[str, Any] = random.choice(
        (
            {"type": "call.sung"},
            {"type": 7},
            {"call": None},
            {"call": ["c"]},
            {"call": "c" * 300},
            {"at": "now"},
            {"at": "2026-13-01T00:00:00Z"},
            {"at": "9999-12-31T23:59:59Z"},
            {"from": {"number": 1}},
            {"agent": 1e400},
            {"history": "none"},
            {"history": [1]},
            {"history_url": "file:///etc/passwd"},
        )
    )
    cut = json.dumps({**body, **wrong})
    return (cut[:-7] if random.random() < 0.2 else cut).encode()


async def shoot(world: World, count: int, seed: int) -> ShotOutcome:
    """Sends so many, one after the other, and looks who is on the telephone then."""
    random, outcome = Random(seed), ShotOutcome()  # noqa: S311 - no secret
    known = {agent: (await world.person(agent, extension=agent)).id for agent in AGENTS}
    engine = world.engine
    contacts = Contacts(
        engine.desk, engine.database, lambda: world.now, (SECRET,), counts=engine.metrics
    )
    app = web.Application()
    app.add_routes(contacts.routes())
    kept: list[ToldCall] = []
    sent: list[tuple[bytes, dict[str, str]]] = []
    start = world.now - timedelta(hours=3)
    with capture_logs() as logged:
        async with TestClient(TestServer(app)) as client:
            for place in range(count):
                told = made(random, place, start)
                body, delivery = json.dumps(body_of(told)).encode(), f"m{place}"
                what = random.choices(
                    ("good", "repeated", "replayed", "forged", "malformed"), (60, 10, 5, 15, 10)
                )[0]
                if what in ("repeated", "replayed") and not sent:
                    what = "good"
                if what == "good":
                    given = signed(body, delivery=delivery)
                    kept.append(told)
                    sent.append((body, given))
                    right = {202}
                elif what == "repeated":
                    body, given = random.choice(sent[-50:])
                    right = {202}
                elif what == "replayed":
                    body, before = random.choice(sent)
                    given = signed(body, delivery=before["webhook-id"], ago=timedelta(seconds=600))
                    right = {401, 429}
                elif what == "forged":
                    given = _forged(random, body, delivery)
                    right = {401, 429}
                else:
                    body = malformed(random, body_of(told))
                    given, right = signed(body, delivery=delivery), {400}
                async with client.post("/api/contacts", data=body, headers=given) as response:
                    text = await response.text()
                    outcome.sent[what] += 1
                    if response.status not in right or "Traceback" in text:
                        outcome.wrong.append(f"{what}: {response.status} {text[:80]}")
    outcome.errors = [str(one) for one in logged if one["log_level"] in ("error", "critical")]
    outcome.expected = on_telephone(kept, world.now)
    found = await engine.database.read(
        lambda work: {
            agent
            for agent, person in known.items()
            if work.of(Availability).on_telephone(person, world.now)
        }
    )
    outcome.found = found
    return outcome


def _forged(random: Random, body: bytes, delivery: str) -> dict[str, str]:
    good = signed(body, delivery=delivery)
    right = good["webhook-signature"]
    return random.choice(
        (
            signed(body, delivery=delivery, secret=OTHER),
            signed(body + b" ", delivery=delivery),
            good | {"webhook-id": f"{delivery}x"},
            good | {"webhook-signature": f"v1,{'B' if right[3] == 'A' else 'A'}{right[4:]}"},
            good | {"webhook-signature": "v1a,AAAA v2,AAAA"},
            good | {"webhook-timestamp": "0"},
            {name: value for name, value in good.items() if name != "webhook-signature"},
        )
    )


async def _main(count: int, seed: int) -> bool:
    begun = monotonic()
    with tempfile.TemporaryDirectory(prefix="plecs-fuzz-") as place:
        url = f"sqlite:///{Path(place) / 'plecs.db'}"
        migrate(url)
        async with open_world(url) as world:
            outcome = await shoot(world, count, seed)
    lines = [str(outcome), *outcome.wrong[:20], *outcome.errors[:20]]
    lines.append(f"{monotonic() - begun:.0f} s, seed {seed}")
    sys.stdout.write("\n".join(lines) + "\n")
    return outcome.is_good


if __name__ == "__main__":
    sys.exit(not asyncio.run(_main(int(sys.argv[1]), int(sys.argv[2]))))
