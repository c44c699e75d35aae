"""People's own calendars and what they fetch by an address, made of what the features give."""

from handlers.common.calendars import CalendarAddresses
from handlers.features import FEATURES
from handlers.kit.people import Person
from handlers.kit.sheets import Sheet
from handlers.kit.text import plain
from handlers.work import Occasion

_FILES = {name: make for feature in FEATURES for name, make in feature.files.items()}


def feed(secret: str, on: Occasion) -> Sheet | None:
    """The calendar that the secret opens; None where it opens none."""
    owner = on.work.of(CalendarAddresses).owner(secret)
    person = on.work.people.get(owner) if owner is not None else None
    if person is None or not person.belongs:
        return None
    entries = (one for feature in FEATURES for one in feature.in_calendar(person, on))
    name = on.services.speaking(person.locale)("Groups and classes")
    return Sheet(plain(name), tuple(sorted(entries, key=lambda one: (one.starts_at, one.id))))


def file(name: str, about: str, reader: Person, on: Occasion) -> Sheet | bytes | None:
    """The file of that name, as it is now; None where there is none, or not for them."""
    make = _FILES.get(name)
    return None if make is None else make(about, reader, on)
