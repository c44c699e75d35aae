"""The scenario that somebody practises."""

from typing import Protocol

from handlers.library.entries import entry_of
from handlers.practice.model import Scenario, Scenarios
from handlers.work import Occasion


class BegunPractice(Protocol):
    """A practice that began with a scenario as it was in this version of the library."""

    @property
    def workspace(self) -> str: ...

    @property
    def version(self) -> int: ...

    @property
    def scenario(self) -> str: ...


def scenario_of(practice: BegunPractice, on: Occasion) -> Scenario | None:
    """The scenario as it was when the practice began; None where it is no longer kept."""
    version = on.work.of(Scenarios).version(practice.workspace, practice.version)
    return None if version is None else entry_of(version.content, practice.scenario)
