"""Thanks: what one colleague writes to another about one thing they did. Nobody counts them."""

from handlers.kit.feature import Feature, HomeButton, OnHome, Shelf, Situation
from handlers.kit.ports import mark
from handlers.thanks import commands

FEATURE = Feature(
    "thanks",
    Situation.WITH_COLLEAGUES,
    routes=commands.ROUTES,
    notices=commands.NOTICES,
    on_home=OnHome(
        buttons=(HomeButton(Shelf.A_MOMENT_FOR_ONESELF, 40, mark("Thank a colleague"), "thanks"),)
    ),
)
