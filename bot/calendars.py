"""Calendars and files that people fetch from Plecs: their addresses, and the server of them.

    /calendar/SECRET.ics      a person's calendar, for as long as they keep the address
    /calendar/TOKEN/NAME      a file, signed, until the token's time is over

Neither address is ever logged, and both say nothing to who guesses. What is given out is made from
the state of that moment; nothing is kept.
"""

import asyncio
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from time import monotonic

from aiohttp import web

from bot.guesses import Guesses
from bot.signed import Signed
from handlers.admission import turned_away
from handlers.kit.sheets import Sheet
from handlers.kit.text import plain
from handlers.supervision.calendar import commands as calendar
from handlers.supervision.calendar.model import CalendarAddresses
from handlers.supervision.exports import commands as exports
from handlers.supervision.shared import files
from handlers.work import Services
from scheduling.calendars import written
from scheduling.clock import Clock
from storage.calendars import short_mark, short_marks
from storage.database import Database
from storage.work import SqlWork

_SECRET = re.compile(r"[0-9a-f]{64}")
"""What 32 random bytes look like in an address; nothing else is worth a look in the database."""

_LONGEST_TOKEN = 1000

_WAITING = 60
"""How many may wait for their file. They are made one at a time: calendars that ask in a loop take
no more than one thread from people who need somebody now."""

_WAITING_FOR_ONE = 3
"""How many may wait for the same file: a program that asks in a loop is in nobody else's way."""

_LOOK_AGAIN_AFTER = 60.0
"""Seconds between two looks at which addresses there are, for one that was not there."""

_ICS = "text/calendar"
_ALL = {
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
    "Referrer-Policy": "no-referrer",
}


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a file's address stands for."""

    name: str
    about: str
    reader: str
    until: datetime


class Addresses:
    """`handlers.kit.ports.Links`. `base` is Plecs' address as people's calendars reach it; None
    where they can't. The first of the secrets signs, the others' files open too."""

    def __init__(self, base: str | None, *secrets: str) -> None:
        self._base = base
        self._signed = Signed("addresses of files", *secrets)

    def calendar(self, secret: str) -> str | None:
        return None if self._base is None else f"{self._base}/calendar/{secret}.ics"

    def file(self, name: str, about: str, reader: str, until: datetime) -> str | None:
        if self._base is None:
            return None
        token = self._signed.token([name, about, reader, int(until.timestamp())])
        return f"{self._base}/calendar/{token}/{name}"

    def ticket(self, token: str) -> Ticket | None:
        """What the token stands for; None for one that is not ours."""
        if len(token) > _LONGEST_TOKEN:
            return None
        values = self._signed.values(token)
        if values is None:
            return None
        name, about, reader, until = values
        return Ticket(name, about, reader, datetime.fromtimestamp(until, UTC))


NOWHERE = Addresses(None)
"""Where Plecs has no address."""


