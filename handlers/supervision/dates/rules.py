"""When a group meets: a cycle's dates, moved dates, and the times that fit most people."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256
from itertools import pairwise
from operator import itemgetter

from handlers.availability.rest import WEEKDAYS, IsFree, instant, stints, usual, wall_time
from handlers.availability.walls import check_there, is_there
from handlers.kit.hours import Hours, minutes_into_day
from handlers.kit.people import UNTIL_BACK, Person
from handlers.kit.ports import Recurrence
from handlers.supervision.dates.model import Snapshot
from handlers.supervision.sessions.model import Session, SessionSeat, SessionState

_DAY, _WEEK = timedelta(days=1), timedelta(days=7)

_LOOKED_AT = 60
"""Dates of a rhythm that are tried for a cycle: a year of weeks and more."""

_UNKNOWN_ABSENCE = _WEEK
"""How long somebody who is away until they are back counts as away: nobody knows of later."""

_STEP = 30
"""Minutes between two times that are tried for a group."""

BEST = 3

_Spans = Sequence[tuple[datetime, datetime]]


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What a coordinator asks for: `count` sessions of `minutes`, every `weeks` weeks from the
    `first` day on, at the wall time `wall` ("16:00") of `zone`."""

    first: date
    wall: str
    zone: str
    weeks: int
    minutes: int
    count: int

    @property
    def rule(self) -> str:
        """As RFC 5545 has it."""
        day = WEEKDAYS[self.first.weekday()]
        return f"FREQ=WEEKLY;INTERVAL={self.weeks};BYDAY={day}"

    @property
    def begins(self) -> datetime:
        """The wall time of the first session."""
        return datetime.combine(self.first, time.fromisoformat(self.wall))


class Why(StrEnum):
    """Why a date is passed over."""

    HOLIDAY = "holiday"
    AWAY = "away"


Fits = Callable[[datetime], Why | None]
"""Why a wall time does not suit the group; None: it does."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A date that is passed over, and the one in its place; None: the row goes on without."""

    wall: datetime
    why: Why
    instead: datetime | None


@dataclass(frozen=True, slots=True)
class Dates:
    """A cycle's wall times, and those passed over. `walls` may be fewer than asked for, where no
    more fit among the next 60."""

    walls: tuple[datetime, ...]
    skipped: tuple[Skipped, ...]

    @property
    def fingerprint(self) -> str:
        """The wall times in a short word."""
        return _short(wall.isoformat() for wall in self.walls)


def dates(rhythm: Rhythm, recurrence: Recurrence, fits: Fits) -> Dates:
    """The cycle's dates. One that does not fit gives way to the same weekday of the following
    weeks, up to the next date; where none of those fits either, the row is longer by one.

    Raises NoSuchTimeError where the clock skips the time on one of them.
    """
    end = rhythm.begins + _LOOKED_AT * rhythm.weeks * _WEEK
    row = recurrence.walls(rhythm.rule, rhythm.begins, rhythm.begins, end)
    walls: list[datetime] = []
    skipped: list[Skipped] = []
    for wall in row:
        if len(walls) == rhythm.count:
            break
        weeks = [wall + number * _WEEK for number in range(rhythm.weeks)]
        why = fits(wall)
        chosen = wall if why is None else next((w for w in weeks[1:] if fits(w) is None), None)
        if chosen is not None:
            check_there(chosen, rhythm.zone)
            walls.append(chosen)
        if why is not None:
            skipped.append(Skipped(wall, why, chosen))
    return Dates(tuple(walls), tuple(skipped))


def fitting(people: Sequence[Person], zone: str, now: datetime, is_free: IsFree) -> Fits:
    """Whether a wall time fits the group: no public holiday, and not more than a third away."""

    def fits(wall: datetime) -> Why | None:
        if is_free(wall.date()):
            return Why.HOLIDAY
        begins = instant(wall, zone)
        if 3 * sum(is_away(person, begins, now) for person in people) > len(people):
            return Why.AWAY
        return None

    return fits


