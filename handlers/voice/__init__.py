"""Voice: say it, ask it, admit it; to one person, without a name, or on the board."""

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
from handlers.voice import commands
from handlers.voice.board import commands as board
from handlers.voice.named import commands as named
from handlers.voice.pulse import commands as pulse
from handlers.voice.unlinked import commands as unlinked

FEATURE = Feature(
    "voice",
    Situation.WITH_COLLEAGUES,
    routes=(*commands.ROUTES, *named.ROUTES, *unlinked.ROUTES, *board.ROUTES, *pulse.ROUTES),
    notices=(*named.NOTICES, *unlinked.NOTICES, *pulse.NOTICES),
    timers=(*named.TIMERS, *unlinked.TIMERS, *pulse.TIMERS),
    hears=(Hears(PersonLeft, named.person_left),),
    on_home=OnHome(
        buttons=(HomeButton(Shelf.A_MOMENT_FOR_ONESELF, 50, mark("Say it, ask it"), "voice"),)
    ),
    in_settings=(
        SettingFacts(80, commands.rows),
        SettingButton(80, mark("Voice"), "settings.voice"),
    ),
)
