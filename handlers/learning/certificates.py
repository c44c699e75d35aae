"""What a certificate says, to whomever somebody shows its address."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from handlers.kit.people import Person
from handlers.learning.lookups import named
from handlers.learning.model import KEPT, Course, CourseDates, Enrolments, SeatState
from handlers.learning.seats import seat_of
from handlers.work import Occasion


@dataclass(frozen=True, slots=True)
class Certificate:
    """Somebody was there: at a course, by its names in each language, on a `day`, for so many
    `minutes`; or finished it then `by_oneself`, as the system where they learned told. It can be
    checked until `until`."""

    name: str
    course: Mapping[str, str]
    day: date
    minutes: int
    until: date
    by_oneself: bool = False


def certificate(about: str, person: str, on: Occasion) -> Certificate | None:
    """What can be said of it now; None where they were not there after all, or nothing is kept of
    it any more."""
    known = on.work.people.get(person)
    if known is None:
        return None
    one = on.work.of(CourseDates).get(about)
    if one is None:
        return _by_oneself(about, known, on)
    seat = seat_of(on, one, person)
    if one.is_cancelled or seat is None or seat.state is not SeatState.ATTENDED:
        return None
    course = named(on, one.workspace, one.course)
    until = (one.ends_at + KEPT).date()
    return Certificate(known.name, _names(course, one.course), one.wall.date(), one.minutes, until)


def _by_oneself(course_id: str, known: Person, on: Occasion) -> Certificate | None:
    """What the system where they learned it told; what somebody says of themselves is no proof."""
    enrolment = on.work.of(Enrolments).get(known.id, course_id)
    if enrolment is None or enrolment.confirmed_at is None:
        return None
    course = named(on, enrolment.workspace, course_id)
    day = enrolment.confirmed_at.astimezone(ZoneInfo(known.zone)).date()
    minutes = course.minutes if course is not None else 0
    until = (enrolment.since + KEPT).date()
    return Certificate(known.name, _names(course, course_id), day, minutes, until, by_oneself=True)


def _names(course: Course | None, course_id: str) -> Mapping[str, str]:
    return course.names if course is not None else {"lv": course_id, "en": course_id}
