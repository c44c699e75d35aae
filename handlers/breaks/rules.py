"""When a break fits: now, or at which moment otherwise."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers.availability.coverage import CoverageRule, Team, first_fit, fits
from handlers.kit.people import Person

LOOK_AHEAD = timedelta(hours=4)
"""How far ahead a free start is looked for: half a shift; later is no answer for now."""

_MINUTE = timedelta(minutes=1)
_STEP = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Go:
    """The break begins now."""


@dataclass(frozen=True, slots=True)
class MustWait:
    """It would leave too few. `start` is the first one that fits; None: none within LOOK_AHEAD."""

    start: datetime | None


def decide(
    team: Team,
    rule: CoverageRule,
    me: Person,
    length: timedelta,
    now: datetime,
    *,
    hard: bool,
    committed_until: datetime | None,
) -> Go | MustWait:
    """Whether a break of this length begins at `now`. A `hard` one always does. Who covers for
    somebody is committed until that break ends."""
    if hard or (committed_until is None and fits(team, rule, me, now, now + length)):
        return Go()
    return MustWait(next_start(team, rule, me, length, committed_until or now))


def next_start(
    team: Team, rule: CoverageRule, me: Person, length: timedelta, now: datetime
) -> datetime | None:
    """The first moment after `now`, within LOOK_AHEAD, at which a break of this length fits."""
    first = _whole_minute(now)
    steps = (first + _STEP * number for number in range(LOOK_AHEAD // _STEP))
    ends = (one.end for one in team.absences if now < one.end <= now + LOOK_AHEAD)
    candidates = sorted({*steps, *(_whole_minute(end) for end in ends)})
    return first_fit(team, rule, me, (at for at in candidates if at > now), length)


def _whole_minute(at: datetime) -> datetime:
    """The whole minute at `at` or after it: people are told a time without seconds."""
    whole = at.replace(second=0, microsecond=0)
    return whole if whole == at else whole + _MINUTE
