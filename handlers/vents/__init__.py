"""Vents: letting off steam with a colleague one chose."""

from handlers.kit.facts import BreakBegan, PersonLeft
from handlers.kit.feature import Feature, Hears, HomeButton, OnHome, Shelf, Situation, always
from handlers.kit.ports import mark
from handlers.vents import commands, home
from handlers.vents.settings import commands as settings

FEATURE = Feature(
    "vents",
    Situation.FOR_A_REST,
    routes=(*commands.ROUTES, *settings.ROUTES),
    notices=commands.NOTICES,
    timers=commands.TIMERS,
    hears=(Hears(PersonLeft, commands.person_left), Hears(BreakBegan, commands.break_began)),
    on_home=OnHome(
        next=home.promised,
        buttons=(
            HomeButton(
                Shelf.A_MOMENT_FOR_ONESELF,
                30,
                mark("Let off steam"),
                "vent.offers",
                matters=always(70),
            ),
            HomeButton(
                Shelf.A_MOMENT_FOR_ONESELF,
                40,
                mark("When others want to talk"),
                "vent.settings",
            ),
        ),
    ),
)
