"""Microsoft's keys: fetched once, kept through trouble, and waited for by nobody for long."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import structlog
from aiohttp import web
from aiohttp.test_utils import TestServer
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from bot.teams.keys import Keys, NoKeysError, UnknownKeyError
from tests.patience import LIMIT

DAY, WEEK = 24 * 3600.0, 7 * 24 * 3600.0
RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048).public_key()


def a_key(name: str) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(RSAAlgorithm.to_jwk(RSA))
    return {**made, "kid": name, "endorsements": ["msteams"]}


@dataclass
class FakeMicrosoft:
    """Where the keys are. It can be told to hang, to fail, and to say anything."""

    keys: list[Any] = field(default_factory=lambda: [a_key("k1")])
    body: bytes | None = None
    fetches: int = 0
    hangs: bool = False
    status: int = 200
    now: float = 1_000.0
    server: TestServer = field(init=False)

    @property
    def url(self) -> str:
        return str(self.server.make_url("/about"))

    async def about(self, request: web.Request) -> web.Response:
        self.fetches += 1
        if self.hangs:
            await asyncio.Event().wait()
        if self.body is not None:
            return web.Response(body=self.body)
        uri = str(self.server.make_url("/keys"))
        return web.json_response({"jwks_uri": uri}, status=self.status)

    async def listed(self, _request: web.Request) -> web.Response:
        return web.json_response({"keys": self.keys})


@pytest.fixture
async def microsoft() -> AsyncIterator[FakeMicrosoft]:
    made, app = FakeMicrosoft(), web.Application(handler_args={"handler_cancellation": True})
    app.add_routes([web.get("/about", made.about), web.get("/keys", made.listed)])
    made.server = TestServer(app)
    await made.server.start_server(shutdown_timeout=0.1)
    yield made
    await made.server.close()


@pytest.fixture
async def keys(microsoft: FakeMicrosoft) -> AsyncIterator[Keys]:
    made = Keys(microsoft.url, fetched_within=1, clock=lambda: microsoft.now)
    yield made
    made.close()


async def found(keys: Keys, name: str = "k1") -> bool:
    return (await keys.get(name)).endorsements == ("msteams",)


async def test_many_who_ask_at_once_wait_for_one_fetch(
    microsoft: FakeMicrosoft, keys: Keys
) -> None:
    assert all(await asyncio.gather(*(found(keys) for _ in range(50))))
    assert microsoft.fetches == 1


async def test_an_address_that_hangs_is_given_up_and_asked_again_each_second(
    microsoft: FakeMicrosoft, keys: Keys
) -> None:
    microsoft.hangs = True
    answers = await asyncio.gather(*(keys.get("k1") for _ in range(50)), return_exceptions=True)
    assert {type(answer) for answer in answers} == {NoKeysError}
    for wait, fetches in ((0.9, 1), (0.1, 2), (0.9, 2), (0.1, 3), (0.9, 3), (0.1, 4)):
        microsoft.now += wait
        with pytest.raises(NoKeysError):
            await keys.get("k1")
        assert microsoft.fetches == fetches
    microsoft.hangs = False
    microsoft.now += 1
    assert await found(keys), "and needs no restart"


async def test_where_old_keys_serve_it_is_asked_again_less_and_less(
    microsoft: FakeMicrosoft, keys: Keys
) -> None:
    assert await found(keys)
    microsoft.status = 500
    microsoft.now += DAY
    with structlog.testing.capture_logs() as told:
        for failures in range(1, 9):
            assert await found(keys)
            async with asyncio.timeout(LIMIT):
                while len(told) < failures:  # noqa: ASYNC110 - nobody waits for the fetch
                    await asyncio.sleep(0.01)
            microsoft.now += told[-1]["seconds"]
    assert [one["seconds"] for one in told] == [1, 2, 4, 8, 16, 32, 60, 60]


async def test_old_keys_serve_while_new_ones_are_fetched_or_can_not_be(
    microsoft: FakeMicrosoft, keys: Keys
) -> None:
    assert await found(keys)
    microsoft.hangs = True
    microsoft.now += DAY
    asked = asyncio.create_task(found(keys))
    await asyncio.sleep(0)
    assert asked.done(), "nobody waits for the fetch"
    microsoft.now += WEEK - DAY - 1
    assert await found(keys)
    microsoft.now += 1
    with pytest.raises(NoKeysError):
        await keys.get("k1")


async def test_who_gives_up_waiting_does_not_end_the_fetch(
    microsoft: FakeMicrosoft, keys: Keys
) -> None:
    first = asyncio.create_task(keys.get("k1"))
    await asyncio.sleep(0)
    second = asyncio.create_task(found(keys))
    await asyncio.sleep(0)
    first.cancel()
    assert await second
    assert microsoft.fetches == 1


async def test_a_key_that_is_new_is_looked_for_and_an_invented_one_not_each_time(
    microsoft: FakeMicrosoft, keys: Keys
) -> None:
    assert await found(keys)
    microsoft.keys.append(a_key("k2"))
    assert await found(keys, "k2")
    microsoft.keys.append(a_key("k3"))
    for name in ("k9", "k8", "k3"):
        with pytest.raises(UnknownKeyError):
            await keys.get(name)
    assert microsoft.fetches == 2
    microsoft.now += 600
    assert await found(keys, "k3")
    assert microsoft.fetches == 3


@pytest.mark.parametrize("trouble", ["hangs", "fails"])
async def test_a_key_that_is_new_while_the_address_gives_none_opens_as_soon_as_it_does(
    microsoft: FakeMicrosoft, keys: Keys, trouble: str
) -> None:
    """Microsoft changed its keys: until they can be had a token with a new one is brought again
    later, and not refused."""
    assert await found(keys)
    microsoft.keys.append(a_key("k2"))
    microsoft.hangs, microsoft.status = trouble == "hangs", 500 if trouble == "fails" else 200
    for _ in range(2):
        with pytest.raises(NoKeysError):
            await keys.get("k2")
    assert await found(keys), "the others do as they did"
    microsoft.hangs, microsoft.status = False, 200
    microsoft.now += 1
    assert await found(keys, "k2")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b"null",
        b'{"jwks_uri": 5}',
        b'{"jwks_uri": "http://["}',
        b"\xff" * 9,
        b"[" * 100_000,
    ],
)
async def test_nonsense_is_no_keys(microsoft: FakeMicrosoft, keys: Keys, body: bytes) -> None:
    microsoft.body = body
    with pytest.raises(NoKeysError):
        await keys.get("k1")


async def test_an_answer_in_many_pieces_is_read_to_its_end_and_no_endless_one(
    microsoft: FakeMicrosoft,
) -> None:
    """Microsoft's has more than what fits into the first packets of a connection."""
    keys = Keys(microsoft.url, fetched_within=LIMIT, clock=lambda: microsoft.now)
    about = json.dumps({"jwks_uri": str(microsoft.server.make_url("/keys"))}).encode()
    microsoft.body = b" " * 900_000 + about
    assert await found(keys)
    microsoft.body = b" " * 1_100_000 + about
    microsoft.now += WEEK
    with pytest.raises(NoKeysError):
        await keys.get("k1")
    keys.close()


async def test_one_odd_key_leaves_the_others(microsoft: FakeMicrosoft, keys: Keys) -> None:
    odd = [None, 5, {}, {"kid": "x"}, {"kid": "y", "kty": "EC"}, {**a_key("z"), "n": "!"}]
    microsoft.keys[:0] = odd
    assert await found(keys)
    microsoft.keys[:] = odd
    microsoft.now += WEEK
    with pytest.raises(NoKeysError):
        await keys.get("k1")
