"""What a certificate says, to whomever somebody shows its address."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from handlers.learning.lookups import named
from handlers.learning.model import KEPT, CourseDates, SeatState
from handlers.learning.seats import seat_of
from handlers.work import Occasion


@dataclass(frozen=True, slots=True)
class Certificate:
    """Somebody was there: at a course, by its names in each language, on a `day`, for so many
    `minutes`. It can be checked until `until`."""

    name: str
    course: Mapping[str, str]
    day: date
    minutes: int
    until: date


def certificate(about: str, person: str, on: Occasion) -> Certificate | None:
    """What can be said of it now; None where they were not there after all, or nothing is kept of
    it any more."""
    one = on.work.of(CourseDates).get(about)
    known = on.work.people.get(person)
    if one is None or known is None or one.is_cancelled:
        return None
    seat = seat_of(on, one, person)
    if seat is None or seat.state is not SeatState.ATTENDED:
        return None
    course = named(on, one.workspace, one.course)
    names = course.names if course is not None else {"lv": one.course, "en": one.course}
    until = (one.ends_at + KEPT).date()
    return Certificate(known.name, names, one.wall.date(), one.minutes, until)
