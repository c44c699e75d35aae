"""What a transaction leaves behind that somebody should hear of once it is committed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(slots=True)
class Effects:
    """`sends`: the instants at which something is to be sent; `steps`: those at which something
    else follows by itself, for which everything that may be due is looked through. `hands` were
    raised, and `waits` are the seconds that others' lasted until somebody came. `forgot`:
    something was deleted that must not stay readable anywhere in the file. `statuses`: somebody's
    status is to be another one. `questions`: a language model is to be asked. `feeds`: shifts are
    to be fetched. `learned`: a learning record store is to be told. `moved`: the workspaces whose
    hands have changed. `adopted` messages turned out to be there although nobody had heard that
    they arrived, and `repeated` ones to be there twice. `drills` began. `found`: how much of each
    trouble, where Plecs has looked at itself."""

    sends: set[datetime] = field(default_factory=set)
    steps: set[datetime] = field(default_factory=set)
    hands: int = 0
    waits: list[float] = field(default_factory=list)
    forgot: bool = False
    statuses: bool = False
    questions: bool = False
    feeds: bool = False
    learned: bool = False
    moved: set[str] = field(default_factory=set)
    adopted: int = 0
    repeated: int = 0
    drills: list[str] = field(default_factory=list)
    found: Mapping[str, int] | None = None

    def send_at(self, when: datetime) -> None:
        """Something is to be sent then."""
        self.sends.add(when)

    def step_at(self, when: datetime | None) -> None:
        """Something follows by itself then."""
        if when is not None:
            self.steps.add(when)
