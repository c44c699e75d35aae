"""Microsoft Graph, for what a bot can't do: open a chat of several people, and stand in somebody's
activity feed.

It needs application permissions that an administrator grants, and is left alone without them.
"""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import aiohttp
import structlog

from bot.teams.tokens import GRAPH, TokenError, Tokens, roles_of

log = structlog.get_logger()

Json = dict[str, Any]

GRAPH_URL = "https://graph.microsoft.com"

CATALOGUE = "AppCatalog.Read.All"

PERMISSIONS = frozenset(
    {
        CATALOGUE,  # which app in the organisation's catalogue Plecs is
        "Chat.Create",
        "TeamsAppInstallation.ReadWriteSelfForChat.All",  # itself into the chat, and no other app
    }
)
"""What an administrator grants so that Plecs opens chats
(learn.microsoft.com/graph/api/chat-post, chat-post-installedapps)."""

NOTIFIES = "TeamsActivity.Send"
"""What an administrator grants so that pings stand in the activity feed, too
(learn.microsoft.com/graph/api/userteamwork-sendactivitynotification)."""

READS_SCHEDULES = "Schedule.Read.All"
"""What an administrator grants so that Shifts planned in Microsoft Teams are read
(learn.microsoft.com/graph/api/schedule-list-shifts)."""

READS_ITSELF = "Application.Read.All"
"""What an administrator grants so that `plecs check` knows when the app's secret ends."""

_NOT_THERE = "not_in_catalogue"
_TIMEOUT = aiohttp.ClientTimeout(4)
_PREVIEW = 150
"""Characters of an entry that Teams shows."""


class GraphError(Exception):
    """Graph did not do it; `word` is its code."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


class Graph:
    """Opens chats in which Plecs is, and tells of what is urgent."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        tokens: Tokens,
        app_id: str,
        url: str = GRAPH_URL,
    ) -> None:
        self._session = session
        self._tokens = tokens
        self._app_id = app_id
        self._url = f"{url}/v1.0"
        self._in_catalogue = ""

    async def missing(self) -> frozenset[str]:
        """Those of PERMISSIONS that are not granted. Raises GraphError when there is no token."""
        return PERMISSIONS - await self.granted()

    async def granted(self) -> frozenset[str]:
        """The permissions that are. Raises GraphError when there is no token."""
        try:
            return roles_of(await self._tokens.get(GRAPH))
        except TokenError as error:
            raise GraphError(error.word) from None

    async def notify(self, user: str, words: str) -> None:
        """Puts the words into the activity feed of somebody who has the app; a press on them opens
        their chat with Plecs. Nothing where Plecs may not, or Graph doesn't do it."""
        told = {
            "topic": {
                "source": "text",
                "value": "Plecs",
                "webUrl": f"https://teams.microsoft.com/l/chat/0/0?users=28:{self._app_id}",
            },
            "activityType": "systemDefault",
            "previewText": {"content": words[:_PREVIEW]},
            "templateParameters": [{"name": "systemDefaultText", "value": words[:_PREVIEW]}],
        }
        try:
            if NOTIFIES in await self.granted():
                path = f"users/{quote(user, safe='')}/teamwork/sendActivityNotification"
                await self._call("POST", path, told)
        except GraphError as error:
            log.warning("teams.not_in_the_feed", error=error.word)

    async def is_in_catalogue(self) -> bool:
        """Whether the organisation has the app. Raises GraphError where that can't be told."""
        try:
            await self._app()
        except GraphError as error:
            if error.word != _NOT_THERE:
                raise
            return False
        return True

    async def secret_ends(self, secret: str) -> datetime | None:
        """When the app's secret ends; None where Plecs may not look, or Graph knows no such one.
        Raises GraphError where Graph doesn't say."""
        if READS_ITSELF not in await self.granted():
            return None
        asked = {"$select": "passwordCredentials"}
        path = f"applications(appId='{quote(self._app_id, safe='')}')"
        kept = (await self._call("GET", path, None, asked)).get("passwordCredentials")
        # Graph tells of a secret only how it begins.
        ends = [
            at
            for one in (kept if isinstance(kept, list) else ())
            if isinstance(one, dict) and secret.startswith(str(one.get("hint") or "\0"))
            if (at := _instant(one.get("endDateTime"))) is not None
        ]
        return max(ends, default=None)

    async def chat(self, users: Collection[str]) -> str | None:
        """A new chat of these people (by their Entra object ids) and Plecs; None where Plecs may
        not open one, or Graph doesn't do it."""
        try:
            return None if await self.missing() else await self._open(frozenset(users))
        except GraphError as error:
            log.warning("teams.chat_not_opened", error=error.word)
            return None

    async def _open(self, people: frozenset[str]) -> str:
        app = await self._app()
        members = [
            {
                "@odata.type": "#microsoft.graph.aadUserConversationMember",
                "roles": ["owner"],
                "user@odata.bind": f"{self._url}/users('{quote(user, safe='')}')",
            }
            for user in sorted(people)
        ]
        made = await self._call("POST", "chats", {"chatType": "group", "members": members})
        chat = made.get("id")
        if not isinstance(chat, str) or not chat:
            raise GraphError("no_id")
        bound = {"teamsApp@odata.bind": f"{self._url}/appCatalogs/teamsApps/{app}"}
        await self._call("POST", f"chats/{quote(chat, safe='')}/installedApps", bound)
        return chat

    async def _app(self) -> str:
        if not self._in_catalogue:
            asked = {"$filter": f"externalId eq '{self._app_id}'", "$select": "id"}
            found = (await self._call("GET", "appCatalogs/teamsApps", None, asked)).get("value")
            match found:
                case [{"id": str(app)}, *_]:
                    self._in_catalogue = app
                case _:
                    raise GraphError(_NOT_THERE)
        return self._in_catalogue

    async def _call(
        self, method: str, path: str, body: Json | None, query: Mapping[str, str] | None = None
    ) -> Json:
        try:
            headers = {"Authorization": f"Bearer {await self._tokens.get(GRAPH)}"}
            async with self._session.request(
                method,
                f"{self._url}/{path}",
                json=body,
                params=query,
                headers=headers,
                timeout=_TIMEOUT,
            ) as answer:
                said = await answer.json(content_type=None)
        except TokenError as error:
            raise GraphError(error.word) from None
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise GraphError(type(error).__name__) from None
        if answer.status >= 300:
            raise GraphError(f"HTTP{answer.status}")
        return said if isinstance(said, dict) else {}


def _instant(text: object) -> datetime | None:
    try:
        at = datetime.fromisoformat(str(text))
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
