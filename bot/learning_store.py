"""Tells a learning record store what people learned, as xAPI statements (1.0.3).

At least once, and each under an id of its own that stays the same: whatever comes twice the store
knows already. People are accounts at random; nothing else of them is sent.
"""

from collections.abc import Coroutine, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import aiohttp
import structlog
from aiohttp.resolver import ThreadedResolver

from bot.outside import CheckedResolver
from handlers.learning.lookups import named
from handlers.learning.model import Course, LearningEvent, Statement, Statements, Verb
from handlers.work import Occasion, Services
from scheduling.clock import Clock
from scheduling.due_work import DueWork
from scheduling.under_way import back_off
from storage.database import Database
from storage.work import SqlWork

_LOOK_EVERY = 60.0
"""Seconds between looks for what is to be told where it happened elsewhere: nobody waits for it."""

_AT_ONCE = 4
_LEASE = timedelta(minutes=2)
_TIMEOUT = 10.0
"""Seconds for one statement."""

_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=6)
_VERBS = "http://adlnet.gov/expapi/verbs/"
_COURSE = "http://adlnet.gov/expapi/activities/course"
_IN_WORDS: Mapping[Verb, Mapping[str, str]] = {
    Verb.REGISTERED: {"en": "registered", "lv": "pieteicās"},
    Verb.ATTENDED: {"en": "attended", "lv": "piedalījās"},
    Verb.COMPLETED: {"en": "completed", "lv": "pabeidza"},
    Verb.VOIDED: {"en": "voided", "lv": "atsauca"},
}

log = structlog.get_logger()


class LearningStore(DueWork):
    """One process's part in telling. `url` is the store's xAPI address, which may lead `inside` a
    network of one's own or not; `home` is Plecs' own."""

    def __init__(
        self,
        database: Database,
        services: Services,
        clock: Clock,
        *,
        url: str,
        key: str,
        secret: str,
        home: str,
        inside: bool,
    ) -> None:
        super().__init__(clock, at_once=_AT_ONCE, event="learning_failed", look_every=_LOOK_EVERY)
        self._database = database
        self._services = services
        self._url = f"{url.rstrip('/')}/statements"
        self._headers = {
            "Authorization": aiohttp.encode_basic_auth(key, secret),
            "X-Experience-API-Version": "1.0.3",
        }
        self._home = home
        self._inside = inside
        self._session: aiohttp.ClientSession | None = None

    async def finish(self, seconds: float) -> None:
        """The same, and lets go of the store."""
        await super().finish(seconds)
        if self._session is not None:
            await self._session.close()

    async def _next_due(self) -> datetime | None:
        return await self._database.read(lambda work: work.of(Statements).next_due())

    async def _claim(self, most: int) -> list[Coroutine[None, None, None]]:
        now = self._clock()
        claimed = await self._database.run(
            lambda work: [
                (one, self._written(one, work))
                for one in work.of(Statements).claim(now, now + _LEASE, most)
            ]
        )
        return [self._see_to(one, written) for one, written in claimed]

    async def _see_to(self, one: Statement, written: Mapping[str, Any]) -> None:
        try:
            trouble = await self._put(one.id, written)
            await self._database.run(partial(self._settle, one, trouble))
        except Exception:
            log.exception("statement_failed", about=one.id)  # its lease runs out

    def _client(self) -> aiohttp.ClientSession:
        """Opened when something is first told."""
        if self._session is None:
            resolver = CheckedResolver(self._url, ThreadedResolver(), inside=self._inside)
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(resolver=resolver),
                timeout=aiohttp.ClientTimeout(_TIMEOUT),
            )
        return self._session

    def _settle(self, one: Statement, trouble: str, work: SqlWork) -> None:
        if trouble:
            log.warning("learning_store_failed", about=one.id, reason=trouble)
            pause = back_off(one.attempts, _FIRST_PAUSE, _LONGEST_PAUSE)
            work.of(Statements).later(one.id, self._clock() + pause)
        else:
            work.of(Statements).told([one.id])

    async def _put(self, statement: str, written: Mapping[str, Any]) -> str:
        """What kept the store from taking it; empty where it has it. What stands there already
        under this id (409) was told before."""
        try:
            async with self._client().put(
                self._url,
                params={"statementId": statement},
                json=written,
                headers=self._headers,
                allow_redirects=False,
            ) as answer:
                return "" if answer.status in (200, 204, 409) else str(answer.status)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            return type(error).__name__

    def _written(self, one: Statement, work: SqlWork) -> Mapping[str, Any]:
        told = one.told
        return {
            "id": one.id,
            "actor": {
                "objectType": "Agent",
                "account": {"homePage": self._home, "name": one.account},
            },
            "verb": {"id": f"{_VERBS}{told.verb}", "display": dict(_IN_WORDS[told.verb])},
            "object": self._object(told, work),
            "timestamp": told.at.isoformat(),
        }

    def _object(self, told: LearningEvent, work: SqlWork) -> Mapping[str, Any]:
        if told.verb is Verb.VOIDED:
            return {"objectType": "StatementRef", "id": told.about}
        on = Occasion(work, self._clock(), self._services)
        course = named(on, told.workspace, told.course)
        return {
            "objectType": "Activity",
            "id": f"{self._home}/learning/{told.course}",
            "definition": {"type": _COURSE, "name": _names(course, told.course)},
        }


def _names(course: Course | None, known_as: str) -> Mapping[str, str]:
    return dict(course.names) if course is not None else {"en": known_as}
