"""The way into a workspace: to Slack, where somebody installs Plecs, and back with a code.

Bolt walks it; what it keeps on the way, and at the end, is kept in our database.
"""

import secrets
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from time import time
from typing import Any

import structlog
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.error import BoltError
from slack_bolt.oauth.async_callback_options import (
    AsyncCallbackOptions,
    AsyncFailureArgs,
    AsyncSuccessArgs,
)
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.response import BoltResponse
from slack_sdk.oauth.installation_store import Installation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.guesses import Guesses
from bot.signed import Signed
from bot.slack.api import UNREACHABLE, quiet_logger, word_of
from bot.slack.kept import KeptInstallations
from bot.slack.manifest import SCOPES
from bot.slack.oauth import authorize_url
from bot.slack.pages import HEADERS, PageWords, page
from bot.slack.statuses import INSTALL, REDIRECT
from handlers.kit.people import Address
from handlers.kit.ports import mark
from storage.slack import SlackInstallation, Token

_DONE = (
    mark("Plecs is here"),
    mark(
        "Open it in Slack: its start page says what comes next. Who installs it first is its admin."
    ),
)
_DENIED = (mark("Plecs was not installed"), mark("Slack was not allowed to. Nothing was kept."))
_BEGIN_ANEW = (
    mark("Please begin anew"),
    mark("That took longer than ten minutes, or began in another browser. Nothing was kept."),
)
_NOT_ALLOWED = (
    mark("This Plecs is not for that workspace"),
    mark("Nothing was kept. Ask whoever runs it to let the workspace in."),
)
_FAILED = (
    mark("Slack did not answer as it should"),
    mark("Plecs was not installed. Please try again in a minute."),
)

_STATE_LASTS = timedelta(minutes=10)

_PAGES = {
    "access_denied": (_DENIED, 200),
    "invalid_browser": (_BEGIN_ANEW, 400),
    "invalid_state": (_BEGIN_ANEW, 400),
    "missing_code": (_BEGIN_ANEW, 400),
    "storage_error": (_NOT_ALLOWED, 403),
}

log = structlog.get_logger()


class InstallPages:
    """Serves the installing part of `/slack/install` and `/slack/oauth_redirect`."""

    def __init__(
        self,
        kept: KeptInstallations,
        client: AsyncWebClient,
        *,
        base: str,
        client_id: str,
        client_secret: str,
        allowed: Sequence[str],
        now: Callable[[], datetime],
        installed: Callable[[Address], Awaitable[None]],
        signed: Signed,
    ) -> None:
        """`base` is Plecs' own address as browsers see it, `allowed` the workspaces and
        organisations that may have it (none: all may). `installed` hears who installed it."""
        self._guesses = Guesses()
        self._flow = AsyncOAuthFlow(
            client=_Exchanging(kept, client),
            logger=quiet_logger(),
            settings=AsyncOAuthSettings(
                client_id=client_id,
                client_secret=client_secret,
                scopes=SCOPES,
                redirect_uri=base + REDIRECT,
                install_path=INSTALL,
                redirect_uri_path=REDIRECT,
                install_page_rendering_enabled=False,
                authorization_url=authorize_url(client.base_url),
                installation_store=_Installations(kept, allowed, now, installed),
                state_store=_States(kept, signed, now),
                callback_options=AsyncCallbackOptions(success=_succeeded, failure=_failed),
            ),
        )

    async def to_slack(self, request: web.Request) -> web.Response:
        return await _shown(self._flow.handle_installation, request)

    async def back(self, request: web.Request) -> web.Response:
        if not self._guesses.may(request.remote):
            raise web.HTTPTooManyRequests(headers={"Retry-After": "60"})
        try:
            return await _shown(self._flow.handle_callback, request)
        except UNREACHABLE as error:
            log.warning("slack.call_failed", method="oauth.v2.access", error=word_of(error))
            return web.Response(
                status=502, text=page(_FAILED), content_type="text/html", headers=HEADERS
            )


class _Exchanging(AsyncWebClient):
    """Bolt's client while it installs: codes are exchanged as ours are."""

    def __init__(self, kept: KeptInstallations, client: AsyncWebClient) -> None:
        super().__init__(
            base_url=client.base_url,
            session=client.session,
            retry_handlers=[],
            logger=quiet_logger(),
        )
        self._kept = kept

    async def oauth_v2_access(self, **given: Any) -> AsyncSlackResponse:
        return await self._kept.exchanged(code=given["code"], redirect_uri=given["redirect_uri"])


class _States(AsyncOAuthStateStore):
    """Bolt's store of what was begun: the state says it itself, signed. Whoever only sets out,
    which anybody may, leaves nothing in our database."""

    def __init__(
        self, kept: KeptInstallations, signed: Signed, now: Callable[[], datetime]
    ) -> None:
        self._kept = kept
        self._signed = signed
        self._now = now

    async def async_issue(self, *_args: Any, **_kwargs: Any) -> str:
        return self._signed.token_until(secrets.token_urlsafe(24), self._now() + _STATE_LASTS)

    async def async_consume(self, state: str) -> bool:
        match self._signed.values_until(state):
            case str(number), until if until >= self._now():
                return await self._kept.came_back(number)
        return False


class _Installations(AsyncInstallationStore):
    """Bolt's store of installations, in our database."""

    def __init__(
        self,
        kept: KeptInstallations,
        allowed: Sequence[str],
        now: Callable[[], datetime],
        installed: Callable[[Address], Awaitable[None]],
    ) -> None:
        self._kept = kept
        self._allowed = allowed
        self._now = now
        self._installed = installed

    async def async_save(self, installation: Installation) -> None:
        """Raises BoltError for a workspace that may not have it."""
        whole = bool(installation.is_enterprise_install)
        team = installation.enterprise_id if whole else installation.team_id
        token, now = installation.bot_token, self._now()
        assert team is not None, "Slack says where it was installed"
        assert token is not None, "a bot's scopes are asked for"
        if self._allowed and not {team, installation.enterprise_id} & {*self._allowed}:
            log.warning("slack.not_allowed", workspace=team)
            await self._kept.give_back(token)
            raise BoltError(team)
        lasts = installation.bot_token_expires_at
        one = SlackInstallation(
            team,
            (installation.enterprise_name if whole else installation.team_name) or team,
            ",".join(installation.bot_scopes or ()),
            now,
            is_whole=whole,
        )
        # Bolt works out by the machine's clock when a token ends: what it lasts is what counts.
        ends = None if lasts is None else now + timedelta(seconds=lasts - int(time()))
        await self._kept.add(one, Token(token, installation.bot_refresh_token, ends))
        await self._installed(Address("slack", team, installation.user_id))


async def _succeeded(_args: AsyncSuccessArgs) -> BoltResponse:
    return _said(_DONE, 200)


async def _failed(args: AsyncFailureArgs) -> BoltResponse:
    said, status = _PAGES.get(args.reason, (_FAILED, 502))
    log.info("slack.not_installed", reason=args.reason)
    return _said(said, status)


def _said(said: PageWords, status: int) -> BoltResponse:
    headers: dict[str, str | Sequence[str]] = {**HEADERS, "content-type": "text/html"}
    return BoltResponse(status=status, body=page(said), headers=headers)


async def _shown(
    handle: Callable[[Any], Awaitable[BoltResponse]], request: web.Request
) -> web.Response:
    return await to_aiohttp_response(await handle(await to_bolt_request(request)))
