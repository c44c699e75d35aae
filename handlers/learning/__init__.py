"""Learning: what there is to learn, and fair seats in classes. Nobody is ranked by it."""

from handlers.kit.facts import PersonLeft
from handlers.kit.feature import Feature, Hears, HomeButton, OnHome, Shelf, Situation
from handlers.kit.ports import mark
from handlers.learning import calendar, commands, seats
from handlers.learning.alone import commands as alone
from handlers.learning.attendance import commands as attendance
from handlers.learning.lookups import FILE
from handlers.learning.model import COURSES, Courses
from handlers.learning.planning import commands as planning
from handlers.library.bench import trial

FEATURE = Feature(
    "learning",
    Situation.WITH_COLLEAGUES,
    routes=(*commands.ROUTES, *planning.ROUTES, *attendance.ROUTES, *alone.ROUTES),
    notices=(*commands.NOTICES, *attendance.NOTICES, *alone.NOTICES),
    timers=seats.TIMERS,
    hears=(Hears(PersonLeft, commands.person_left),),
    trial=trial(COURSES, Courses, mark("Among the courses")),
    in_calendar=calendar.entries,
    files={FILE: calendar.file},
    on_home=OnHome(
        next=commands.next_class,
        buttons=(HomeButton(Shelf.WORK, 60, mark("Learning"), "learn"),),
    ),
)
