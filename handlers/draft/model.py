"""An approved answer: what the company says to a question that many ask."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from handlers.kit.ports import mark
from handlers.library.attributes import LocalizedText, Word
from handlers.library.entries import OWNER, REVIEW, Entries, examples, names
from handlers.library.model import Kept, Saying, Sayings

NEAREST = 3
"""How many answers are shown: as many as are compared at a glance."""

ANSWER_LIMIT = 1200
"""Characters of an answer: a short letter."""

ASKED_LIMIT = 200
"""Characters of a question that go on from card to card."""

CORRECTION_LIMIT = 400
CORRECTIONS_KEPT = timedelta(days=14)
"""How long a correction waits for a coordinator."""


@dataclass(frozen=True, slots=True)
class ApprovedAnswer:
    """`text` is what the customer reads, `examples` how it is asked for, and `topic` the id of the
    topic whose people know more; empty where there is none."""

    id: str
    names: Saying
    text: Saying
    owner: Saying
    review: date
    examples: Sayings
    topic: str = ""
    version: int = 1


ANSWERS = Entries(
    ApprovedAnswer,
    (
        names(60),
        LocalizedText("text", mark("The answer"), also=("ru",), limit=ANSWER_LIMIT, long=True),
        Word("topic", mark("Topic, by its id")),
        OWNER,
        REVIEW,
        examples(),
    ),
    name="answers",
    title=mark("the approved answers"),
    package="handlers.draft",
    command="draft",
    word="answers",
    section="answers",
    most=300,
)


class Answers(Kept[tuple[ApprovedAnswer, ...]], Protocol):
    """The answers in their versions."""


@dataclass(frozen=True, slots=True)
class Correction:
    """What somebody said is wrong with an answer, without what tells of anybody; who said it is
    kept nowhere."""

    id: str
    workspace: str
    answer: str
    words: str
    at: datetime


class Corrections(Protocol):
    """Corrections that wait for a coordinator."""

    def add(self, one: Correction) -> None: ...

    def waiting(self, workspace: str, now: datetime, limit: int) -> Sequence[Correction]:
        """Those that are not over, the newest first."""
        ...

    def remove(self, workspace: str, correction: str) -> None: ...
