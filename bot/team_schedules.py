"""Shifts that a team plans in Microsoft Teams, read through Graph.

It needs the application permission Schedule.Read.All, which an administrator grants, and asks as
the app itself: Microsoft has deprecated the header MS-APP-ACTS-AS, which once named for whom, and
asks for it to be left out. What managers have not shared yet is not read: people don't see it,
either.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import quote, urlsplit

import aiohttp

from bot.fetching import FetchError, retry_after
from bot.shift_events import LOOKED_TO
from bot.shift_feeds import MOST_EVENTS, Brought
from bot.teams.graph import GRAPH_URL, READS_SCHEDULES
from bot.teams.tokens import GRAPH, LOGIN_URL, TokenError, Tokens, roles_of
from handlers.availability.planning import LONGEST_ABSENCE
from handlers.kit.people import Address
from handlers.kit.rota import LONGEST_SHIFT, ShiftKind
from handlers.shifts.feeds.model import Feed, FeedTrouble
from scheduling.shift_calendars import CalendarShift

_PERMISSIONS = frozenset({READS_SCHEDULES, "Schedule.ReadWrite.All"})
"""One of them is granted."""

_WITHIN = 60.0
"""Seconds for all pages."""

_MOST_PAGES = 200
_MOST_BYTES = 5_000_000
_TIMEOUT = aiohttp.ClientTimeout(10)
_AGAIN_AT_ONCE = timedelta(seconds=10)
"""How long Graph may ask to wait for the page to be asked for once more; for longer, it is the
whole that is asked for later."""

Json = dict[str, Any]


class TeamsShifts:
    """Reads the schedules of teams. `tokens_for` an organisation are got with the app's secret."""

    def __init__(
        self,
        app_id: str,
        secret: str,
        *,
        url: str = GRAPH_URL,
        login_url: str = LOGIN_URL,
    ) -> None:
        self._app_id = app_id
        self._secret = secret
        self._url = f"{url}/v1.0"
        self._login_url = login_url

    async def bring(self, feed: Feed, places: Sequence[Address], today: date) -> Brought | None:
        """The team's shared shifts and times off. Raises FetchError."""
        tenant = next((one.workspace for one in places if one.platform == "teams"), None)
        if tenant is None:
            raise FetchError(FeedTrouble.NOT_PERMITTED)
        try:
            async with (
                asyncio.timeout(_WITHIN),
                aiohttp.ClientSession(timeout=_TIMEOUT) as session,
            ):
                token = await self._token(session, tenant)
                begin, end = today - timedelta(days=1), today + LOOKED_TO
                reader = _Schedule(session, token, self._url, feed.address, (begin, end))
                return await reader.read()
        except TimeoutError:
            raise FetchError(FeedTrouble.SLOW) from None
        except (aiohttp.ClientError, OSError, ValueError):
            raise FetchError(FeedTrouble.UNREACHABLE) from None

    async def _token(self, session: aiohttp.ClientSession, tenant: str) -> str:
        tokens = Tokens(session, self._app_id, self._secret, tenant, login_url=self._login_url)
        try:
            token = await tokens.get(GRAPH)
        except TokenError:
            raise FetchError(FeedTrouble.REFUSED) from None
        if not _PERMISSIONS & roles_of(token):
            raise FetchError(FeedTrouble.NOT_PERMITTED)
        return token


