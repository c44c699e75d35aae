"""A client for models behind any OpenAI-compatible address: one method of one API.

What differs from one to the next are the key's header and the name of one field, told by the
address: Azure's, and else what OpenAI, vLLM, Ollama and llama.cpp understand alike.
"""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import aiohttp
import structlog
from aiohttp.resolver import ThreadedResolver

from bot.loopback import host_of
from bot.outside import CheckedResolver
from bot.payloads import UnreadableError, at, list_at, loaded, retry_after, text_at
from handlers.kit.language_models import ModelAnswer, ModelPlace, ModelTrouble, Prompt, Unanswered

TIMEOUT = 10.0
"""Seconds for one try, from the first byte to the last."""

LARGEST_ASKED, LARGEST_ANSWERED = 64_000, 128_000
"""Bytes of what is sent, and of what is read."""

_LONGEST_PAUSE = 5.0
"""Seconds of a pause before the second try; who must wait longer is told so."""

_SHORTEST_PAUSE = 0.3
_END = "/chat/completions"
_TOKEN_FIELDS = ("max_tokens", "max_completion_tokens")

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Dialect:
    """How an address wants to be asked: the header with the key, the name of the field that bounds
    the answer, and whether the model may be told to answer alike each time."""

    header: str
    token_field: str
    is_steady: bool


OPEN = Dialect("Authorization", "max_tokens", is_steady=True)
"""vLLM, Ollama, llama.cpp and their like."""

OPENAI = Dialect("Authorization", "max_completion_tokens", is_steady=False)
AZURE = Dialect("api-key", "max_completion_tokens", is_steady=False)


def dialect_of(url: str) -> Dialect:
    """By the address: Azure's own hosts, a gateway before them, OpenAI's, or anybody's."""
    host = host_of(url)
    if host.endswith((".azure.com", ".azure.us", ".azure.cn")) or "/openai/deployments/" in url:
        return AZURE
    return OPENAI if host == "api.openai.com" else OPEN


@dataclass(frozen=True, slots=True)
class _Again:
    """It may answer the next time; else that is what became of it."""

    failed: Unanswered
    pause: float = _SHORTEST_PAUSE


