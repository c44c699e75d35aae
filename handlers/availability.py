"""Who can't be sent anything now. The one place that knows all the reasons."""

from collections.abc import Sequence
from datetime import datetime

from handlers.work import Work


def engaged(work: Work, people: Sequence[str], now: datetime) -> frozenset[str]:
    """Those of the people who must not be asked for anything at `now`, although they are on duty:
    they have a hand up, help somebody, talk in a vent, are on a break or sit in a supervision
    session. Which of the reasons it is stays here."""
    return frozenset(people).intersection(
        work.cases.busy(people)
        | work.vents.talking(people)
        | work.breaks.on_break(people, now)
        | work.supervision_life.in_session(people, now)
    )
