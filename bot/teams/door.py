"""Whether a request comes from Teams: botbuilder checks its token."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from aiohttp import web
from botbuilder.core import InvokeResponse, TurnContext
from botbuilder.integration.aiohttp import CloudAdapter
from botbuilder.schema import Activity as BotActivity
from botbuilder.schema import ActivityTypes
from botframework.connector.auth import (
    AuthenticateRequestResult,
    AuthenticationConstants,
    BotFrameworkAuthenticationFactory,
    JwtTokenExtractor,
    PasswordServiceClientCredentialFactory,
)
from jwt import MissingRequiredClaimError

from bot.teams.keys import Keys, NoKeysError
from bot.teams.parse import Activity

log = structlog.get_logger()

OPEN_ID_URL = AuthenticationConstants.TO_BOT_FROM_CHANNEL_OPENID_METADATA_URL
"""Where Microsoft says which keys sign its tokens."""

_IN_TIME = 3.0
"""Seconds for a token's check: it waits for Microsoft's keys once a day, and Teams waits five in
all."""

Answering = Callable[[], Awaitable[dict[str, Any] | None]]
"""Does what was asked; answers the body for an invoke."""


class Door:
    """Lets in what carries a token for this app; with no `app_id` everything."""

    def __init__(
        self, app_id: str, password: str, tenant: str, open_id_url: str = OPEN_ID_URL
    ) -> None:
        self._open_id_url = open_id_url
        self._keys = Keys(open_id_url)
        # botbuilder's own keys are fetched without a timeout, and hold up whoever asks: it is given
        # ours in their place, by their address.
        JwtTokenExtractor.metadataCache[open_id_url] = self._keys
        self._is_open = not app_id
        # Every value is Microsoft's public cloud's, as it is when none is given; but the classes
        # behind that keep the address of the keys where a test can't put its own.
        settings = {
            "to_channel_from_bot_login_url": (
                AuthenticationConstants.TO_CHANNEL_FROM_BOT_LOGIN_URL_PREFIX + tenant
            ),
            "to_channel_from_bot_oauth_scope": (
                AuthenticationConstants.TO_CHANNEL_FROM_BOT_OAUTH_SCOPE
            ),
            "to_bot_from_channel_token_issuer": (
                AuthenticationConstants.TO_BOT_FROM_CHANNEL_TOKEN_ISSUER
            ),
            "oauth_url": AuthenticationConstants.OAUTH_URL,
            "to_bot_from_channel_open_id_metadata_url": open_id_url,
            # No emulator's token is ever signed with these: TEAMS_INSECURE_LOCAL is for emulators.
            "to_bot_from_emulator_open_id_metadata_url": open_id_url,
        }
        self._checks = _Checks(
            BotFrameworkAuthenticationFactory.create(
                **({} if self._is_open else settings),
                credential_factory=PasswordServiceClientCredentialFactory(app_id, password, tenant),
            )
        )
        self._adapter = CloudAdapter(self._checks)

    async def pass_through(
        self, header: str, activity: Activity, answering: Answering
    ) -> web.Response:
        """Checks the token, then does what was asked and answers the request. Raises web's
        HTTPUnauthorized, and HTTPServiceUnavailable when the keys can't be had."""
        told = BotActivity(
            type=activity.type,
            channel_id=activity.channel,
            service_url=activity.service_url,
        )
        checked = await self._checked("" if self._is_open else header, told)

        async def turn(context: TurnContext) -> None:
            body = await answering()
            if body is not None:
                response = InvokeResponse(status=200, body=body)
                await context.send_activity(
                    BotActivity(type=ActivityTypes.invoke_response, value=response)
                )

        answer = await self._adapter.process_activity(checked, told, turn)
        if answer is None:
            return web.Response(status=200)
        # botbuilder 4.17.1's own `process` serialises the body here, which is plain JSON already,
        # and fails: so every invoke is answered with 500. tests/bot/teams/test_door.py tells when
        # that is mended.
        return web.json_response(answer.body, status=int(answer.status))

    def close(self) -> None:
        self._keys.close()
        JwtTokenExtractor.metadataCache.pop(self._open_id_url, None)

    async def _checked(self, header: str, told: BotActivity) -> AuthenticateRequestResult:
        if not header and not self._is_open:
            raise web.HTTPUnauthorized
        try:
            async with asyncio.timeout(_IN_TIME):
                return await self._checks.authenticate_request(told, header)
        except (NoKeysError, TimeoutError):
            raise web.HTTPServiceUnavailable from None
        except Exception as error:  # noqa: BLE001 - PyJWT's, botbuilder's and its slips
            log.warning("teams.token_refused", error=type(error).__name__)
            raise web.HTTPUnauthorized from None


class _Checks:
    """botbuilder's check of tokens, and that they end one day: it lets one without an end in for
    ever. Without the two clients that it makes for each request: they take most of a request's time
    (7 of 9 ms, measured), and Plecs uses neither."""

    def __init__(self, botbuilders: Any) -> None:
        self._botbuilders = botbuilders

    async def authenticate_request(
        self, told: BotActivity, header: str
    ) -> AuthenticateRequestResult:
        result = await self._botbuilders.authenticate_request(told, header)
        if header and "exp" not in result.claims_identity.claims:
            raise MissingRequiredClaimError("exp")
        result.connector_factory = self
        return result

    async def create(self, _service_url: str, _audience: str) -> object:
        """In a connector's place: botbuilder only wants that there is something."""
        return self

    async def create_user_token_client(self, _identity: object) -> None:
        """Nobody signs in through Plecs."""
