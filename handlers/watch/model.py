"""What may go wrong with Plecs itself, when somebody is told, and when it is over."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from handlers.kit.notices import Lane, Notice, Priority

PROBLEM, OVER = "watch.problem", "watch.over"

SEEN_TWICE = timedelta(seconds=25)
"""What lasts so long was there at two looks: a moment's trouble is told nobody."""

OVER_AFTER = timedelta(seconds=45)
"""What was not seen for so long is over."""


class Trouble(StrEnum):
    """What is looked for."""

    LANE_REFUSED = "lane_refused"
    """A platform takes nothing by one way of sending, until somebody mends it."""
    HAND_UNHEARD = "hand_unheard"
    """A hand is up, and for five seconds no ping of it has arrived."""
    RING_LATE = "ring_late"
    """A case's next step is overdue."""
    CASE_STEPLESS = "case_stepless"
    """An open case with no next step. Mended: it is looked at at once."""
    NOTICE_LATE = "notice_late"
    """A message is due, and nobody sends it."""
    CLAIM_ORPHANED = "claim_orphaned"
    """A message that somebody was sending who is gone. Mended: it is free for others."""
    PLANNER_LATE = "planner_late"
    """Breaks are not planned ahead any more."""
    TELEPHONE_SILENT = "telephone_silent"
    """A telephone system that told of calls tells nothing, although people work."""

    ACCESS_ENDS = "access_ends"
    """What Plecs may speak with in a workspace ends, and its platform gives nothing new."""


MENDED = (Trouble.CASE_STEPLESS, Trouble.CLAIM_ORPHANED)
"""What is put right with the look: counted and logged, and nobody has to do anything."""

_AT_ONCE = (Trouble.LANE_REFUSED, Trouble.HAND_UNHEARD, Trouble.ACCESS_ENDS)
_CAN_WAIT = (Trouble.PLANNER_LATE, Trouble.TELEPHONE_SILENT)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong in a workspace, `since` when; `count` things of a kind. `where` is
    the platform and its workspace, and `word` what it says, where a platform refuses something."""

    trouble: Trouble
    workspace: str
    since: datetime
    count: int = 1
    where: str = ""
    lane: Lane | None = None
    word: str = ""

    @property
    def key(self) -> str:
        """What makes it the same at the next look."""
        return f"{self.workspace}:{self.trouble}:{self.where}:{self.lane or ''}"


@dataclass(frozen=True, slots=True)
class Alert:
    """A finding that goes on. `told_at`: the admins know of it. `over_at`: it is over."""

    id: str
    key: str
    workspace: str
    trouble: Trouble
    where: str
    lane: Lane | None
    word: str
    since: datetime
    seen_at: datetime
    told_at: datetime | None = None
    over_at: datetime | None = None

    @property
    def platform(self) -> str:
        """The name of the platform that refuses, as it is written."""
        return self.where.partition("/")[0].title()

    @property
    def priority(self) -> Priority:
        """How it is told: what keeps pings from arriving waits for nobody's rest, and goes by
        whatever way works."""
        return Priority.NORMAL if self.trouble in _CAN_WAIT else Priority.URGENT


def begun(finding: Finding, new_id: str, now: datetime) -> Alert:
    """The alert of what was found for the first time."""
    return Alert(
        new_id,
        finding.key,
        finding.workspace,
        finding.trouble,
        finding.where,
        finding.lane,
        finding.word,
        finding.since,
        now,
    )


def seen(
    alert: Alert, finding: Finding, admins: tuple[str, ...], now: datetime
) -> tuple[Alert, tuple[Notice, ...]]:
    """It is still so: the admins are told once, when it is worth it."""
    alert = replace(alert, seen_at=now, word=finding.word)
    if alert.told_at is not None or alert.trouble in MENDED:
        return alert, ()
    if alert.trouble not in _AT_ONCE and now - alert.since < SEEN_TWICE:
        return alert, ()
    told = tuple(Notice(PROBLEM, alert.id, (admin,), now, alert.priority) for admin in admins)
    return replace(alert, told_at=now), told


def not_seen(
    alert: Alert, admins: tuple[str, ...], now: datetime
) -> tuple[Alert, tuple[Notice, ...]]:
    """It was not found: after a while it is over, and who was told hears that too."""
    if now - alert.seen_at < OVER_AFTER:
        return alert, ()
    told = alert.told_at is not None
    over = tuple(Notice(OVER, alert.id, (admin,), now) for admin in admins if told)
    return replace(alert, over_at=now), over


class Watch(Protocol):
    """What is found when Plecs looks at itself, and what was told of it."""

    def look(self, now: datetime) -> tuple[Finding, ...]:
        """What is wrong, but for refused lanes. Counted for the metrics."""
        ...

    def mend(self, now: datetime) -> int:
        """Puts right what is safe to put right (MENDED); answers how much it was."""
        ...

    def counted(self, findings: tuple[Finding, ...]) -> None:
        """These are all that were found, for the metrics."""
        ...

    def open(self) -> tuple[Alert, ...]:
        """What is not over."""
        ...

    def get(self, alert: str) -> Alert | None: ...

    def put(self, alert: Alert) -> None: ...