class _Schedule:
    """One team's schedule, between two days."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        token: str,
        url: str,
        team: str,
        span: tuple[date, date],
    ) -> None:
        self._session = session
        self._headers = {"Authorization": f"Bearer {token}"}
        self._url = url
        self._team = team
        self._span = span

    async def read(self) -> Brought:
        events: list[CalendarShift] = []
        skipped = 0
        begin, end = (datetime.combine(day, time(), UTC) for day in self._span)
        for path, shared, kind, longest in (
            ("shifts", "sharedShift", ShiftKind.WORK, LONGEST_SHIFT),
            ("timesOff", "sharedTimeOff", ShiftKind.ABSENCE, LONGEST_ABSENCE),
        ):
            async for one in self._all(path, shared, longest):
                item = one.get(shared)
                if item is None:  # a draft, which nobody but its managers sees
                    continue
                event = _event(one.get("userId"), item, kind)
                skipped += event is None
                if event is not None and event.end > begin and event.start < end:
                    events.append(event)
                if len(events) > MOST_EVENTS:
                    raise FetchError(FeedTrouble.BIG)
        return Brought(sorted(events, key=_order), skipped)

    async def _all(self, path: str, shared: str, longest: timedelta) -> AsyncIterator[Json]:
        """Those that overlap the days, and more: Graph's filter takes each property once, from a
        start on and up to an end."""
        begin, end = (datetime.combine(day, time(), UTC) for day in self._span)
        first, last = (f"{at:%Y-%m-%dT%H:%M:%SZ}" for at in (begin - longest, end + longest))
        asked = {"$filter": f"{shared}/startDateTime ge {first} and {shared}/endDateTime le {last}"}
        url = f"{self._url}/teams/{quote(self._team, safe='')}/schedule/{path}"
        query: Mapping[str, str] | None = asked
        for _ in range(_MOST_PAGES):
            page = await self._page(url, query)
            found = page.get("value")
            for one in found if isinstance(found, list) else ():
                if isinstance(one, dict):
                    yield one
            url, query = page.get("@odata.nextLink") or "", None
            if not url:
                return
            if not isinstance(url, str) or urlsplit(url)[:2] != urlsplit(self._url)[:2]:
                raise FetchError(FeedTrouble.GARBLED)
        raise FetchError(FeedTrouble.BIG)

    async def _page(self, url: str, query: Mapping[str, str] | None) -> Json:
        for is_last in (False, True):
            async with self._session.get(
                url, params=query, headers=self._headers, allow_redirects=False
            ) as answer:
                if answer.status == 200:
                    body = await answer.content.read(_MOST_BYTES + 1)
                    while not answer.content.at_eof() and len(body) <= _MOST_BYTES:
                        body += await answer.content.read(_MOST_BYTES)
                    if len(body) > _MOST_BYTES:
                        raise FetchError(FeedTrouble.BIG)
                    return _json(body)
                after = retry_after(answer.headers.get("Retry-After", ""))
                trouble = _trouble(answer.status)
            if is_last or trouble is not FeedTrouble.BUSY or after is None:
                raise FetchError(trouble, after)
            if after > _AGAIN_AT_ONCE:
                raise FetchError(trouble, after)
            await asyncio.sleep(after.total_seconds())
        raise AssertionError


def _order(event: CalendarShift) -> tuple[str, tuple[str, ...]]:
    return event.start.isoformat(), event.emails


def _trouble(status: int) -> FeedTrouble:
    match status:
        case 401 | 403:
            return FeedTrouble.NOT_PERMITTED
        case 404 | 410:
            return FeedTrouble.GONE
        case 429:
            return FeedTrouble.BUSY
        case _:
            return FeedTrouble.BUSY if status >= 500 else FeedTrouble.UNREACHABLE


def _json(body: bytes) -> Json:
    try:
        found = json.loads(body)
    except ValueError:
        raise FetchError(FeedTrouble.GARBLED) from None
    if not isinstance(found, dict):
        raise FetchError(FeedTrouble.GARBLED)
    return found


def _event(user: object, item: object, kind: ShiftKind) -> CalendarShift | None:
    """None for what can't be read."""
    if not isinstance(user, str) or not isinstance(item, dict):
        return None
    start, end = (_instant(item.get(name)) for name in ("startDateTime", "endDateTime"))
    if start is None or end is None or end <= start:
        return None
    return CalendarShift((user,), "", (kind.value,), start, end)


def _instant(told: object) -> datetime | None:
    try:
        at = datetime.fromisoformat(told) if isinstance(told, str) else None
        return at.astimezone(UTC) if at is not None and at.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None
