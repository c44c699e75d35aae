"""Calls: who is on the telephone, as a telephone system tells."""

from handlers.calls import commands, hearing
from handlers.kit.feature import Feature, SettingButton, SettingFacts, Situation
from handlers.kit.ports import mark

FEATURE = Feature(
    "calls",
    Situation.IN_A_CALL,
    routes=commands.ROUTES,
    timers=hearing.TIMERS,
    looks=hearing.LOOKS,
    in_settings=(
        SettingFacts(45, commands.rule_rows),
        SettingButton(55, mark("The telephone system"), "settings.calls"),
    ),
)
