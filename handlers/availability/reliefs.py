"""Who looks after whose topics and duty for a while: where one of them would be asked, the other is
asked in their place."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class ReliefState(StrEnum):
    """ASKED: somebody is wanted. ON: somebody does it. OVER: it ended, or is no longer wanted."""

    ASKED = "asked"
    ON = "on"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Relief:
    """`person` is looked after by `helper`, from when they say yes for `minutes`, or until a moment
    (0 minutes). `ends_at`: when it is over; while it is asked, when the question is. `step_at`: the
    same, until it is over."""

    id: str
    workspace: str
    person: str
    minutes: int
    asked_at: datetime
    ends_at: datetime
    step_at: datetime | None
    state: ReliefState = ReliefState.ASKED
    helper: str | None = None

    def is_on(self, now: datetime) -> bool:
        return self.state is ReliefState.ON and now < self.ends_at


class Reliefs(Protocol):
    """Reliefs, kept."""

    def get(self, relief: str) -> Relief | None:
        """The relief, held against other writers until the transaction ends."""
        ...

    def put(self, relief: Relief) -> None: ...

    def live_of(self, person: str, now: datetime) -> Relief | None:
        """The one by which the person is looked after, or asks to be."""
        ...

    def given_by(self, helper: str, now: datetime) -> Sequence[Relief]:
        """Those that are on in which the person looks after others."""
        ...

    def due(self, now: datetime, limit: int) -> Sequence[Relief]:
        """Those whose time is over and that nobody has ended, held by this transaction."""
        ...
