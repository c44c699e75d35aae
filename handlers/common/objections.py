"""Callers who said that nothing may be kept of them."""

from typing import Protocol

from handlers.kit.callers import Caller


class Objections(Protocol):
    """Who objected, under a pseudonym of its own purpose."""

    def stands(self, caller: Caller) -> bool:
        """Whether the caller objected: then nothing is kept of them, by nobody. Held until the
        transaction ends, so that nobody objects between the question and what is kept then."""
        ...

    def take_back(self, caller: Caller) -> bool:
        """They changed their mind. Whether they had objected."""
        ...
