"""Raised hands: a colleague comes into a hard call."""

from handlers.escalation import commands, home
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
    routes=commands.ROUTES,
    notices=commands.NOTICES,
    timers=commands.TIMERS,
    hears=(Hears(PersonLeft, commands.person_left), Hears(BreakBegan, commands.break_began)),
    on_home=OnHome(
        now=home.now,
        buttons=(HomeButton(Shelf.WORK, 30, mark("My hands"), "hand.log"),),
    ),
    in_settings=(
        SettingFacts(10, home.ladder_rows),
        SettingButton(10, mark("Change the rings"), "settings.ladder"),
    ),
)
