"""Who agreed to what stays in a group: the repository."""

from datetime import datetime
from typing import Protocol

AGREEMENT = "supervision.agreement"


LONGEST_AGREEMENT = 2_000


class Agreements(Protocol):
    def agreed(self, group: str, cycle: str, version: int) -> frozenset[str]:
        """Who has agreed to this version in this cycle."""
        ...

    def agree(self, group: str, cycle: str, version: int, person: str, now: datetime) -> None: ...
