"""What stands on the board, for everybody here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from handlers.voice.model import VoiceKind

LATEST = 8
"""Posts of a page, the newest first."""

MOST_A_DAY = 5
"""Posts of one author in a day."""


class PostOutcome(StrEnum):
    """What came of what was said."""

    NONE = ""
    ANSWERED = "answered"
    LOOKING = "looking"
    DONE = "done"
    NOT = "not"


@dataclass(frozen=True, slots=True)
class Post:
    """`author` None: nobody's name stands with it; what was said without one is put there by a
    coordinator, in words of their own. `day`: a midnight in UTC. `because`: why, or the answer."""

    id: str
    workspace: str
    kind: VoiceKind
    author: str | None
    words: str
    outcome: PostOutcome
    because: str
    day: datetime


class Board(Protocol):
    """Posts, kept."""

    def get(self, post: str) -> Post | None: ...

    def put(self, post: Post) -> None:
        """Keeps it, in place of the one with its id."""
        ...

    def latest(self, workspace: str, skip: int, limit: int) -> Sequence[Post]:
        """The newest days first."""
        ...

    def of_day(self, author: str, day: datetime) -> int:
        """How many the author put there on the day."""
        ...

    def delete(self, post: str) -> None: ...
