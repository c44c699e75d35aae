"""Raised hands: a colleague comes into a hard call."""

from handlers.escalation import commands, coverage, home, numbers, reports, steps, views
from handlers.kit.facts import BreakBegan, Engaged, PersonLeft, SettingChanged, TelephoneEnded
from handlers.kit.feature import (
    Feature,
    Hears,
    HomeButton,
    OnHome,
    SettingButton,
    SettingFacts,
    Shelf,
    Situation,
)
from handlers.kit.ports import mark

FEATURE = Feature(
    "escalation",
    Situation.IN_A_CALL,
    routes=(*commands.ROUTES, *reports.ROUTES, *coverage.ROUTES),
    notices=(*views.NOTICES, *coverage.NOTICES),
    timers=steps.TIMERS,
    looks=coverage.LOOKS,
    hears=(
        Hears(PersonLeft, steps.person_left),
        Hears(Engaged, steps.engaged),
        Hears(BreakBegan, steps.break_began),
        Hears(TelephoneEnded, steps.telephone_ended),
        Hears(SettingChanged, steps.setting_changed),
    ),
    on_home=OnHome(
        now=home.now,
        buttons=(HomeButton(Shelf.WORK, 30, mark("My hands"), "hand.log"),),
    ),
    ahead=home.ahead,
    in_week=numbers.in_week,
    in_settings=(
        SettingFacts(10, home.ladder_rows),
        SettingButton(10, mark("Change the rings"), "settings.ladder"),
    ),
)
