"""Where an e-learning system tells that somebody finished a course.

    POST /api/learning      signed by Standard Webhooks: JSON

    {"type": "course.completed", "person": "anna@example.com", "course": "data_safety"}

`person` is an e-mail address, an extension, or the account that stands in what a learning record
store is told. What is posted is never logged, nor what is wrong in it.
"""

from collections.abc import Sequence

from aiohttp import web

from bot.guesses import Guesses
from bot.payloads import UnreadableError, loaded, text_at
from bot.webhooks import LARGEST, LONGEST_ID, WebhookSignatures, busy, refused
from handlers.learning.records import completed
from handlers.work import Occasion, Services
from scheduling.clock import Clock
from storage.database import Database

COMPLETED = "course.completed"
_LONGEST = 200


class LearningPosts:
    """Takes in what e-learning systems post. `secrets`: those that may sign, as `whsec_...`."""

    def __init__(
        self, database: Database, services: Services, clock: Clock, secrets: Sequence[str]
    ) -> None:
        self._database = database
        self._services = services
        self._clock = clock
        self._signatures = WebhookSignatures(secrets)
        self._guesses = Guesses()

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/api/learning", self._completed)]

    async def _completed(self, request: web.Request) -> web.Response:
        body = await request.read()
        if len(body) > LARGEST:
            return refused(413, "body", f"must have at most {LARGEST} bytes")
        if not self._signatures.hold(body, request.headers):
            if not self._guesses.may(request.remote):
                return busy(60)
            return refused(401, "webhook-signature", "is none of ours")
        if len(request.headers["webhook-id"]) > LONGEST_ID:
            return refused(400, "webhook-id", f"must have at most {LONGEST_ID} characters")
        try:
            posted = loaded(body)
        except UnreadableError:
            posted = None
        if not isinstance(posted, dict):
            return refused(400, "body", "must be a JSON object")
        if text_at(posted, "type") != COMPLETED:
            return refused(400, "type", f"must be {COMPLETED}")
        person, course = (text_at(posted, name, longest=_LONGEST) for name in ("person", "course"))
        for name, text in (("person", person), ("course", course)):
            if not text.strip():
                return refused(400, name, f"must be text of 1 to {_LONGEST} characters")
        now = self._clock()
        heard = await self._database.run(
            lambda work: completed(
                person.strip(), course.strip(), Occasion(work, now, self._services)
            )
        )
        return web.json_response({"result": heard}, status=202)
