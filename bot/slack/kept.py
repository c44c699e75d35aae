"""What is kept of the workspaces in which Plecs is installed, for as long as it is."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from http import HTTPStatus

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.slack import oauth
from bot.slack.api import UNREACHABLE, http_of, word_of
from bot.slack.clients import ManyWorkspaces
from handlers.kit.people import Address
from handlers.kit.told import happened
from storage.database import Database
from storage.slack import Rotation, SlackInstallation, Token
from storage.work import SqlWork
from storage.workspaces import delete_some

ROTATE_EVERY = 60.0
"""Seconds between looks for tokens that end soon."""

CLEAN_EVERY = 3600.0
"""Seconds between looks for workspaces that the app left 30 days ago."""

_IN_TIME = timedelta(hours=2)
"""How long before its end a token is changed: Slack gives one for twelve hours, and may not be
there."""

_REMOVED = frozenset({"account_inactive", "invalid_auth", "token_revoked"})
"""Slack's words for a token of an app that is not there any more."""

_PASSING = frozenset(
    {
        *("fatal_error", "internal_error", "ratelimited", "rate_limited", "request_timeout"),
        "service_unavailable",
    }
)
"""Slack's words for what it may do a minute later."""

_AT_ONCE = 200
"""Rows that are deleted in one transaction."""

log = structlog.get_logger()


class KeptInstallations:
    """Where Plecs is installed. `clients` speak with the tokens that are kept."""

    def __init__(
        self,
        database: Database,
        clients: ManyWorkspaces,
        session: aiohttp.ClientSession,
        now: Callable[[], datetime],
        *,
        api_url: str,
        client_id: str,
        client_secret: str,
    ) -> None:
        self._database = database
        self._clients = clients
        self._session = session
        self._now = now
        self._api_url = api_url
        self._client_id = client_id
        self._client_secret = client_secret
        self._new: dict[str, tuple[Rotation, Token]] = {}

    async def add(self, one: SlackInstallation, token: Token) -> None:
        """The app was installed there, anew or for the first time."""
        await self._database.run(lambda work: work.slack.put(one, token))
        self._clients.forget(one.team)
        log.info("slack.installed", workspace=one.team)

    async def came_back(self, number: str) -> bool:
        """Whether whoever set out with this number comes back for the first time."""
        now = self._now()
        install = f"install:{number}"
        return await self._database.run(lambda work: work.deliveries.is_new("slack", install, now))

    async def removed(self, team: str, at: datetime) -> None:
        """Slack told that the app was removed there, or its token revoked: what is kept of it is
        deleted at once, unless Slack still takes the token. It may tell late, or of the one before.
        """
        self._clients.forget(team)
        try:
            await (await self._clients.of(team)).auth_test()
        except UNREACHABLE as error:
            # A token that is refused is gone, whatever the clocks say; else what it told counts.
            now = self._now()
            when = now if word_of(error) in _REMOVED else happened(at, now)
            gone = await self._database.run(lambda work: work.slack.remove(team, when))
            self._clients.forget(team)
            log.warning("slack.uninstalled", workspace=team, count=gone, error=word_of(error))
        else:
            log.info("slack.still_installed", workspace=team)

    async def rotate(self) -> None:
        """Gets new tokens for those that end soon, one workspace after the other. Another replica
        may do the same: each takes those that no other is at."""
        await self._keep_new()
        while (due := await self._database.run(self._begin_rotation)) is not None:
            await self._rotate(due)

    async def forget_ended(self) -> None:
        """Deletes everything of the workspaces that the app left 30 days ago, little by little."""
        for team in await self._database.read(lambda work: work.slack.over(self._now())):
            some = partial(self._forget_some, team)
            while await self._database.run(some):
                pass
            log.info("slack.forgotten", workspace=team)

    def _begin_rotation(self, work: SqlWork) -> Rotation | None:
        now = self._now()
        return work.slack.begin_rotation(now, now + _IN_TIME)

    def _forget_some(self, team: str, work: SqlWork) -> int:
        if team not in work.slack.over(self._now()):
            return 0  # it was installed again just now
        workspace = work.workspaces.of(Address("slack", team, ""))
        is_shared = any(place.workspace != team for place in work.workspaces.joined(workspace))
        # Where the organisation goes on in Teams, its people and all that is theirs do.
        gone = 0 if is_shared else delete_some(work.connection, workspace, _AT_ONCE)
        if not gone:
            work.slack.forget(team)
        return gone

    async def _rotate(self, due: Rotation) -> None:
        team = due.team
        try:
            answer = await self.exchanged(grant_type="refresh_token", refresh_token=due.refresh)
        except SlackApiError as error:
            word = word_of(error)
            # Never the error itself: it quotes what was sent.
            log.error("slack.not_rotated: install the app again", workspace=team, error=word)  # noqa: TRY400
            status, _ = http_of(error)
            if word not in _PASSING and status < HTTPStatus.TOO_MANY_REQUESTS:
                now = self._now()
                await self._database.run(lambda work: work.slack.not_rotated(due, word, now))
            return
        except UNREACHABLE as error:
            log.warning("slack.not_rotated", workspace=team, error=word_of(error))
            return
        # Slack takes the one before no more: while the database is away this is all there is of it.
        self._new[team] = due, token_in(answer, self._now())
        await self._keep_new()

    async def _keep_new(self) -> None:
        for team, (due, token) in list(self._new.items()):
            await self._database.run(partial(_keep, due, token))
            self._new.pop(team, None)
            self._clients.forget(team)
            log.info("slack.rotated", workspace=team)

    async def give_back(self, token: str) -> None:
        """What was not asked for is not kept."""
        await oauth.give_back(token, self._session, self._api_url)

    async def exchanged(self, **given: str) -> AsyncSlackResponse:
        """What Slack gives for a code, or for a token that ends. Raises what calling it does."""
        return await oauth.exchanged(
            self._session, self._api_url, self._client_id, self._client_secret, **given
        )


def _keep(due: Rotation, token: Token, work: SqlWork) -> None:
    work.slack.rotated(due, token)


def token_in(answer: AsyncSlackResponse, now: datetime) -> Token:
    """The bot's token in an answer of oauth.v2.access."""
    lasts = answer.get("expires_in")
    return Token(
        str(answer["access_token"]),
        answer.get("refresh_token") or None,
        now + timedelta(seconds=int(lasts)) if lasts else None,
    )
