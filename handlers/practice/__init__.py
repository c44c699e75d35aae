"""Practice: a hard call before it comes, and the dictionary of what good work looks like."""

from handlers.kit.feature import Feature, HomeButton, OnHome, Shelf, Situation
from handlers.kit.ports import mark
from handlers.library.bench import trial
from handlers.practice.alone import commands as alone
from handlers.practice.dictionary import commands as dictionary
from handlers.practice.leading import commands as leading
from handlers.practice.model import Scenarios
from handlers.practice.own import approving
from handlers.practice.own import commands as own
from handlers.practice.plain import SCENARIOS
from handlers.practice.talking import commands as talking
from handlers.practice.together import commands as together

FEATURE = Feature(
    "practice",
    Situation.WITH_COLLEAGUES,
    routes=(
        *alone.ROUTES,
        *together.ROUTES,
        *talking.ROUTES,
        *own.ROUTES,
        *approving.ROUTES,
        *leading.ROUTES,
        *dictionary.ROUTES,
    ),
    notices=(
        *together.NOTICES,
        *talking.NOTICES,
        *own.NOTICES,
        *approving.NOTICES,
        *leading.NOTICES,
    ),
    asks=talking.ASKS,
    timers=together.TIMERS,
    trial=trial(SCENARIOS, Scenarios, mark("Among the practice scenarios")),
    on_home=OnHome(
        buttons=(HomeButton(Shelf.A_MOMENT_FOR_ONESELF, 50, mark("Practise a call"), "practice"),)
    ),
)
