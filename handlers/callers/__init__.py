"""Callers: what is remembered of a number, for whoever answers it next."""

from handlers.callers import commands, handing, home, remembering, steps, views
from handlers.kit.facts import (
    CallEnded,
    CallGoesOn,
    PersonLeft,
    SettingChanged,
    TelephoneAnswered,
    TelephoneEnded,
)
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
    "callers",
    Situation.IN_A_CALL,
    routes=(*commands.ROUTES, *remembering.ROUTES),
    notices=views.NOTICES,
    timers=steps.TIMERS,
    looks=steps.LOOKS,
    hears=(
        Hears(TelephoneAnswered, steps.answered),
        Hears(TelephoneEnded, steps.ended),
        Hears(CallEnded, steps.ended_within_policy),
        Hears(CallGoesOn, steps.goes_on),
        Hears(PersonLeft, handing.person_left),
        Hears(SettingChanged, steps.setting_changed),
    ),
    on_home=OnHome(
        next=home.next_,
        buttons=(HomeButton(Shelf.WORK, 35, mark("The caller"), "caller"),),
    ),
    in_settings=(
        SettingFacts(50, home.memory_rows),
        SettingButton(60, mark("Change what is kept of callers"), "settings.callers"),
    ),
)
