"""Who gets a seat: those who wait, in their order, and nobody past them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from handlers.learning.model import CourseDate, CourseSeat, SeatState

OFFERED_FOR = timedelta(hours=4)
"""Working hours that somebody has to say whether they take a seat that came free."""

NONE_WITHIN = timedelta(hours=12)
"""So long before the start no seat is offered any more: nobody can plan with it."""

UNDO_FOR = timedelta(minutes=10)
"""So long a date that was cancelled can take place after all, with everybody where they were."""

OfferEnds = Callable[[str, datetime], datetime]
"""When a person has worked for OFFERED_FOR, from an instant on."""


@dataclass(frozen=True, slots=True)
class Allocation:
    """What follows for those who wait. `offers` are made now; of `lapsed` the time is over;
    `closed` are those who get none any more."""

    offers: tuple[CourseSeat, ...] = ()
    lapsed: tuple[CourseSeat, ...] = ()
    closed: tuple[CourseSeat, ...] = ()


def closes_at(date: CourseDate) -> datetime:
    """From when on nobody is offered a seat."""
    return date.starts_at - NONE_WITHIN


def undo_until(date: CourseDate) -> datetime | None:
    """Until when its cancelling can be undone; None: it is not cancelled, or two agreed on it."""
    if not date.is_cancelled or date.is_private:
        return None
    return min(date.changed_at + UNDO_FOR, date.starts_at)


def held(seats: Sequence[CourseSeat]) -> int:
    """How many seats are somebody's, or kept for somebody who was asked."""
    return sum(one.state not in (SeatState.WAITING, SeatState.MISSED) for one in seats)


def waiting(seats: Sequence[CourseSeat]) -> tuple[CourseSeat, ...]:
    """Those who wait, in the order in which they are asked."""
    found = (one for one in seats if one.state is SeatState.WAITING)
    return tuple(sorted(found, key=lambda one: one.place))


def last_place(seats: Sequence[CourseSeat]) -> int:
    """Behind everybody who waits, or was asked."""
    return max((one.place for one in seats), default=0) + 1


def is_free(date: CourseDate, seats: Sequence[CourseSeat], now: datetime) -> bool:
    """Whether anybody may take a seat: there is one, and nobody waits for it."""
    return (
        not date.is_cancelled
        and now < date.starts_at
        and held(seats) < date.seats
        and not waiting(seats)
    )


def may_wait(date: CourseDate, seats: Sequence[CourseSeat], now: datetime) -> bool:
    """Whether it makes sense to wait: a seat may still be offered, and none is there to take."""
    return not date.is_cancelled and now < closes_at(date) and not is_free(date, seats, now)


def settle(
    date: CourseDate, seats: Sequence[CourseSeat], now: datetime, ends: OfferEnds
) -> Allocation:
    """What follows for those who wait, as things stand at `now`. Done again it changes nothing."""
    asked = [one for one in seats if one.state is SeatState.OFFERED]
    queue = waiting(seats)
    undo = undo_until(date)
    if undo is not None and now < undo:
        return Allocation()
    if date.is_cancelled or now >= closes_at(date):
        return Allocation(closed=(*asked, *queue))
    lapsed = tuple(one for one in asked if one.until is None or one.until <= now)
    free = max(0, date.seats - held(seats) + len(lapsed))
    offers = tuple(
        replace(
            one,
            state=SeatState.OFFERED,
            until=min(ends(one.person, now), closes_at(date)),
        )
        for one in queue[:free]
    )
    return Allocation(offers, lapsed)


def next_step(date: CourseDate, seats: Sequence[CourseSeat], after: datetime) -> datetime | None:
    """When the next thing happens by itself, behind what was due at `after`."""
    if date.is_cancelled:
        undo = undo_until(date)
        return undo if undo is not None and undo > after else None
    offers = [one.until for one in seats if one.state is SeatState.OFFERED and one.until]
    open_until = [closes_at(date)] if offers or waiting(seats) else []
    steps = (*offers, *open_until, date.starts_at, date.ends_at)
    return min((one for one in steps if one > after), default=None)
