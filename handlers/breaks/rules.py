"""How many of a team stay available, whether a break fits now, and when it does otherwise.

A team is everybody of a workspace who has the same manager in the people list; those who have
none there are a team together. Supervisors are not counted in it: they are who stands in.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import ceil

from handlers.kit.people import Duty, Person, Role
from handlers.kit.settings import Section, number, switch

MOST_KEPT = 100
"""People of a team whom a workspace may want to stay."""

LOOK_AHEAD = timedelta(hours=4)
"""How far ahead a free start is looked for: half a shift; later is no answer for now."""

FORESEEN = timedelta(hours=1)
"""How much of a break is looked at: the longest that has an end. An open one may end sooner."""

_MINUTE = timedelta(minutes=1)
_STEP = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class CoverageRule:
    """What a workspace decided: at least `keep` people, and at least `share` percent of those on
    duty, stay available. `hard_first`: a break after a threat or an ended call waits for nobody.
    """

    keep: int = 1
    share: int = 0
    hard_first: bool = True

    def needed(self, on_duty: int) -> int:
        """How many of so many on duty must stay. Whoever is alone on duty may take a break too:
        there is nobody to take turns with."""
        return max(self.keep, ceil(on_duty * self.share / 100)) if on_duty > 1 else 0


RULE = Section(
    "breaks",
    CoverageRule(),
    {"keep": number(0, MOST_KEPT), "share": number(0, 100), "hard_first": switch()},
)


@dataclass(frozen=True, slots=True)
class Crew:
    """So many counted people who are on duty at the same times."""

    duty: Duty
    people: int = 1


@dataclass(frozen=True, slots=True)
class Absence:
    """A counted person who is off the line from `start` to `end`: on a break, begun or booked,
    at desk work, talking in a vent, or in a supervision session they said they come to."""

    duty: Duty
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class StandIn:
    """Somebody who isn't counted otherwise and covers for a break until then."""

    duty: Duty
    until: datetime


@dataclass(frozen=True, slots=True)
class Team:
    """A team as it is known at one moment, without the absences of whoever asks."""

    crews: tuple[Crew, ...] = ()
    absences: tuple[Absence, ...] = ()
    stand_ins: tuple[StandIn, ...] = ()

    def on_duty(self, at: datetime) -> int:
        return sum(crew.people for crew in self.crews if crew.duty.holds(at))

    def available(self, at: datetime) -> int:
        """On duty and on the line at `at`, stand-ins included."""
        absent = sum(1 for one in self.absences if one.start <= at < one.end and one.duty.holds(at))
        standing_in = sum(1 for one in self.stand_ins if at < one.until and one.duty.holds(at))
        return self.on_duty(at) - absent + standing_in


def joined(absences: Iterable[Absence]) -> tuple[Absence, ...]:
    """One person's absences, made one where they overlap: who talks in a vent on their break is
    missing once."""
    whole: list[Absence] = []
    for one in sorted(absences, key=lambda absence: absence.start):
        if whole and one.start <= whole[-1].end:
            whole[-1] = replace(whole[-1], end=max(whole[-1].end, one.end))
        else:
            whole.append(one)
    return tuple(whole)


def is_counted(person: Person) -> bool:
    """Whether the person is one of those whose being there is counted."""
    return Role.SUPERVISOR not in person.roles


def fits(team: Team, rule: CoverageRule, me: Person, start: datetime, end: datetime) -> bool:
    """Whether the team keeps what it needs while `me` is off the line from `start` to `end`,
    with all breaks that are booked by then."""
    return not is_counted(me) or all(
        not me.on_duty(at) or team.available(at) - 1 >= rule.needed(team.on_duty(at))
        for at in _moments(team, start, end)
    )


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
    return next(
        (at for at in candidates if at > now and fits(team, rule, me, at, at + length)), None
    )


def _moments(team: Team, start: datetime, end: datetime) -> Iterator[datetime]:
    """When availability may fall between the two: it is steady in between. Shifts begin and end
    on whole minutes."""
    yield start
    end = min(end, start + FORESEEN)
    yield from (one.start for one in team.absences if start < one.start < end)
    yield from (one.until for one in team.stand_ins if start < one.until < end)
    at = start.replace(second=0, microsecond=0) + _MINUTE
    while at < end:
        yield at
        at += _MINUTE


def _whole_minute(at: datetime) -> datetime:
    """The whole minute at `at` or after it: people are told a time without seconds."""
    whole = at.replace(second=0, microsecond=0)
    return whole if whole == at else whole + _MINUTE
