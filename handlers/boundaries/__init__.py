"""Boundaries: what an agent may do with an abusive caller, and a receipt when it was done."""

from handlers.boundaries import commands
from handlers.boundaries.bench import commands as bench
from handlers.boundaries.danger import commands as danger
from handlers.boundaries.editing import commands as editing
from handlers.boundaries.receipts import commands as receipts
from handlers.boundaries.shared.adopting import ADOPTING
from handlers.kit.facts import PersonArrived
from handlers.kit.feature import Feature, Hears, HomeButton, OnHome, Shelf, Situation, always
from handlers.kit.ports import mark

FEATURE = Feature(
    "boundaries",
    Situation.IN_A_CALL,
    routes=(
        *commands.ROUTES,
        *receipts.ROUTES,
        *editing.ROUTES,
        *danger.ROUTES,
        *ADOPTING.routes,
        *bench.ROUTES,
    ),
    notices=receipts.NOTICES,
    hears=(Hears(PersonArrived, commands.person_arrived),),
    on_home=OnHome(
        buttons=(
            HomeButton(Shelf.WORK, 10, mark("What may I do?"), "policy", matters=always(90)),
            HomeButton(Shelf.WORK, 20, mark("My receipts"), "policy.mine"),
        )
    ),
)
