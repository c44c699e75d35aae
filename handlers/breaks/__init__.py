"""Breaks: now or after a call, with coverage, and the way back."""

from handlers.breaks import commands, home, numbers
from handlers.breaks.covering import commands as covering
from handlers.breaks.settings import commands as settings
from handlers.kit.facts import CallEnded, CallGoesOn, TelephoneEnded
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
    "breaks",
    Situation.FOR_A_REST,
    routes=(*commands.ROUTES, *covering.ROUTES, *settings.ROUTES),
    notices=(*commands.NOTICES, *covering.NOTICES),
    timers=commands.TIMERS,
    hears=(
        Hears(CallEnded, commands.call_ended),
        Hears(CallGoesOn, commands.call_goes_on),
        Hears(TelephoneEnded, commands.telephone_ended),
    ),
    in_week=numbers.in_week,
    on_home=OnHome(
        now=home.now,
        next=home.next_,
        buttons=(
            HomeButton(
                Shelf.A_MOMENT_FOR_ONESELF, 10, mark("A break"), "break", matters=home.matters
            ),
        ),
    ),
    ahead=home.ahead,
    in_settings=(
        SettingFacts(20, home.rule_rows),
        SettingButton(40, mark("Change the breaks"), "settings.breaks"),
    ),
)
