"""Sends cards to people in Slack, and says what became of it."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.plainer import plainly
from bot.rendering import ChartUrl, RenderContext, no_pictures
from bot.slack.cards import delivered, message
from bot.slack.parse import profile_of
from handlers.kit.cards import Card
from handlers.kit.notices import Lane, Rejected, SendResult, Sent, TryLater
from handlers.kit.people import Address, Profile
from handlers.kit.ports import Pace, Rate, Reader

log = structlog.get_logger()

SLACK_API_URL = "https://slack.com/api/"

TIMEOUT = 8
"""Seconds for one call of Slack's API; an answer takes a tenth of that on a good day."""

URGENT_TIMEOUT = 4
"""Seconds for one that is urgent: whoever is pinged elsewhere, or told that nobody heard, must not
wait for the other to hang for longer."""

UNREACHABLE = (SlackClientError, aiohttp.ClientError, OSError)
"""What a call raises when Slack refuses or can't be reached in time. (Timeouts are OSErrors.)"""

SLACK_PACE = Pace(
    # One message a second in a conversation (docs.slack.dev/apis/web-api/rate-limits), and
    # "several hundred messages per minute" in a workspace, of which this takes the low end.
    conversation=Rate(1, timedelta(seconds=1)),
    workspace_new=Rate(200, timedelta(minutes=1), burst=200),
    # chat.update is of tier 3: at least 50 calls a minute.
    workspace_change=Rate(50, timedelta(minutes=1), burst=50),
    # conversations.open is of tier 3 as well.
    workspace_opening=Rate(50, timedelta(minutes=1), burst=50),
)

_NOBODY = frozenset({"user_not_found", "user_not_visible"})
"""Slack's words for somebody who isn't there, or isn't for us to see."""

_UNREACHED = _NOBODY | {"channel_not_found", "user_disabled"}
"""Slack's words when the person to whom something is sent has no account there any more."""

_CONVERSATIONS_KEPT = 2000

_NEVER = frozenset(
    {
        # The person or the conversation is gone, or was never ours.
        "cannot_dm_bot",
        "channel_not_found",
        "invalid_users",
        "invalid_user_combination",
        "is_archived",
        "method_not_supported_for_channel_type",
        "not_in_channel",
        "not_enough_users",
        "restricted_action",
        "too_many_users",
        "user_disabled",
        "user_not_found",
        "user_not_visible",
        "users_list_not_supplied",
        # The message to be changed is gone or can't be changed.
        "cant_update_message",
        "edit_window_closed",
        "message_not_found",
        # The message itself is wrong: a mistake of ours that repeating won't mend.
        "block_mismatch",
        "invalid_arguments",
        "invalid_blocks",
        "invalid_blocks_format",
        "markdown_text_conflict",
        "msg_blocks_too_long",
        "msg_too_long",
        "no_text",
        "too_many_attachments",
    }
)

# What was asked is closed to us until somebody mends the installation, which may be at any moment.
_INSTALLATION = frozenset(
    {
        "account_inactive",
        "access_denied",
        "invalid_auth",
        "messages_tab_disabled",
        "missing_scope",
        "no_permission",
        "not_authed",
        "org_login_required",
        "team_access_not_granted",
        "token_expired",
        "token_revoked",
    }
)


def slack_client(token: str, session: aiohttp.ClientSession, url: str = "") -> AsyncWebClient:
    """A client of Slack's API for one workspace's token.

    It repeats nothing by itself: slack_sdk's own handler sends a POST again after a reset, and a
    message that had arrived would stand there twice.
    """
    return AsyncWebClient(
        token=token,
        base_url=url or SLACK_API_URL,
        session=session,
        retry_handlers=[],
        logger=quiet_logger(),
    )


def quiet_logger() -> logging.Logger:
    """For Bolt and slack_sdk, whose own lines quote requests, and with them people's words."""
    quiet = logging.getLogger("plecs.slack")
    quiet.setLevel(logging.CRITICAL)
    return quiet


def slack_session(seconds: float = TIMEOUT) -> aiohttp.ClientSession:
    """Connections to Slack that stay open between calls of at most so long. Needs a running event
    loop."""
    return aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=seconds))


