"""Boundaries: what an agent may do with an abusive caller, and a receipt when it was done."""

from handlers.boundaries import commands
from handlers.kit.facts import PersonArrived
from handlers.kit.feature import Feature, Hears, HomeButton, OnHome, Shelf
from handlers.kit.ports import mark

FEATURE = Feature(
    "boundaries",
    routes=commands.ROUTES,
    notices=commands.NOTICES,
    hears=(Hears(PersonArrived, commands.person_arrived),),
    on_home=OnHome(
        buttons=(
            HomeButton(Shelf.WORK, 10, mark("What may I do?"), "policy"),
            HomeButton(Shelf.WORK, 20, mark("My receipts"), "policy.mine"),
        )
    ),
)
