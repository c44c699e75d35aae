"""What is counted of sessions in a week: how many there were."""

from handlers.kit.ports import mark
from handlers.kit.weeks import CalendarWeek, Figure, InWeek
from handlers.supervision.sessions.model import Sessions
from handlers.work import Occasion


def in_week(on: Occasion, workspace: str, week: CalendarWeek) -> InWeek:
    held = on.work.of(Sessions).planned_between(workspace, week.start, min(week.end, on.now))
    return InWeek((Figure(mark("Supervision sessions held"), held),))
