"""Sends cards to people in Slack, and says what became of it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.plainer import plainly
from bot.rendering import ChartUrl, RenderContext, no_pictures
from bot.slack.api import UNREACHABLE, http_of, respond, seconds_of, word_of
from bot.slack.cards import delivered, home, message
from bot.slack.clients import NotInstalledError, SlackClients
from bot.slack.parse import profile_of
from handlers.kit.cards import Card
from handlers.kit.delivery import Pace, Rate, Reader
from handlers.kit.notices import Lane, Rejected, SendResult, Sent, TryLater
from handlers.kit.people import Address, Profile

log = structlog.get_logger()

SLACK_PACE = Pace(
    # One message a second in a conversation (docs.slack.dev/apis/web-api/rate-limits), and
    # "several hundred messages per minute" in a workspace, of which this takes the low end.
    conversation=Rate(1, timedelta(seconds=1)),
    workspace_new=Rate(200, timedelta(minutes=1), burst=200),
    # chat.update is of tier 3: at least 50 calls a minute.
    workspace_change=Rate(50, timedelta(minutes=1), burst=50),
    # conversations.open is of tier 3 as well.
    workspace_opening=Rate(50, timedelta(minutes=1), burst=50),
    # So is chat.delete, which is counted by itself.
    workspace_removal=Rate(50, timedelta(minutes=1), burst=50),
)

_REMOVAL_HELD = timedelta(minutes=5)
"""How long messages are only changed, where Slack forbids that they are deleted (a company may have
to keep them). Nobody need mend that."""

NOT_INSTALLED = "not_installed"
"""Why nothing is sent where the app was removed."""

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
        "not_enabled",
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


def home_of(user: str) -> str:
    """How the user's home page is called among messages: it is changed like one."""
    return f"home/{user}"


class SlackPlatform:
    """Reaches people in Slack, in each workspace by its own token."""

    name = "slack"
    pace = SLACK_PACE

    def __init__(
        self,
        clients: SlackClients,
        chart_url: ChartUrl = no_pictures,
        command_prefix: str = "",
    ) -> None:
        self._clients = clients
        self._chart_url = chart_url
        self._command_prefix = command_prefix
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
        workspace = to[0].workspace
        try:
            client = await self._clients.of(workspace, urgent=urgent)
        except NotInstalledError:
            return Rejected(NOT_INSTALLED)
        context = RenderContext(workspace, reader, self._chart_url, self._command_prefix)
        content = plainly(partial(message, context=context), card, reader, self.name)
        content = delivered(content, key)
        if ref is not None and "://" in ref:
            return await self._change_answer(ref, content, key, client)
        if ref is not None and ref == home_of(to[0].user):
            return await self._change_home(ref, to[0].user, card, context, key=key, client=client)
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
            result = self._outcome(error, key, lane, workspace)
            if lane is Lane.NEW and len(to) == 1 and word_of(error) in _UNREACHED:
                return Rejected(word_of(error), unreachable=tuple(to))
            return result
        except UNREACHABLE as error:
            log.warning("slack.unreachable", key=key, lane=lane, error=type(error).__name__)
            return TryLater()
        return Sent(f"{answer['channel']}/{answer['ts']}")

    async def remove(self, to: Sequence[Address], ref: str, key: str) -> SendResult:
        """Deletes a message of ours; Sent once it isn't there, whoever did it."""
        channel, _, ts = ref.partition("/")
        try:
            client = await self._clients.of(to[0].workspace)
            await client.chat_delete(channel=channel, ts=ts)
        except NotInstalledError:
            return Rejected(NOT_INSTALLED)
        except SlackApiError as error:
            if word_of(error) == "message_not_found":
                return Sent(ref)
            result = self._outcome(error, key, Lane.REMOVAL, to[0].workspace)
            if isinstance(result, Rejected) or result == TryLater():
                return TryLater(_REMOVAL_HELD, held=Lane.REMOVAL)
            return result
        except UNREACHABLE as error:
            log.warning("slack.unreachable", key=key, lane=Lane.REMOVAL, error=type(error).__name__)
            return TryLater()
        return Sent(ref)

    async def profile(self, address: Address) -> Profile | None:
        """What Slack tells of the user; somebody who isn't there is nobody to be asked. None when
        Slack doesn't say."""
        try:
            client = await self._clients.of(address.workspace)
            answer = await client.users_info(user=address.user, include_locale=True)
            own = await self._clients.own(address.workspace)
        except NotInstalledError:  # they are from another company, in a channel that is shared
            return Profile(address, address.user, is_outsider=True)
        except UNREACHABLE as error:
            if word_of(error) in _NOBODY:
                return Profile(address, address.user, active=False)
            log.warning("slack.no_profile", user=address.user, error=word_of(error))
            return None
        told = profile_of(address, answer["user"])
        # Slack tells of strangers too, as members of a workspace that is not the one it serves.
        return replace(told, is_outsider=told.is_outsider or address.workspace != own)

    async def by_email(self, email: str, workspace: str) -> Profile | None:
        """What Slack tells of the workspace's member with this address; None when it can't or there
        is none."""
        try:
            client = await self._clients.of(workspace)
            # Somebody's first workspace may be another of the organisation's.
            own = await self._clients.own(workspace)
            if workspace not in ("", own):
                return None
            answer = await client.users_lookupByEmail(email=email)
        except UNREACHABLE as error:
            log.info("slack.nobody_by_email", error=word_of(error))
            return None
        user = answer["user"]
        return profile_of(Address("slack", own, user["id"]), user)

    async def _change_answer(
        self, url: str, content: dict[str, Any], key: str, client: AsyncWebClient
    ) -> SendResult:
        body = {"replace_original": True, "response_type": "ephemeral", **content}
        status = await respond(url, body, client)
        if status == 200:
            return Sent(url)
        log.info("slack.answer_over", key=key, status=status)
        return Rejected("response_url")

    async def _change_home(
        self,
        ref: str,
        user: str,
        card: Card,
        context: RenderContext,
        *,
        key: str,
        client: AsyncWebClient,
    ) -> SendResult:
        view = plainly(partial(home, context=context), card, context.reader, self.name)
        try:
            await client.views_publish(user_id=user, view=view)
        except SlackApiError as error:
            return self._outcome(error, key, Lane.CHANGE, context.workspace)
        except UNREACHABLE as error:
            log.warning("slack.unreachable", key=key, lane=Lane.CHANGE, error=type(error).__name__)
            return TryLater()
        return Sent(ref)

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

    def _outcome(self, error: SlackApiError, key: str, lane: Lane, workspace: str) -> SendResult:
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
            self._clients.forget(workspace)  # another replica may know of a newer token
            log.error("slack.refused: run `plecs check`", key=key, lane=lane, error=word)
            if lane is Lane.OPENING:  # each can have it alone, meanwhile
                return Rejected(word, refused=lane)
            if lane is Lane.REMOVAL:
                return TryLater(_REMOVAL_HELD, held=lane)
            return TryLater(held=lane, refused=word)
        log.warning("slack.failed", key=key, lane=lane, error=word, status=status)
        return TryLater()
