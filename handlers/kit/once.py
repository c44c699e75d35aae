"""What is read from files once, when it is first needed or before."""

from collections.abc import Callable
from functools import cache
from typing import TypeVar

T = TypeVar("T")

_READ_ONCE: list[Callable[[], object]] = []


def once(read: Callable[[], T]) -> Callable[[], T]:
    """The same, done once; `read_all` does it beforehand, so that no transaction waits for it."""
    kept = cache(read)
    _READ_ONCE.append(kept)
    return kept


def read_all() -> None:
    """Reads all of it."""
    for read in _READ_ONCE:
        read()
