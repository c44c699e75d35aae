"""Shifts on dates: who works when, and what people change of it among themselves."""

from handlers.kit.facts import PersonLeft
from handlers.kit.feature import Feature, Hears, HomeButton, OnHome, Shelf
from handlers.kit.ports import mark
from handlers.shifts import commands, home, meeting, present, relieving, resting, swapping
from handlers.shifts.feeds import commands as feeds

_ROOMS = commands, swapping, resting, relieving, meeting, feeds

FEATURE = Feature(
    "shifts",
    routes=(*(route for room in _ROOMS for route in room.ROUTES), *present.ROUTES),
    notices=tuple(kind for room in _ROOMS for kind in room.NOTICES),
    timers=relieving.TIMERS,
    hears=(
        Hears(PersonLeft, relieving.person_left),
        Hears(PersonLeft, feeds.person_left),
    ),
    on_home=OnHome(
        now=home.now,
        next=meeting.next_,
        buttons=(
            HomeButton(Shelf.ABOUT_ME, 5, mark("My shifts"), "shift"),
            HomeButton(Shelf.ABOUT_ME, 6, mark("Look after my topics"), "cover"),
        ),
    ),
)
