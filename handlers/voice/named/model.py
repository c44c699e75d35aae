"""A question with a name, to one person: an answer is due in five working days, and what happens
without one is agreed from the beginning."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol

ANSWER_IN = 5
"""Working days in which an answer is due."""

REMINDED_AFTER = 3
"""Working days after which who owes it is reminded."""

OPEN_AT_ONCE = 10
"""Of one author: more are no longer heard one by one."""

ASKED, REMINDER = "voice.asked", "voice.reminder"
"""Kinds of notice for whom it is: that it came, and that an answer is still owed."""

WENT_ON, ENDED = "voice.went_on", "voice.ended"
"""Kinds of notice for the author: that it is somebody else's now, and what came of it."""

LATEST = 5
"""How many of one's own, and of those that wait for one's answer, the page shows."""


class LetterState(StrEnum):
    """What has become of it."""

    OPEN = "open"
    ANSWERED = "answered"
    UNANSWERED = "unanswered"
    """Its time is over, and there was nobody to whom it goes on."""


@dataclass(frozen=True, slots=True)
class Letter:
    """`author` writes to `receiver`, who answers by `due_at` (aware UTC); then it goes on to
    `then`, if the author named somebody. `passed_on`: it has. `step_at`: when it is looked at next,
    None for never. `answer` is empty until there is one."""

    id: str
    workspace: str
    author: str
    receiver: str
    then: str | None
    words: str
    state: LetterState
    written_at: datetime
    due_at: datetime
    step_at: datetime | None
    passed_on: bool = False
    answer: str = ""

    @property
    def is_open(self) -> bool:
        return self.state is LetterState.OPEN

    def answered(self, words: str) -> "Letter":
        return replace(self, state=LetterState.ANSWERED, answer=words, step_at=None)

    def over(self) -> "Letter":
        """Nobody answered, and it goes on to nobody."""
        return replace(self, state=LetterState.UNANSWERED, step_at=None)

    def went_on(self, remind_at: datetime, due_at: datetime) -> "Letter":
        """It is now for whom the author named, who has the same time for an answer."""
        return replace(
            self,
            receiver=self.then or self.receiver,
            then=None,
            passed_on=True,
            step_at=remind_at,
            due_at=due_at,
        )


class Letters(Protocol):
    """Letters, kept."""

    def add(self, letter: Letter) -> None: ...

    def get(self, letter: str) -> Letter | None: ...

    def save(self, letter: Letter) -> None: ...

    def delete(self, letter: str) -> None: ...

    def due(self, now: datetime, limit: int) -> Sequence[Letter]:
        """Those whose next step has come."""
        ...

    def written_by(self, person: str, limit: int) -> Sequence[Letter]:
        """The newest of theirs."""
        ...

    def owed_by(self, person: str, limit: int) -> Sequence[Letter]:
        """Those that wait for their answer, due first."""
        ...

    def open_of(self, person: str) -> int:
        """How many of theirs wait for an answer."""
        ...
