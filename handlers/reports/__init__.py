"""The week report: what the features count in a week, for coordinators, with nobody's name."""

from handlers.kit.feature import Feature, HomeButton, OnHome, Shelf
from handlers.kit.ports import mark
from handlers.reports import commands

FEATURE = Feature(
    "reports",
    routes=commands.ROUTES,
    notices=commands.NOTICES,
    timers=commands.TIMERS,
    files={commands.TABLE: commands.file},
    on_home=OnHome(buttons=(HomeButton(Shelf.ADMINS, 30, mark("The week in numbers"), "report"),)),
)
