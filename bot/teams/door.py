"""Whether a request comes from Teams: it carries a token, signed with one of Microsoft's keys.

What must hold of the token is written under "Authenticate requests from the Bot Connector service
to your bot" in Microsoft's documentation of the Bot Connector.
"""

import asyncio

import jwt
import structlog
from aiohttp import web

from bot.teams.keys import Keys, NoKeysError
from bot.teams.parse import Activity

log = structlog.get_logger()

OPEN_ID_URL = "https://login.botframework.com/v1/.well-known/openidconfiguration"
"""Where Microsoft says which keys sign its tokens."""

_ISSUER = "https://api.botframework.com"

_SIGNED_BY = ("RS256",)

_CLOCKS_APART = 300.0
"""Seconds by which Microsoft's clock and ours may differ, as it asks."""

_IN_TIME = 3.0
"""Seconds for a token's check: it waits for Microsoft's keys once a day, and Teams waits five in
all."""


class Door:
    """Lets in what carries a token for this app; with no `app_id` everything."""

    def __init__(self, app_id: str, open_id_url: str = OPEN_ID_URL) -> None:
        self._app_id = app_id
        self._keys = Keys(open_id_url)

    async def check(self, header: str, activity: Activity) -> None:
        """Raises web's HTTPUnauthorized for what has no such token in its header, and
        HTTPServiceUnavailable when the keys can't be had."""
        if not self._app_id:
            return
        scheme, _, token = header.partition(" ")
        if scheme != "Bearer":
            raise web.HTTPUnauthorized
        try:
            async with asyncio.timeout(_IN_TIME):
                is_teams = await self._is_from_teams(token, activity)
        except (NoKeysError, TimeoutError):
            raise web.HTTPServiceUnavailable from None
        except Exception as error:  # noqa: BLE001 - whatever a token breaks, it opens nothing
            log.warning("teams.token_refused", error=type(error).__name__)
            raise web.HTTPUnauthorized from None
        if not is_teams:
            log.warning("teams.token_refused", error="another service")
            raise web.HTTPUnauthorized

    def close(self) -> None:
        self._keys.close()

    async def _is_from_teams(self, token: str, activity: Activity) -> bool:
        """Whether the token was made for this activity. Raises PyJWTError for one that is not
        Microsoft's, not this app's or not valid now, UnknownKeyError and NoKeysError."""
        name = jwt.get_unverified_header(token)["kid"]
        key = await self._keys.get(name)
        claims = jwt.decode(
            token,
            key.public_key,
            algorithms=_SIGNED_BY,
            audience=self._app_id,
            issuer=_ISSUER,
            leeway=_CLOCKS_APART,
            options={"require": ["exp", "iss", "aud"]},
        )
        # Whoever may sign for another channel only, or answers elsewhere, is not Teams.
        is_endorsed = not key.endorsements or activity.channel in key.endorsements
        return is_endorsed and bool(claims.get("serviceurl") == activity.service_url)
