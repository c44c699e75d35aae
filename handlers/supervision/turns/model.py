"""Swaps of turns, and their repository."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from handlers.supervision.sessions.model import Turn

TURN = "supervision.turn"
SWAP = "supervision.swap"
SWAP_WAITS = "supervision.swap-waits"
"""The asker's own card, from the asking on."""


@dataclass(frozen=True, slots=True)
class Swap:
    """`asker` gives the part `gives` in the session to `other`, for the part `gets`. `agreed`:
    it holds, and the rotation leaves it alone."""

    id: str
    session: str
    asker: str
    other: str
    gives: Turn
    gets: Turn
    agreed: bool = False


class Swaps(Protocol):
    def get(self, swap: str) -> Swap | None: ...

    def of(self, sessions: Sequence[str]) -> tuple[Swap, ...]: ...

    def put(self, swap: Swap) -> None: ...

    def remove(self, swap: str) -> None: ...

    def remove_person(self, person: str, sessions: Sequence[str]) -> None: ...
