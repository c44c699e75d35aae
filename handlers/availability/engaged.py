"""Who can't be sent anything now. The one place that knows all the reasons."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from handlers.kit.people import Person, Role


@dataclass(frozen=True, slots=True)
class OnBreak:
    """A break that is on. `until` is what others are told, None for "until I'm back"; `ends_at`
    when it ends at the latest."""

    until: datetime | None
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Helper:
    """Somebody who helps when asked. `engaged`: they must not be asked now (`engaged` below).
    `meeting`: their team holds a meeting, and others are asked first. `relieved_by`: who looks
    after their topics and duty, and is asked in their place."""

    person: Person
    engaged: bool
    meeting: bool = False
    relieved_by: str | None = None


class Availability(Protocol):
    """What the features' rows tell together of who is free."""

    def engaged(self, people: Sequence[str], now: datetime) -> frozenset[str]:
        """Those of the people who must not be asked for anything at `now`, although they are on
        duty: they have a hand up, help somebody, are on the telephone, talk in a vent, are on a
        break, or sit in a supervision session or a class. Which of the reasons it is stays here."""
        ...

    def helping(self, people: Sequence[str], now: datetime) -> Sequence[Helper]:
        """Those of the people who belong, in no order, as `helpers` has them; whether they like to
        help is not looked at."""
        ...

    def helpers(
        self,
        workspace: str,
        now: datetime,
        *,
        topic: str | None = None,
        role: Role | None = None,
        skip: int = 0,
        limit: int = 50,
    ) -> Sequence[Helper]:
        """The active people who help: whose last call ended the longest ago first, among equals
        who was least recently asked, and then in a stable order. Those with the topic, or the
        role, or all. Choosing takes no more of them than that."""
        ...

    def in_call(self, person: str, now: datetime) -> bool:
        """Whether they have a hand up, help somebody or are on the telephone."""
        ...

    def on_telephone(self, person: str, now: datetime) -> bool:
        """Whether they are on the telephone, as far as a telephone system tells."""
        ...

    def break_of(self, person: str, now: datetime) -> OnBreak | None:
        """The break that they are on."""
        ...

    def ended_call_at(self, person: str) -> datetime | None:
        """When they last had to end a call."""
        ...
