"""What somebody would like to bring to a session, and its repository."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

LONGEST_CASE = 600
MOST_CASES = 3
"""Of one person in one session."""


@dataclass(frozen=True, slots=True)
class SessionCase:
    """Something `person` would like to bring to the session."""

    id: str
    session: str
    person: str
    words: str
    at: datetime


class SessionCases(Protocol):
    def get(self, case: str) -> SessionCase | None: ...

    def of(self, session: str) -> tuple[SessionCase, ...]:
        """What people would like to bring to it, the oldest first."""
        ...

    def put(self, case: SessionCase) -> None: ...

    def remove(self, case: str) -> None:
        """Nothing of it stays readable anywhere."""
        ...

    def clear(self, session: str) -> None:
        """Deletes the session's cases, and the key that could read them."""
        ...

    def remove_person(self, person: str, sessions: Sequence[str]) -> None: ...
