"""The keys that Microsoft signs its tokens with, fetched so that their address may hang or fail."""

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic
from typing import Any

import aiohttp
import structlog
from jwt import PyJWTError
from jwt.algorithms import RSAAlgorithm

log = structlog.get_logger()

_FRESH_FOR = 24 * 3600.0
"""Seconds after which keys are fetched anew, as Microsoft asks; the old ones serve meanwhile."""

_GOOD_FOR = 7 * 24 * 3600.0
"""Seconds after which keys that could not be fetched anew open nothing any more."""

_ASKED_AGAIN_AFTER = 600.0
"""Seconds between two looks for an unknown key: anybody may send a token that names one."""

_FETCHED_WITHIN = 10.0
"""Seconds for one fetch, both its requests together."""

_LONGEST_PAUSE = 60.0
"""Seconds: the longest time after a failed fetch until the next; the first is one second."""

_SHUT_OUT_FOR = 3.0
"""Seconds for a fetch while there are no keys, and everybody is shut out: an address that hung
answers at once when it is back. Each tenth has the whole time, for one that is slow."""

_SHUT_OUT_PAUSE = 1.0
"""Seconds from such a fetch to the next: with both, people are let in again within five."""

_LARGEST = 1024 * 1024
"""Bytes of an answer; Microsoft's has some 20,000."""


class NoKeysError(Exception):
    """There are no keys to check a token with, now."""


class UnknownKeyError(Exception):
    """None of Microsoft's keys has this name."""


@dataclass(frozen=True, slots=True)
class Key:
    """One key, as botbuilder wants it: `endorsements` are the channels that it signs for."""

    public_key: Any
    endorsements: Sequence[str]


class Keys:
    """The keys at an address. One fetch at a time, whoever waits for it."""

    def __init__(
        self,
        url: str,
        *,
        fetched_within: float = _FETCHED_WITHIN,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._url = url
        self._fetched_within = fetched_within
        self._clock = clock
        self._keys: Mapping[str, Key] = {}
        self._fetched_at = float("-inf")
        self._looked_at = float("-inf")
        self._failures = 0
        self._not_before = float("-inf")
        self._fetching: asyncio.Task[bool] | None = None

    async def get(self, name: str) -> Key:
        """The key of that name. Raises UnknownKeyError, and NoKeysError when there are none and
        the address doesn't give any."""
        now = self._clock()
        if now >= self._fetched_at + _GOOD_FOR:
            await self._fetched()
        elif now >= self._fetched_at + _FRESH_FOR:
            self._fetch()
        if name not in self._keys and now >= self._looked_at + _ASKED_AGAIN_AFTER:
            await self._fetched()  # one that fails was no look: the key may be there
            self._looked_at = now
        if name not in self._keys:
            raise UnknownKeyError
        return self._keys[name]

    def close(self) -> None:
        """Nobody waits any more."""
        if self._fetching is not None:
            self._fetching.cancel()

    async def _fetched(self) -> None:
        """Waits for a fetch that is under way, or begins one. Raises NoKeysError if it fails."""
        fetching = self._fetch()
        # Shielded: others wait for it, too.
        if fetching is None or not await asyncio.shield(fetching):
            raise NoKeysError

    def _fetch(self) -> asyncio.Task[bool] | None:
        """The fetch that is under way, or else a new one; None too soon after one that failed."""
        if self._fetching is None and self._clock() >= self._not_before:
            self._fetching = asyncio.create_task(self._try())
            self._fetching.add_done_callback(self._end)
        return self._fetching

    def _end(self, _task: asyncio.Task[bool]) -> None:
        self._fetching = None

    async def _try(self) -> bool:
        """Whether there are new keys."""
        is_shut_out = self._clock() >= self._fetched_at + _GOOD_FOR
        is_quick = is_shut_out and self._failures % 10 < 9
        within = min(self._fetched_within, _SHUT_OUT_FOR) if is_quick else self._fetched_within
        try:
            async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(within)) as session:
                about = await _json(session, self._url)
                keys = _read(await _json(session, str(about["jwks_uri"])))
        except (
            *(aiohttp.ClientError, OSError, ValueError, LookupError, TypeError),
            RecursionError,  # nested without end
        ) as error:
            self._failures += 1
            longest = _SHUT_OUT_PAUSE if is_shut_out else _LONGEST_PAUSE
            pause = min(2.0 ** (self._failures - 1), longest)
            self._not_before = self._clock() + pause
            log.warning(
                "teams.no_keys: Microsoft's keys can't be fetched",
                error=type(error).__name__,
                seconds=pause,
            )
            return False
        self._keys, self._failures = keys, 0
        self._fetched_at = self._clock()
        return True


async def _json(session: aiohttp.ClientSession, url: str) -> Any:
    """What stands there, however many pieces it comes in. Raises ValueError for what is no JSON,
    and for more than there should be."""
    async with session.get(url) as answer:
        answer.raise_for_status()
        whole = bytearray()
        async for piece in answer.content.iter_any():
            whole += piece
            if len(whole) > _LARGEST:
                raise ValueError("too long")
        return json.loads(whole)


def _read(found: Any) -> Mapping[str, Key]:
    """The keys that can be used. Raises ValueError when there are none."""
    keys: dict[str, Key] = {}
    for one in found["keys"]:
        with suppress(
            PyJWTError, AttributeError, ValueError, LookupError, TypeError
        ):  # one of another kind
            keys[str(one["kid"])] = Key(
                RSAAlgorithm.from_jwk(json.dumps(one)), tuple(one.get("endorsements") or ())
            )
    if not keys:
        raise ValueError("no keys")
    return keys
