"""Fetches shifts from the addresses that people set: asked outside of any transaction, a few at
once, and planned for a few people at a time, so that nobody waits for it."""

import asyncio
from collections.abc import Collection, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from typing import Protocol

import structlog

from bot.fetching import Fetcher, FetchError, Tags
from bot.shift_events import LOOKED_TO, planned_by
from bot.shift_list import ShiftList
from handlers.availability.shifts import ShiftSource
from handlers.calls.model import Calls
from handlers.kit.people import Address, Person
from handlers.kit.rota import AT_WORK, Planned
from handlers.shifts.bringing import Planning, bring_in
from handlers.shifts.feeds.commands import clear, tell
from handlers.shifts.feeds.model import Feed, FeedKind, FeedTrouble, ShiftFeeds
from handlers.work import Occasion, Services
from scheduling.clock import Clock
from scheduling.due_work import DueWork
from scheduling.shift_calendars import (
    BadCalendarError,
    CalendarShift,
    TooManyEventsError,
    read_what_can_be,
)
from storage.database import Database
from storage.work import SqlWork

_LOOK_EVERY = 60.0
"""Seconds between looks for what is to be fetched where nobody here set it: nobody waits for it."""

MOST_EVENTS = 20_000
"""Of one address."""

_AT_ONCE = 4
_LEASE = timedelta(minutes=5)
_PLANNED_AT_ONCE = 25
"""People planned for in one transaction: others write in between."""

_BACK = timedelta(days=1)
"""How far back what is fetched is still planned: a night's shift began yesterday."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Brought:
    """What came: the events, how many could not be read, and what is said when asked again."""

    events: Sequence[CalendarShift]
    skipped: int = 0
    tags: Tags = field(default_factory=Tags)


class FeedPort(Protocol):
    """Whatever shifts are fetched from."""

    async def bring(self, feed: Feed, places: Sequence[Address], today: date, /) -> Brought | None:
        """The shifts from yesterday on; None: they are as they were. `places` are the platforms'
        workspaces that the feed's is made of. Raises FetchError."""
        ...


