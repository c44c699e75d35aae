"""Raised hands: a colleague comes into a hard call."""

from handlers.escalation import commands, home, reports, steps, views
from handlers.kit.facts import BreakBegan, PersonLeft
from handlers.kit.feature import (
    Feature,
    Hears,
    HomeButton,
    OnHome,
    SettingButton,
    SettingFacts,
    Shelf,
)
from handlers.kit.ports import mark

FEATURE = Feature(
    "escalation",
    routes=(*commands.ROUTES, *reports.ROUTES),
    notices=views.NOTICES,
    timers=steps.TIMERS,
    hears=(Hears(PersonLeft, steps.person_left), Hears(BreakBegan, steps.break_began)),
    on_home=OnHome(
        now=home.now,
        buttons=(HomeButton(Shelf.WORK, 30, mark("My hands"), "hand.log"),),
    ),
    in_settings=(
        SettingFacts(10, home.ladder_rows),
        SettingButton(10, mark("Change the rings"), "settings.ladder"),
    ),
)
