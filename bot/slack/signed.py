"""Whether Slack signed what comes in, and lately: by our clock, where that is wrong by Slack's."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from time import monotonic

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import Clock, SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.api import UNREACHABLE, http_of, word_of

log = structlog.get_logger()

FRESH = 300
"""Seconds that a signature holds, as Slack's reference has it: what is older may be a copy."""

_ASK_EVERY = 60.0
"""Seconds between two questions what time it is."""


class Signatures:
    """Tells what Slack signed from what anybody else did, or kept."""

    def __init__(self, secret: str, client: AsyncWebClient, now: Callable[[], datetime]) -> None:
        """`now`: the time by which Plecs acts."""
        self._secret = secret
        self._client = client
        self._now = now
        self._asked_at: float | None = None
        self._ahead: float | None = None  # Slack's clock, of the one that nobody sets

    async def hold(self, headers: Mapping[str, str], body: str) -> bool:
        """Whether Slack signed the body in the last five minutes. A clock of ours that is wrong
        refuses nobody's hand: Slack is asked for the time then."""
        told = headers.get("X-Slack-Request-Timestamp", "")
        try:
            at = int(told)
            verifier = SignatureVerifier(self._secret, _Moment(at))
            is_theirs = verifier.is_valid(body, told, headers.get("X-Slack-Signature", ""))
        except (ValueError, TypeError):  # no time, or a signature that is no ASCII
            return False
        if not is_theirs:
            return False
        if abs(self._now().timestamp() - at) <= FRESH:
            return True
        slacks = await self._slacks_time()
        return slacks is not None and abs(slacks - at) <= FRESH

    async def _slacks_time(self) -> float | None:
        """What Slack's clock says, in seconds; None where Slack can't be asked."""
        if self._asked_at is None or monotonic() - self._asked_at > _ASK_EVERY:
            self._asked_at = monotonic()
            self._ahead = await self._ask()
        return None if self._ahead is None else self._ahead + monotonic()

    async def _ask(self) -> float | None:
        try:
            headers = (await self._client.auth_test()).headers
        except SlackApiError as error:  # without a token it says the time all the same
            _, headers = http_of(error)
        except UNREACHABLE as error:
            log.warning("slack.call_failed", method="auth.test", error=word_of(error))
            return None
        told = told_at(headers)
        if told is None:
            return None
        off = (self._now() - told).total_seconds()
        if abs(off) > FRESH:
            log.error("slack.clock_differs: set this machine's clock", seconds=round(off))
        return told.timestamp() - monotonic()


def told_at(headers: Mapping[str, str]) -> datetime | None:
    """When by their own clock they answered; None where they don't say."""
    try:
        return parsedate_to_datetime(headers.get("Date", ""))
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class _Moment(Clock):
    """A clock that stands: how old a signature is, is asked apart."""

    at: int

    def now(self) -> float:
        return self.at
