"""Who can't be sent anything now. The one place that knows all the reasons."""

from collections.abc import Sequence
from datetime import datetime

from handlers.breaks.model import Breaks
from handlers.escalation.model import Cases
from handlers.supervision.sessions.model import Seats
from handlers.vents.model import Vents
from handlers.work import Work


def engaged(work: Work, people: Sequence[str], now: datetime) -> frozenset[str]:
    """Those of the people who must not be asked for anything at `now`, although they are on duty:
    they have a hand up, help somebody, talk in a vent, are on a break or sit in a supervision
    session. Which of the reasons it is stays here."""
    return frozenset(people).intersection(
        work.of(Cases).busy(people)
        | work.of(Vents).talking(people)
        | work.of(Breaks).on_break(people, now)
        | work.of(Seats).in_session(people, now)
    )
