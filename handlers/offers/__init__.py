"""Offers: power to make something good for a customer, the same for the same, and written down."""

from handlers.kit.facts import PersonLeft
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
from handlers.offers import commands, home
from handlers.offers.codes import commands as codes
from handlers.offers.ruling import commands as ruling
from handlers.offers.signing import commands as signing
from handlers.offers.spread import commands as spread
from handlers.offers.undoing import commands as undoing

FEATURE = Feature(
    "offers",
    Situation.IN_A_CALL,
    routes=(
        *commands.ROUTES,
        *signing.ROUTES,
        *codes.ROUTES,
        *undoing.ROUTES,
        *spread.ROUTES,
        *ruling.ROUTES,
        *home.ROUTES,
    ),
    notices=(*commands.NOTICES, *signing.NOTICES, *codes.NOTICES, *undoing.NOTICES),
    timers=commands.TIMERS,
    hears=(Hears(PersonLeft, commands.person_left),),
    on_home=OnHome(
        now=home.now,
        buttons=(HomeButton(Shelf.WORK, 30, mark("Make it good"), "offer"),),
    ),
    in_settings=(
        SettingFacts(70, home.rows),
        SettingButton(70, mark("Offers"), "settings.offers"),
    ),
)
