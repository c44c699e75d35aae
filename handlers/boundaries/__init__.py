"""Boundaries: what an agent may do with an abusive caller, and a receipt when it was done."""

from handlers.boundaries import commands
from handlers.boundaries.danger import commands as danger
from handlers.boundaries.editing import commands as editing
from handlers.boundaries.receipts import commands as receipts
from handlers.kit.facts import PersonArrived
from handlers.kit.feature import Feature, Hears, HomeButton, OnHome, Shelf
from handlers.kit.ports import mark

FEATURE = Feature(
    "boundaries",
    routes=(*commands.ROUTES, *receipts.ROUTES, *editing.ROUTES, *danger.ROUTES),
    notices=receipts.NOTICES,
    hears=(Hears(PersonArrived, commands.person_arrived),),
    on_home=OnHome(
        buttons=(
            HomeButton(Shelf.WORK, 10, mark("What may I do?"), "policy"),
            HomeButton(Shelf.WORK, 20, mark("My receipts"), "policy.mine"),
        )
    ),
)
