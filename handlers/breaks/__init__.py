"""Breaks: now or after a call, with coverage, and the way back."""

from handlers.breaks import commands, home
from handlers.breaks.covering import commands as covering
from handlers.breaks.settings import commands as settings
from handlers.kit.facts import CallEnded
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
    "breaks",
    routes=(*commands.ROUTES, *covering.ROUTES, *settings.ROUTES),
    notices=(*commands.NOTICES, *covering.NOTICES),
    timers=commands.TIMERS,
    hears=(Hears(CallEnded, commands.call_ended),),
    on_home=OnHome(
        now=home.now,
        buttons=(HomeButton(Shelf.A_MOMENT_FOR_ONESELF, 10, mark("A break"), "break"),),
    ),
    in_settings=(
        SettingFacts(20, home.rule_rows),
        SettingButton(40, mark("Change the breaks"), "settings.breaks"),
    ),
)
