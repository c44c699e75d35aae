"""When an issue is known: several hands or callers about one topic within minutes."""

from datetime import datetime, timedelta
from typing import Protocol

OFFER = "known.offer"
"""Supervisors are asked whether it is one."""

SIGNS, WITHIN = 3, timedelta(minutes=10)
"""So many hands or callers about one topic, within so long."""

ONCE_IN = timedelta(hours=1)
"""Supervisors are asked about one topic."""

LASTS = (1, 2, 4, 8)
"""Hours for which a sentence may be set."""


class Signs(Protocol):
    """Hands and callers by their topics, for as long as they can tell of an issue."""

    def put(self, sign: str, workspace: str, topic: str, at: datetime) -> None:
        """A hand or a caller by its id: the same one again counts once, by what it was last."""
        ...

    def many(self, workspace: str, topic: str, since: datetime, most: int) -> int:
        """How many there were about the topic since then, counted no further than `most`."""
        ...

    def ask(self, sign: str, at: datetime) -> None:
        """Keeps that supervisors are asked because of this one."""
        ...

    def were_asked(self, workspace: str, topic: str, since: datetime) -> bool:
        """Whether they were asked about the topic after then."""
        ...
