"""What is counted of breaks: how many had to wait for others. Not whose, and not who took one."""

from datetime import timedelta

from handlers.breaks.model import Breaks
from handlers.kit.ports import mark
from handlers.kit.weeks import CalendarWeek, Figure, InWeek
from handlers.work import Occasion


def in_week(on: Occasion, workspace: str, week: CalendarWeek) -> InWeek:
    moved = on.work.of(Breaks).moves(workspace, week.monday, week.monday + timedelta(days=6))
    return InWeek((Figure(mark("Breaks that had to wait"), moved),))
