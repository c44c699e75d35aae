"""When somebody works and when they rest, as instants: shifts, holidays, absences, rest."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from handlers.kit.hours import Hours, parse_hours
from handlers.kit.people import UNTIL_BACK, Person
from handlers.kit.ports import Calendar, WorkspaceSettings, mark
from handlers.kit.settings import Section, number, one_of

MOST_REST = 16
"""Hours of rest between two shifts, at most: the rest of the day is a shift."""

MOST_WEEKLY_REST = 72
"""Hours of rest in one piece in a week, at most."""

PAUSE = timedelta(hours=4)
"""A shorter gap between two shifts is a pause in one working day, and no rest."""

COUNTRIES = ("LV", "EE", "LT", "FI", "SE", "PL", "DE", "GB", "")
"""Whose holidays a workspace may keep, by ISO 3166 code; the empty one keeps none."""

UNSET_HOURS = parse_hours("Mon-Fri 09:00-17:00")
"""The frame of a plan, or of a group's dates, for somebody whose working hours nobody has set."""

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
"""As rules of recurrence name them, from Monday."""

_DAY = timedelta(days=1)
LOOKED_AHEAD = 60 * _DAY
"""How far the next working day is looked for: beyond any row of holidays."""

RESTED_FROM = 3 * _DAY
"""How far back a shift may have begun that is not over, or is rested from."""

IsFree = Callable[[date], bool]
"""Whether nobody works on the day."""


@dataclass(frozen=True, slots=True)
class RestRules:
    """What a workspace calls rest: `country`'s holidays, so many `hours` between shifts, and once
    so many in a `week`.

    Eleven hours are the least in the European Union (2003/88/EC, article 3); Latvia's labour law
    gives twelve (section 142), and in a week 42 in one piece (section 143).
    """

    country: str = "LV"
    hours: int = 12
    week: int = 42


REST = Section(
    "rest",
    mark("Rest and public holidays"),
    RestRules(),
    {
        "country": one_of(COUNTRIES),
        "hours": number(0, MOST_REST),
        "week": number(0, MOST_WEEKLY_REST),
    },
)


@dataclass(frozen=True, slots=True)
class Stint:
    """One shift on one day: wall times without a zone, the zone they are meant in, and from when
    to when that is (aware UTC)."""

    start: datetime
    end: datetime
    zone: str
    begins: datetime
    ends: datetime


def free_days(settings: WorkspaceSettings, workspace: str, calendar: Calendar) -> IsFree:
    """Which days are public holidays for the workspace."""
    return holidays(REST.of(settings, workspace), calendar)


def holidays(rules: RestRules, calendar: Calendar) -> IsFree:
    """Which days are public holidays by the rules."""

    def is_free(day: date) -> bool:
        return calendar.is_holiday(rules.country, day)

    return is_free


def working_days_after(now: datetime, days: int, zone: str, is_free: IsFree) -> datetime:
    """The same time of day so many working days later, by the zone's clocks: from Monday to Friday,
    and no holiday."""
    wall = wall_time(now, zone)
    while days:
        wall += _DAY
        days -= wall.weekday() < 5 and not is_free(wall.date())
    return instant(wall, zone)


def instant(wall: datetime, zone: str) -> datetime:
    """The one instant that a wall time means. In the hour that the clock repeats it is the first
    of the two; a time that the clock skips comes as much later as the clock was put forward."""
    return wall.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)


def midnight(day: date, zone: str) -> datetime:
    """The instant at which the day begins there."""
    return instant(datetime.combine(day, time()), zone)


def wall_time(at: datetime, zone: str) -> datetime:
    """What a clock on the wall shows at the instant."""
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)


def usual(hours: Hours) -> Hours:
    """The hours, with a usual week where nobody has set one."""
    return hours if hours.shifts else replace(UNSET_HOURS, planned=hours.planned)