class SlackPlatform:
    """Reaches people in one Slack workspace."""

    name = "slack"
    pace = SLACK_PACE

    def __init__(
        self,
        client: AsyncWebClient,
        chart_url: ChartUrl = no_pictures,
        *,
        urgent: AsyncWebClient | None = None,
    ) -> None:
        """`urgent`: a client with connections of its own, for what may wait for no others'."""
        self._client = client
        self._urgent = urgent or client
        self._chart_url = chart_url
        self._workspace = ""
        # Only spares a call: Slack answers the same people with the same conversation.
        self._conversations: dict[frozenset[Address], str] = {}

    async def send(
        self,
        to: Sequence[Address],
        card: Card,
        reader: Reader,
        ref: str | None,
        key: str,
        *,
        urgent: bool = False,
    ) -> SendResult:
        """Sends the card to one person, or into the group conversation of several; with `ref`
        changes what is there: a message ("channel/ts"), or an answer by its response_url. A card
        over the limits is sent plainer.

        Slack can't tell a repeated send by `key`: after a timeout a message may come twice.
        """
        client = self._urgent if urgent else self._client
        context = RenderContext(to[0].workspace, reader, self._chart_url)
        content = plainly(partial(message, context=context), card, reader, self.name)
        content = delivered(content, key)
        key = key.rpartition(":")[0]  # who talks with whom has no place in a log
        if ref is not None and "://" in ref:
            return await self._change_answer(ref, content, key, client)
        lane = Lane.CHANGE
        try:
            if ref is not None:
                channel, _, ts = ref.partition("/")
                answer = await client.chat_update(channel=channel, ts=ts, **content)
            else:
                lane = Lane.OPENING
                channel = await self._conversation(to, client)
                lane = Lane.NEW
                answer = await client.chat_postMessage(
                    channel=channel, unfurl_links=False, unfurl_media=False, **content
                )
        except SlackApiError as error:
            result = self._outcome(error, key, lane)
            if lane is Lane.NEW and len(to) == 1 and word_of(error) in _UNREACHED:
                return Rejected(word_of(error), unreachable=tuple(to))
            return result
        except UNREACHABLE as error:
            log.warning("slack.unreachable", key=key, lane=lane, error=type(error).__name__)
            return TryLater()
        return Sent(f"{answer['channel']}/{answer['ts']}")

    async def profile(self, address: Address) -> Profile | None:
        """What Slack tells of the user; somebody who isn't there is nobody to be asked. None when
        Slack doesn't say."""
        try:
            answer = await self._client.users_info(user=address.user, include_locale=True)
            own = await self._own_workspace()
        except UNREACHABLE as error:
            if word_of(error) in _NOBODY:
                return Profile(address, address.user, active=False)
            log.warning("slack.no_profile", user=address.user, error=word_of(error))
            return None
        told = profile_of(address, answer["user"])
        # Slack tells of strangers too, as members of a workspace that is not the one it serves.
        return replace(told, is_outsider=told.is_outsider or address.workspace != own)

    async def by_email(self, email: str) -> Profile | None:
        """What Slack tells of the member with this address; None when it can't or there is none."""
        try:
            answer = await self._client.users_lookupByEmail(email=email)
        except UNREACHABLE as error:
            log.info("slack.nobody_by_email", error=word_of(error))
            return None
        user = answer["user"]
        return profile_of(Address("slack", user["team_id"], user["id"]), user)

    async def _change_answer(
        self, url: str, content: dict[str, Any], key: str, client: AsyncWebClient
    ) -> SendResult:
        body = {"replace_original": True, "response_type": "ephemeral", **content}
        status = await respond(url, body, client)
        if status == 200:
            return Sent(url)
        log.info("slack.answer_over", key=key, status=status)
        return Rejected("response_url")

    async def _own_workspace(self) -> str:
        """The workspace that the token is for."""
        if not self._workspace:
            self._workspace = str((await self._client.auth_test())["team_id"])
        return self._workspace

    async def _conversation(self, to: Sequence[Address], client: AsyncWebClient) -> str:
        """Where to post: the user's own id for one person, a group conversation for several."""
        if len(to) == 1:
            return to[0].user
        people = frozenset(to)
        if people not in self._conversations:
            answer = await client.conversations_open(
                users=",".join(sorted(address.user for address in people))
            )
            if len(self._conversations) >= _CONVERSATIONS_KEPT:
                self._conversations.pop(next(iter(self._conversations)))
            self._conversations[people] = answer["channel"]["id"]
        return self._conversations[people]

    def _outcome(self, error: SlackApiError, key: str, lane: Lane) -> SendResult:
        word = word_of(error)
        status, headers = http_of(error)
        if status == 429 or word in ("ratelimited", "rate_limited"):
            seconds = seconds_of(headers.get("Retry-After"))
            log.warning("slack.slow_down", key=key, lane=lane, seconds=seconds)
            return TryLater(timedelta(seconds=seconds), held=lane)
        if word in _NEVER:
            log.warning("slack.rejected", key=key, lane=lane, error=word)
            self._conversations.clear()  # one of them may be what is gone
            return Rejected(word)
        if word in _INSTALLATION:
            log.error("slack.refused: run `plecs check`", key=key, lane=lane, error=word)
            if lane is Lane.OPENING:  # each can have it alone, meanwhile
                return Rejected(word, refused=lane)
            return TryLater(held=lane, refused=word)
        log.warning("slack.failed", key=key, lane=lane, error=word, status=status)
        return TryLater()


async def respond(url: str, body: dict[str, Any], client: AsyncWebClient) -> int:
    """Says something at a response_url, with the client's connections; the HTTP status, 0 where
    Slack could not be reached."""
    hook = AsyncWebhookClient(url, timeout=TIMEOUT, session=client.session, retry_handlers=[])
    try:
        return (await hook.send_dict(body)).status_code
    except (aiohttp.ClientError, OSError) as error:
        log.warning("slack.call_failed", method="response_url", error=type(error).__name__)
        return 0


def word_of(error: Exception) -> str:
    """Slack's word for what went wrong, else the error's kind. Never what was sent."""
    data = getattr(getattr(error, "response", None), "data", None)
    word = data.get("error") if isinstance(data, dict) else None
    return word if isinstance(word, str) else type(error).__name__


def http_of(error: SlackApiError) -> tuple[int, Any]:
    """The answer's status and headers; slack_sdk gives aiohttp's own answer where it could not
    read the body."""
    response = error.response
    status = getattr(response, "status_code", None) or getattr(response, "status", None)
    return status or 0, response.headers


def seconds_of(retry_after: str | None) -> float:
    """Slack's Retry-After, whole seconds; one when it is missing or odd."""
    try:
        return max(float(retry_after or 1), 1.0)
    except ValueError:
        return 1.0
