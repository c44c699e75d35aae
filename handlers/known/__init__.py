"""Known issues: several hands or callers about one topic, and the sentence that is said then."""

from handlers.kit.facts import TopicCame
from handlers.kit.feature import Feature, Hears, HomeButton, OnHome, Shelf, Situation
from handlers.kit.ports import mark
from handlers.known import commands

FEATURE = Feature(
    "known",
    Situation.IN_A_CALL,
    routes=commands.ROUTES,
    notices=commands.NOTICES,
    hears=(Hears(TopicCame, commands.topic_came),),
    on_home=OnHome(buttons=(HomeButton(Shelf.WORK, 18, mark("Known issues"), "known"),)),
)
