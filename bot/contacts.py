"""Where telephone systems tell of calls.

    POST /api/contacts      signed by Standard Webhooks: JSON, or a CloudEvent in structured mode
    POST /api/cti/TOKEN     Zammad's generic CTI format, at the workspace's own secret address
    GET /api/openapi.json   the same for machines

An event is answered once it is committed. What is posted is never logged, nor what is wrong in it.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

from aiohttp import web

from bot.call_events import HearsCalls, InvalidError, cti_event, event_in
from bot.guesses import Guesses
from bot.openapi import document
from bot.payloads import UnreadableError, loaded
from bot.secret_addresses import SecretAddresses, nothing
from bot.webhooks import LARGEST, LONGEST_ID, WebhookSignatures, busy, refused
from handlers.calls.model import CallEvent, Calls, Taken
from scheduling.clock import Clock
from storage.calls import short_marks_of_telephones
from storage.database import Database

WAITING = 500
"""Events that may wait for their commit; more are asked to come a second later."""

_JSON, _CLOUD = "application/json", "application/cloudevents+json"


class CountsEvents(Protocol):
    """What is told of each post, for the metrics."""

    def call_event(self, result: str) -> None: ...


class Contacts:
    """Takes in what telephone systems post. `secrets`: those that may sign, as `whsec_...`."""

    def __init__(
        self,
        desk: HearsCalls,
        database: Database,
        clock: Clock,
        secrets: Sequence[str],
        *,
        counts: CountsEvents,
    ) -> None:
        self._desk = desk
        self._database = database
        self._clock = clock
        self._signatures = WebhookSignatures(secrets)
        self._counts = counts
        self._guesses = Guesses()
        self._waiting = 0
        self._addresses = SecretAddresses(
            database,
            short_marks_of_telephones,
            lambda work, secret: work.of(Calls).opened_by(secret) is not None,
        )

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/api/contacts", self._contact),
            web.post("/api/cti/{token}", self._cti),
            web.get("/api/openapi.json", self._document),
        ]

    async def _contact(self, request: web.Request) -> web.Response:
        body = await request.read()
        if len(body) > LARGEST:
            return self._refused(413, "body", f"must have at most {LARGEST} bytes")
        if not self._signatures.hold(body, request.headers):
            if not self._guesses.may(request.remote):
                return self._busy(60)
            return self._refused(401, "webhook-signature", "is none of ours")
        try:
            event, left_out = self._read(body, request)
        except InvalidError as error:
            return self._refused(400, error.field, error.reason)
        if self._waiting >= WAITING:
            return self._busy()
        with self._one_more():
            taken = await self._desk.hear(event)
        return self._taken(taken, left_out)

    async def _cti(self, request: web.Request) -> web.Response:
        secret = request.match_info["token"]
        await self._addresses.see_that_it_opens(secret, request.remote)
        workspace = await self._database.read(lambda work: work.of(Calls).opened_by(secret))
        if workspace is None:
            self._addresses.forget(secret)
            raise nothing()
        body = await request.read()
        if len(body) > LARGEST:
            return self._refused(413, "body", f"must have at most {LARGEST} bytes")
        try:
            posted = await _posted(request, body)
            event = cti_event(posted, workspace, self._clock(), self._desk.caller)
        except InvalidError as error:
            return self._refused(400, error.field, error.reason)
        if self._waiting >= WAITING:
            return self._busy()
        with self._one_more():
            self._counts.call_event(await self._desk.hear(event, workspace))
        return web.json_response({})

    async def _document(self, _request: web.Request) -> web.Response:
        return web.json_response(document())

    def _read(self, body: bytes, request: web.Request) -> tuple[CallEvent, tuple[str, ...]]:
        delivery = request.headers["webhook-id"]
        if len(delivery) > LONGEST_ID:
            raise InvalidError("webhook-id", f"must have at most {LONGEST_ID} characters")
        if request.content_type not in (_JSON, _CLOUD):
            raise InvalidError("Content-Type", f"must be {_JSON} or {_CLOUD}")
        try:
            posted = loaded(body)
        except UnreadableError:
            raise InvalidError("body", "must be a JSON object") from None
        is_cloud = request.content_type == _CLOUD
        return event_in(posted, delivery, self._clock(), self._desk.caller, cloud=is_cloud)

    def _taken(self, taken: Taken, left_out: Sequence[str]) -> web.Response:
        self._counts.call_event(taken)
        answer: dict[str, Any] = {"result": taken}
        if left_out:
            answer["left_out"] = list(left_out)
        return web.json_response(answer, status=202)

    def _refused(self, status: int, field: str, reason: str) -> web.Response:
        self._counts.call_event({401: "unsigned", 413: "too_large"}.get(status, "invalid"))
        return refused(status, field, reason)

    def _busy(self, seconds: int = 1) -> web.Response:
        self._counts.call_event("busy")
        return busy(seconds)

    @contextmanager
    def _one_more(self) -> Iterator[None]:
        self._waiting += 1
        try:
            yield
        finally:
            self._waiting -= 1


async def _posted(request: web.Request, body: bytes) -> dict[str, Any]:
    """The fields, of a form or of JSON. Raises InvalidError."""
    try:
        if request.content_type == _JSON:
            found = loaded(body)
        else:
            form = await request.post()
            found = loaded(json.dumps({name.removesuffix("[]"): _of(form, name) for name in form}))
    except (UnreadableError, ValueError):
        raise InvalidError("body", "must be a form or a JSON object") from None
    if not isinstance(found, dict):
        raise InvalidError("body", "must be a form or a JSON object")
    return found


def _of(form: Any, name: str) -> object:
    values = [one for one in form.getall(name) if isinstance(one, str)]
    return values if name.endswith("[]") else next(iter(values), "")
