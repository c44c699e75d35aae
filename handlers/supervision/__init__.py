"""Supervision: groups of equals who talk about work that was hard."""

from handlers.kit.facts import PersonLeft
from handlers.kit.feature import Feature, Hears, HomeButton, OnHome, Shelf, Situation, always
from handlers.kit.ports import mark
from handlers.supervision import commands
from handlers.supervision.agreement import commands as agreement
from handlers.supervision.calendar import commands as calendar
from handlers.supervision.cases import commands as cases
from handlers.supervision.cycles import commands as cycles
from handlers.supervision.dates import commands as dates
from handlers.supervision.exports import commands as exports
from handlers.supervision.groups import commands as groups
from handlers.supervision.keepsakes import commands as keepsakes
from handlers.supervision.members import commands as members
from handlers.supervision.requests import commands as requests
from handlers.supervision.sessions import commands as sessions
from handlers.supervision.sessions import numbers as session_numbers
from handlers.supervision.sessions import steps
from handlers.supervision.shared.files import DATES_FILE
from handlers.supervision.turns import commands as turns

FEATURE = Feature(
    "supervision",
    Situation.WITH_COLLEAGUES,
    routes=(
        *commands.ROUTES,
        *sessions.ROUTES,
        *turns.ROUTES,
        *cases.ROUTES,
        *agreement.ROUTES,
        *keepsakes.ROUTES,
        *requests.ROUTES,
        *calendar.ROUTES,
        *exports.ROUTES,
        *groups.ROUTES,
        *members.ROUTES,
        *cycles.ROUTES,
        *dates.ROUTES,
    ),
    notices=(
        *sessions.NOTICES,
        *turns.NOTICES,
        *agreement.NOTICES,
        *requests.NOTICES,
        *groups.NOTICES,
        *members.NOTICES,
        *dates.NOTICES,
    ),
    timers=(*members.TIMERS, *steps.TIMERS),
    hears=(
        Hears(PersonLeft, groups.person_left),
        Hears(PersonLeft, requests.person_left),
    ),
    in_week=session_numbers.in_week,
    in_calendar=calendar.entries,
    files={
        DATES_FILE: calendar.dates,
        exports.TABLE: exports.table_file,
        exports.SHEET: exports.sheet_file,
    },
    on_home=OnHome(
        next=sessions.next_session,
        buttons=(
            HomeButton(
                Shelf.WORK, 50, mark("Supervision groups"), "supervision", matters=always(40)
            ),
        ),
    ),
)
