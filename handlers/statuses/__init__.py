"""The status beside a name during a break, where the person permitted it."""

from handlers.kit.facts import (
    BreakBegan,
    BreakEnded,
    PersonLeft,
    StatusPermissionsEnded,
    StatusPermitted,
)
from handlers.kit.feature import Feature, Hears
from handlers.statuses import commands

FEATURE = Feature(
    "statuses",
    routes=commands.ROUTES,
    hears=(
        Hears(BreakBegan, commands.break_began),
        Hears(BreakEnded, commands.break_ended),
        Hears(StatusPermitted, commands.permitted),
        Hears(StatusPermissionsEnded, commands.permissions_ended),
        Hears(PersonLeft, commands.person_left),
    ),
)
