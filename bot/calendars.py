"""Calendars and files that people fetch from Plecs: their addresses, and the server of them.

    /calendar/SECRET.ics      a person's calendar, for as long as they keep the address
    /calendar/TOKEN/NAME      a file, signed, until the token's time is over

Neither address is ever logged, and both say nothing to who guesses. What is given out is made from
the state of that moment; nothing is kept.
"""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from time import monotonic

from aiohttp import web

from bot.secret_addresses import SecretAddresses, nothing
from bot.signed import Signed
from handlers import calendars
from handlers.admission import turned_away
from handlers.common.calendars import CalendarAddresses
from handlers.kit.sheets import Sheet
from handlers.kit.text import plain
from handlers.work import Occasion, Services
from scheduling.calendars import written
from scheduling.clock import Clock
from storage.calendars import short_marks_of_calendars
from storage.database import Database
from storage.work import SqlWork

_LONGEST_TOKEN = 1000

_WAITING = 60
"""How many may wait for their file. They are made one at a time: calendars that ask in a loop take
no more than one thread from people who need somebody now."""

_WAITING_FOR_ONE = 3
"""How many may wait for the same file: a program that asks in a loop is in nobody else's way."""

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
        self._certified = Signed("addresses of certificates", *secrets)

    def calendar(self, secret: str) -> str | None:
        return None if self._base is None else f"{self._base}/calendar/{secret}.ics"

    def telephone(self, secret: str) -> str | None:
        return None if self._base is None else f"{self._base}/api/cti/{secret}"

    def certificate(self, about: str, person: str) -> str | None:
        if self._base is None:
            return None
        return f"{self._base}/certificate/{self._certified.token([about, person])}"

    def certified(self, token: str) -> tuple[str, str] | None:
        """What is certified of whom; None for a token that is not ours."""
        values = self._certified.values(token) if len(token) <= _LONGEST_TOKEN else None
        if values is None:
            return None
        about, person = values
        return about, person

    def file(self, name: str, about: str, reader: str, until: datetime) -> str | None:
        if self._base is None:
            return None
        token = self._signed.token_until([name, about, reader], until)
        return f"{self._base}/calendar/{token}/{name}"

    def ticket(self, token: str) -> Ticket | None:
        """What the token stands for; None for one that is not ours."""
        if len(token) > _LONGEST_TOKEN:
            return None
        found = self._signed.values_until(token)
        if found is None:
            return None
        (name, about, reader), until = found
        return Ticket(name, about, reader, until)


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
        self._secrets = SecretAddresses(
            database,
            short_marks_of_calendars,
            lambda work, secret: work.of(CalendarAddresses).owner(secret) is not None,
            seconds,
        )
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
        await self._secrets.see_that_it_opens(secret, request.remote)
        now = self._clock()
        body = await self._made(
            secret, lambda work: calendars.feed(secret, Occasion(work, now, self._services))
        )
        if body is None:
            self._secrets.forget(secret)
            raise nothing()
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
            raise nothing()
        now = self._clock()
        if now >= ticket.until:
            raise web.HTTPGone(
                text="This link has had its time. Ask Plecs for a new one.\n"
                "Šīs saites laiks ir beidzies. Palūdziet Plecam jaunu.\n"
            )
        body = await self._made(
            token, lambda work: _made_for(ticket, Occasion(work, now, self._services))
        )
        if body is None:
            raise nothing()
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


def _made_for(ticket: Ticket, on: Occasion) -> Sheet | bytes | None:
    """The file, as it is now; None where the person may not have it any more. Raises HTTPForbidden
    where Plecs is not for them."""
    reader = on.work.people.get(ticket.reader)
    if reader is None:
        return None
    if (card := turned_away(reader, on.services.speaking(reader.locale))) is not None:
        raise web.HTTPForbidden(text=f"{plain(card.title)}.\n")
    return calendars.file(ticket.name, ticket.about, reader, on)
