"""A language model as the house sees it: something outside that may be asked to write, and that
nobody waits for inside a transaction.

A handler says what is to be asked (`ModelQuestions.ask`), by ids. When its turn comes the feature
makes the `Prompt` of the state of that moment, it is asked outside of any transaction, and what
came of it is given to the feature in another one (`handlers.kit.feature.AsksModel`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

ANSWERED_WITHIN = timedelta(seconds=40)
"""What was not answered so long after it was asked never is."""


@dataclass(frozen=True, slots=True)
class ModelPlace:
    """Where what is asked goes: the model's name and the host."""

    model: str
    host: str


class Speaker(StrEnum):
    """Whose a turn is: our instructions, whoever the model answers, or the model itself."""

    INSTRUCTIONS = "system"
    ASKING = "user"
    MODEL = "assistant"


@dataclass(frozen=True, slots=True)
class PromptTurn:
    """What one of them said."""

    speaker: Speaker
    text: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """What is asked: every byte that leaves stands in `turns`. `schema` is the JSON schema of the
    object that is answered, and `longest` how many tokens it may have."""

    turns: tuple[PromptTurn, ...]
    schema: Mapping[str, Any]
    longest: int = 800


class ModelTrouble(StrEnum):
    """Why a model did not answer."""

    BUSY = "busy"
    SILENT = "silent"
    """It took too long."""
    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    """It will not, and asking again won't help: the key, the model's name, the content."""
    GARBLED = "garbled"
    """What it answered was cut off, or is not what was asked for."""
    OFF = "off"
    """None is set any more."""


@dataclass(frozen=True, slots=True)
class Unanswered:
    """It did not answer. `word` is for whoever sees to it that it does: a status, a code, never
    what was sent or answered. `after`: how long it asked to wait."""

    trouble: ModelTrouble
    word: str = ""
    after: timedelta | None = None


ModelAnswer = Mapping[str, object] | Unanswered


class LanguageModel(Protocol):
    """Whatever answers."""

    @property
    def place(self) -> ModelPlace: ...

    async def answer(self, prompt: Prompt) -> ModelAnswer:
        """The object that it answers: JSON, and no more is known of it. Takes half a minute at
        most, and raises nothing."""
        ...

    async def close(self) -> None:
        """Lets go of its connections."""
        ...


@dataclass(frozen=True, slots=True)
class Question:
    """Something that is to be asked for a feature: of its `kind`, about the thing with that id."""

    kind: str
    about: str
    asked_at: datetime


class ModelDispatch(Protocol):
    """Questions as whoever asks them sees them."""

    def claim(
        self, process: str, now: datetime, *, lease: timedelta, limit: int
    ) -> tuple[Question, ...]:
        """Takes some that nobody is asking, the oldest first, for `lease`."""
        ...

    def settle(self, process: str, question: Question) -> bool:
        """It has been answered, and is kept no longer. False: somebody else took it over."""
        ...

    def next_due(self) -> datetime | None:
        """When the next may be claimed."""
        ...

    def release_all(self) -> None:
        """Frees every claim: for a process that is alone, after an earlier one ended."""
        ...


class ModelQuestions(Protocol):
    """What is to be asked, kept until it is answered."""

    def ask(self, question: Question) -> None:
        """Has it asked as soon as this is committed. The same one again is one."""
        ...

    def withdraw(self, kind: str, about: str) -> None:
        """Nobody waits for the answer any more."""
        ...