def is_away(person: Person, at: datetime, now: datetime) -> bool:
    """Whether the person is known `now` to be away then."""
    if person.hours.planned.is_away(at):
        return True
    until = person.away_until
    if until is None or until <= now:
        return False
    return at < (now + _UNKNOWN_ABSENCE if until == UNTIL_BACK else until)


def timed(session: Session, wall: datetime, minutes: int) -> Session:
    """The session at another wall time, and nothing else of it changed. Raises NoSuchTimeError."""
    check_there(wall, session.zone)
    begins = instant(wall, session.zone)
    ends = begins + timedelta(minutes=minutes)
    return replace(session, wall=wall, starts_at=begins, ends_at=ends)


def minutes_of(session: Session) -> int:
    return int((session.ends_at - session.starts_at).total_seconds()) // 60


def overlap(sessions: Sequence[Session]) -> tuple[Session, Session] | None:
    """Two planned sessions that are at the same time."""
    planned = sorted(
        (one for one in sessions if one.state is SessionState.PLANNED),
        key=lambda one: (one.starts_at, one.id),
    )
    for one, following in pairwise(planned):
        if following.starts_at < one.ends_at:
            return one, following
    return None


def fingerprint(sessions: Sequence[Session]) -> str:
    """How these sessions stand, in a short word: another one as soon as anything of them does."""
    return _short(
        f"{one.id} {one.starts_at.isoformat()} {one.ends_at.isoformat()} {one.sequence} {one.state}"
        for one in sessions
    )


def restored(
    before: Snapshot, after: Snapshot, seated: Sequence[SessionSeat], now: datetime
) -> tuple[tuple[Session, ...], tuple[str, ...], tuple[SessionSeat, ...]]:
    """What undoing comes to: the sessions as they were, one SEQUENCE on; the ids of those that
    were not there; and the seats as they were, of whoever has one still (`seated`, as they are).

    What people said of the changed dates since is no longer about anything; what they said of
    others stays, and so does a turn that was swapped meanwhile."""
    sequence = {one.id: one.sequence for one in after.sessions}
    back = tuple(
        replace(one, sequence=sequence[one.id] + 1, changed_at=now) for one in before.sessions
    )
    were = {one.id for one in before.sessions}
    gone = tuple(one.id for one in after.sessions if one.id not in were)
    was = {(seat.session, seat.person): seat for seat in before.seats}
    then = {(seat.session, seat.person): seat.part for seat in after.seats}
    seats = []
    for seat in seated:
        key = seat.session, seat.person
        if key in was:
            attendance = was[key].attendance if seat.session in were else seat.attendance
            part = was[key].part if then.get(key) is seat.part else seat.part
            seats.append(replace(seat, attendance=attendance, part=part))
    return back, gone, tuple(seats)


@dataclass(frozen=True, slots=True)
class Slot:
    """A weekly time, from `first` on, for so many `dates`, and who can't come then: outside their
    hours, or in other sessions. `at_times`: whose shifts fit some of the dates, and how many."""

    first: date
    wall: str
    dates: int
    off_hours: tuple[str, ...]
    elsewhere: tuple[str, ...]
    at_times: tuple[tuple[str, int], ...] = ()

    @property
    def missing(self) -> int:
        return len({*self.off_hours, *self.elsewhere})

    @property
    def missed(self) -> int:
        """How often anybody would be missing, over all the dates."""
        absent = {*self.off_hours, *self.elsewhere}
        at_times = sum(self.dates - n for one, n in self.at_times if one not in absent)
        return self.missing * self.dates + at_times


@dataclass(frozen=True, slots=True)
class _Diaries:
    """By person: when those work for whom anything is planned on dates, in order; and the sessions
    that people have already."""

    at_work: Mapping[str, _Spans]
    booked: Mapping[str, _Spans]


