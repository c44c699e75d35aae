"""Calm: what to say, to do and to tell oneself in a hard call, and two minutes after it."""

from handlers.calm import commands
from handlers.calm.model import TECHNIQUES, Techniques
from handlers.kit.feature import Feature, HomeButton, OnHome, Shelf, Situation
from handlers.kit.ports import mark
from handlers.library.bench import trial

FEATURE = Feature(
    "calm",
    Situation.IN_A_CALL,
    routes=commands.ROUTES,
    trial=trial(TECHNIQUES, Techniques, mark("Among the calm techniques")),
    on_home=OnHome(buttons=(HomeButton(Shelf.WORK, 15, mark("Calm a caller"), "calm"),)),
)
