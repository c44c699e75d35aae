"""A learning record store for tests (xAPI 1.0.3), which refuses what the specification has it
refuse, and anything by which somebody could be known."""

import base64
import re
from datetime import datetime
from typing import Any
from uuid import UUID

from aiohttp import web

KEY, SECRET = "plecs", "store secret"
HOME = "https://plecs.example"
_BASIC = "Basic " + base64.b64encode(f"{KEY}:{SECRET}".encode()).decode()
_VERBS = {
    f"http://adlnet.gov/expapi/verbs/{verb}" for verb in ("registered", "attended", "completed")
}
_VOIDED = "http://adlnet.gov/expapi/verbs/voided"
_LANGUAGE = re.compile(r"[a-z]{2}(-[A-Z]{2})?")


class FakeLearningStore:
    """Keeps statements by their id. `fails`: how often it answers 503 before it takes any;
    `forgets`: how often it keeps one and does not say so."""

    def __init__(self) -> None:
        self.statements: dict[str, dict[str, Any]] = {}
        """As they came: what was voided is there too, as `stands` tells."""
        self.asked = 0
        self.fails = 0
        self.forgets = 0

    def stands(self) -> list[str]:
        """What holds of what was told, by its English verb: neither voided, nor what voids."""
        gone = {
            one["object"]["id"]
            for one in self.statements.values()
            if one["object"]["objectType"] == "StatementRef"
        }
        return [
            one["verb"]["display"]["en"]
            for one in self.statements.values()
            if one["id"] not in gone and one["object"]["objectType"] == "Activity"
        ]

    def routes(self) -> list[web.RouteDef]:
        return [web.put("/xapi/statements", self._put)]

    async def _put(self, request: web.Request) -> web.Response:
        self.asked += 1
        if self.fails:
            self.fails -= 1
            return web.Response(status=503)
        if request.headers.get("Authorization") != _BASIC:
            return web.Response(status=401)
        if request.headers.get("X-Experience-API-Version") != "1.0.3":
            return web.Response(status=400)
        body = await request.json()
        if not _is_statement(body) or request.query.get("statementId") != body["id"]:
            return web.Response(status=400)
        before = self.statements.setdefault(body["id"], body)
        if before != body:
            return web.Response(status=409)
        if self.forgets:
            self.forgets -= 1
            return web.Response(status=504)
        return web.Response(status=204)


def _is_statement(body: Any) -> bool:
    try:
        UUID(body["id"])
        UUID(body["actor"]["account"]["name"])
        return (
            set(body) == {"id", "actor", "verb", "object", "timestamp"}
            and body["actor"]
            == {
                "objectType": "Agent",
                "account": {"homePage": HOME, "name": body["actor"]["account"]["name"]},
            }
            and _is_object(body["object"], voids=body["verb"]["id"] == _VOIDED)
            and body["verb"]["id"] in {*_VERBS, _VOIDED}
            and all(_LANGUAGE.fullmatch(one) for one in body["verb"]["display"])
            and datetime.fromisoformat(body["timestamp"]).tzinfo is not None
        )
    except (KeyError, TypeError, ValueError):
        return False


def _is_object(body: Any, *, voids: bool) -> bool:
    if voids:
        return set(body) == {"objectType", "id"} and bool(
            body["objectType"] == "StatementRef" and UUID(body["id"])
        )
    return bool(
        body["objectType"] == "Activity"
        and body["id"].startswith(HOME)
        and all(_LANGUAGE.fullmatch(one) for one in body["definition"]["name"])
    )