class Calendars:
    """Shifts in calendars at addresses."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher

    async def bring(self, feed: Feed, _places: Sequence[Address], today: date) -> Brought | None:
        fetched = await self._fetcher.fetch(feed.address, Tags(feed.etag, feed.modified))
        if fetched is None:
            return None
        span = today - _BACK, today + LOOKED_TO
        try:
            events, skipped = await asyncio.to_thread(
                read_what_can_be, fetched.content, *span, MOST_EVENTS
            )
        except TooManyEventsError:
            raise FetchError(FeedTrouble.BIG) from None
        except BadCalendarError:
            raise FetchError(FeedTrouble.GARBLED) from None
        return Brought(events, skipped, fetched.tags)


class FeedWorker(DueWork):
    """One process's part in fetching, from each kind by its port."""

    def __init__(
        self,
        database: Database,
        services: Services,
        clock: Clock,
        ports: Mapping[FeedKind, FeedPort],
    ) -> None:
        super().__init__(
            clock, at_once=_AT_ONCE, event="shift_feeds_failed", look_every=_LOOK_EVERY
        )
        self._database = database
        self._services = services
        self._ports = ports

    async def _next_due(self) -> datetime | None:
        return await self._database.read(lambda work: work.of(ShiftFeeds).next_due())

    async def _claim(self, most: int) -> list[Coroutine[None, None, None]]:
        now = self._clock()
        due = await self._database.run(
            lambda work: work.of(ShiftFeeds).claim(now, now + _LEASE, most)
        )
        return [self._see_to(feed) for feed in due]

    async def _see_to(self, feed: Feed) -> None:
        try:
            await self._bring(feed)
        except Exception:
            log.exception("shift_feed_failed", about=feed.id)  # its lease runs out

    async def _bring(self, feed: Feed) -> None:
        today = self._clock().date()
        places = await self._database.read(lambda work: work.workspaces.places(feed.workspace))
        try:
            brought = await self._asked(feed, places, today)
        except FetchError as error:
            log.warning("shift_feed_refused", about=feed.id, reason=error.trouble)
            await self._database.run(partial(self._failed, feed, error))
            return
        tags, skipped = Tags(feed.etag, feed.modified), feed.skipped
        if brought is not None:
            listed, bad = await self._database.read(partial(_listed, feed, brought, places))
            tags, skipped = brought.tags, brought.skipped + bad
            await self._plan(feed, listed, today)
        await self._database.run(partial(self._came, feed, tags, skipped))

    async def _asked(self, feed: Feed, places: Sequence[Address], today: date) -> Brought | None:
        port = self._ports.get(feed.kind)
        if port is None:
            raise FetchError(FeedTrouble.NOT_PERMITTED)
        return await port.bring(feed, places, today)

    async def _plan(self, feed: Feed, listed: ShiftList | None, today: date) -> None:
        """Plans what was fetched, a few people at a time; whoever is no longer named, or not so
        far, is planned by it no more."""
        before = await self._database.read(lambda work: work.of(ShiftFeeds).planned(feed.id))
        by_person = listed.by_person if listed is not None else {}
        first, last = today - _BACK, max(listed.last if listed is not None else today, today)
        at_work = [
            one.day
            for planned in by_person.values()
            for one in planned
            if one.kind in AT_WORK and one.day >= first
        ]
        whole = (min(at_work), max(at_work)) if at_work else (last, first)
        until = dict.fromkeys(by_person, last)
        # Written first: what a process that dies had begun to plan can be taken out again.
        kept = {**before, **{one: max(last, before.get(one, last)) for one in until}}
        await self._database.run(partial(_keep, feed, kept))
        for some in _in_parts(list(by_person)):
            named = {one: _from(first, by_person[one]) for one in some}
            planning = Planning(first, last, named, ShiftSource.FEED, whole)
            await self._database.run(partial(self._planned, feed, planning))
        gone = {
            one: ((last if one in until else today - _BACK) + timedelta(days=1), day)
            for one, day in before.items()
            if one not in until or day > last
        }
        for some in _in_parts(list(gone)):
            await self._database.run(partial(self._cleared, feed, {one: gone[one] for one in some}))
        await self._database.run(partial(_keep, feed, until))

    def _planned(self, feed: Feed, planning: Planning, work: SqlWork) -> None:
        if work.of(ShiftFeeds).get(feed.id) is not None:  # nobody took it out meanwhile
            bring_in(self._at(work), feed.workspace, planning)

    def _cleared(self, feed: Feed, days: Mapping[str, tuple[date, date]], work: SqlWork) -> None:
        clear(self._at(work), feed.workspace, days)

    def _came(self, feed: Feed, tags: Tags, skipped: int, work: SqlWork) -> None:
        kept = work.of(ShiftFeeds).get(feed.id)
        if kept is None or kept.address != feed.address:
            return
        now = self._clock()
        came = kept.came(now, etag=tags.etag, modified=tags.modified, skipped=skipped)
        work.of(ShiftFeeds).put(came)
        tell(came, kept, self._at(work))

    def _failed(self, feed: Feed, error: FetchError, work: SqlWork) -> None:
        kept = work.of(ShiftFeeds).get(feed.id)
        if kept is None or kept.address != feed.address:
            return
        failed = kept.failed(self._clock(), error.trouble, error.after)
        work.of(ShiftFeeds).put(failed)
        tell(failed, kept, self._at(work))

    def _at(self, work: SqlWork) -> Occasion:
        return Occasion(work, self._clock(), self._services)


def _keep(feed: Feed, until: Mapping[str, date], work: SqlWork) -> None:
    if work.of(ShiftFeeds).get(feed.id) is not None:
        work.of(ShiftFeeds).plans(feed.id, until)


def _listed(
    feed: Feed, brought: Brought, places: Sequence[Address], work: SqlWork
) -> tuple[ShiftList | None, int]:
    """Whose shifts they are. Who has an address of their own is planned by that."""
    owner = work.people.get(feed.owner) if feed.owner else None
    if feed.owner and (owner is None or not owner.belongs):
        return None, 0
    own = work.of(ShiftFeeds).owners(feed.workspace) if owner is None else frozenset()

    def who(told: str) -> Person | None:
        at = (work.people.at(Address(one.platform, one.workspace, told)) for one in places)
        known = next(filter(None, at), None) or work.of(Calls).known_as(told, feed.workspace)
        return known if known is not None and known.belongs else None

    listed, bad = planned_by(brought.events, who, owner)
    if listed is None:
        return None, bad
    theirs = {one: planned for one, planned in listed.by_person.items() if one not in own}
    return (ShiftList(listed.first, listed.last, theirs, listed.lines) if theirs else None), bad


def _from(first: date, planned: Sequence[Planned]) -> Sequence[Planned]:
    return [one for one in planned if one.day >= first]


def _in_parts(people: Sequence[str]) -> Sequence[Collection[str]]:
    size = _PLANNED_AT_ONCE
    return [people[begin : begin + size] for begin in range(0, len(people), size)]
