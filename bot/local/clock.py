"""A clock that can be moved, so that a visitor need not wait for what comes later."""

from collections.abc import Callable
from datetime import datetime, timedelta

from scheduling.clock import Clock, system_clock


class MovableClock:
    """The time, `offset` ahead of the `clock` it goes by. Moving it calls `moved`, which wakes
    whatever waits for a time."""

    def __init__(self, clock: Clock = system_clock) -> None:
        self._clock = clock
        self.offset = timedelta()
        self.moved: Callable[[], None] = _nobody_waits

    def __call__(self) -> datetime:
        """The aware UTC time."""
        return self._clock() + self.offset

    def move(self, by: timedelta) -> None:
        """Goes forward. Raises ValueError for a step back: what has happened stays so."""
        if by < timedelta():
            raise ValueError(f"the clock only moves forward, not by {by}")
        self.offset += by
        self.moved()


def _nobody_waits() -> None:
    """Before anything is wired to the clock."""
