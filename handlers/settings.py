"""The settings of a workspace: a page for admins, made of what each feature lets them decide."""

from handlers.features import FEATURES
from handlers.kit.cards import Button, Card, Facts, Look, Reply, in_rows
from handlers.kit.commands import Command, Route, Typed
from handlers.kit.feature import SettingButton, SettingFacts
from handlers.kit.people import Role
from handlers.kit.ports import mark
from handlers.work import Context

_ALL = tuple(one for feature in FEATURES for one in feature.in_settings)
_FACTS = sorted((one for one in _ALL if isinstance(one, SettingFacts)), key=lambda one: one.place)
_BUTTONS = sorted(
    (one for one in _ALL if isinstance(one, SettingButton)), key=lambda one: one.place
)


def settings(command: Command, ctx: Context) -> Reply:
    """What is set, and a button for each thing that can be."""
    t = ctx.t
    buttons = (
        Button(t(one.label), one.does, look=Look.PLAIN if number else Look.PRIMARY)
        for number, one in enumerate(_BUTTONS)
    )
    return Card(
        t("Settings for everybody"),
        (Facts(tuple(row for one in _FACTS for row in one.rows(ctx))), *in_rows(buttons)),
    )


ROUTES: tuple[Route, ...] = (
    Route(
        "settings",
        settings,
        reads=True,
        role=Role.ADMIN,
        typed=Typed(
            {"en": "settings", "lv": "iestatījumi"},
            mark("For admins: rings and topics"),
            own_command=False,
        ),
    ),
)
