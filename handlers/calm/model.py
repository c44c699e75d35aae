"""A calm technique: what to say, to do and to tell oneself in the minutes of a hard call."""

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from handlers.kit.ports import mark
from handlers.library.attributes import LocalizedText, Word
from handlers.library.entries import OWNER, REVIEW, Entries, examples, names
from handlers.library.model import SPOKEN, Kept, Saying, Sayings

GLANCE = 140
"""Characters of a line: whoever is shouted at reads no more than a glance."""


@dataclass(frozen=True, slots=True)
class Technique:
    """One screen. `say` is for the caller, `do` and `for_me` for oneself. `worse_say` and
    `worse_do` are the next step when it gets worse, and `boundary` the behaviour whose ladder is
    the one after that; empty: any. `better_say` is for when the caller calms down."""

    id: str
    names: Saying
    say: Saying
    do: Saying
    for_me: Saying
    worse_say: Saying
    worse_do: Saying
    better_say: Saying
    owner: Saying
    review: date
    examples: Sayings
    boundary: str = ""
    version: int = 1


TECHNIQUES = Entries(
    Technique,
    (
        names(28),
        LocalizedText("say", mark("Say"), SPOKEN, limit=GLANCE),
        LocalizedText("do", mark("Do"), limit=GLANCE),
        LocalizedText("for_me", mark("For me"), limit=GLANCE),
        LocalizedText("worse_say", mark("Say when it gets worse"), SPOKEN, limit=GLANCE),
        LocalizedText("worse_do", mark("Do when it gets worse"), limit=GLANCE),
        LocalizedText("better_say", mark("Say when it gets better"), SPOKEN, limit=GLANCE),
        Word("boundary", mark("Boundary for the third step, by its id"), limit=40),
        OWNER,
        REVIEW,
        examples(),
    ),
    name="calm",
    title=mark("the calm techniques"),
    package="handlers.calm",
    command="calm",
    word="calm",
    section="techniques",
    most=40,
)


class Techniques(Kept[tuple[Technique, ...]], Protocol):
    """The techniques in their versions."""