def stints(hours: Hours, zone: str, first: date, last: date, is_free: IsFree) -> Iterator[Stint]:
    """The shifts that begin from the first day to the last, in order: those that are planned on a
    date, and on other days the ordinary week's, but on free days. Nothing of an absence."""
    rota, day = hours.planned, first
    while day <= last:
        if rota.plans(day) or is_free(day):
            weekly = []
        else:
            weekly = [shift for shift in hours.shifts if shift.weekday == day.weekday()]
        begun = datetime.combine(day, time())
        walls = [
            (begun + timedelta(minutes=one.start), begun + timedelta(minutes=one.end))
            for one in weekly
        ]
        if rota:
            spans = [(instant(start, zone), instant(end, zone)) for start, end in walls]
            for begins, ends in rota.without_absences(spans + rota.work_on(day)):
                yield Stint(wall_time(begins, zone), wall_time(ends, zone), zone, begins, ends)
        else:
            for start, end in walls:
                yield Stint(start, end, zone, instant(start, zone), instant(end, zone))
        day += _DAY


def shift_ends(person: Person, now: datetime) -> datetime | None:
    """When the shift that somebody is in ends; None when they are in none, or have no hours."""
    today = wall_time(now, person.zone).date()
    around = stints(person.hours, person.zone, today - 2 * _DAY, today, lambda _day: False)
    return max((one.ends for one in around if one.begins <= now < one.ends), default=None)


def reachable_from(person: Person, now: datetime, rules: RestRules, is_free: IsFree) -> datetime:
    """The first instant from `now` on at which what is not urgent may reach the person: at work,
    rested since the last shift, not away, not in their platform's do-not-disturb.

    UNTIL_BACK where they are away with no end. Who has no working hours is known to rest only
    when they say so.
    """
    if person.away_until == UNTIL_BACK:
        return UNTIL_BACK
    moment, rest = now, timedelta(hours=rules.hours)
    while moment - now < LOOKED_AHEAD:
        present = _after_absence(person, moment)
        if present - now >= LOOKED_AHEAD:  # on the calendar's last day no zone has a wall clock
            return present
        later = _after_rest(person, present, rest, is_free)
        if later == moment:
            break
        moment = later  # where the one ends the other may have begun
    return moment


def worked_for(person: Person, now: datetime, work: timedelta, is_free: IsFree) -> datetime:
    """When the person will have been at work for so long from `now` on, away or not. Who has no
    working hours set is thought to work in the usual ones."""
    hours = usual(person.hours)
    today = wall_time(now, person.zone).date()
    left, reached = work, now
    for stint in stints(hours, person.zone, today - 2 * _DAY, today + LOOKED_AHEAD, is_free):
        begins, ends = max(stint.begins, reached), stint.ends
        if ends <= begins:
            continue
        if ends - begins >= left:
            return begins + left
        left, reached = left - (ends - begins), ends
    return now + LOOKED_AHEAD


def _after_absence(person: Person, moment: datetime) -> datetime:
    later = person.hours.planned.trained_until(moment)
    if person.away_until is not None:
        later = max(later, person.away_until)
    start, end = person.quiet_from, person.quiet_until
    if start is not None and end is not None and start <= moment:
        later = max(later, end)
    return later


def _after_rest(person: Person, moment: datetime, rest: timedelta, is_free: IsFree) -> datetime:
    today, hours = wall_time(moment, person.zone).date(), person.hours
    opens = None if hours.shifts else _unplanned_from(today, hours, person.zone)
    if opens is not None and opens <= moment:
        return moment
    ended: datetime | None = None
    day_rested: datetime | None = None  # from when a working day counts, whatever shifts it has
    # A shift is two days long at most: what began three days ago is over.
    first, last = today - RESTED_FROM, today + LOOKED_AHEAD
    for stint in stints(hours, person.zone, first, last, is_free):
        begins, ends = stint.begins, stint.ends
        if ended is not None and begins - ended >= PAUSE:
            day_rested = ended + rest
        rested = begins if day_rested is None else max(begins, day_rested)
        if rested < ends and moment < ends:
            reached = max(moment, rested)
            return reached if opens is None else min(reached, opens)
        ended = ends if ended is None else max(ended, ends)
    return opens or moment + LOOKED_AHEAD


def _unplanned_from(today: date, hours: Hours, zone: str) -> datetime:
    """When the first day begins for which nothing is planned: of somebody with no ordinary week
    nothing is known then, and they are there when they are."""
    days = (today + number * _DAY for number in range(LOOKED_AHEAD.days))
    day = next((day for day in days if not hours.planned.plans(day)), today + LOOKED_AHEAD)
    return midnight(day, zone)