def best_slots(
    people: Sequence[Person],
    booked: Mapping[str, Sequence[tuple[datetime, datetime]]],
    rhythm: Rhythm,
    is_free: IsFree,
) -> tuple[Slot, ...]:
    """The three times that fit most people, each on another weekday, the best first; of equals
    the one nearest to the middle of the day.

    `rhythm` says from when, how often, how long and how many times; its own weekday and time
    don't matter. Whoever has no working hours set is thought to work in the usual ones.
    """
    found: list[Slot] = []
    diaries = _Diaries(_at_work(people, rhythm), booked)
    for ahead in range(7):
        day = rhythm.first + ahead * _DAY
        days = [day + number * rhythm.weeks * _WEEK for number in range(rhythm.count)]
        days = [one for one in days if not is_free(one)]
        slots = [
            slot
            for minute in range(0, 24 * 60 - rhythm.minutes + 1, _STEP)
            if days and (slot := _slot(people, diaries, rhythm, days, minute)) is not None
        ]
        if slots:
            found.append(min(slots, key=_worth))
    return tuple(sorted(found, key=_worth)[:BEST])


def _at_work(people: Sequence[Person], rhythm: Rhythm) -> Mapping[str, _Spans]:
    """When those work for whom anything is planned on dates, in order."""
    first, last = rhythm.first, rhythm.first + (rhythm.count * rhythm.weeks + 1) * _WEEK
    return {
        one.id: [
            (stint.begins, stint.ends)
            for stint in stints(usual(one.hours), one.zone, first - _DAY, last, lambda _day: False)
        ]
        for one in people
        if one.hours.planned
    }


def _slot(
    people: Sequence[Person],
    diaries: _Diaries,
    rhythm: Rhythm,
    days: Sequence[date],
    minute: int,
) -> Slot | None:
    """None where nobody works, or where the clock skips the time."""
    wall = f"{minute // 60:02}:{minute % 60:02}"
    walls = [datetime.combine(day, time.fromisoformat(wall)) for day in days]
    spans = [_span(one, rhythm.zone, rhythm.minutes) for one in walls]
    if not all(is_there(one, rhythm.zone) for one in walls):
        return None
    by_shifts = {
        one: sum(_is_within(span, at_work) for span in spans)
        for one, at_work in diaries.at_work.items()
    }
    off = tuple(
        person.id
        for person in people
        if not (
            by_shifts[person.id]
            if person.id in by_shifts
            else all(
                _works(person.hours, wall_time(begins, person.zone), rhythm.minutes)
                for begins, _ in (spans[0], spans[-1])
            )
        )
    )
    if len(off) == len(people):
        return None
    elsewhere = tuple(
        person.id
        for person in people
        if any(
            begins < end and start < ends
            for start, end in diaries.booked.get(person.id, ())
            for begins, ends in spans
        )
    )
    at_times = tuple((one, n) for one, n in by_shifts.items() if 0 < n < len(spans))
    return Slot(days[0], wall, len(spans), off, elsewhere, at_times)


def _is_within(span: tuple[datetime, datetime], spans: _Spans) -> bool:
    """Whether it lies in one of the spans, which are in order."""
    before = bisect_right(spans, span[0], key=itemgetter(0))
    return before > 0 and span[1] <= spans[before - 1][1]


@lru_cache(maxsize=100_000)
def _works_at(hours: Hours, weekday: int, minute: int, minutes: int) -> bool:
    monday = datetime(2001, 1, 1) + timedelta(days=weekday, minutes=minute)  # noqa: DTZ001 - a wall time has no zone
    frame = usual(hours)
    return all(
        frame.cover(monday + timedelta(minutes=step))
        for step in (*range(0, minutes, 15), minutes - 1)
    )


def _works(hours: Hours, wall: datetime, minutes: int) -> bool:
    return _works_at(hours, wall.weekday(), wall.hour * 60 + wall.minute, minutes)


@lru_cache(maxsize=50_000)
def _span(wall: datetime, zone: str, minutes: int) -> tuple[datetime, datetime]:
    begins = instant(wall, zone)
    return begins, begins + timedelta(minutes=minutes)


def _short(parts: Iterable[str]) -> str:
    return sha256("|".join(parts).encode()).hexdigest()[:16]


def _worth(slot: Slot) -> tuple[int, int, date]:
    middle = abs(minutes_into_day(slot.wall) - 13 * 60)
    return slot.missed, middle, slot.first
