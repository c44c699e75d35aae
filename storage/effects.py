"""What a transaction leaves behind that somebody should hear of once it is committed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(slots=True)
class Effects:
    """`soonest`: when something written next needs attention; None for never. `hands` were
    raised, and `waits` are the seconds that others' lasted until somebody came. `forgot`:
    something was deleted that must not stay readable anywhere in the file. `statuses`: somebody's
    status is to be another one. `adopted` messages turned out to be there although nobody had heard
    that they arrived, and `repeated` ones to be there twice. `drills` began. `found`: how much
    of each trouble, where Plecs has looked at itself."""

    soonest: datetime | None = None
    hands: int = 0
    waits: list[float] = field(default_factory=list)
    forgot: bool = False
    statuses: bool = False
    adopted: int = 0
    repeated: int = 0
    drills: list[str] = field(default_factory=list)
    found: Mapping[str, int] | None = None

    def wake_at(self, when: datetime | None) -> None:
        """Something has to be looked at then."""
        if when is not None and (self.soonest is None or when < self.soonest):
            self.soonest = when
