"""Microsoft Graph, for the one thing a bot can't do: open a chat of several people.

It needs application permissions that an administrator grants, and is left alone without them.
"""

from collections.abc import Collection, Mapping
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

_NOT_THERE = "not_in_catalogue"
_TIMEOUT = aiohttp.ClientTimeout(4)
_CHATS_KEPT = 2000


class GraphError(Exception):
    """Graph did not do it; `word` is its code."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


class Graph:
    """Opens chats in which Plecs is."""

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
        # In memory alone: who talks with whom is kept nowhere.
        self._chats: dict[frozenset[str], str] = {}

    async def missing(self) -> frozenset[str]:
        """The permissions that are not granted. Raises GraphError when there is no token."""
        try:
            return PERMISSIONS - roles_of(await self._tokens.get(GRAPH))
        except TokenError as error:
            raise GraphError(error.word) from None

    async def is_in_catalogue(self) -> bool:
        """Whether the organisation has the app. Raises GraphError where that can't be told."""
        try:
            await self._app()
        except GraphError as error:
            if error.word != _NOT_THERE:
                raise
            return False
        return True

    async def chat(self, users: Collection[str]) -> str | None:
        """The chat of these people (by their Entra object ids) and Plecs, opened when there is
        none yet; None where Plecs may not, or Graph doesn't do it."""
        people = frozenset(users)
        if people in self._chats:
            return self._chats[people]
        try:
            if await self.missing():
                return None
            chat = await self._open(people)
        except GraphError as error:
            log.warning("teams.chat_not_opened", error=error.word)
            return None
        if len(self._chats) >= _CHATS_KEPT:
            self._chats.pop(next(iter(self._chats)))
        self._chats[people] = chat
        return chat

    def forget(self, chat: str) -> None:
        """The chat is gone: the next time another is opened."""
        self._chats = {people: one for people, one in self._chats.items() if one != chat}

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
