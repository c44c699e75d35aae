"""When somebody works and when they rest, as instants: shifts, holidays, absences, rest."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from handlers.kit.hours import Hours, parse_hours
from handlers.kit.people import UNTIL_BACK, Person
from handlers.kit.ports import Calendar, WorkspaceSettings
from handlers.kit.settings import Section, number, one_of

MOST_REST = 16
"""Hours of rest between two shifts, at most: the rest of the day is a shift."""

PAUSE = timedelta(hours=4)
"""A shorter gap between two shifts is a pause in one working day, and no rest."""

COUNTRIES = ("LV", "EE", "LT", "FI", "SE", "PL", "DE", "GB", "")
"""Whose holidays a workspace may keep, by ISO 3166 code; the empty one keeps none."""

UNSET_HOURS = parse_hours("Mon-Fri 09:00-17:00")
"""The frame of a plan, or of a group's dates, for somebody whose working hours nobody has set."""

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
"""As rules of recurrence name them, from Monday."""

_DAY = timedelta(days=1)
_AHEAD = 60 * _DAY
"""How far the next working day is looked for: beyond any row of holidays."""

IsFree = Callable[[date], bool]
"""Whether nobody works on the day."""


@dataclass(frozen=True, slots=True)
class RestRules:
    """What a workspace calls rest: `country`'s holidays, and so many `hours` between shifts.

    Eleven hours are the least in the European Union (2003/88/EC, article 3); Latvia's labour law
    gives twelve (section 142).
    """

    country: str = "LV"
    hours: int = 12


REST = Section("rest", RestRules(), {"country": one_of(COUNTRIES), "hours": number(0, MOST_REST)})


@dataclass(frozen=True, slots=True)
class Stint:
    """One shift on one day: wall times without a zone, and the zone they are meant in."""

    start: datetime
    end: datetime
    zone: str

    @property
    def begins(self) -> datetime:
        return instant(self.start, self.zone)

    @property
    def ends(self) -> datetime:
        return instant(self.end, self.zone)


def free_days(settings: WorkspaceSettings, workspace: str, calendar: Calendar) -> IsFree:
    """Which days are public holidays for the workspace."""
    return holidays(REST.of(settings, workspace), calendar)


def holidays(rules: RestRules, calendar: Calendar) -> IsFree:
    """Which days are public holidays by the rules."""

    def is_free(day: date) -> bool:
        return calendar.is_holiday(rules.country, day)

    return is_free


def instant(wall: datetime, zone: str) -> datetime:
    """The one instant that a wall time means. In the hour that the clock repeats it is the first
    of the two; a time that the clock skips comes as much later as the clock was put forward."""
    return wall.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)


def wall_time(at: datetime, zone: str) -> datetime:
    """What a clock on the wall shows at the instant."""
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None, fold=0)


def stints(hours: Hours, zone: str, first: date, last: date, is_free: IsFree) -> Iterator[Stint]:
    """The shifts that begin from the first day to the last, in order, but on free days."""
    day = first
    while day <= last:
        shifts = [shift for shift in hours.shifts if shift.weekday == day.weekday()]
        if shifts and not is_free(day):
            midnight = datetime.combine(day, time())
            for shift in shifts:
                yield Stint(
                    midnight + timedelta(minutes=shift.start),
                    midnight + timedelta(minutes=shift.end),
                    zone,
                )
        day += _DAY


def reachable_from(person: Person, now: datetime, rules: RestRules, is_free: IsFree) -> datetime:
    """The first instant from `now` on at which what is not urgent may reach the person: at work,
    rested since the last shift, not away, not in their platform's do-not-disturb.

    UNTIL_BACK where they are away with no end. Who has no working hours is known to rest only
    when they say so.
    """
    if person.away_until == UNTIL_BACK:
        return UNTIL_BACK
    moment, rest = now, timedelta(hours=rules.hours)
    while moment - now < _AHEAD:
        later = _after_rest(person, _after_absence(person, moment), rest, is_free)
        if later == moment:
            break
        moment = later  # where the one ends the other may have begun
    return moment


def _after_absence(person: Person, moment: datetime) -> datetime:
    later = moment
    if person.away_until is not None:
        later = max(later, person.away_until)
    start, end = person.quiet_from, person.quiet_until
    if start is not None and end is not None and start <= moment:
        later = max(later, end)
    return later


def _after_rest(person: Person, moment: datetime, rest: timedelta, is_free: IsFree) -> datetime:
    if not person.hours.shifts:
        return moment
    today = wall_time(moment, person.zone).date()
    ended: datetime | None = None
    day_rested: datetime | None = None  # from when a working day counts, whatever shifts it has
    # A shift is two days long at most: what began three days ago is over.
    first, last = today - 3 * _DAY, today + _AHEAD
    for stint in stints(person.hours, person.zone, first, last, is_free):
        begins, ends = stint.begins, stint.ends
        if ended is not None and begins - ended >= PAUSE:
            day_rested = ended + rest
        rested = begins if day_rested is None else max(begins, day_rested)
        if rested < ends and moment < ends:
            return max(moment, rested)
        ended = ends if ended is None else max(ended, ends)
    return moment + _AHEAD
