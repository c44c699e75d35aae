"""What a transaction leaves behind that somebody should hear of once it is committed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(slots=True)
class Effects:
    """`due`: the instants at which what was written needs attention. `hands` were
    raised, and `waits` are the seconds that others' lasted until somebody came. `forgot`:
    something was deleted that must not stay readable anywhere in the file. `statuses`: somebody's
    status is to be another one. `questions`: a language model is to be asked. `feeds`: shifts are
    to be fetched. `learned`: a learning record store is to be told. `moved`: the workspaces whose
    hands have changed. `adopted` messages turned out to be there although nobody had heard that
    they arrived, and `repeated` ones to be there twice. `drills` began. `found`: how much of each
    trouble, where Plecs has looked at itself."""

    due: set[datetime] = field(default_factory=set)
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

    def wake_at(self, when: datetime | None) -> None:
        """Something has to be looked at then."""
        if when is not None:
            self.due.add(when)
