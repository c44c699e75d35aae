"""Supervision: groups of equals who talk about work that was hard."""

from handlers.kit.facts import PersonLeft
from handlers.kit.feature import Feature, Hears, HomeButton, OnHome, Shelf
from handlers.kit.ports import mark
from handlers.supervision import commands
from handlers.supervision.groups import commands as groups
from handlers.supervision.requests import commands as requests
from handlers.supervision.sessions.commands import next_session

FEATURE = Feature(
    "supervision",
    routes=commands.ROUTES,
    notices=commands.NOTICES,
    timers=commands.TIMERS,
    hears=(
        Hears(PersonLeft, groups.person_left),
        Hears(PersonLeft, requests.person_left),
    ),
    on_home=OnHome(
        now=next_session,
        buttons=(HomeButton(Shelf.WORK, 50, mark("Supervision groups"), "supervision"),),
    ),
)
