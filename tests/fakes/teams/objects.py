"""What there is in the fake Teams: messages, conversations, and the names of things."""

from collections import deque
from dataclasses import dataclass, field
from typing import Literal

from tests.fakes.teams.cards import Json, words

TeamsTrouble = (
    Literal[401, 403, 404, 412, 429, 500, 502, 504]
    | Literal["hang", "dropped", "BotNotInConversationRoster", "BotDisabledByAdmin"]
)
"""A status, no answer, one that is lost, or a code of a 403."""

TENANT = "aaaaaaaa-0000-4000-8000-000000000001"
APP_ID = "bbbbbbbb-0000-4000-8000-000000000002"
PASSWORD = "s3cret~of-the-app"
BOT = f"28:{APP_ID}"
ISSUER = "https://api.botframework.com"


class TeamsError(Exception):
    """The status and the code by which Teams refuses."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(f"{status} {code}")
        self.status = status
        self.code = code


@dataclass(slots=True)
class TeamsMessage:
    """A message as it stands in a conversation now."""

    conversation: str
    id: str
    activity: Json
    edits: int = 0

    @property
    def card(self) -> Json:
        """The Adaptive Card; empty for a line of text."""
        found: Json = next((one["content"] for one in self.activity.get("attachments", ())), {})
        return found

    @property
    def text(self) -> str:
        return str(self.activity.get("text") or words(self.card))


@dataclass(slots=True)
class Conversation:
    id: str
    kind: str
    members: list[str]
    installed: bool = True
    busy: bool = False
    sent: deque[float] = field(default_factory=deque)
