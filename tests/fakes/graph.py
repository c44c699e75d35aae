"""A Microsoft Graph for tests, over a fake Teams: the little that opens a chat. It refuses what an
administrator has not granted, and what Graph doesn't know."""

from typing import Any

from aiohttp import web

from tests.fakes.teams import APP_ID, PASSWORD, Conversation, FakeTeams

Json = dict[str, Any]

CATALOGUE_ID = "eeeeeeee-0000-4000-8000-000000000005"
SECRET_ENDS = "2026-12-20T10:00:00Z"
GRANTS = ("AppCatalog.Read.All", "Chat.Create", "TeamsAppInstallation.ReadWriteSelfForChat.All")
NOTIFIES = "TeamsActivity.Send"
READS_SCHEDULES = "Schedule.Read.All"
READS_ITSELF = "Application.Read.All"
_MEMBER = "#microsoft.graph.aadUserConversationMember"


def graph_routes(teams: FakeTeams) -> list[web.RouteDef]:
    """Graph's addresses, under /graph of the fake Teams' server."""
    graph = FakeGraph(teams)
    return [
        web.get("/graph/v1.0/appCatalogs/teamsApps", graph.catalogue),
        web.get(f"/graph/v1.0/applications(appId='{APP_ID}')", graph.application),
        web.post("/graph/v1.0/chats", graph.create),
        web.post("/graph/v1.0/chats/{chat}/installedApps", graph.install),
        web.post("/graph/v1.0/users/{user}/teamwork/sendActivityNotification", graph.notify),
    ]


class FakeGraph:
    def __init__(self, teams: FakeTeams) -> None:
        self._teams = teams

    async def catalogue(self, request: web.Request) -> web.Response:
        self._wants(request, "AppCatalog.Read.All")
        known = request.query["$filter"] == f"externalId eq '{APP_ID}'"
        return web.json_response(
            {"value": [{"id": CATALOGUE_ID}] if known and self._teams.uploaded else []}
        )

    async def application(self, request: web.Request) -> web.Response:
        self._wants(request, READS_ITSELF)
        if request.query["$select"] != "passwordCredentials":
            raise web.HTTPBadRequest
        ends = {PASSWORD[:3]: SECRET_ENDS, "zzz": "2026-12-02T10:00:00.1234567Z"}
        return web.json_response(
            {"passwordCredentials": [{"hint": one, "endDateTime": at} for one, at in ends.items()]}
        )

    async def create(self, request: web.Request) -> web.Response:
        self._wants(request, "Chat.Create")
        body = await request.json()
        teams = self._teams
        people = []
        for member in body["members"]:
            if member["@odata.type"] != _MEMBER or member["roles"] != ["owner"]:
                raise web.HTTPBadRequest
            bound = member["user@odata.bind"]
            user = bound.removeprefix(f"{teams.url}/graph/v1.0/users('").removesuffix("')")
            if user not in teams.users:
                raise web.HTTPNotFound
            people.append(teams.users[user].id)
        if body["chatType"] != "group" or len(people) < 2:
            raise web.HTTPBadRequest
        chat = Conversation(f"19:{teams.number()}@thread.v2", "groupChat", people, installed=False)
        teams.conversations[chat.id] = chat
        return web.json_response({"id": chat.id, "chatType": "group"}, status=201)

    async def install(self, request: web.Request) -> web.Response:
        self._wants(request, "TeamsAppInstallation.ReadWriteSelfForChat.All")
        body = await request.json()
        url = f"{self._teams.url}/graph/v1.0/appCatalogs/teamsApps/{CATALOGUE_ID}"
        if body != {"teamsApp@odata.bind": url}:
            raise web.HTTPBadRequest
        self._teams.conversations[request.match_info["chat"]].installed = True
        return web.Response(status=201)

    async def notify(self, request: web.Request) -> web.Response:
        self._wants(request, NOTIFIES)
        body = await request.json()
        user = self._teams.users.get(request.match_info["user"])
        if user is None or not self._teams.conversations[user.chat].installed:
            raise web.HTTPForbidden
        topic = body["topic"]
        at_teams = topic["webUrl"].startswith("https://teams.microsoft.com/l/")
        if topic["source"] != "text" or not topic["value"] or not at_teams:
            raise web.HTTPBadRequest
        [words] = body["templateParameters"]
        if (body["activityType"], words["name"]) != ("systemDefault", "systemDefaultText"):
            raise web.HTTPBadRequest
        self._teams.feed.append((user.user, words["value"]))
        return web.Response(status=204)

    def _wants(self, request: web.Request, role: str) -> None:
        self._teams.calls.append((f"GRAPH {request.method}", request.path))
        if self._teams.scope_of(request) != "https://graph.microsoft.com/.default":
            raise web.HTTPUnauthorized
        if role not in self._teams.granted:
            raise web.HTTPForbidden