class Files:
    """Serves what the addresses stand for."""

    def __init__(
        self,
        addresses: Addresses,
        database: Database,
        services: Services,
        clock: Clock,
        seconds: Callable[[], float] = monotonic,
    ) -> None:
        self._seconds = seconds
        self._guesses = Guesses(seconds)
        self._known: set[bytes] = set()
        self._looked_at = float("-inf")
        self._looking = asyncio.Lock()
        self._addresses = addresses
        self._database = database
        self._services = services
        self._clock = clock
        self._turns = asyncio.Lock()
        self._waiting: Counter[str] = Counter()

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/calendar/{secret}.ics", self._calendar),
            web.get("/calendar/{token}/{name}", self._file),
        ]

    async def _calendar(self, request: web.Request) -> web.Response:
        secret = request.match_info["secret"]
        if not _SECRET.fullmatch(secret):
            raise _nothing()
        await self._see_that_it_opens(secret, request.remote)
        now = self._clock()
        body = await self._made(
            secret, lambda work: calendar.feed(secret, work, now, self._services)
        )
        if body is None:
            self._known.discard(short_mark(secret))
            raise _nothing()
        tag = sha256(body).hexdigest()[:32]
        headers = _ALL | {"Cache-Control": "private, no-cache"}
        if any(one.value in (tag, "*") for one in request.if_none_match or ()):
            response = web.Response(status=304, headers=headers)
        else:
            shown = headers | {"Content-Disposition": 'inline; filename="plecs.ics"'}
            response = web.Response(body=body, content_type=_ICS, charset="utf-8", headers=shown)
        response.etag = tag
        return response

    async def _file(self, request: web.Request) -> web.Response:
        token = request.match_info["token"]
        ticket = self._addresses.ticket(token)
        if ticket is None or request.match_info["name"] != ticket.name:
            raise _nothing()
        now = self._clock()
        if now >= ticket.until:
            raise web.HTTPGone(
                text="This link has had its time. Ask Plecs for a new one.\n"
                "Šīs saites laiks ir beidzies. Palūdz Plecam jaunu.\n"
            )
        body = await self._made(token, lambda work: _made_for(ticket, work, now, self._services))
        if body is None:
            raise _nothing()
        return web.Response(
            body=body,
            content_type=_ICS if ticket.name.endswith(".ics") else "text/csv",
            charset="utf-8",
            headers=_ALL
            | {
                "Cache-Control": "no-store",
                "Content-Disposition": f'attachment; filename="plecs-{ticket.name}"',
            },
        )

    async def _see_that_it_opens(self, secret: str, peer: str | None) -> None:
        """Tells addresses that open something from guesses before there is any work, so that no
        flood of guesses is in the way of an owner's program, even behind the same proxy. Raises
        HTTPNotFound, and HTTPTooManyRequests for an address that guesses too often."""
        mark = short_mark(secret)
        if mark in self._known:
            return
        if self._seconds() - self._looked_at >= _LOOK_AGAIN_AFTER:
            async with self._looking:
                if self._seconds() - self._looked_at >= _LOOK_AGAIN_AFTER:
                    self._known = await self._database.read(short_marks)
                    self._looked_at = self._seconds()
            if mark in self._known:
                return
        if not self._guesses.may(peer):
            raise web.HTTPTooManyRequests(headers={"Retry-After": "60"})
        # It may be new since the last look.
        async with self._looking:
            owner = await self._database.read(lambda work: work.of(CalendarAddresses).owner(secret))
        if owner is None:
            raise _nothing()
        self._known.add(mark)

    async def _made(
        self, address: str, make: Callable[[SqlWork], Sheet | bytes | None]
    ) -> bytes | None:
        """What `make` makes of the database for the address, in its turn. Raises
        HTTPServiceUnavailable when too many wait already."""
        waiting = self._waiting
        if waiting.total() >= _WAITING or waiting[address] >= _WAITING_FOR_ONE:
            raise web.HTTPServiceUnavailable(headers={"Retry-After": "60"})
        waiting[address] += 1
        try:
            async with self._turns:
                made = await self._database.read(make)
                # Not in the database's thread: writing takes longer than reading.
                return await asyncio.to_thread(written, made) if isinstance(made, Sheet) else made
        finally:
            waiting[address] -= 1
            if not waiting[address]:
                del waiting[address]


def _made_for(
    ticket: Ticket, work: SqlWork, now: datetime, services: Services
) -> Sheet | bytes | None:
    """The file, as it is now; None where the person may not have it any more. Raises HTTPForbidden
    where Plecs is not for them."""
    reader = work.people.get(ticket.reader)
    if reader is None:
        return None
    if (card := turned_away(reader, services.speaking(reader.locale))) is not None:
        raise web.HTTPForbidden(text=f"{plain(card.title)}.\n")
    match ticket.name:
        case files.DATES_FILE:
            return calendar.dates(ticket.about, reader, work, services)
        case exports.TABLE | exports.SHEET:
            return exports.file(ticket.name, reader, work, now, services)
        case _:
            return None


def _nothing() -> web.HTTPNotFound:
    return web.HTTPNotFound(text="There is nothing here.")
