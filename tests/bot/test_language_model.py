"""A model behind any OpenAI-compatible address is asked in its dialect, and its troubles are told
apart."""

import socket
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult
from structlog.testing import capture_logs

from bot.language_model import LARGEST_ANSWERED, ModelClient
from bot.outside import CheckedResolver, model_address
from handlers.kit.language_models import (
    ModelAnswer,
    ModelTrouble,
    Prompt,
    PromptTurn,
    Speaker,
    Unanswered,
)
from tests.fakes.language_model import (
    DIALECTS,
    KEY,
    AnswersRequest,
    FakeModel,
    answering,
    cut,
    fake_model,
    hanging,
    parts,
)

SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "properties": {"parts": {"type": "array", "items": {"type": "string"}}},
    "required": ["parts"],
    "additionalProperties": False,
}
PROMPT = Prompt(
    (
        PromptTurn(Speaker.INSTRUCTIONS, "Answer."),
        PromptTurn(Speaker.ASKING, "Kāpēc „tā”? \u2028 \\n"),
    ),
    SCHEMA,
)


async def ask(fake: FakeModel, key: str = KEY, seconds: float = 10) -> ModelAnswer:
    client = ModelClient(model_address(fake.url), key, "m1", seconds)
    try:
        return await client.answer(PROMPT)
    finally:
        await client.close()


@pytest.mark.parametrize("dialect", DIALECTS)
async def test_each_dialect_is_spoken(dialect: str) -> None:
    async with fake_model(dialect) as fake:
        fake.says = [parts((1, "labi"))]
        assert await ask(fake) == {"parts": [{"source": 1, "text": "labi"}]}
        sent = [(one["role"], one["content"]) for one in fake.bodies[-1]["messages"]]
        assert sent == [("system", "Answer."), ("user", "Kāpēc „tā”? \u2028 \\n")]
        assert len(fake.refused) == (dialect == "newer openai"), "it learns the field's other name"


BUSY = Unanswered(ModelTrouble.BUSY, "429")


@pytest.mark.parametrize(
    ("first", "became"),
    [
        (answering(429), None),
        (answering(429, **{"Retry-After": "0"}), None),
        (answering(429, **{"Retry-After": "40"}), replace(BUSY, after=timedelta(seconds=40))),
        (answering(503), None),
        (answering(500, "Traceback"), None),
        (cut('{"parts": ["Labd'), None),
        ('{"parts": ["Labd', None),
        ("Labdien", None),
        ("[1]", None),
        ("[" * 50_000, None),
        (answering(200, "<html>"), None),
        (
            answering(200, "x" * (LARGEST_ANSWERED + 1)),
            Unanswered(ModelTrouble.GARBLED, "too_large"),
        ),
        (answering(404), Unanswered(ModelTrouble.REFUSED, "404")),
        (
            answering(302, Location="http://169.254.169.254/"),
            Unanswered(ModelTrouble.REFUSED, "302"),
        ),
        (
            answering(400, '{"error": {"code": "content_filter"}}'),
            Unanswered(ModelTrouble.REFUSED, "400 content_filter"),
        ),
        (
            answering(400, '{"error": {"code": "his name is Ozols"}}'),
            Unanswered(ModelTrouble.REFUSED, "400"),
        ),
    ],
    ids=lambda one: None if one is None or callable(one) else str(one)[:20],
)
async def test_what_may_pass_is_tried_once_more_and_what_will_not_is_told(
    first: str | AnswersRequest, became: Unanswered | None
) -> None:
    async with fake_model() as fake:
        fake.says = [first, parts((1, "labi"))]
        found = await ask(fake)
        good = {"parts": [{"source": 1, "text": "labi"}]}
        assert (found, len(fake.bodies)) == ((good, 2) if became is None else (became, 1))


