"""Tokens for the connector and for Graph, got with the app's own secret, kept while they last."""

import asyncio
import base64
import binascii
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from time import monotonic
from typing import Any

import aiohttp

LOGIN_URL = "https://login.microsoftonline.com"
CONNECTOR = "https://api.botframework.com/.default"
GRAPH = "https://graph.microsoft.com/.default"

_RENEWED_BEFORE = 300.0
"""Seconds before its end from which a token is renewed: longer than any clock is wrong."""

_EARLY = 30.0
"""Seconds before its end at which a token is used no more: it has a way to go."""

_TIMEOUT = aiohttp.ClientTimeout(3)
"""For so long a ping may wait where Microsoft doesn't answer."""

_FAILED_FOR = 5.0
"""Seconds in which a refusal is not asked for again: a hundred messages would ask at once."""

_UNANSWERED_FOR = 1.0
"""The same where Microsoft did not answer, or failed: that may be over at any moment."""

_RENEWED_AGAIN_AFTER = 30.0
"""Seconds to the next try while the token that could not be renewed is still good."""


class TokenError(Exception):
    """No token: `word` is Microsoft's code for why (AADSTS...), or the error's kind. `passes`: it
    was not refused, Microsoft failed."""

    def __init__(self, word: str, *, passes: bool) -> None:
        super().__init__(word)
        self.word = word
        self.passes = passes


@dataclass(frozen=True, slots=True)
class _Kept:
    """A token, or why there is none; what stands until then, and until when the token is good."""

    until: float
    token: str = ""
    good_until: float = 0.0
    refused: str = ""
    passes: bool = False


class Tokens:
    """Gets a token for a scope once, and again before it ends.

    botbuilder would get one for every message, and stop the event loop meanwhile.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        app_id: str,
        password: str,
        tenant: str,
        *,
        login_url: str = LOGIN_URL,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._session = session
        self._credentials = {"client_id": app_id, "client_secret": password}
        self._url = f"{login_url}/{tenant}/oauth2/v2.0/token"
        self._clock = clock
        self._kept: dict[str, _Kept] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    async def get(self, scope: str) -> str:
        """A token for the scope. Raises TokenError."""
        async with self._locks.setdefault(scope, asyncio.Lock()):
            kept = self._kept.get(scope)
            if kept is None or self._clock() >= kept.until:
                asked = await self._ask(scope)
                if not asked.token and kept is not None and self._clock() < kept.good_until:
                    asked = replace(kept, until=self._clock() + _RENEWED_AGAIN_AFTER)
                kept = self._kept[scope] = asked
        if not kept.token:
            raise TokenError(kept.refused, passes=kept.passes)
        return kept.token

    def drop(self, scope: str) -> None:
        """Forgets the token: it was not taken."""
        self._kept.pop(scope, None)

    async def _ask(self, scope: str) -> _Kept:
        form = {"grant_type": "client_credentials", "scope": scope, **self._credentials}
        try:
            async with self._session.post(self._url, data=form, timeout=_TIMEOUT) as answer:
                said = await _json(answer)
        except (aiohttp.ClientError, OSError) as error:
            why, until = type(error).__name__, self._clock() + _UNANSWERED_FOR
            return _Kept(until, refused=why, passes=True)
        now, token, lasts = self._clock(), said.get("access_token"), said.get("expires_in")
        if not isinstance(token, str) or not isinstance(lasts, int):
            why, passes = _why(said, answer.status), answer.status >= 500
            until = now + (_UNANSWERED_FOR if passes else _FAILED_FOR)
            return _Kept(until, refused=why, passes=passes)
        renewed_at = now + max(lasts - _RENEWED_BEFORE, 0)
        return _Kept(renewed_at, token, good_until=now + lasts - _EARLY)


def roles_of(token: str) -> frozenset[str]:
    """The application permissions that an administrator granted, as the token itself says; it is
    not checked here, because it is ours and only tells us what not to try."""
    try:
        payload = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (IndexError, ValueError, binascii.Error):
        return frozenset()
    roles = claims.get("roles", ()) if isinstance(claims, dict) else ()
    return frozenset(role for role in roles if isinstance(role, str))


async def _json(answer: aiohttp.ClientResponse) -> dict[str, Any]:
    try:
        said = await answer.json(content_type=None)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _why(said: dict[str, Any], status: int) -> str:
    """AADSTS and a number where Microsoft gives one; never its sentence, which has ids in it."""
    codes = said.get("error_codes")
    if isinstance(codes, list) and codes and isinstance(codes[0], int):
        return f"AADSTS{codes[0]}"
    error = said.get("error")
    return error if isinstance(error, str) else f"HTTP{status}"
