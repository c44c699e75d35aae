"""Break plans: when Plecs reminds of breaks, and what counts as rest."""

from handlers.kit.facts import BreakEnded, ReminderFollowed, ShiftsChanged
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
from handlers.plans import commands

FEATURE = Feature(
    "plans",
    Situation.FOR_A_REST,
    routes=commands.ROUTES,
    notices=commands.NOTICES,
    timers=commands.TIMERS,
    hears=(
        Hears(ReminderFollowed, commands.reminder_followed),
        Hears(BreakEnded, commands.break_ended),
        Hears(ShiftsChanged, commands.shifts_changed),
    ),
    on_home=OnHome(
        next=commands.next_reminder,
        buttons=(HomeButton(Shelf.A_MOMENT_FOR_ONESELF, 20, mark("Break plan"), "plan"),),
    ),
    in_settings=(
        SettingFacts(50, commands.rest_rows),
        SettingButton(50, mark("Rest and holidays"), "settings.rest"),
    ),
)
