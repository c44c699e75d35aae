"""How many of a team stay available while somebody is off the line: for breaks, and for classes.

A team is everybody of a workspace who has the same manager in the people list. Those who have none
there are no team together, however many they are: they are counted with those of them who have the
same topic, or the same position, as the workspace decided; who has none of that either, alone.
Supervisors are not counted in a team: they are who stands in.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache, partial
from math import ceil
from typing import TYPE_CHECKING, Protocol

from handlers.availability.shifts import with_shift
from handlers.kit.people import Duty, Person, Role
from handlers.kit.ports import mark
from handlers.kit.settings import Section, number, one_of, switch
from handlers.kit.text import fold

if TYPE_CHECKING:  # what a handler works with is above this room
    from handlers.work import Work

MOST_KEPT = 100
"""People of a team whom a workspace may want to stay."""

FORESEEN = timedelta(hours=1)
"""How much of a break is looked at: the longest that has an end. An open one may end sooner."""

SEEN_AHEAD = timedelta(hours=8)
"""How far from its moment on a team is known: half a shift and a break, or the longest class."""

_MINUTE = timedelta(minutes=1)


class CountedBy(StrEnum):
    """What those of a team have in common."""

    MANAGER = "manager"
    TOPIC = "topic"
    POSITION = "position"


WITHOUT_MANAGER = (CountedBy.TOPIC, CountedBy.POSITION)
"""What those may have in common who have no manager."""


@dataclass(frozen=True, slots=True)
class CoverageRule:
    """What a workspace decided: at least `keep` people, and at least `share` percent of those on
    duty, stay available. `hard_first`: a break after a threat or an ended call waits for nobody.
    `others` says by what those are counted who have no manager.
    """

    keep: int = 1
    share: int = 0
    hard_first: bool = True
    others: CountedBy = CountedBy.TOPIC

    def needed(self, on_duty: int) -> int:
        """How many of so many on duty must stay. Whoever is alone on duty may take a break too:
        there is nobody to take turns with."""
        return max(self.keep, ceil(on_duty * self.share / 100)) if on_duty > 1 else 0


RULE = Section(
    "breaks",
    mark("Breaks and cover"),
    CoverageRule(),
    {
        "keep": number(0, MOST_KEPT),
        "share": number(0, 100),
        "hard_first": switch(),
        "others": one_of(WITHOUT_MANAGER),
    },
)


@dataclass(frozen=True, slots=True)
class Whose:
    """Which team of a workspace: those who have `name` in common, as manager (folded), first topic
    or position."""

    workspace: str
    by: CountedBy
    name: str


def team_of(person: Person, rule: CoverageRule) -> Whose | None:
    """The team that the person is counted in; None: they are counted alone."""
    topic = person.topics[0] if person.topics else ""
    name = {CountedBy.TOPIC: topic, CountedBy.POSITION: person.position}[rule.others]
    if manager := fold(person.manager):
        return Whose(person.workspace, CountedBy.MANAGER, manager)
    return Whose(person.workspace, rule.others, name) if name else None


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
        return sum(crew.people for crew in self.crews if crew.duty.is_on_line(at))

    def available(self, at: datetime) -> int:
        """On duty and on the line at `at`, stand-ins included."""
        return self.on_duty(at) - self.missing(at)

    def missing(self, at: datetime) -> int:
        """How many of those on duty at `at` are off the line, less who stands in."""
        absent = sum(
            1 for one in self.absences if one.start <= at < one.end and one.duty.is_on_line(at)
        )
        return absent - sum(1 for one in self.stand_ins if at < one.until and one.duty.holds(at))


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


def fits(
    team: Team,
    rule: CoverageRule,
    me: Person,
    start: datetime,
    end: datetime,
    *,
    foreseen: timedelta = FORESEEN,
) -> bool:
    """Whether the team keeps what it needs while `me` is off the line from `start` to `end`,
    with all that is booked by then. Only what is `foreseen` of it is looked at."""
    return first_fit(team, rule, me, (start,), end - start, foreseen=foreseen) is not None


def first_fit(
    team: Team,
    rule: CoverageRule,
    me: Person,
    starts: Iterable[datetime],
    length: timedelta,
    *,
    foreseen: timedelta = FORESEEN,
) -> datetime | None:
    """The first of the starts from which on the team `fits` for so long. A moment that several of
    them would have in common is looked at once: a large team is asked for hours of them."""
    keeps = cache(partial(_keeps, team, rule, me))
    ahead = min(length, foreseen)
    for start in starts:
        if not is_counted(me) or all(map(keeps, _moments(team, start, start + ahead))):
            return start
    return None


class BreakTeams(Protocol):
    """Teams, as breaks count them: `team_of` says who is of one."""

    def hold(self, *people: Person) -> None:
        """Holds the people's teams until the transaction ends: breaks of a team are decided one
        after another, however many ask at once. Comes before anything is read to decide by."""
        ...

    def team(self, person: Person, now: datetime) -> Team:
        """The person's team as things stand at `now`, without the person's own absences."""
        ...

    def at_desk(self, person: Person) -> tuple[str, ...]:
        """Those of the person's team who are at desk work, longest first."""
        ...


def on_the_floor(work: "Work", person: Person, now: datetime) -> tuple[Team, Person]:
    """The person's team, and the person with what is planned for them: by these it is decided
    whether they may leave."""
    team = work.of(BreakTeams).team(person, now)
    return team, with_shift(person, work, now, now + SEEN_AHEAD)


def _keeps(team: Team, rule: CoverageRule, me: Person, at: datetime) -> bool:
    """Whether enough stay at that moment if `me` is off the line then."""
    if not me.duty.is_on_line(at):
        return True
    on_duty = team.on_duty(at)
    return on_duty - team.missing(at) - 1 >= rule.needed(on_duty)


def _moments(team: Team, start: datetime, end: datetime) -> Iterator[datetime]:
    """When availability may fall between the two: it is steady in between. Shifts begin and end
    on whole minutes."""
    yield start
    yield from (one.start for one in team.absences if start < one.start < end)
    yield from (one.until for one in team.stand_ins if start < one.until < end)
    at = start.replace(second=0, microsecond=0) + _MINUTE
    while at < end:
        yield at
        at += _MINUTE
