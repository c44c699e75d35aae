"""Who agreed to what stays in a group: the repository."""

from datetime import datetime
from typing import Protocol

from handlers.kit.about import pack
from handlers.supervision.groups.model import Group

AGREEMENT = "supervision.agreement"


LONGEST_AGREEMENT = 2_000


class Agreements(Protocol):
    def agreed(self, group: str, cycle: str, version: int) -> frozenset[str]:
        """Who has agreed to this version in this cycle."""
        ...

    def agree(self, group: str, cycle: str, version: int, person: str, now: datetime) -> None: ...


def agreement_about(group: Group, cycle: str) -> str:
    """The subject of the question for this cycle and version."""
    return pack(group.id, cycle, group.agreement_version)
