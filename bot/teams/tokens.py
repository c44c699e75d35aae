"""Tokens for the connector and for Graph, got with the app's own secret, kept while they last."""

import asyncio
import base64
import binascii
import json
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Any

import aiohttp

LOGIN_URL = "https://login.microsoftonline.com"
CONNECTOR = "https://api.botframework.com/.default"
GRAPH = "https://graph.microsoft.com/.default"

_RENEWED_BEFORE = 300.0
"""Seconds before its end from which a token is renewed: longer than any clock is wrong."""

_TIMEOUT = aiohttp.ClientTimeout(6)

_FAILED_FOR = 5.0
"""Seconds in which a refusal is not asked for again: a hundred messages would ask at once."""


class TokenError(Exception):
    """No token: `word` is Microsoft's code for why (AADSTS...), or the error's kind."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


@dataclass(frozen=True, slots=True)
class _Kept:
    token: str
    until: float
    refused: str = ""


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
                kept = await self._ask(scope)
                self._kept[scope] = kept
        if kept.refused:
            raise TokenError(kept.refused)
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
            return _Kept("", self._clock() + _FAILED_FOR, type(error).__name__)
        token, lasts = said.get("access_token"), said.get("expires_in")
        if not isinstance(token, str) or not isinstance(lasts, int):
            return _Kept("", self._clock() + _FAILED_FOR, _why(said, answer.status))
        return _Kept(token, self._clock() + max(lasts - _RENEWED_BEFORE, 0))


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
