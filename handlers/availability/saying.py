"""What people say themselves of when they are there: away ahead, back early, here for longer."""

from collections.abc import Container, Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from handlers.availability.planning import entries, every_day
from handlers.availability.rest import shift_ends, wall_time
from handlers.availability.shifts import (
    DayPlan,
    Shifts,
    ShiftSource,
    replan,
    uses_shifts,
    with_shift,
)
from handlers.kit.people import Person
from handlers.kit.rota import Planned, ShiftKind

if TYPE_CHECKING:  # what a handler works with is above this room
    from handlers.work import Occasion

_LOOKED_TO = timedelta(days=60)

_GONE = (ShiftKind.ABSENCE, ShiftKind.OUT)


def away_ahead(on: "Occasion", person: Person, start: datetime, end: datetime) -> None:
    """They are away from then to then, whatever is planned. Raises SpanError."""
    absent = tuple(entries(ShiftKind.ABSENCE, start, end, person.zone))
    _change(on, person, (start, end), _GONE, absent)


def not_away(on: "Occasion", person: Person, start: datetime, end: datetime) -> None:
    """They are not away then after all: what else is planned for these days holds."""
    _change(on, person, (start, end), _GONE, ())


def here_until(on: "Occasion", person: Person, until: datetime) -> None:
    """They are there from now until then, and not longer, whatever is planned for today."""
    now = on.now
    planned = with_shift(person, on.work, now, until)
    ends = shift_ends(planned, now)
    said = list(entries(ShiftKind.HERE, now, until, person.zone))
    if ends is not None and until < ends:
        said += entries(ShiftKind.OUT, until, ends, person.zone)
    kinds = (*_GONE, ShiftKind.HERE)
    latest = max(until, ends or until)
    _change(on, person, (now, latest), kinds, said)


def back_from_planned(on: "Occasion", person: Person) -> Person:
    """They are back although an absence is planned: what is left of it, day by day, is none.
    Answers the person as they are planned now."""
    if not uses_shifts(on.work, person.workspace):
        return person
    found = with_shift(person, on.work, on.now, on.now + _LOOKED_TO)
    end = on.now
    for one in found.hours.planned.entries:
        if one.kind in _GONE and one.start <= end < one.end:
            end = one.end
    if end == on.now:
        return found
    not_away(on, person, on.now, end)
    return with_shift(person, on.work, on.now)


def _change(
    on: "Occasion",
    person: Person,
    span: tuple[datetime, datetime],
    instead_of: Container[ShiftKind],
    said: Iterable[Planned],
) -> None:
    """Has the days planned anew, with what is said instead of what of these kinds touches the
    span."""
    first, last = (wall_time(at, person.zone).date() for at in span)
    added = list(said)
    days = {*every_day(first, last), *(one.day for one in added)}
    kept = {one.day: one for one in on.work.of(Shifts).days([person.id], min(days), max(days))}
    changed = []
    for day in sorted(days):
        was = kept[day].entries if day in kept else ()
        stays = {one for one in was if one.kind not in instead_of or not _touches(one, *span)}
        now = tuple(sorted(stays.union(one for one in added if one.day == day)))
        if now != was:
            before = kept[day].source if day in kept else ShiftSource.FILE
            is_said = any(one.day == day for one in added)
            source = ShiftSource.SAID if is_said else _planners(before)
            changed.append(DayPlan(person.id, day, now, source))
    if changed:
        replan(on, person.workspace, changed)


def _planners(before: ShiftSource) -> ShiftSource:
    """What is left of a day, once nothing of it is said any more, is as a planner had it."""
    return ShiftSource.FILE if before is ShiftSource.SAID else before


def _touches(one: Planned, start: datetime, end: datetime) -> bool:
    return one.start < end and start < one.end
