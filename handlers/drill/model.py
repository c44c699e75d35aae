"""A drill, and when each part of its way was behind it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from handlers.kit.ports import mark
from handlers.kit.settings import Section, switch

PING = "drill.ping"

EVERY = timedelta(days=7)
"""How often there is one where that is wished for: at the time of day of the first."""


@dataclass(frozen=True, slots=True)
class Weekly:
    """Whether a workspace wants a drill every week."""

    on: bool = False


WEEKLY = Section("drill", mark("Drills"), Weekly(), {"on": switch()})


@dataclass(frozen=True, slots=True)
class Drill:
    """One drill of an admin's. `kept_at`: the command was committed; `claimed_at`: the message was
    taken up for sending; `delivered_at`: the platform had accepted it, and that was written down.
    `next_at`: when the next one begins by itself."""

    id: str
    workspace: str
    person: str
    asked_at: datetime
    kept_at: datetime | None = None
    claimed_at: datetime | None = None
    delivered_at: datetime | None = None
    next_at: datetime | None = None


class Drills(Protocol):
    """Drills, kept. None of them is counted as a hand."""

    def add(self, drill: Drill) -> None: ...

    def get(self, drill: str) -> Drill | None: ...

    def save(self, drill: Drill) -> None: ...

    def kept(self, drill: str, at: datetime) -> None:
        """The command was committed then."""
        ...

    def claimed_at(self, key: str) -> datetime | None:
        """When whoever sends the notice with this key now took it up."""
        ...

    def due(self, now: datetime, limit: int) -> tuple[Drill, ...]:
        """Those after which the next one begins."""
        ...
