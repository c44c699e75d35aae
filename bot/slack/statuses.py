"""People's status in Slack, set with the token that each of them gave for it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError

from bot.rendering import bare
from bot.signed import Signed
from bot.slack.api import UNREACHABLE, http_of, seconds_of, slack_client, word_of
from handlers.kit.cards import Line
from handlers.kit.delivery import Reader
from handlers.kit.notices import Rejected, TryLater
from handlers.kit.people import Address
from handlers.kit.ports import PermissionGone, Status, StatusTrouble

INSTALL = "/slack/install"
REDIRECT = "/slack/oauth_redirect"

SCOPES = ("users.profile:read", "users.profile:write")
"""What each person is asked for: to see their status, and to set it."""

EMOJI = ":hourglass_flowing_sand:"
"""Says that somebody is away for a while, and nothing of why."""

LINK_LASTS = timedelta(minutes=10)

_TEXT_LIMIT = 100

_GONE = frozenset(
    {
        "account_inactive",
        "invalid_auth",
        "missing_scope",
        "no_permission",
        "not_allowed_token_type",
        "not_authed",
        "org_login_required",
        "team_access_not_granted",
        "token_expired",
        "token_revoked",
    }
)
_NEVER = frozenset(
    {
        "invalid_arguments",
        "invalid_profile",
        "not_allowed",
        "profile_set_failed",
        "profile_status_set_failed_not_emoji_syntax",
        "profile_status_set_failed_not_valid_emoji",
        "profile_status_set_failed_too_long",
        "user_is_restricted",
        "user_not_found",
    }
)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Asked:
    """What a link asks: whose permission, in which language, until when, and its number."""

    who: Address
    locale: str
    until: datetime
    number: str


class PermissionLinks:
    """Makes and reads the links by which one person, and nobody else, gives the permission.

    What a link asks travels in it, signed with the first of the secrets: replicas need not share
    anything. `base` is Plecs' own address as browsers see it.
    """

    def __init__(self, base: str, *secrets: str) -> None:
        self.base = base
        self._signed = Signed("links by which people permit their status", *secrets)

    def make(self, who: Address, locale: str, now: datetime) -> str:
        asked = [who.workspace, who.user, locale, uuid4().hex]
        return f"{self.base}{INSTALL}?state={self._signed.token_until(asked, now + LINK_LASTS)}"

    def read(self, state: str) -> Asked | None:
        """What the state of a link asks; None for one that Plecs didn't make."""
        found = self._signed.values_until(state)
        if found is None:
            return None
        (workspace, user, locale, number), until = found
        return Asked(Address("slack", workspace, user), locale, until, number)


class SlackStatuses:
    """`handlers.kit.ports.Statuses` for Slack."""

    def __init__(
        self, links: PermissionLinks, session: aiohttp.ClientSession, api_url: str
    ) -> None:
        self._links = links
        self._session = session
        self._api_url = api_url

    def link(self, who: Address, locale: str, now: datetime) -> str:
        return self._links.make(who, locale, now)

    def written(self, line: Line, until: datetime, reader: Reader) -> Status:
        return Status(bare(line, reader)[:_TEXT_LIMIT], EMOJI, until)

    async def read(self, token: str) -> Status | StatusTrouble:
        try:
            answer = await slack_client(token, self._session, self._api_url).users_profile_get()
        except UNREACHABLE as error:
            return _trouble("users.profile.get", error)
        return status_of(answer["profile"])

    async def write(self, token: str, status: Status) -> StatusTrouble | None:
        profile = {
            "status_text": status.text,
            "status_emoji": status.emoji,
            "status_expiration": 0 if status.until is None else int(status.until.timestamp()),
        }
        try:
            await slack_client(token, self._session, self._api_url).users_profile_set(
                profile=profile
            )
        except UNREACHABLE as error:
            return _trouble("users.profile.set", error)
        return None

    async def give_back(self, token: str) -> StatusTrouble | None:
        try:
            await slack_client(token, self._session, self._api_url).auth_revoke()
        except UNREACHABLE as error:
            return _trouble("auth.revoke", error)
        return None


def status_of(profile: dict[str, Any]) -> Status:
    """The status in a profile of Slack's, whose expiration 0 is never."""
    ends = profile.get("status_expiration") or 0
    return Status(
        profile.get("status_text") or "",
        profile.get("status_emoji") or "",
        datetime.fromtimestamp(ends, UTC) if ends else None,
    )


def _trouble(method: str, error: Exception) -> StatusTrouble:
    word = word_of(error)
    log.warning("slack.call_failed", method=method, error=word)
    if isinstance(error, SlackApiError):
        status, headers = http_of(error)
        if status == 429 or word == "ratelimited":
            seconds = seconds_of(headers.get("Retry-After"))
            return TryLater(timedelta(seconds=seconds))
        if word in _GONE:
            return PermissionGone(word)
        if word in _NEVER or word.startswith("profile_"):
            return Rejected(word)
    return TryLater()
