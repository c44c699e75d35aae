"""People: their topics, absences and language; and for admins the people list."""

from handlers.kit.feature import (
    Feature,
    HomeButton,
    OnHome,
    SettingButton,
    SettingFacts,
    Shelf,
    always,
)
from handlers.kit.ports import mark
from handlers.people import commands, home

FEATURE = Feature(
    "people",
    routes=commands.ROUTES,
    notices=commands.NOTICES,
    on_home=OnHome(
        now=home.now,
        facts=home.topic_rows,
        buttons=(
            HomeButton(Shelf.WORK, 40, mark("Topics and people"), "topics.form"),
            HomeButton(Shelf.ABOUT_ME, 10, mark("Language"), "language"),
            HomeButton(
                Shelf.ABOUT_ME, 20, mark("I'm back"), "back", home.is_away, matters=always(100)
            ),
            HomeButton(
                Shelf.ABOUT_ME, 20, mark("I'm away"), "away", home.is_here, matters=always(20)
            ),
            HomeButton(Shelf.ADMINS, 10, mark("People"), "people"),
        ),
    ),
    in_settings=(
        SettingFacts(30, home.workspace_rows),
        SettingButton(20, mark("Change the topics"), "settings.topics"),
        SettingButton(30, mark("Change the language"), "settings.language"),
    ),
)
