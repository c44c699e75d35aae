"""The sessions that a group planned together, and the repository."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from handlers.kit.ports import mark
from handlers.kit.settings import Section, number

LEAST_MINUTES, MOST_MINUTES = 60, 120

MOST_WEEKS = 4
"""A session comes every week at most, every four weeks at least."""


class CycleState(StrEnum):
    RUNNING = "running"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Cycle:
    """The sessions that a group planned together.

    They recur every `weeks` weeks, counted from the `first` date, at the wall time `wall` ("16:00")
    of `zone`, whatever the clocks do meanwhile; each lasts `minutes`.
    """

    id: str
    group: str
    number: int
    weeks: int
    wall: str
    zone: str
    minutes: int
    first: date
    state: CycleState = CycleState.RUNNING


class Cycles(Protocol):
    def get(self, cycle: str) -> Cycle | None: ...

    def of(self, group: str) -> tuple[Cycle, ...]:
        """The group's cycles, the newest first."""
        ...

    def numbers(self, workspace: str) -> Mapping[str, int]:
        """The numbers of all cycles of groups that are not closed, by the cycle's id."""
        ...

    def put(self, cycle: Cycle) -> None: ...

    def remove(self, cycle: str) -> None:
        """With its sessions and their seats."""
        ...


MOST_SESSIONS = 12
"""In one cycle: what a workspace may set at most."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many sessions a cycle has: from `least` to `most`, by the workspace's settings. Eight to
    ten is what peer groups in the field have."""

    least: int = 8
    most: int = 10


SIZES = Section(
    "supervision",
    mark("Supervision"),
    Sizes(),
    {"least": number(1, MOST_SESSIONS), "most": number(1, MOST_SESSIONS)},
    holds=lambda sizes: sizes.least <= sizes.most,
)
"""What a workspace set for its cycles."""
