"""What there is in the fake Slack: people, messages, calls, and the names of things."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

import yaml

Json = dict[str, Any]
SlackTrouble = Literal["500", "429", "hang", "reset"]

TEAM = "T0PLECS"
BOT_TOKEN = "xoxb-1-plecs"
APP_TOKEN = "xapp-1-plecs"
SIGNING_SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
CLIENT_ID, CLIENT_SECRET = "1.2", "c11e47-5ec7e7"
ADDRESS = "https://YOUR-PLECS-ADDRESS"
"""In whose place in the manifest whoever sets Plecs up puts its address."""

USES = 5
"""Of a response_url."""


@lru_cache(maxsize=1)
def shipped_manifest() -> Json:
    """What people paste into Slack: the file that is shipped, and nothing of our code."""
    file = Path(__file__).parents[3] / "app.yaml"
    return dict(yaml.load(file.read_text(encoding="utf-8"), yaml.CSafeLoader))


SCOPES = ",".join(shipped_manifest()["oauth_config"]["scopes"]["bot"])
USER_SCOPES = ",".join(shipped_manifest()["oauth_config"]["scopes"]["user"])


class SlackError(Exception):
    """Slack's `{"ok": false, "error": ...}`."""


@dataclass(frozen=True, slots=True)
class MethodCall:
    """One call of the Web API, or (`response_url`, `ack.command`, `ack.view_submission`) a body
    that the app answered with."""

    method: str
    args: Json


@dataclass(slots=True)
class SlackMessage:
    """A message as it stands in a conversation now."""

    channel: str
    ts: str
    to: frozenset[str]
    text: str
    blocks: list[Json]
    ephemeral: bool = False
    edits: int = 0

    @property
    def ref(self) -> str:
        return f"{self.channel}/{self.ts}"


@dataclass(slots=True)
class User:
    """Somebody in the workspace."""

    id: str
    name: str
    locale: str = "en-US"
    email: str = ""
    tz: str = "Europe/Riga"
    deleted: bool = False
    is_bot: bool = False
    team: str = TEAM
    signed_in: str = TEAM
    dnd: tuple[int, int] | None = None
    status_text: str = ""
    status_emoji: str = ""
    status_expiration: int = 0

    @property
    def status(self) -> tuple[str, str, int]:
        return self.status_text, self.status_emoji, self.status_expiration

    def sets_status(self, text: str = "", emoji: str = "", expiration: int = 0) -> None:
        """As they do it themselves, in Slack."""
        self.status_text, self.status_emoji, self.status_expiration = text, emoji, expiration

    def object(self) -> Json:
        return {
            "id": self.id,
            "team_id": self.team,
            "name": self.name.split()[0].lower(),
            "real_name": self.name,
            "deleted": self.deleted,
            "is_bot": self.is_bot,
            "tz": self.tz,
            "locale": self.locale,
            "profile": {"real_name": self.name, "display_name": "", "email": self.email},
        }

    def dnd_status(self) -> Json:
        start, end = self.dnd or (1, 1)
        return {
            "dnd_enabled": self.dnd is not None,
            "next_dnd_start_ts": start,
            "next_dnd_end_ts": end,
        }


@dataclass(slots=True)
class ResponseUrl:
    """A response_url: where it shows, and how often it can still be used."""

    user: str
    channel: str
    original: SlackMessage | None
    left: int = USES


@dataclass(slots=True)
class Permission:
    """What somebody allowed, until the app has fetched the token for it. `installs`: the app, for
    the workspace, or the `whole` of an organisation."""

    user: str
    team: str
    scopes: str
    redirect_uri: str
    used: bool = False
    installs: bool = False
    whole: bool = False