@pytest.mark.parametrize(
    ("always", "trouble"),
    [
        (answering(429), ModelTrouble.BUSY),
        (answering(500), ModelTrouble.UNREACHABLE),
        (cut("{"), ModelTrouble.GARBLED),
        (hanging, ModelTrouble.SILENT),
    ],
)
async def test_two_tries_and_no_more(always: AnswersRequest, trouble: ModelTrouble) -> None:
    async with fake_model() as fake:
        fake.says = [always]
        found = await ask(fake, seconds=0.05 if always is hanging else 10)
        assert isinstance(found, Unanswered)
        assert found.trouble is trouble
        assert always is hanging or len(fake.bodies) == 2


async def test_nobody_there_and_a_wrong_key_which_is_in_no_log() -> None:
    async with fake_model() as fake:
        with capture_logs() as logged:
            assert await ask(fake, "sk-wrong") == Unanswered(
                ModelTrouble.REFUSED, "401 invalid_api_key"
            )
    with capture_logs() as also:
        gone = await ask(fake)
    assert isinstance(gone, Unanswered)
    assert gone.trouble is ModelTrouble.UNREACHABLE
    told = str([*logged, *also])
    assert "sk-wrong" not in told
    assert "Kāpēc" not in told


@pytest.mark.parametrize(
    "address",
    [
        "https://api.openai.com/v1",
        "http://localhost:11434/v1",
        "http://127.0.0.1:8080",
        "http://10.1.2.3:8000/v1",
        "http://vllm.internal:8000/v1",
        "https://x.openai.azure.com/openai/deployments/d?api-version=2024-10-21",
        "https://[2606:4700::1111]/v1",
        "",
    ],
)
def test_where_a_model_may_be(address: str) -> None:
    assert model_address(address) == address


@pytest.mark.parametrize(
    "address",
    [
        "ftp://model.example",
        "http://8.8.8.8/v1",
        "http://169.254.169.254/latest",
        "https://169.254.169.254/latest",
        "https://[::ffff:169.254.169.254]/",
        "https://[64:ff9b::a9fe:a9fe]/",
        "https://[fe80::1]/",
        "https://[fd00:ec2::254]/",
        "https://100.100.100.200/",
        "http://0.0.0.0/",
        "https://224.0.0.1/",
        "https://key@model.example/v1",
        "https://model.example/v1#x",
        "https://model.example/v1?next=http://evil.example",
        "https://model.example/ v1",
        "http:///v1",
    ],
)
def test_where_none_can_be(address: str) -> None:
    with pytest.raises(ValueError, match=r"must|leads"):
        model_address(address)


class ModelNames(AbstractResolver):
    """Knows one name, which leads to these."""

    def __init__(self, *leads_to: str) -> None:
        self._leads_to = leads_to

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [
            ResolveResult(hostname=host, host=one, port=port, family=family, proto=0, flags=0)
            for one in self._leads_to
        ]

    async def close(self) -> None:
        """It holds nothing."""


@pytest.mark.parametrize(
    ("url", "leads_to", "is_good"),
    [
        ("https://model.example", ("93.184.216.34",), True),
        ("https://model.example", ("10.0.0.7",), True),
        ("http://vllm.internal", ("10.0.0.7",), True),
        ("http://vllm.internal", ("93.184.216.34",), False),
        ("https://model.example", ("93.184.216.34", "169.254.169.254"), False),
        ("https://model.example", ("fe80::1",), False),
    ],
)
async def test_a_name_is_looked_at_again_whenever_it_is_looked_up(
    url: str, leads_to: tuple[str, ...], is_good: bool
) -> None:
    resolver = CheckedResolver(url, ModelNames(*leads_to))
    if is_good:
        assert [one["host"] for one in await resolver.resolve("name")] == list(leads_to)
    else:
        with pytest.raises(OSError, match=r"must|leads"):
            await resolver.resolve("name")


async def test_a_redirect_is_not_followed() -> None:
    """The key and the words are for the address that was set."""
    async with fake_model() as one, fake_model() as other:

        async def elsewhere(_request: web.Request) -> web.Response:
            return web.Response(status=307, headers={"Location": other.url + "/chat/completions"})

        one.says = [elsewhere]
        assert await ask(one) == Unanswered(ModelTrouble.REFUSED, "307")
        assert other.bodies == []
