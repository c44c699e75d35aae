"""Shifts on dates: who works when, and what people change of it among themselves."""

from handlers.kit.feature import Feature, HomeButton, OnHome, Shelf
from handlers.kit.ports import mark
from handlers.shifts import commands, present, resting, swapping

FEATURE = Feature(
    "shifts",
    routes=(*commands.ROUTES, *swapping.ROUTES, *resting.ROUTES, *present.ROUTES),
    notices=(*commands.NOTICES, *swapping.NOTICES, *resting.NOTICES),
    on_home=OnHome(buttons=(HomeButton(Shelf.ABOUT_ME, 5, mark("My shifts"), "shift"),)),
)
