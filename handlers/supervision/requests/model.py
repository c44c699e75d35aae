"""Somebody asks for a group, or for an extra session; and the repository."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

REQUEST = "supervision.request"
LONGEST_WHY = 300


@dataclass(frozen=True, slots=True)
class Request:
    """Somebody asks for a group, or, with `group`, for an extra session of theirs. `words` are
    for the coordinator, empty where they did not choose to say why."""

    id: str
    workspace: str
    person: str
    group: str
    words: str
    at: datetime


class Requests(Protocol):
    def get(self, request: str) -> Request | None: ...

    def waiting(self, workspace: str) -> tuple[Request, ...]:
        """What was asked and not answered yet, the oldest first."""
        ...

    def put(self, request: Request) -> None: ...

    def remove(self, request: str) -> None: ...
