"""Who can't be sent anything now. The one place that knows all the reasons."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class OnBreak:
    """A break that is on. `until` is what others are told, None for "until I'm back"; `ends_at`
    when it ends at the latest."""

    until: datetime | None
    ends_at: datetime


class Availability(Protocol):
    """What the features' rows tell together of who is free."""

    def engaged(self, people: Sequence[str], now: datetime) -> frozenset[str]:
        """Those of the people who must not be asked for anything at `now`, although they are on
        duty: they have a hand up, help somebody, talk in a vent, are on a break or sit in a
        supervision session. Which of the reasons it is stays here."""
        ...

    def in_call(self, person: str) -> bool:
        """Whether they have a hand up or help somebody."""
        ...

    def break_of(self, person: str, now: datetime) -> OnBreak | None:
        """The break that they are on."""
        ...

    def ended_call_at(self, person: str) -> datetime | None:
        """When they last had to end a call."""
        ...
