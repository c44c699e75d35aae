"""Classes in one's own calendar, and one date as a file."""

from datetime import timedelta

from handlers.kit.people import Person
from handlers.kit.ports import Texts
from handlers.kit.sheets import Entry, Sheet
from handlers.kit.text import plain
from handlers.learning.lookups import name_of
from handlers.learning.model import SAT, CourseDate, CourseDates
from handlers.learning.seats import seat_of
from handlers.work import Occasion

_BACK, _AHEAD = timedelta(days=60), timedelta(days=400)


def entries(person: Person, on: Occasion) -> tuple[Entry, ...]:
    """Classes in which they have a seat, and those that they lead."""
    dates, start, end = on.work.of(CourseDates), on.now - _BACK, on.now + _AHEAD
    found = {one.id: one for one, state in dates.of_person(person.id, start, end) if state in SAT}
    found |= {one.id: one for one in dates.led_by(person.id, start, end)}
    t = on.services.speaking(person.locale)
    return tuple(_entry(one, on, t) for one in found.values())


def file(about: str, reader: Person, on: Occasion) -> Sheet | None:
    """One date, for who has a seat in it, or leads it."""
    one = on.work.of(CourseDates).get(about)
    if one is None or one.workspace != reader.workspace:
        return None
    seat = seat_of(on, one, reader.id)
    if (seat is None or seat.state not in SAT) and one.trainer != reader.id:
        return None
    entry = _entry(one, on, on.services.speaking(reader.locale))
    return Sheet(entry.title, (entry,), is_private=True)


def _entry(one: CourseDate, on: Occasion, t: Texts) -> Entry:
    """What it is, where and when; who else comes stays in Plecs."""
    name = name_of(on, one.workspace, one.course, t.locale)
    title = t("Cancelled: {course}", course=name) if one.is_cancelled else (name,)
    return Entry(
        id=one.id,
        starts_at=one.starts_at,
        ends_at=one.ends_at,
        zone=one.zone,
        title=plain(title),
        details=plain(t("To give your seat back, and for more: ask Plecs in your chat.")),
        place=one.place,
        sequence=one.sequence,
        changed_at=one.changed_at,
        is_cancelled=one.is_cancelled,
    )