class ModelClient:
    """`handlers.kit.language_models.LanguageModel` behind an address. Two tries at most."""

    def __init__(self, url: str, key: str, model: str, timeout: float = TIMEOUT) -> None:
        before, _, query = url.partition("?")
        whole = before if before.endswith(_END) else before + _END
        self.place = ModelPlace(model, host_of(url))
        self._url = f"{whole}?{query}" if query else whole
        self._key = key
        self._model = model
        self._timeout = timeout
        self._dialect = dialect_of(url)
        self._token_field = self._dialect.token_field
        self._session: aiohttp.ClientSession | None = None

    async def answer(self, prompt: Prompt) -> ModelAnswer:
        found = await self._once(prompt)
        if isinstance(found, _Again) and found.pause <= _LONGEST_PAUSE:
            await asyncio.sleep(found.pause)
            found = await self._once(prompt)
        if isinstance(found, _Again):
            found = found.failed
        if isinstance(found, Unanswered):
            log.warning("model_failed", kind=found.trouble.value, reason=found.word)
        return found

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    def _opened(self) -> aiohttp.ClientSession:
        """Made when it is first used: it belongs to the event loop that runs then."""
        if self._session is None:
            resolver = CheckedResolver(self._url, ThreadedResolver())
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(resolver=resolver, limit=0),
                timeout=aiohttp.ClientTimeout(self._timeout),
            )
        return self._session

    async def _once(self, prompt: Prompt) -> ModelAnswer | _Again:
        asked = aiohttp.JsonPayload(self._asked(prompt))
        if (asked.size or 0) > LARGEST_ASKED:
            return Unanswered(ModelTrouble.REFUSED, "too_large")
        headers = {}
        if self._key:
            bearer = self._dialect.header == "Authorization"
            headers[self._dialect.header] = f"Bearer {self._key}" if bearer else self._key
        try:
            async with self._opened().post(
                self._url,
                data=asked,
                headers=headers,
                allow_redirects=False,  # the key and the words are for this address
            ) as response:
                return self._read(response, await _bytes_of(response))
        except TimeoutError:
            return _Again(Unanswered(ModelTrouble.SILENT, "timeout"))
        except (aiohttp.ClientError, OSError, ValueError) as error:
            return _Again(Unanswered(ModelTrouble.UNREACHABLE, type(error).__name__))

    def _asked(self, prompt: Prompt) -> dict[str, Any]:
        named = {"name": "answer", "strict": True, "schema": prompt.schema}
        return {
            "model": self._model,
            "messages": [
                {"role": turn.speaker.value, "content": turn.text} for turn in prompt.turns
            ],
            "response_format": {"type": "json_schema", "json_schema": named},
            self._token_field: prompt.longest,
            **({"temperature": 0} if self._dialect.is_steady else {}),
        }

    def _read(self, response: aiohttp.ClientResponse, raw: bytes | None) -> ModelAnswer | _Again:
        if raw is None:
            return Unanswered(ModelTrouble.GARBLED, "too_large")
        if response.status == 200:
            found = _answer_in(raw)
            if isinstance(found, Unanswered) and found.trouble is ModelTrouble.GARBLED:
                return _Again(found)
            return found
        word = f"{response.status} {_code_in(raw)}".strip()
        if response.status in (408, 429, 503):
            after = retry_after(response.headers)
            wait = timedelta(seconds=after) if after is not None else None
            return _Again(Unanswered(ModelTrouble.BUSY, word, wait), after or 1.0)
        if response.status >= 500:
            return _Again(Unanswered(ModelTrouble.UNREACHABLE, word))
        if response.status == 400 and (other := self._other_field(raw)):
            self._token_field = other
            return _Again(Unanswered(ModelTrouble.REFUSED, word), 0)
        return Unanswered(ModelTrouble.REFUSED, word)

    def _other_field(self, raw: bytes) -> str:
        """The other name of the field that bounds the answer, where it is that which is refused:
        newer models of OpenAI's know one of them alone."""
        mine, other = self._token_field, next(f for f in _TOKEN_FIELDS if f != self._token_field)
        return other if mine.encode() in raw else ""


async def _bytes_of(response: aiohttp.ClientResponse) -> bytes | None:
    """What is answered; None for more than anybody should."""
    raw = bytearray()
    async for chunk in response.content.iter_chunked(16_384):
        raw += chunk
        if len(raw) > LARGEST_ANSWERED:
            response.close()
            return None
    return bytes(raw)


def _answer_in(raw: bytes) -> ModelAnswer:
    try:
        choices = list_at(loaded(raw), "choices")
        choice = choices[0] if choices else None
        if text_at(choice, "message", "refusal"):
            return Unanswered(ModelTrouble.REFUSED, "refusal")
        if at(choice, "finish_reason") == "content_filter":
            return Unanswered(ModelTrouble.REFUSED, "content_filter")
        if at(choice, "finish_reason") == "length":
            return Unanswered(ModelTrouble.GARBLED, "cut")
        found = loaded(text_at(choice, "message", "content"))
    except UnreadableError:
        return Unanswered(ModelTrouble.GARBLED, "json")
    return found if isinstance(found, dict) else Unanswered(ModelTrouble.GARBLED, "json")


def _code_in(raw: bytes) -> str:
    """The API's own word for what is wrong: {"error": {"code": ...}}."""
    try:
        told = loaded(raw)
    except UnreadableError:
        return ""
    code = text_at(told, "error", "code", longest=60) or text_at(told, "error", "type", longest=60)
    return code if code.replace("_", "").replace("-", "").isalnum() and code.isascii() else ""
