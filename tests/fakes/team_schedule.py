"""Microsoft Graph's schedules of teams for tests: pages, permissions and throttling, strict about
what Graph is strict about."""

import base64
import json
import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from aiohttp import web

TENANT = "11111111-0000-4000-8000-000000000001"
TEAM = "22222222-0000-4000-8000-000000000002"
APP_ID, SECRET = "33333333-0000-4000-8000-000000000003", "app secret"
_FILTER = re.compile(r"(\w+)/startDateTime ge (\S+) and (\w+)/endDateTime le (\S+)")
_PAGE = 2


@dataclass
class FakeSchedule:
    """`grants`: the application permissions that an administrator granted. `throttles`: how often
    it answers 429 first, asking to wait so many `seconds`."""

    grants: tuple[str, ...] = ("Schedule.Read.All",)
    shifts: list[dict[str, Any]] = field(default_factory=list)
    times_off: list[dict[str, Any]] = field(default_factory=list)
    throttles: int = 0
    seconds: int = 0
    leads_away: bool = False
    url: str = ""
    pages: int = 0

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post(f"/login/{TENANT}/oauth2/v2.0/token", self._token),
            web.get("/graph/v1.0/teams/{team}/schedule/shifts", self._shifts),
            web.get("/graph/v1.0/teams/{team}/schedule/timesOff", self._times_off),
        ]

    def shift(self, user: str, start: str, end: str, *, shared: bool = True) -> None:
        item = {"startDateTime": start, "endDateTime": end, "displayName": "Early"}
        self.shifts.append(
            {
                "id": f"SHFT_{len(self.shifts)}",
                "userId": user,
                "sharedShift": item if shared else None,
                "draftShift": None if shared else item,
            }
        )

    def time_off(self, user: str, start: str, end: str) -> None:
        item = {"startDateTime": start, "endDateTime": end, "timeOffReasonId": "TOR_1"}
        self.times_off.append({"id": "TOFF", "userId": user, "sharedTimeOff": item})

    async def _token(self, request: web.Request) -> web.Response:
        form = await request.post()
        if (form["client_id"], form["client_secret"]) != (APP_ID, SECRET):
            return web.json_response({"error_codes": [7000215]}, status=401)
        if form["scope"] != "https://graph.microsoft.com/.default":
            return web.json_response({"error": "invalid_scope"}, status=400)
        claims = base64.urlsafe_b64encode(json.dumps({"roles": self.grants}).encode()).decode()
        return web.json_response({"access_token": f"e30.{claims}.x", "expires_in": 3600})

    async def _shifts(self, request: web.Request) -> web.Response:
        return self._listed(request, "sharedShift", self.shifts)

    async def _times_off(self, request: web.Request) -> web.Response:
        return self._listed(request, "sharedTimeOff", self.times_off)

    def _listed(self, request: web.Request, name: str, rows: list[dict[str, Any]]) -> web.Response:
        if not request.headers.get("Authorization", "").startswith("Bearer e30."):
            return web.Response(status=401)
        if not {"Schedule.Read.All", "Schedule.ReadWrite.All"} & set(self.grants):
            return web.Response(status=403)
        if request.match_info["team"] != TEAM:
            return web.Response(status=404)
        if self.throttles:
            self.throttles -= 1
            return web.Response(status=429, headers={"Retry-After": str(self.seconds)})
        self.pages += 1
        found = _FILTER.fullmatch(request.query.get("$filter", ""))
        if found is None or {found[1], found[3]} != {name}:
            return web.Response(status=400)
        first, last = (datetime.fromisoformat(found[group]) for group in (2, 4))
        fits = [one for one in rows if one[name] is None or _fits(one[name], first, last)]
        skip = int(request.query.get("$skiptoken", "0"))
        body: dict[str, Any] = {"value": fits[skip : skip + _PAGE]}
        if skip + _PAGE < len(fits):
            query = request.url.update_query({"$skiptoken": str(skip + _PAGE)})
            more = "https://elsewhere.example/more" if self.leads_away else str(query)
            body["@odata.nextLink"] = more
        return web.json_response(body)


def _fits(item: dict[str, str], first: datetime, last: datetime) -> bool:
    start, end = (datetime.fromisoformat(item[key]) for key in ("startDateTime", "endDateTime"))
    return start >= first and end <= last
