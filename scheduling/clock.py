"""The time, asked for rather than looked up."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""Answers the present instant, aware UTC."""


def system_clock() -> datetime:
    """The machine's own time."""
    return datetime.now(UTC)
