"""Meetings of teams: while one is on, hands are brought to others first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class TeamMeeting:
    """From `starts_at` to `ends_at` these `people` meet; `caller` said so."""

    id: str
    workspace: str
    caller: str
    starts_at: datetime
    ends_at: datetime
    people: tuple[str, ...]


class TeamMeetings(Protocol):
    """Meetings, kept until they are over."""

    def get(self, meeting: str) -> TeamMeeting | None: ...

    def add(self, meeting: TeamMeeting) -> None: ...

    def end(self, meeting: str) -> None:
        """It is over, or does not take place."""
        ...

    def ahead(self, person: str, now: datetime) -> Sequence[TeamMeeting]:
        """Those of the person that are on or to come, the first one first."""
        ...
