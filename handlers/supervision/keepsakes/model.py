"""What somebody takes along from a session, and its repository."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

LONGEST_KEEPSAKE = 600


@dataclass(frozen=True, slots=True)
class Keepsake:
    """What somebody takes along from a session; theirs alone."""

    person: str
    session: str
    words: str
    at: datetime


class Keepsakes(Protocol):
    def of(self, person: str) -> tuple[Keepsake, ...]:
        """All that the person keeps, the newest first."""
        ...

    def put(self, keepsake: Keepsake) -> None: ...

    def remove(self, person: str, session: str) -> None: ...
