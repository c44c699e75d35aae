"""Fetches what stands at an address that somebody set: within limits, and from nowhere that only
this machine or its network can reach, unless its host was allowed."""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver

from bot.outside import CheckedResolver, NowhereError, refused_host
from handlers.shifts.feeds.model import FeedTrouble

MOST_BYTES = 5_000_000
MOST_REDIRECTS = 3
WITHIN = 20.0
"""Seconds for all of it, redirects among them."""

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_REFUSED = frozenset({401, 403, 407})
_GONE = frozenset({404, 410})
_LONGEST_TAG, _LONGEST_DATE = 200, 60


class FetchError(Exception):
    """Nothing came. `after`: how long its server asked to wait."""

    def __init__(self, trouble: FeedTrouble, after: timedelta | None = None) -> None:
        super().__init__(trouble)
        self.trouble = trouble
        self.after = after


@dataclass(frozen=True, slots=True)
class Tags:
    """What a server said of what it sent, given back when it is asked again."""

    etag: str = ""
    modified: str = ""


@dataclass(frozen=True, slots=True)
class Fetched:
    content: bytes
    tags: Tags


class Fetcher:
    """Fetches. `allowed`: hosts that may be in a network of one's own, and be asked without TLS."""

    def __init__(
        self,
        allowed: Collection[str] = (),
        *,
        within: float = WITHIN,
        most_bytes: int = MOST_BYTES,
        resolver: AbstractResolver | None = None,
    ) -> None:
        self._allowed = frozenset(one.lower() for one in allowed)
        self._within = within
        self._most_bytes = most_bytes
        self._resolver = resolver

    async def fetch(self, url: str, tags: Tags) -> Fetched | None:
        """What is there; None: what came last is still what is there. Raises FetchError."""
        try:
            async with asyncio.timeout(self._within):
                return await self._followed(url, tags)
        except TimeoutError:
            raise FetchError(FeedTrouble.SLOW) from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            trouble = FeedTrouble.PLACE if _is_nowhere(error) else FeedTrouble.UNREACHABLE
            raise FetchError(trouble) from None

    async def _followed(self, url: str, tags: Tags) -> Fetched | None:
        first = url
        for _ in range(MOST_REDIRECTS + 1):
            headers = {"Accept": "text/calendar, */*;q=0.1", "User-Agent": "Plecs"}
            if urlsplit(url).netloc == urlsplit(first).netloc:
                headers |= _asking_for_news(tags)
            async with (
                self._session(url) as session,
                session.get(url, headers=headers, allow_redirects=False) as answer,
            ):
                if answer.status in _REDIRECTS and "Location" in answer.headers:
                    url = urljoin(url, answer.headers["Location"])
                    continue
                if answer.status == 304:
                    return None
                if answer.status != 200:
                    raise _refused(answer)
                return Fetched(await self._body(answer), _tags(answer))
        raise FetchError(FeedTrouble.UNREACHABLE)

    def _session(self, url: str) -> aiohttp.ClientSession:
        """For this address alone: it is connected to what was looked at, and looked up anew for
        the next. Raises FetchError for one that may not be asked."""
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
        inside = host in self._allowed
        is_told = parts.scheme == "https" or (parts.scheme == "http" and inside)
        # A host that is a number is never looked up.
        if not host or not is_told or "@" in parts.netloc or refused_host(url, inside=inside):
            raise FetchError(FeedTrouble.PLACE)
        names = CheckedResolver(url, self._resolver or aiohttp.ThreadedResolver(), inside=inside)
        connector = aiohttp.TCPConnector(resolver=names, use_dns_cache=False)
        timeout = aiohttp.ClientTimeout(total=None)
        return aiohttp.ClientSession(connector=connector, timeout=timeout)

    async def _body(self, answer: aiohttp.ClientResponse) -> bytes:
        """All of it, unpacked, as far as it may be."""
        if (answer.content_length or 0) > self._most_bytes:
            raise FetchError(FeedTrouble.BIG)
        content = bytearray()
        async for some in answer.content.iter_chunked(65_536):
            content += some
            if len(content) > self._most_bytes:
                raise FetchError(FeedTrouble.BIG)
        return bytes(content)


def _is_nowhere(error: BaseException) -> bool:
    """Whether it was our resolver that refused the name; aiohttp wraps what it says."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, NowhereError) or isinstance(
            getattr(seen, "os_error", None), NowhereError
        ):
            return True
        seen = seen.__cause__
    return False


def _asking_for_news(tags: Tags) -> dict[str, str]:
    asked = {"If-None-Match": tags.etag, "If-Modified-Since": tags.modified}
    return {name: value for name, value in asked.items() if value}


def _tags(answer: aiohttp.ClientResponse) -> Tags:
    """Those that can be kept, and sent again."""
    etag, modified = answer.headers.get("ETag", ""), answer.headers.get("Last-Modified", "")
    is_tag = len(etag) <= _LONGEST_TAG and etag.isascii() and etag.isprintable()
    is_date = len(modified) <= _LONGEST_DATE and modified.isascii() and modified.isprintable()
    return Tags(etag if is_tag else "", modified if is_date else "")


def _refused(answer: aiohttp.ClientResponse) -> FetchError:
    if answer.status in _REFUSED:
        return FetchError(FeedTrouble.REFUSED)
    if answer.status in _GONE:
        return FetchError(FeedTrouble.GONE)
    if answer.status == 429 or answer.status >= 500:
        return FetchError(FeedTrouble.BUSY, retry_after(answer.headers.get("Retry-After", "")))
    return FetchError(FeedTrouble.UNREACHABLE)


def retry_after(told: str) -> timedelta | None:
    """How long a server asks to wait: in seconds, or until an instant; a day at most."""
    if told.isascii() and told.isdigit() and len(told) < 8:
        return min(timedelta(seconds=int(told)), timedelta(days=1))
    try:
        until = parsedate_to_datetime(told)
    except ValueError:
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return min(max(until - datetime.now(UTC), timedelta(0)), timedelta(days=1))
