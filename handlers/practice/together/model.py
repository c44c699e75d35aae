"""A role play of two: what follows from each answer and from time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

ASKED, WAITS, UNANSWERED, PART, TELL, TOLD = (
    "practice.asked",
    "practice.waits",
    "practice.unanswered",
    "practice.part",
    "practice.tell",
    "practice.told",
)
"""Kinds of notice."""

ANSWER_WITHIN = timedelta(minutes=10)
"""The asker hears of a no, a silence and an absence alike when this is over, never before."""

ROUND = timedelta(minutes=8)
"""Of one call; then they swap."""

TELL_WITHIN = timedelta(days=1)
"""How long one may still write to the other what was good."""

WORDS_KEPT = timedelta(days=30)
"""How long what one was told is kept, unless one deletes it before."""

SENTENCE = 300
"""Characters of what is said about one indicator."""


class Stage(StrEnum):
    """ASKING: the colleague was asked. FIRST: who was asked plays the caller. SECOND: who asked
    does. TELLING: the calls are over, and they may write to each other."""

    ASKING = "asking"
    FIRST = "first"
    SECOND = "second"
    TELLING = "telling"


@dataclass(frozen=True, slots=True)
class RolePlay:
    """`asker` and `partner` practise the scenarios `first` and `second`, as they are in this
    `version` of the library, and watch the `indicators`. The stage ends by itself at `ends_at`.
    `open`: the partner may still say yes; false alike after a no, so that the row tells nothing
    else."""

    id: str
    workspace: str
    asker: str
    partner: str
    first: str
    second: str
    version: int
    indicators: tuple[str, ...]
    stage: Stage
    ends_at: datetime
    open: bool = True

    @property
    def two(self) -> tuple[str, str]:
        return self.asker, self.partner

    @property
    def caller(self) -> str:
        """Who plays the caller in this round."""
        return self.partner if self.stage is Stage.FIRST else self.asker

    @property
    def scenario(self) -> str:
        """The one of this round."""
        return self.first if self.stage is Stage.FIRST else self.second

    @property
    def is_on(self) -> bool:
        """Whether they are in a round."""
        return self.stage in (Stage.FIRST, Stage.SECOND)

    def other(self, person: str) -> str:
        return self.partner if person == self.asker else self.asker


@dataclass(frozen=True, slots=True)
class Sentences:
    """What `writer` wrote to `reader` after a role play: a sentence for each indicator, by code."""

    play: str
    workspace: str
    writer: str
    reader: str
    words: Mapping[str, str]
    written_at: datetime


class RolePlays(Protocol):
    """Role plays under way, and what was written after them."""

    def get(self, play: str) -> RolePlay | None: ...

    def of(self, person: str) -> Sequence[RolePlay]:
        """Those that the person asked for or is in; what they were asked and have not answered is
        not among them."""
        ...

    def save(self, play: RolePlay) -> None: ...

    def delete(self, play: str) -> None: ...

    def due(self, now: datetime, limit: int) -> Sequence[RolePlay]:
        """Those whose stage is over, held."""
        ...

    def tell(self, sentences: Sentences) -> bool:
        """Keeps them; false where the writer has written already."""
        ...

    def told(self, play: str, reader: str) -> Sentences | None: ...

    def forget_told(self, play: str, reader: str) -> None: ...


def onward(play: RolePlay, now: datetime) -> RolePlay | None:
    """The stage after this one; None: it is over. What was only asked never goes on by itself."""
    match play.stage:
        case Stage.FIRST:
            return replace(play, stage=Stage.SECOND, ends_at=now + ROUND)
        case Stage.SECOND:
            return replace(play, stage=Stage.TELLING, ends_at=now + TELL_WITHIN)
        case _:
            return None


def begun(play: RolePlay, now: datetime) -> RolePlay:
    """The partner says yes: the first round runs."""
    return replace(play, stage=Stage.FIRST, open=False, ends_at=now + ROUND)
