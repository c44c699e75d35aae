"""What a telephone system posts, as a telephone system and as a burglar would."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest
import requests
import schemathesis
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from hypothesis import HealthCheck, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from sqlalchemy import text
from structlog.testing import capture_logs

from bot.contacts import Contacts
from bot.openapi import document
from bot.webhooks import LARGEST
from handlers.availability.engaged import Availability
from handlers.calls.model import Calls
from handlers.kit.people import Role
from tests.webhooks import FORMER, OTHER, SECRET, signed
from tests.world import World

Client = TestClient[Any, Any]


@pytest.fixture
async def http(world: World) -> AsyncIterator[Client]:
    engine = world.engine
    contacts = Contacts(
        engine.desk, engine.database, lambda: world.now, (SECRET, FORMER), counts=engine.metrics
    )
    app = web.Application()
    app.add_routes(contacts.routes())
    async with TestClient(TestServer(app)) as client:
        yield client


def event(world: World, kind: str = "answered", **also: Any) -> dict[str, Any]:
    return {
        "type": f"call.{kind}",
        "call": "c1",
        "from": "+37120000001",
        "agent": "214",
        "at": world.now.isoformat(),
    } | also


async def posted(
    http: Client, told: object, headers: Mapping[str, str] | None = None
) -> tuple[int, Any]:
    body = told if isinstance(told, bytes) else json.dumps(told).encode()
    given = signed(body) if headers is None else dict(headers)
    async with http.post("/api/contacts", data=body, headers=given) as response:
        return response.status, await response.json()


async def is_on_telephone(world: World, name: str) -> bool:
    person, now = await world.known(name), world.now
    return await world.engine.database.read(
        lambda work: work.of(Availability).on_telephone(person.id, now)
    )


async def test_a_signed_event_is_kept_once_it_is_answered(world: World, http: Client) -> None:
    await world.person("Anna", extension="214")
    assert await posted(http, event(world)) == (202, {"result": "kept"})
    assert await is_on_telephone(world, "Anna")
    assert await posted(http, event(world, agent="999", call="c2")) == (202, {"result": "nobodys"})


async def test_a_cloud_event_in_structured_mode_is_the_same(world: World, http: Client) -> None:
    await world.person("Anna", extension="214")
    body = json.dumps(
        {
            "specversion": "1.0",
            "id": "A-1",
            "source": "/telephones",
            "type": "lv.example.call.answered",
            "time": world.now.isoformat(),
            "subject": "c1",
            "data": {"agent": "214", "from": "20000001"},
        }
    ).encode()
    headers = signed(body) | {"Content-Type": "application/cloudevents+json; charset=utf-8"}
    assert await posted(http, body, headers) == (202, {"result": "kept"})
    assert await is_on_telephone(world, "Anna")


async def test_the_same_delivery_has_one_effect(world: World, http: Client) -> None:
    await world.person("Anna", extension="214")
    first, second = (json.dumps(event(world, kind)).encode() for kind in ("answered", "ended"))
    assert (await posted(http, first, signed(first, delivery="m1")))[0] == 202
    told = await posted(http, second, signed(second, delivery="m1"))
    assert told == (202, {"result": "repeated"})
    assert await is_on_telephone(world, "Anna")


@pytest.mark.parametrize(
    "forged",
    [
        lambda body: {"Content-Type": "application/json"},
        lambda body: signed(body, secret=OTHER),
        lambda body: signed(body + b" "),
        lambda body: signed(body, ago=timedelta(seconds=301)),
        lambda body: signed(body, ago=timedelta(seconds=-310)),
        lambda body: signed(body) | {"webhook-id": "another"},
        lambda body: signed(body) | {"webhook-signature": "v1"},
        lambda body: signed(body) | {"webhook-signature": "v1,%%%"},
        lambda body: signed(body) | {"webhook-signature": "v1,ā"},
        lambda body: signed(body) | {"webhook-timestamp": "nan"},
        lambda body: signed(body) | {"webhook-timestamp": "9" * 400},
    ],
)
async def test_what_is_not_signed_by_us_does_nothing(
    world: World, http: Client, forged: Callable[[bytes], dict[str, str]]
) -> None:
    await world.person("Anna", extension="214")
    body = json.dumps(event(world)).encode()
    told = await posted(http, body, forged(body))
    assert told == (401, {"field": "webhook-signature", "reason": "is none of ours"})
    assert not await is_on_telephone(world, "Anna")


async def test_any_of_several_secrets_signs(world: World, http: Client) -> None:
    body = json.dumps(event(world)).encode()
    assert (await posted(http, body, signed(body, secret=FORMER)))[0] == 202


async def test_who_guesses_signatures_is_asked_to_wait_and_the_telephone_system_is_not(
    world: World, http: Client
) -> None:
    body = json.dumps(event(world)).encode()
    statuses = [(await posted(http, body, signed(body, secret=OTHER)))[0] for _ in range(25)]
    assert (statuses[0], statuses[-1]) == (401, 429)
    assert (await posted(http, body))[0] == 202


@pytest.mark.parametrize(
    ("also", "field"),
    [
        ({"type": "call.sung"}, "type"),
        ({"type": None}, "type"),
        ({"call": ""}, "call"),
        ({"call": 7}, "call"),
        ({"call": "c" * 201}, "call"),
        ({"at": "yesterday"}, "at"),
        ({"at": "2026-03-02T08:00:00"}, "at"),
        ({"at": "2026-02-30T08:00:00Z"}, "at"),
        ({"at": "2026-03-02T09:00:00Z"}, "at"),
        ({"at": "2020-03-02T09:00:00Z"}, "at"),
        ({"at": "0001-01-01T00:00:00+14:00"}, "at"),
        ({"agent": ["214"]}, "agent"),
        ({"from": "1" * 41}, "from"),
        ({"history": {}}, "history"),
        ({"history": [{}] * 11}, "history"),
        ({"history": ["x"]}, "history[0]"),
        ({"history": [{"at": "x"}]}, "history[0].at"),
        ({"history_url": "http://crm.example"}, "history_url"),
        ({"history_url": "javascript:alert(1)"}, "history_url"),
    ],
)
async def test_a_wrong_field_is_named_and_not_quoted(
    world: World, http: Client, also: dict[str, Any], field: str
) -> None:
    status, told = await posted(http, event(world, **also))
    assert (status, told["field"]) == (400, field)
    assert "javascript" not in told["reason"]


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b"\xff", b"[" * 60_000, b'{"type":' + b"9" * 5000 + b"}"]
)
async def test_what_is_no_json_object_is_told(http: Client, body: bytes) -> None:
    headers = signed(body if body != b"\xff" else b"") | {"Content-Type": "application/json"}
    status, told = await posted(http, body, headers)
    assert (status, told["field"]) in [(400, "body"), (400, "type"), (401, "webhook-signature")]


async def test_what_is_too_large_is_told(world: World, http: Client) -> None:
    body = json.dumps(event(world, queue="q" * LARGEST)).encode()
    assert (await posted(http, body))[0] == 413


async def test_an_address_or_case_with_the_number_in_it_is_left_out_and_said_to_be(
    world: World, http: Client
) -> None:
    told = event(world, history_url="https://crm.example/?n=%2B371%2020000001", agent="")
    assert await posted(http, told) == (202, {"result": "kept", "left_out": ["history_url"]})
    told = event(world, case="SR-2026/114, tel. 20 000 001", agent="")
    assert await posted(http, told) == (202, {"result": "kept", "left_out": ["case"]})


async def test_the_number_is_in_no_log_and_no_figure(
    world: World, http: Client, caplog: pytest.LogCaptureFixture
) -> None:
    await world.person("Anna", extension="214")
    with capture_logs() as logged:
        for field in ("call", "from", "agent", "queue", "case", "type", "at", "history_url"):
            await posted(http, event(world, **{field: "+37129123456"}))
            await posted(http, {field: "29123456"})
            await posted(http, event(world), {"webhook-id": "+37129123456"})
    told = f"{logged} {caplog.text} {(await world.engine.figures()).decode()}"
    assert "29123456" not in told
    assert 'plecs_call_events_total{result="invalid"}' in told


async def test_the_document_holds_for_whatever_it_allows_and_forbids(
    world: World, http: Client
) -> None:
    """Some of each: what the document allows is taken, and what it forbids is refused by it."""
    await world.person("Anna", extension="214")
    url, now = str(http.make_url("/api/contacts")), world.now.isoformat()
    operation = schemathesis.openapi.from_dict(document())["/api/contacts"]["POST"]
    conforms = [
        not_a_server_error,
        status_code_conformance,
        content_type_conformance,
        response_schema_conformance,
    ]

    def ask(case: Case[Any], *, is_allowed: bool) -> int:
        told: Any = case.body
        if is_allowed:  # any instant may be written, and those far from now are no call's
            told = {**told, **{name: now for name in ("at", "time") if name in told}}
            told.pop("history", None)
            if "data" in told:
                told["data"] = {**told["data"], "at": now, "history": None}
        body = json.dumps(told).encode() if isinstance(told, dict | list) else b""
        headers = signed(body) | {"Content-Type": str(case.media_type)}
        response = requests.post(url, data=body, headers=headers, timeout=30)
        case.validate_response(response, checks=conforms)
        return response.status_code

    usual = settings(
        max_examples=6, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )

    @usual
    @given(case=operation.as_strategy(GenerationMode.POSITIVE))
    def allowed(case: Case[Any]) -> None:
        assert ask(case, is_allowed=True) == 202

    @usual
    @given(case=operation.as_strategy(GenerationMode.NEGATIVE))
    def forbidden(case: Case[Any]) -> None:
        assert ask(case, is_allowed=False) == 400

    await asyncio.to_thread(allowed)
    await asyncio.to_thread(forbidden)


async def test_zammads_format_is_taken_at_the_workspaces_own_address(
    world: World, http: Client
) -> None:
    """As bridges for Asterisk and 3CX post it: a form or JSON, with an extension or a name."""
    anna = await world.person("Anna", extension="214")
    ilze = await world.person("Ilze")
    secret = await world.engine.database.run(
        lambda work: work.of(Calls).renew(anna.workspace, world.now)
    )
    path = f"/api/cti/{secret}"
    call = {"from": "+37120000001", "to": "67000000", "direction": "in", "callId": "z1"}
    for told in ({"event": "newCall"}, {"event": "answer", "answeringNumber": "214"}):
        async with http.post(path, data=call | told) as response:
            assert (response.status, await response.json()) == (200, {})
    assert await is_on_telephone(world, "Anna")
    other = {"event": "answer", "callId": "z2", "direction": "in", "from": "anonymous"}
    async with http.post(path, json=other | {"user": ["Ilze"]}) as response:
        assert response.status == 200
    assert await is_on_telephone(world, "Ilze")
    await world.forward(seconds=1)
    async with http.post(path, data=call | {"event": "hangup", "cause": "normalClearing"}):
        assert not await is_on_telephone(world, "Anna")
    rang = {"event": "hangup", "callId": "z3", "direction": "in", "from": "anonymous"}
    async with http.post(path, json=rang | {"user": ["Ilze"], "to": "Ilze"}) as response:
        assert response.status == 200
    assert await is_on_telephone(world, "Ilze"), "what only rang at her was not her call"
    async with http.post(path, data={"event": "sung"}) as response:
        assert (response.status, (await response.json())["field"]) == (400, "event")
    assert ilze.workspace == anna.workspace


async def test_a_call_that_comes_back_to_who_had_it_before_is_theirs_again(
    world: World, http: Client
) -> None:
    """Zammad's format names no deliveries: what is told once more counts if it tells news."""
    anna = await world.person("Anna", extension="214")
    await world.person("Ilze", extension="215")
    secret = await world.engine.database.run(
        lambda work: work.of(Calls).renew(anna.workspace, world.now)
    )

    async def tells(event: str, agent: str) -> tuple[bool, bool]:
        await world.forward(seconds=1)
        told = {"event": event, "callId": "z1", "direction": "in", "answeringNumber": agent}
        async with http.post(f"/api/cti/{secret}", data=told) as response:
            assert response.status == 200
        return await is_on_telephone(world, "Anna"), await is_on_telephone(world, "Ilze")

    assert await tells("answer", "214") == (True, False)
    assert await tells("answer", "215") == (False, True)
    assert await tells("answer", "214") == (True, False), "it came back"
    assert await tells("answer", "214") == (True, False)
    assert await tells("hangup", "214") == (False, False)
    assert await tells("answer", "214") == (False, False), "repeated after the end"
    assert await tells("answer", "216") == (False, False)


async def test_a_renewed_or_guessed_address_opens_nothing(world: World, http: Client) -> None:
    anna = await world.person("Anna", extension="214")
    renew = lambda work: work.of(Calls).renew(anna.workspace, world.now)  # noqa: E731 - twice
    first = await world.engine.database.run(renew)
    async with http.post(f"/api/cti/{first}", data={"event": "sung"}) as response:
        assert response.status == 400
    await world.engine.database.run(renew)
    for secret in (first, "0" * 64, "x"):
        async with http.post(f"/api/cti/{secret}", data={"event": "newCall"}) as response:
            assert response.status == 404
    kept = await world.engine.database.read(
        lambda work: str(work.connection.execute(text("SELECT * FROM telephone_addresses")).all())
    )
    assert first not in kept
    assert Role.ADMIN not in anna.roles
