"""A strict language model behind HTTP: it speaks one dialect, refuses what that would refuse, and
answers what it is told to."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.patience import LIMIT

KEY = "sk-of-the-fake"


@dataclass(frozen=True, slots=True)
class Spoken:
    """One dialect: where it listens, which header has the key, which field bounds the answer, which
    others it knows, and by which address it is set."""

    path: str
    header: str
    token_field: str
    address: str
    knows: frozenset[str] = frozenset({"temperature"})
    model: str = "m1"


DIALECTS = {
    "azure": Spoken(
        "/openai/deployments/m1/chat/completions",
        "api-key",
        "max_completion_tokens",
        "/openai/deployments/m1?api-version=2024-10-21",
        frozenset(),
    ),
    "vllm": Spoken("/v1/chat/completions", "Authorization", "max_tokens", "/v1"),
    "ollama": Spoken("/v1/chat/completions", "", "max_tokens", "/v1/"),
    "llama.cpp": Spoken(
        "/v1/chat/completions", "Authorization", "max_tokens", "/v1/chat/completions"
    ),
    "newer openai": Spoken("/v1/chat/completions", "Authorization", "max_completion_tokens", "/v1"),
}

AnswersRequest = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class FakeModel:
    """What it was asked, and what it answers: the texts in turn, the last one over and over; or
    whole responses."""

    spoken: Spoken
    url: str = ""
    says: list[str | AnswersRequest] = field(default_factory=lambda: ['{"parts": []}'])
    bodies: list[dict[str, Any]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    """What was wrong with what it refused."""

    async def completions(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.bodies.append(body)
        if wrong := self._wrong(request, body):
            self.refused.append(wrong)
            status = 401 if wrong == "invalid_api_key" else 400
            error = {"code": wrong.split(":")[0], "message": f"wrong: {wrong}"}
            return web.json_response({"error": error}, status=status)
        says = self.says[0] if len(self.says) == 1 else self.says.pop(0)
        return completed(says) if isinstance(says, str) else await says(request)

    def _wrong(self, request: web.Request, body: Mapping[str, Any]) -> str:
        spoken = self.spoken
        prefix = "Bearer " if spoken.header == "Authorization" else ""
        if spoken.header and request.headers.get(spoken.header) != prefix + KEY:
            return "invalid_api_key"
        usual = {"model", "messages", "response_format", spoken.token_field}
        if unknown := set(body) - usual - spoken.knows:
            return f"unsupported_parameter:{','.join(sorted(unknown))}"
        if body.get("model") != spoken.model:
            return "model_not_found"
        if not isinstance(body.get(spoken.token_field), int):
            return f"missing:{spoken.token_field}"
        for one in body["messages"]:
            if set(one) != {"role", "content"} or not isinstance(one["content"], str):
                return "messages"
        wanted = body["response_format"]
        named = wanted.get("json_schema", {})
        if wanted.get("type") != "json_schema" or set(named) != {"name", "strict", "schema"}:
            return "response_format"
        return "" if _is_strict(named["schema"]) else "response_format"


def completed(content: str, reason: str = "stop") -> web.Response:
    """A completion with this content."""
    message = {"role": "assistant", "content": content}
    choice = {"index": 0, "message": message, "finish_reason": reason}
    return web.json_response({"object": "chat.completion", "choices": [choice]})


def answering(status: int, body: str = "", **headers: str) -> AnswersRequest:
    """Answers with that, whatever is asked."""

    async def answer(_request: web.Request) -> web.Response:
        return web.Response(status=status, text=body, headers=headers)

    return answer


def cut(content: str) -> AnswersRequest:
    """The answer ends in the middle, and says so."""

    async def answer(_request: web.Request) -> web.Response:
        return completed(content, "length")

    return answer


async def hanging(request: web.Request) -> web.StreamResponse:
    """Never answers, until whoever asks goes away."""
    await asyncio.Event().wait()
    raise AssertionError("nobody sets it")


@asynccontextmanager
async def fake_model(dialect: str = "vllm") -> AsyncIterator[FakeModel]:
    """One that listens on this machine."""
    fake = FakeModel(DIALECTS[dialect])
    app = web.Application()
    app.router.add_post(fake.spoken.path, fake.completions)
    async with TestServer(app, host="127.0.0.1") as server:
        fake.url = f"http://127.0.0.1:{server.port}{fake.spoken.address}"
        yield fake


@contextmanager
def model_beside(dialect: str = "vllm") -> Iterator[FakeModel]:
    """The same in a thread of its own, beside a browser."""
    ready: Future[tuple[FakeModel, asyncio.AbstractEventLoop, asyncio.Event]] = Future()

    async def serve() -> None:
        enough = asyncio.Event()
        async with fake_model(dialect) as fake:
            ready.set_result((fake, asyncio.get_running_loop(), enough))
            await enough.wait()

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    fake, loop, enough = ready.result(LIMIT)
    yield fake
    loop.call_soon_threadsafe(enough.set)
    thread.join(LIMIT)


def parts(*written: tuple[object, object]) -> str:
    """What it answers to a draft: each part with the index of its source."""
    return json.dumps({"parts": [{"source": source, "text": text} for source, text in written]})


def _is_strict(schema: Mapping[str, Any]) -> bool:
    """What OpenAI asks of a strict schema: every object says all its properties are required, and
    takes no others."""
    if schema.get("type") == "array":
        return _is_strict(schema["items"])
    if schema.get("type") != "object":
        return True
    properties = schema.get("properties", {})
    is_closed = schema.get("additionalProperties") is False
    return (
        is_closed
        and set(schema.get("required", ())) == set(properties)
        and all(map(_is_strict, properties.values()))
    )
