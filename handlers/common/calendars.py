"""The secret addresses by which people's own calendars read their dates: their repository."""

from datetime import datetime
from typing import Protocol


class CalendarAddresses(Protocol):
    """One secret a person at most. Whoever has it reads that person's calendar."""

    def secret(self, person: str) -> str | None:
        """The one that opens the person's calendar now."""
        ...

    def renew(self, person: str, now: datetime) -> str:
        """Makes a new one, and has the one before open nothing from then on."""
        ...

    def stop(self, person: str) -> None:
        """Nothing opens their calendar any more."""
        ...

    def owner(self, secret: str) -> str | None:
        """Whose calendar it opens; None where it opens none, or is of somebody who left."""
        ...
