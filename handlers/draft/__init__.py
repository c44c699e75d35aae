"""Drafts: the approved answers nearest to a customer's question, and what they lack."""

from handlers.draft import commands
from handlers.draft.fitting import commands as fitting
from handlers.draft.fitting import steps
from handlers.draft.model import ANSWERS, Answers
from handlers.kit.feature import Feature, HomeButton, OnHome, Shelf, Situation
from handlers.kit.ports import mark
from handlers.library.bench import trial

FEATURE = Feature(
    "draft",
    Situation.IN_A_CALL,
    routes=(*commands.ROUTES, *fitting.ROUTES),
    notices=steps.NOTICES,
    timers=steps.TIMERS,
    hears=steps.HEARS,
    asks=steps.ASKS,
    on_home=OnHome(
        buttons=(
            HomeButton(Shelf.WORK, 16, mark("A first draft"), "draft"),
            HomeButton(Shelf.WORK, 17, mark("What the answers lack"), "draft.queue"),
        )
    ),
    trial=trial(ANSWERS, Answers, mark("Among the approved answers")),
)
