"""Certificates: the page that says that somebody was there, or finished a course at its own
address, and so the address to check it.

    /certificate/TOKEN      signed; who opens it reads what holds now

The address holds no name and is never logged. What it says is made from the state of that moment.
"""

from html import escape

from aiohttp import web

from bot.calendars import Addresses
from bot.secret_addresses import nothing
from handlers.learning.certificates import Certificate, certificate
from handlers.work import Occasion, Services
from scheduling.clock import Clock
from storage.database import Database

_HEADERS = {
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}

_PAGE = """<!doctype html>
<html lang="lv"><head><meta charset="utf-8"><title>Plecs</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>body{{font:18px/1.5 system-ui,sans-serif;color:#1f2933;margin:0;background:#f4f6f7}}
main{{max-width:36rem;margin:3rem auto;padding:2.5rem;background:#fff;border-top:6px solid #2f6f6a}}
h1{{font-size:1.9rem;margin:.2rem 0 1rem}}p{{margin:.4rem 0}}.en{{color:#52606d}}
@media print{{body{{background:#fff}}main{{margin:0}}}}</style></head><body><main>{body}</main>
</body></html>
"""


class Certificates:
    """Serves what the addresses stand for."""

    def __init__(
        self, addresses: Addresses, database: Database, services: Services, clock: Clock
    ) -> None:
        self._addresses = addresses
        self._database = database
        self._services = services
        self._clock = clock

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/certificate/{token}", self._shown)]

    async def _shown(self, request: web.Request) -> web.Response:
        certified = self._addresses.certified(request.match_info["token"])
        if certified is None:
            raise nothing()
        now = self._clock()
        found = await self._database.read(
            lambda work: certificate(*certified, Occasion(work, now, self._services))
        )
        return web.Response(
            text=_PAGE.format(body=_body(found) if found is not None else _GONE),
            status=200 if found is not None else 410,
            content_type="text/html",
            headers=_HEADERS,
        )


_GONE = (
    "<h1>Apliecinājuma nav</h1>"
    "<p>Plecs to nevar apliecināt: ieraksts ir labots vai vairs netiek glabāts.</p>"
    '<p class="en">Plecs can’t confirm this: the record was corrected or is no longer kept.</p>'
)


def _body(one: Certificate) -> str:
    name, day, until = escape(one.name), one.day, one.until
    did, did_en = ("Pabeidza", "Completed") if one.by_oneself else ("Piedalījās", "Took part in")
    minutes = f", {one.minutes} min." if one.minutes else ""
    minutes_en = f", {one.minutes} minutes" if one.minutes else ""
    return (
        f"<p>Apliecinājums</p><h1>{name}</h1>"
        f"<p><strong>{escape(one.course['lv'])}</strong></p>"
        f"<p>{did} {day.day}.{day.month}.{day.year}.{minutes}</p>"
        f'<p class="en">{did_en} “{escape(one.course["en"])}” on {day.isoformat()}{minutes_en}.</p>'
        f"<p>Pārbaudīts tagad Plecā. Šajā adresē to var pārbaudīt līdz "
        f"{until.day}.{until.month}.{until.year}.</p>"
        f'<p class="en">Checked just now with Plecs; it can be checked at this address until '
        f"{until.isoformat()}.</p>"
    )
