"""When a workspace's week report comes by itself."""

from dataclasses import dataclass
from datetime import datetime, time
from typing import Protocol

WEEK = "report.week"

ON, AT = 0, time(8)
"""The weekday (0 is Monday) and the wall time at which it comes."""

WEEKS_BACK = 52
"""How far back a report may reach."""


@dataclass(frozen=True, slots=True)
class WeekReport:
    """That a workspace's coordinators get one each Monday: the next at `next_at`, by the clocks of
    `zone`."""

    workspace: str
    zone: str
    next_at: datetime


class WeekReports(Protocol):
    """The workspaces that want one."""

    def get(self, workspace: str) -> WeekReport | None: ...

    def put(self, report: WeekReport) -> None: ...

    def remove(self, workspace: str) -> None: ...

    def due(self, now: datetime, limit: int) -> tuple[WeekReport, ...]:
        """Those whose time has come, held against other processes."""
        ...
