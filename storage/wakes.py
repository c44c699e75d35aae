"""When something written in a transaction next needs attention."""

from datetime import datetime


class Wakes:
    """Collects the earliest instant at which a transaction's work has to be looked at."""

    def __init__(self) -> None:
        self.soonest: datetime | None = None

    def at(self, when: datetime | None) -> None:
        if when is not None and (self.soonest is None or when < self.soonest):
            self.soonest = when
